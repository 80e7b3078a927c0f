//! The resolved model: every type with its wire id, version, documentation and resolved references.
//!
//! This is what the generator, the dump, the lints and the comparison of firmwares walk.

mod count;
mod reach;
mod select;
mod text;
mod walk;

use xerus_wire_id::Version;

pub use self::count::Counts;
pub use self::select::UnknownName;
pub use self::text::TypeText;
use crate::marks::Marks;
use crate::source::{FileId, Span};
pub use crate::syntax::{Builtin, Direction};

/// Index of a type in a [`Model`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeIndex(pub u32);

impl TypeIndex {
    /// The index of a position in a list of types.
    pub(crate) fn of(position: usize) -> Self {
        Self(u32::try_from(position).expect("2^32 types do not fit into memory"))
    }

    /// The position in a list of types.
    pub(crate) const fn at(self) -> usize {
        self.0 as usize
    }
}

/// Index of a module in a [`Model`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleIndex(pub u32);

impl ModuleIndex {
    /// The index of a position in a list of modules.
    pub(crate) fn of(position: usize) -> Self {
        Self(u32::try_from(position).expect("2^32 modules do not fit into memory"))
    }
}

/// A resolved set of IDL files.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub(crate) modules: Vec<Module>,
    pub(crate) types: Vec<Type>,
    pub(crate) references: Vec<Reference>,
    /// All types by wire id.
    by_wire_id: Vec<TypeIndex>,
    /// All types by path.
    by_path: Vec<TypeIndex>,
}

impl Model {
    /// All modules, in order of first appearance, enclosing ones first.
    #[must_use]
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The module of an index of this model.
    #[must_use]
    pub fn module(&self, index: ModuleIndex) -> &Module {
        &self.modules[index.0 as usize]
    }

    /// All types in declaration order (files in order of reading, enclosing types first).
    pub fn types(&self) -> impl DoubleEndedIterator<Item = (TypeIndex, &Type)> + ExactSizeIterator {
        self.types
            .iter()
            .enumerate()
            .map(|(at, ty)| (TypeIndex::of(at), ty))
    }

    /// All types sorted by wire id.
    pub fn types_by_wire_id(
        &self,
    ) -> impl DoubleEndedIterator<Item = (TypeIndex, &Type)> + ExactSizeIterator {
        self.by_wire_id.iter().map(|&index| (index, self.ty(index)))
    }

    /// The type of an index of this model.
    #[must_use]
    pub fn ty(&self, index: TypeIndex) -> &Type {
        &self.types[index.0 as usize]
    }

    /// Finds a type by its wire id (`pdumodel.Outlet:3.0.1`) or its path (`pdumodel.Outlet_3_0_1`).
    #[must_use]
    pub fn find(&self, name: &str) -> Option<TypeIndex> {
        let (list, key): (_, fn(&Type) -> &str) = if name.contains(':') {
            (&self.by_wire_id, |ty| &ty.wire_id)
        } else {
            (&self.by_path, |ty| &ty.path)
        };
        let at = list.partition_point(|&index| key(self.ty(index)) < name);
        list.get(at)
            .copied()
            .filter(|&index| key(self.ty(index)) == name)
    }

    /// Every place where a declared type is named, in order of files and places.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Prepares the look-up by name; to be called when all types are there.
    pub(crate) fn index(&mut self) {
        let all = || (0..self.types.len()).map(TypeIndex::of);
        let mut by_wire_id: Vec<_> = all().collect();
        by_wire_id.sort_by_key(|&index| &self.ty(index).wire_id);
        let mut by_path: Vec<_> = all().collect();
        by_path.sort_by_key(|&index| &self.ty(index).path);
        self.by_wire_id = by_wire_id;
        self.by_path = by_path;
    }
}

/// A place where a declared type is named: a base, or a type expression of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reference {
    /// The type that names it (itself or by one of its members).
    pub from: TypeIndex,
    /// The type named.
    pub to: TypeIndex,
    /// The whole name as written.
    pub span: Span,
}

/// A module: the union of its blocks in all files.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Module {
    /// Own name.
    pub name: String,
    /// Dotted path.
    pub path: String,
    /// The enclosing module.
    pub parent: Option<ModuleIndex>,
    /// Nested modules in order of appearance.
    pub modules: Vec<ModuleIndex>,
    /// Types declared directly in it, in order.
    pub types: Vec<TypeIndex>,
    /// Documentation: the first non-empty text, different ones of other files appended.
    pub docs: Docs,
}

/// A type.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Type {
    /// `pdumodel.Outlet:3.0.1`. Typedefs and opaque types have one too (version 1.0.0).
    pub wire_id: String,
    /// Path as written, suffixes kept: `pdumodel.Outlet_3_0_1.State`.
    pub path: String,
    /// Own name as written, suffix kept.
    pub name: String,
    /// Own name without version suffix.
    pub base_name: String,
    /// Own version; 1.0.0 without suffix.
    pub version: Version,
    /// The module it is (directly or indirectly) declared in.
    pub module: ModuleIndex,
    /// The type it is nested in.
    pub parent: Option<TypeIndex>,
    /// Nested types in order.
    pub nested: Vec<TypeIndex>,
    /// What it is.
    pub kind: TypeKind,
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Documentation.
    pub docs: Docs,
    /// The file it is declared in.
    pub file: FileId,
    /// That file's name as `#include` writes it.
    pub file_name: String,
    /// Place of the name.
    pub span: Span,
}

