use std::ops::Range;

use super::members::Members;
use crate::diagnostic::{Diagnostic, codes};
use crate::distance::nearest;
use crate::docs::{Comments, Documented};
use crate::marks::{self, Marks, ProblemKind};
use crate::model::{Builtin, Direction, Docs, MarkTypes, Method, Model, TypeIndex, TypeRef};
use crate::source::{SourceMap, Span};
use crate::syntax::{self, Name, TypeName};

/// The documentation of a method taken apart.
#[derive(Default)]
pub(super) struct Marked {
    pub(super) marks: Marks,
    pub(super) docs: Docs,
    /// The methods that the marks name.
    pub(super) methods: Vec<Name>,
    /// The place of the type of `@progress`.
    progress: Option<Span>,
    /// The place of the type of `poll` in `@action`.
    action_poll: Option<Span>,
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
        let place = |part: &Range<usize>| comments.place(sources, &text, part);
        for problem in taken.problems {
            let code = match problem.kind {
                ProblemKind::Repeated => codes::REPEATED_MARK,
                _ => codes::MARK_ARGUMENTS,
            };
            let diagnostic = Diagnostic::error(code, place(&problem.place), problem.message);
            diagnostics.push(diagnostic.hint(problem.help));
        }
        self.marks.merge(&taken.marks);
        let places = taken.places;
        self.progress = places.progress.as_ref().map(place).or(self.progress);
        self.action_poll = places.action_poll.as_ref().map(place).or(self.action_poll);
        self.methods.extend(places.methods.iter().map(|part| Name {
            text: text[part.clone()].to_owned(),
            span: place(part),
        }));
        taken.text
    }
}

impl Members<'_, '_> {
    /// Resolves the types that marks name, and writes them in full.
    pub(super) fn mark_types(&mut self, from: TypeIndex, marked: &mut Marked) -> MarkTypes {
        let mut types = MarkTypes::default();
        if let (Some(text), Some(span)) = (&mut marked.marks.progress, marked.progress) {
            types.progress = self.mark_type(from, text, span);
        }
        let poll = marked
            .marks
            .action
            .as_mut()
            .and_then(|action| action.poll.as_mut());
        if let (Some(text), Some(span)) = (poll, marked.action_poll) {
            types.action_poll = self.mark_type(from, text, span);
        }
        types
    }

    fn mark_type(&mut self, from: TypeIndex, text: &mut String, span: Span) -> Option<TypeRef> {
        let ty = self.ty(from, &expression(text, span))?;
        *text = self.in_full(&ty);
        Some(ty)
    }

    /// A type expression with declared types by their path.
    fn in_full(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Builtin(builtin) => builtin.word().to_owned(),
            TypeRef::Vector(element) => format!("vector<{}>", self.in_full(element)),
            TypeRef::Map(key, value) => {
                format!("map<{},{}>", self.in_full(key), self.in_full(value))
            }
            TypeRef::Named(index) => self.declared.types[index.at()].path.clone(),
        }
    }

    /// Reports marks that their method cannot have.
    pub(super) fn fits(&mut self, method: &Method) {
        let returns_int = method
            .returns
            .as_ref()
            .is_some_and(|ty| *self.unaliased(ty) == TypeRef::Builtin(Builtin::Int));
        let mut refuse = |message: String, help: &str| {
            let diagnostic = Diagnostic::error(codes::MARK_METHOD, method.span, message);
            self.diagnostics.push(diagnostic.hint(help));
        };
        if let Some(code) = method.marks.code
            && !returns_int
        {
            let mark = if code { "@code" } else { "@value" };
            refuse(
                format!("`{mark}` on `{}`, which returns no `int`", method.name),
                "only an `int` return value can be a return code: take the mark away",
            );
        }
        let has_results = method.returns.is_some()
            || method
                .parameters
                .iter()
                .any(|p| p.direction == Direction::Out);
        if method.marks.one_way == Some(true) && has_results {
            refuse(
                format!("`@oneway` on `{}`, which has results", method.name),
                "nobody waits for the results of a one-way call: take the mark away, or make it `void` without \
                 out-parameters",
            );
        }
    }
}

/// The syntax tree of a type text without blanks. Everything in it has the place of the whole.
fn expression(text: &str, span: Span) -> syntax::Type {
    let inner = |head: &str| text.strip_prefix(head)?.strip_suffix('>');
    if let Some(element) = inner("vector<") {
        return syntax::Type::Vector(Box::new(expression(element, span)), span);
    }
    if let Some((key, value)) = inner("map<").and_then(|both| both.split_once(',')) {
        let [key, value] = [key, value].map(|part| Box::new(expression(part, span)));
        return syntax::Type::Map(key, value, span);
    }
    match Builtin::ALL
        .into_iter()
        .find(|builtin| builtin.word() == text)
    {
        Some(builtin) => syntax::Type::Builtin(builtin, span),
        None => syntax::Type::Named(TypeName {
            parts: text
                .split('.')
                .map(|part| Name {
                    text: part.to_owned(),
                    span,
                })
                .collect(),
            span,
        }),
    }
}

/// Reports methods that marks name and the interface does not have.
pub(super) fn check(model: &Model, named: &[(TypeIndex, Name)], diagnostics: &mut Vec<Diagnostic>) {
    for (index, name) in named {
        let methods = model.all_methods(*index);
        if methods.iter().any(|(_, method)| method.name == name.text) {
            continue;
        }
        let interface = &model.ty(*index).path;
        let near = nearest(&name.text, methods.iter().map(|(_, method)| &*method.name));
        diagnostics.push(
            Diagnostic::error(
                codes::MARK_NAME,
                name.span,
                format!("`{interface}` has no method `{}`", name.text),
            )
            .hint(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a method of the same interface or of one of its bases".to_owned(),
            }),
        );
    }
}
