//! Errors that marks name, as types: which there are, and with which codes.

use std::collections::HashMap;

use xerus_idl::diagnostic::Diagnostic;
use xerus_idl::model::{Method, Model, TypeIndex, TypeKind, TypeRef};
use xerus_idl::source::Span;

use crate::codes::{ERROR_CODE, ERROR_NAME};
use crate::facts::Facts;

/// The types of errors.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypedErrors {
    /// Those without members, by the interface that names them.
    bare: HashMap<TypeIndex, Vec<TypedError>>,
    /// Structures that are errors.
    structures: HashMap<TypeIndex, TypedError>,
}

/// A type of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypedError {
    /// The name in the IDL.
    pub(crate) name: String,
    /// A word or URI.
    word: Option<String>,
    number: Option<i64>,
    /// Where it is named first.
    pub(crate) span: Span,
}

/// A code as one method has it.
struct Named<'m> {
    code: &'m str,
    name: &'m str,
    structure: Option<TypeIndex>,
    span: Span,
}

impl TypedErrors {
    /// Those of the interfaces that are wanted; what contradicts itself goes to `found`.
    pub(crate) fn new(
        model: &Model,
        facts: &Facts<'_>,
        is_wanted: impl Fn(TypeIndex) -> bool,
        found: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut errors = Self::default();
        for (index, ty) in model.types() {
            if matches!(ty.kind, TypeKind::Interface(_)) && is_wanted(index) {
                errors.interface(model, facts, index, found);
            }
        }
        errors
    }

    /// The errors without members that an interface names, in order.
    pub(crate) fn bare(&self, index: TypeIndex) -> &[TypedError] {
        self.bare.get(&index).map_or(&[], Vec::as_slice)
    }

    /// What a structure is as an error, if it is one.
    pub(crate) fn structure(&self, index: TypeIndex) -> Option<&TypedError> {
        self.structures.get(&index)
    }

    fn interface(
        &mut self,
        model: &Model,
        facts: &Facts<'_>,
        owner: TypeIndex,
        found: &mut Vec<Diagnostic>,
    ) {
        let mut by_code: HashMap<&str, (&str, Option<TypeIndex>, Span)> = HashMap::new();
        let methods = model.ty(owner).methods();
        for method in methods.iter().filter(|one| facts.names_errors(owner, one)) {
            for named in named(model, facts, owner, method) {
                let Named {
                    code,
                    name,
                    structure,
                    span,
                } = named;
                let known = *by_code.entry(code).or_insert((name, structure, span));
                if (known.0, known.1) == (name, structure) {
                    self.add(owner, &named, found);
                } else {
                    found.push(two_names(model, owner, &named, known));
                }
            }
        }
    }

    fn add(&mut self, owner: TypeIndex, named: &Named<'_>, found: &mut Vec<Diagnostic>) {
        let new = || TypedError {
            name: named.name.to_owned(),
            word: None,
            number: None,
            span: named.span,
        };
        let error = match named.structure {
            Some(structure) => self.structures.entry(structure).or_insert_with(new),
            None => {
                let all = self.bare.entry(owner).or_default();
                let at = all.iter().position(|error| error.name == named.name);
                let at = at.unwrap_or_else(|| {
                    all.push(new());
                    all.len() - 1
                });
                &mut all[at]
            }
        };
        if let Err(known) = error.take(named.code) {
            found.push(two_codes(error, named, &known));
        }
    }
}

/// The codes that a method names and that are no return codes.
fn named<'m>(
    model: &'m Model,
    facts: &'m Facts<'_>,
    owner: TypeIndex,
    method: &Method,
) -> Vec<Named<'m>> {
    let place = method.span;
    let facts = facts.method(owner, method);
    let is_return_code = |code: &str| facts.codes.is_some() && code.parse::<i32>().is_ok();
    let codes = facts.marks.errors.iter();
    let codes = codes.filter(|(code, _)| !is_return_code(code));
    codes
        .map(|(code, name)| {
            let marked = facts.types.error(code);
            let structure = match marked.and_then(|marked| marked.structure.as_ref()) {
                Some(TypeRef::Named(index)) => Some(*index),
                _ => None,
            };
            Named {
                code,
                name: marked.map_or(&**name, |marked| marked.name(model, name)),
                structure,
                span: marked.map_or(place, |marked| marked.span),
            }
        })
        .collect()
}

impl TypedError {
    /// Its codes as they are written: a word first, then a number.
    pub(crate) fn codes(&self) -> Vec<String> {
        let number = self.number.map(|number| number.to_string());
        self.word.iter().cloned().chain(number).collect()
    }

    /// Takes a code; `Err` with another one that it has in its place.
    fn take(&mut self, code: &str) -> Result<(), String> {
        match code.parse::<i64>() {
            Ok(number) => match *self.number.get_or_insert(number) {
                known if known == number => Ok(()),
                known => Err(known.to_string()),
            },
            Err(_) => match &*self.word.get_or_insert_with(|| code.to_owned()) {
                known if known == code => Ok(()),
                known => Err(known.to_owned()),
            },
        }
    }
}

fn two_names(
    model: &Model,
    owner: TypeIndex,
    named: &Named<'_>,
    known: (&str, Option<TypeIndex>, Span),
) -> Diagnostic {
    let Named { code, name, .. } = named;
    let interface = &model.ty(owner).path;
    let message = format!(
        "error code `{code}` of `{interface}` is called `{name}` here, and `{}` before",
        known.0
    );
    let help = "an error that comes back has one type: give the code one name in all methods, or the errors two codes";
    Diagnostic::error(ERROR_CODE, named.span, message)
        .see(known.2, format!("called `{}` here", known.0))
        .hint(help)
}

fn two_codes(error: &TypedError, named: &Named<'_>, known: &str) -> Diagnostic {
    let Named { code, name, .. } = named;
    let message = format!("error `{name}` has the code `{code}` here, and `{known}` before");
    let help = "nobody could say which of the two is to be sent: give one of the errors another name; beside a word or URI there \
                may be a number, for wires whose codes are numbers";
    Diagnostic::error(ERROR_NAME, named.span, message)
        .see(error.span, format!("`{name}` is named here"))
        .hint(help)
}
