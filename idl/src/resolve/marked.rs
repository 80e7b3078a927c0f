//! The documentation of methods, with the marks taken out.

use std::collections::HashMap;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, codes};
use crate::docs::{Comments, Documented};
use crate::marks::{self, Marks, ProblemKind};
use crate::model::Docs;
use crate::source::{SourceMap, Span};
use crate::syntax::Name;

/// The documentation of a method taken apart.
#[derive(Default)]
pub(super) struct Marked {
    pub(super) marks: Marks,
    pub(super) docs: Docs,
    /// The methods that the marks name.
    pub(super) methods: Vec<Name>,
    /// The place of the type of `@progress`.
    pub(super) progress: Option<Span>,
    /// The place of the type of `poll` in `@action`.
    pub(super) action_poll: Option<Span>,
    /// The places of the names of error codes.
    pub(super) errors: HashMap<String, Span>,
}

impl Marked {
    /// Takes the marks out of a method's documentation.
    pub(super) fn take(
        sources: &SourceMap,
        documented: Documented,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut marked = Self::default();
        let Documented {
            docs,
            heading,
            text,
        } = documented;
        marked.docs = Docs {
            heading: marked.part(sources, docs.heading, &heading, diagnostics),
            text: marked.part(sources, docs.text, &text, diagnostics),
        };
        marked
    }

    /// One of the two texts; what remains of it.
    fn part(
        &mut self,
        sources: &SourceMap,
        text: Option<String>,
        comments: &Comments,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let text = text?;
        if comments.is_empty() {
            return Some(text);
        }
        let taken = marks::take(&text);
        if taken.marks.is_empty() && taken.problems.is_empty() {
            return taken.text;
        }
        let places = comments.places(sources, &text);
        let place = |part: &Range<usize>| places.of(part);
        for problem in taken.problems {
            let code = match problem.kind {
                ProblemKind::Repeated => codes::REPEATED_MARK,
                _ => codes::MARK_ARGUMENTS,
            };
            let diagnostic = Diagnostic::error(code, place(&problem.place), problem.message);
            diagnostics.push(diagnostic.hint(problem.help));
        }
        self.marks.merge(&taken.marks);
        let named = taken.named;
        self.progress = named.progress.as_ref().map(place).or(self.progress);
        self.action_poll = named.action_poll.as_ref().map(place).or(self.action_poll);
        for ((code, _), part) in taken.marks.errors.iter().zip(&named.errors) {
            self.errors.insert(code.clone(), place(part));
        }
        self.methods.extend(named.methods.iter().map(|part| Name {
            text: text[part.clone()].to_owned(),
            span: place(part),
        }));
        taken.text
    }
}
