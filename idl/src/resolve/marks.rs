//! What marks name: types and methods.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::marked::Marked;
use super::members::Members;
use super::node::Node;
use super::words::with_article;
use crate::diagnostic::{Diagnostic, codes};
use crate::distance::nearest;
use crate::marks::RETURNED;
use crate::model::{Builtin, Direction, MarkTypes, MarkedError, Method, Model, TypeIndex, TypeRef};
use crate::source::Span;
use crate::syntax::{self, Name, TypeName};

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
        for (code, name) in &marked.marks.errors {
            if let Some(&span) = marked.errors.get(code) {
                let structure = self.error_type(from, name, span);
                types
                    .errors
                    .push(MarkedError::new(code.clone(), structure, span));
            }
        }
        types
    }

    /// The structure that an error is named after. A name alone need not be one.
    fn error_type(&mut self, from: TypeIndex, name: &str, span: Span) -> Option<TypeRef> {
        let ty = expression(name, span);
        let syntax::Type::Named(path) = &ty else {
            return None;
        };
        let scope = self.declared.inner[from.at()];
        if path.parts.len() == 1 && self.declared.resolve(scope, path).is_err() {
            return None;
        }
        let found = self.ty(from, &ty)?;
        let index = match self.unaliased(&found) {
            TypeRef::Named(index) => Some(*index),
            _ => None,
        };
        let node = index.map(|index| self.declared.nodes[index.at()]);
        if let Some(Node::Structure(_)) = node {
            return index.map(TypeRef::Named);
        }
        let what = match node {
            Some(node) => with_article(node.word()),
            None => "no structure".to_owned(),
        };
        let message = format!(
            "`{name}` is {what}, and what comes with an error has the members of a structure"
        );
        let help = "name a structure, or give the error a name that no type has: then nothing comes with it";
        self.diagnostics
            .push(Diagnostic::error(codes::MARK_METHOD, span, message).hint(help));
        None
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
        for name in &method.marks.nullable {
            let returned = name == RETURNED;
            let is_there = match returned {
                true => method.returns.is_some(),
                false => method.parameters.iter().any(|p| p.name == *name),
            };
            if !is_there {
                let what = match returned {
                    true => "which returns nothing".to_owned(),
                    false => format!("which has no parameter `{name}`"),
                };
                refuse(
                    format!("`@nullable` on `{}`, {what}", method.name),
                    "`@nullable` alone means the return value; behind it stand names of parameters",
                );
            }
            if returned && method.marks.code == Some(true) {
                refuse(
                    format!(
                        "`@nullable` on `{}`, whose return value is a code",
                        method.name
                    ),
                    "a return code is a number: take one of the two marks away",
                );
            }
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

/// How many misspelt names get a suggestion; nobody reads more.
const SUGGESTIONS: usize = 100;

/// Reports methods that marks name and neither the interface nor its bases have.
pub(super) fn check(model: &Model, named: &[(TypeIndex, Name)], diagnostics: &mut Vec<Diagnostic>) {
    if named.is_empty() {
        return;
    }
    let mut by_type: HashMap<TypeIndex, Vec<&Name>> = HashMap::new();
    for (index, name) in named {
        by_type.entry(*index).or_default().push(name);
    }
    let mut missing = 0;
    each_with_methods(model, &mut |index, known| {
        for name in by_type.get(&index).into_iter().flatten() {
            if known.contains(&*name.text) {
                continue;
            }
            missing += 1;
            let near = match missing {
                ..=SUGGESTIONS => {
                    nearest(&name.text, known.iter().copied().collect::<BTreeSet<_>>())
                }
                _ => None,
            };
            let interface = &model.ty(index).path;
            let message = format!("`{interface}` has no method `{}`", name.text);
            diagnostics.push(
                Diagnostic::error(codes::MARK_NAME, name.span, message).hint(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name a method of the same interface or of one of its bases".to_owned(),
                }),
            );
        }
    });
}

/// Calls `visit` with every type and the names of the methods that it has, those of its bases among them.
///
/// Each tree of types is walked from its root with the names on the way. No name comes twice on one: that was refused.
fn each_with_methods<'m>(model: &'m Model, visit: &mut dyn FnMut(TypeIndex, &HashSet<&'m str>)) {
    enum Step {
        Enter(TypeIndex),
        Leave(TypeIndex),
    }
    let mut derived: HashMap<TypeIndex, Vec<TypeIndex>> = HashMap::new();
    let mut open = Vec::new();
    for (index, _) in model.types() {
        match model.base(index) {
            Some(base) => derived.entry(base).or_default().push(index),
            None => open.push(Step::Enter(index)),
        }
    }
    let mut known = HashSet::new();
    while let Some(step) = open.pop() {
        match step {
            Step::Enter(index) => {
                known.extend(model.ty(index).methods().iter().map(|m| &*m.name));
                visit(index, &known);
                open.push(Step::Leave(index));
                let next = derived.get(&index).into_iter().flatten();
                open.extend(next.map(|&next| Step::Enter(next)));
            }
            Step::Leave(index) => {
                for method in model.ty(index).methods() {
                    known.remove(&*method.name);
                }
            }
        }
    }
}
