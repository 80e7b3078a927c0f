//! The API as read from Python, on its way to IDL.

use std::collections::BTreeMap;

use xerus_idl::marks::Marks;
use xerus_idl::model::{Builtin, Direction};
use xerus_wire_id::split_suffix;

/// The annotation of types whose wire id names what is around them without versions.
pub(crate) const UNVERSIONED_SCOPE: &str = "unversioned_scope";

/// Index of a type in [`Api::types`].
pub(crate) type TypeId = usize;

/// Everything that was read.
#[derive(Debug, Default)]
pub(crate) struct Api {
    /// All types; enclosing ones before nested ones.
    pub(crate) types: Vec<Type>,
    /// The IDL files that they go to.
    pub(crate) files: Vec<IdlFile>,
    /// Documentation of modules by path, by line.
    pub(crate) module_docs: BTreeMap<String, Vec<String>>,
    /// Whether strings pass through `str()` when they are sent (since 4.3): what does not is then none.
    pub(crate) converts_strings: bool,
}

/// One IDL file to be.
#[derive(Debug)]
pub(crate) struct IdlFile {
    /// Its name.
    pub(crate) name: String,
    /// Whether the package says it.
    pub(crate) named_by_package: bool,
    /// Types declared in modules, in order.
    pub(crate) types: Vec<TypeId>,
}

/// A type.
#[derive(Debug)]
pub(crate) struct Type {
    /// Python's name of it, without versions: `pdumodel.Outlet.MetaData`.
    pub(crate) python: String,
    /// `pdumodel`
    pub(crate) module: String,
    /// `pdumodel.Outlet_3_0_1`
    pub(crate) scope: String,
    /// `MetaData`, with its version suffix.
    pub(crate) name: String,
    /// `pdumodel.Outlet_3_0_1.MetaData:1.0.0`
    pub(crate) wire_id: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// Members in order.
    pub(crate) members: Vec<Member>,
    /// What stands around it.
    pub(crate) notes: Notes,
}

/// What a type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With its base.
    Interface(Option<TypeId>),
    Structure,
    /// With its base.
    ValueObject(Option<TypeId>),
    Enumeration,
    Opaque,
    /// Declared by its only member. Packages have none; see [`Ty::Alias`] for those that other IDL lends.
    Typedef,
}

/// What stands around a declaration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes {
    /// Annotations without brackets: `unknown_fallback("X")`.
    pub(crate) annotations: Vec<String>,
    /// What had to be chosen.
    pub(crate) choices: Vec<String>,
    /// Documentation before it, by line.
    pub(crate) leading: Vec<String>,
    /// Documentation behind it, by line.
    pub(crate) trailing: Vec<String>,
}

/// A member of a type.
#[derive(Debug)]
pub(crate) enum Member {
    Type(TypeId),
    Constant(Constant),
    Field(Field),
    Enumerator(Enumerator),
    Method(Method),
    Typedef(Typedef),
}

/// `constant type NAME = literal;`
#[derive(Debug)]
pub(crate) struct Constant {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    pub(crate) literal: String,
    pub(crate) value: i64,
    pub(crate) notes: Notes,
}

/// `type name;`
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: Ty,
    pub(crate) notes: Notes,
}

/// One enumerator.
#[derive(Debug)]
pub(crate) struct Enumerator {
    pub(crate) name: String,
    pub(crate) notes: Notes,
}

/// `type name(…);`
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) returns: Option<Ty>,
    pub(crate) parameters: Vec<Parameter>,
    /// Marks in its documentation, a line each.
    pub(crate) marks: Vec<MarkLine>,
    pub(crate) notes: Notes,
}

impl Method {
    /// The types that it names, in order.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Ty> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.ty);
        let marks = self.marks.iter().filter_map(|line| line.ty.as_ref());
        self.returns.iter().chain(parameters).chain(marks)
    }
}

/// Marks on one line of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MarkLine {
    pub(crate) text: String,
    /// The type that ends the line, glued to the text.
    pub(crate) ty: Option<Ty>,
}

