use crate::diagnostic::{Diagnostic, codes};
use crate::docs::{Comments, Documented};
use crate::marks::{self, Marks, ProblemKind};
use crate::model::Docs;
use crate::source::SourceMap;

/// Takes the marks out of a method's documentation.
pub(super) fn take(
    sources: &SourceMap,
    documented: Documented,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Marks, Docs) {
    let mut found = Marks::default();
    let mut part = |text: Option<String>, comments: &Comments| {
        let text = text?;
        if comments.is_empty() {
            return Some(text);
        }
        let taken = marks::take(&text);
        for problem in taken.problems {
            let code = match problem.kind {
                ProblemKind::Repeated => codes::REPEATED_MARK,
                _ => codes::MARK_ARGUMENTS,
            };
            let place = comments.place(sources, &text, &problem.place);
            diagnostics.push(Diagnostic::error(code, place, problem.message).hint(problem.help));
        }
        found.merge(&taken.marks);
        taken.text
    };
    let docs = Docs {
        heading: part(documented.docs.heading, &documented.heading),
        text: part(documented.docs.text, &documented.text),
    };
    (found, docs)
}