impl Type {
    /// Whether it carries `[name]`.
    #[must_use]
    pub fn has_annotation(&self, name: &str) -> bool {
        self.annotations.iter().any(|a| a.name == name)
    }
}

/// What a type is, with its members.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An interface.
    Interface(Interface),
    /// A structure.
    Structure {
        /// Fields in order.
        fields: Vec<Field>,
    },
    /// A value object.
    ValueObject {
        /// The base value object.
        base: Option<TypeIndex>,
        /// Own fields in order (inherited ones are those of the bases).
        fields: Vec<Field>,
    },
    /// An enumeration.
    Enumeration {
        /// Enumerators in order; the index is the value.
        enumerators: Vec<Enumerator>,
        /// Index of the enumerator of `[unknown_fallback("X")]`.
        fallback: Option<usize>,
    },
    /// An alias.
    Typedef {
        /// What it stands for.
        target: TypeRef,
    },
    /// Any JSON.
    Opaque,
}

impl TypeKind {
    /// The word of the dump: `interface`, `structure`, `valueobject`, `enumeration`, `typedef`, `opaque`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Interface(_) => "interface",
            Self::Structure { .. } => "structure",
            Self::ValueObject { .. } => "valueobject",
            Self::Enumeration { .. } => "enumeration",
            Self::Typedef { .. } => "typedef",
            Self::Opaque => "opaque",
        }
    }
}

/// The members of an interface.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Interface {
    /// The base interface.
    pub base: Option<TypeIndex>,
    /// Constants in order.
    pub constants: Vec<Constant>,
    /// Methods in order.
    pub methods: Vec<Method>,
}

/// A constant.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: TypeRef,
    /// Its value.
    pub value: i64,
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Documentation.
    pub docs: Docs,
    /// Place of the name.
    pub span: Span,
}

/// A method.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Method {
    /// Its name (never overloaded).
    pub name: String,
    /// The return type; `None` for `void`.
    pub returns: Option<TypeRef>,
    /// Parameters in order.
    pub parameters: Vec<Parameter>,
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// What its documentation says for programs. Types in it are resolved: declared ones by their path.
    pub marks: Marks,
    /// The types that its marks name.
    pub mark_types: MarkTypes,
    /// Documentation, without the marks.
    pub docs: Docs,
    /// Place of the name.
    pub span: Span,
}

impl Method {
    /// The in-parameters in order.
    pub fn ins(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(|p| p.direction == Direction::In)
    }

    /// The out-parameters in order.
    pub fn outs(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters
            .iter()
            .filter(|p| p.direction == Direction::Out)
    }
}

/// The types that the marks of a method name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MarkTypes {
    /// Of `@progress`.
    pub progress: Option<TypeRef>,
    /// Of `poll` in `@action`.
    pub action_poll: Option<TypeRef>,
    /// Of `@error`, one for each code, in the order of the marks.
    pub errors: Vec<MarkedError>,
}

impl MarkTypes {
    /// Those that are there.
    pub fn iter(&self) -> impl Iterator<Item = &TypeRef> {
        let errors = self.errors.iter();
        let structures = errors.filter_map(|error| error.structure.as_ref());
        self.progress
            .iter()
            .chain(&self.action_poll)
            .chain(structures)
    }

    /// What the mark for an error code names.
    #[must_use]
    pub fn error(&self, code: &str) -> Option<&MarkedError> {
        self.errors.iter().find(|error| error.code == code)
    }
}

/// What a mark `@error` names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MarkedError {
    /// The code.
    pub code: String,
    /// The structure of which the error has the members; `None` where the name is no type.
    pub structure: Option<TypeRef>,
    /// Where the name stands.
    pub span: Span,
}

impl MarkedError {
    /// What the error is called: the name of its structure without module and version, or that of the mark.
    #[must_use]
    pub fn name<'n>(&self, model: &'n Model, marked: &'n str) -> &'n str {
        match &self.structure {
            Some(TypeRef::Named(index)) => &model.ty(*index).base_name,
            _ => marked,
        }
    }

    /// What a mark names, and where.
    #[must_use]
    pub const fn new(code: String, structure: Option<TypeRef>, span: Span) -> Self {
        Self {
            code,
            structure,
            span,
        }
    }
}

/// A parameter.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// In or out.
    pub direction: Direction,
    /// Its type.
    pub ty: TypeRef,
    /// Place of the name.
    pub span: Span,
}

/// A field of a structure or value object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: TypeRef,
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Documentation.
    pub docs: Docs,
    /// Place of the name.
    pub span: Span,
}

/// An enumerator.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Enumerator {
    /// Its name.
    pub name: String,
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Documentation.
    pub docs: Docs,
    /// Place of the name.
    pub span: Span,
}

/// A resolved type expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeRef {
    /// A built-in type.
    Builtin(Builtin),
    /// `vector<T>`
    Vector(Box<TypeRef>),
    /// `map<K, V>`
    Map(Box<TypeRef>, Box<TypeRef>),
    /// A declared type.
    Named(TypeIndex),
}

/// An annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Annotation {
    /// Its name.
    pub name: String,
    /// Its arguments, strings without quotes.
    pub arguments: Vec<String>,
}

/// Documentation of one item, cleaned of comment delimiters, Doxygen marks kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// A leading comment of an item that also has a trailing one: the heading of a group.
    pub heading: Option<String>,
    /// The text.
    pub text: Option<String>,
}

impl Docs {
    /// Whether there is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.heading.is_none() && self.text.is_none()
    }
}