impl MarkLine {
    /// The lines of marks whose types are given apart, those of errors with their codes.
    pub(crate) fn of(
        mut marks: Marks,
        progress: Option<Ty>,
        poll: Option<Ty>,
        mut errors: Vec<(String, Ty)>,
    ) -> Vec<Self> {
        // In their order, so all on lines of their own once one is.
        let lines = match errors.is_empty() {
            true => Vec::new(),
            false => std::mem::take(&mut marks.errors),
        };
        let errors = lines.into_iter().map(|(code, name)| {
            let at = errors.iter().position(|(known, _)| *known == code);
            let ty = at.map(|at| errors.swap_remove(at).1);
            let name = ty.as_ref().map_or(&*name, |_| "");
            let text = format!("@error {code} {name}");
            Self { text, ty }
        });
        marks.progress = None;
        let action = marks.action.take_if(|_| poll.is_some());
        let typed = [
            progress.map(|ty| ("@progress ".to_owned(), ty)),
            action
                .zip(poll)
                .map(|(action, ty)| (format!("@action check={} poll=", action.check), ty)),
        ];
        let plain = (!marks.is_empty()).then(|| Self {
            text: marks.to_string(),
            ty: None,
        });
        let typed = typed
            .into_iter()
            .flatten()
            .map(|(text, ty)| Self { text, ty: Some(ty) });
        plain.into_iter().chain(typed).chain(errors).collect()
    }
}

/// `in type name`
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) direction: Direction,
    pub(crate) name: String,
    pub(crate) ty: Ty,
}

/// `typedef target name;`
#[derive(Debug)]
pub(crate) struct Typedef {
    pub(crate) name: String,
    pub(crate) target: Ty,
    pub(crate) notes: Notes,
}

/// A type expression, which may have holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    Builtin(Builtin),
    Vector(Box<Ty>),
    Map(Box<Ty>, Box<Ty>),
    Named(TypeId),
    /// A typedef of the interface that the member belongs to.
    Alias(String),
    /// What Python does not say.
    Hole(Hole),
}

/// Something that Python does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hole {
    /// The key of a map: `int` or `string`.
    Key,
    /// A value that is sent as it is: a boolean, number or string.
    Primitive,
    /// The same, but no string.
    Number,
    /// A reference to some interface.
    Interface,
    /// Some value object.
    ValueObject,
}

impl Type {
    /// `pdumodel.Outlet_3_0_1.MetaData`
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.scope, self.name)
    }
}

impl Ty {
    /// Whether something in it is unknown.
    pub(crate) fn has_hole(&self) -> bool {
        match self {
            Self::Hole(_) => true,
            Self::Vector(element) => element.has_hole(),
            Self::Map(key, value) => key.has_hole() || value.has_hole(),
            Self::Builtin(_) | Self::Named(_) | Self::Alias(_) => false,
        }
    }

    /// The types that it names, in order.
    pub(crate) fn named(&self, found: &mut Vec<TypeId>) {
        match self {
            Self::Named(id) => found.push(*id),
            Self::Vector(element) => element.named(found),
            Self::Map(key, value) => {
                key.named(found);
                value.named(found);
            }
            Self::Builtin(_) | Self::Alias(_) | Self::Hole(_) => {}
        }
    }
}

impl Member {
    /// Its name; nested types have theirs elsewhere.
    pub(crate) fn name<'a>(&'a self, types: &'a [Type]) -> &'a str {
        match self {
            Self::Type(id) => types.get(*id).map_or("", |ty| &ty.name),
            Self::Constant(constant) => &constant.name,
            Self::Field(field) => &field.name,
            Self::Enumerator(enumerator) => &enumerator.name,
            Self::Method(method) => &method.name,
            Self::Typedef(typedef) => &typedef.name,
        }
    }
}

/// A path without the version suffix of any of its parts.
pub(crate) fn unversioned(path: &str) -> String {
    let parts: Vec<_> = path
        .split('.')
        .map(|part| split_suffix(part).base())
        .collect();
    parts.join(".")
}

/// Whether a text can stand where IDL wants a name.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.len() <= 200
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
