//! The syntax tree of one IDL file, as written: nothing is resolved, every node keeps its place.

use std::ops::RangeInclusive;

use crate::source::{FileId, Span};

/// One parsed file.
#[derive(Clone, Debug)]
pub struct File {
    /// Which file of the [`SourceMap`](crate::source::SourceMap) this is.
    pub id: FileId,
    /// The include guard that wraps the file, if any.
    pub guard: Option<Guard>,
    /// `#include` directives in order.
    pub includes: Vec<Include>,
    /// Top-level modules in order.
    pub modules: Vec<Module>,
    /// All comments in order of position.
    pub comments: Vec<Comment>,
}

/// `#ifndef G`, `#define G` … `#endif`.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The macro of `#ifndef`.
    pub name: Name,
    /// The macro of `#define`; another one is worth a warning.
    pub defined: Name,
    /// The `#ifndef` directive.
    pub ifndef: Span,
    /// The `#define` directive.
    pub define: Span,
    /// The `#endif` directive.
    pub endif: Span,
}

/// `#include <File.idl>` or `#include "File.idl"`.
#[derive(Clone, Debug)]
pub struct Include {
    /// File name between the delimiters.
    pub file: String,
    /// Whether it was written with double quotes.
    pub quoted: bool,
    /// From `#` to the closing delimiter.
    pub span: Span,
    /// The operand with its delimiters.
    pub operand: Span,
}

/// A comment, with what marks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its form.
    pub kind: CommentKind,
    /// From the opening to the closing delimiter (line comments: without the line end).
    pub span: Span,
}

/// The forms of comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `/* … */`
    Block,
    /// `/** … */`: documents what follows.
    LeadingBlock,
    /// `/**< … */`: documents what stands before.
    TrailingBlock,
    /// `// …`
    Line,
    /// `/// …`: documents what follows.
    LeadingLine,
    /// `///< …` or `//< …`: documents what stands before.
    TrailingLine,
}

/// An identifier and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The text.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// `[name(argument, …)]` before a declaration.
#[derive(Clone, Debug)]
pub struct Annotation {
    /// The annotation's name.
    pub name: Name,
    /// Its arguments; empty without parentheses.
    pub arguments: Vec<Argument>,
    /// Whether parentheses were written.
    pub parens: bool,
    /// From `[` to `]`.
    pub span: Span,
}

/// An argument of an annotation.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its value.
    pub value: ArgumentValue,
    /// Its place, quotes included.
    pub span: Span,
}

/// The value of an annotation argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentValue {
    /// `"text"` (there are no escapes).
    String(String),
    /// An integer literal as written.
    Integer(String),
    /// A bare name.
    Name(String),
}

/// `module name { … }`
#[derive(Clone, Debug)]
pub struct Module {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// The module's name.
    pub name: Name,
    /// Members in order.
    pub members: Vec<Declaration>,
    /// From the first annotation (or the keyword) to the closing brace (and `;` if written).
    pub span: Span,
    /// From `{` to `}`.
    pub body: Span,
}

/// A declaration inside a module, an interface or a structure.
#[derive(Clone, Debug)]
pub enum Declaration {
    /// A nested module.
    Module(Module),
    /// An interface.
    Interface(Interface),
    /// A structure.
    Structure(Structure),
    /// A value object.
    ValueObject(ValueObject),
    /// An enumeration.
    Enumeration(Enumeration),
    /// A type alias.
    Typedef(Typedef),
    /// An opaque type.
    Opaque(Opaque),
    /// A constant of an interface.
    Constant(Constant),
    /// A method of an interface.
    Method(Method),
    /// A field of a structure or value object.
    Field(Field),
}

impl Declaration {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &Name {
        match self {
            Self::Module(node) => &node.name,
            Self::Interface(node) => &node.name,
            Self::Structure(node) => &node.name,
            Self::ValueObject(node) => &node.name,
            Self::Enumeration(node) => &node.name,
            Self::Typedef(node) => &node.name,
            Self::Opaque(node) => &node.name,
            Self::Constant(node) => &node.name,
            Self::Method(node) => &node.name,
            Self::Field(node) => &node.name,
        }
    }
}

/// `interface name extends base { … };`
#[derive(Clone, Debug)]
pub struct Interface {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Name with version suffix.
    pub name: Name,
    /// The base interface.
    pub base: Option<TypeName>,
    /// Constants, nested types and methods in order.
    pub members: Vec<Declaration>,
    /// From the first annotation or the keyword to `;`.
    pub span: Span,
    /// From `{` to `}`.
    pub body: Span,
}

/// `structure name { … };`
#[derive(Clone, Debug)]
pub struct Structure {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Name with version suffix.
    pub name: Name,
    /// Fields and nested types in order.
    pub members: Vec<Declaration>,
    /// From the first annotation or the keyword to `;`.
    pub span: Span,
    /// From `{` to `}`.
    pub body: Span,
}

/// `valueobject name extends base { … };`
#[derive(Clone, Debug)]
pub struct ValueObject {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Name with version suffix.
    pub name: Name,
    /// The base value object.
    pub base: Option<TypeName>,
    /// Fields in order (always [`Declaration::Field`]).
    pub members: Vec<Declaration>,
    /// From the first annotation or the keyword to `;`.
    pub span: Span,
    /// From `{` to `}`.
    pub body: Span,
}

/// `enumeration name { A, B };`
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Name with version suffix.
    pub name: Name,
    /// Enumerators; the index is the value.
    pub enumerators: Vec<Enumerator>,
    /// Whether a comma follows the last one (tolerated with a warning).
    pub trailing_comma: Option<Span>,
    /// From the first annotation or the keyword to `;`.
    pub span: Span,
    /// From `{` to `}`.
    pub body: Span,
}

/// One enumerator.
#[derive(Clone, Debug)]
pub struct Enumerator {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Its name.
    pub name: Name,
    /// Annotations, name and, if written, the comma.
    pub span: Span,
}

/// `typedef type name;`
#[derive(Clone, Debug)]
pub struct Typedef {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// What it stands for.
    pub target: Type,
    /// Its name.
    pub name: Name,
    /// From the first annotation or the keyword to `;`.
    pub span: Span,
}

/// `opaque name;`
#[derive(Clone, Debug)]
pub struct Opaque {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// Its name.
    pub name: Name,
    /// From the first annotation or the keyword to `;`.
    pub span: Span,
}

/// `constant type name = value;`
#[derive(Clone, Debug)]
pub struct Constant {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// The type.
    pub ty: Type,
    /// Its name.
    pub name: Name,
    /// The value as written (`-1`, `0x0F`).
    pub literal: String,
    /// Place of the value.
    pub literal_span: Span,
    /// From the first annotation or the keyword to `;`.
    pub span: Span,
}

impl Constant {
    /// The value, `None` if it does not fit 64 bits.
    #[must_use]
    pub fn value(&self) -> Option<i64> {
        integer_value(&self.literal)
    }
}

/// The value of an integer literal with its sign: decimal (leading zeros mean nothing) or `0x…`.
pub(crate) fn integer_value(literal: &str) -> Option<i64> {
    let (negative, digits) = match literal.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, literal),
    };
    let magnitude = match digits.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => digits.parse(),
    }
    .ok()?;
    let value = i128::from(magnitude);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// `type name(in type name, …);`
#[derive(Clone, Debug)]
pub struct Method {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// The return type; `None` for `void`.
    pub returns: Option<Type>,
    /// Its name.
    pub name: Name,
    /// Parameters in order.
    pub parameters: Vec<Parameter>,
    /// From the first annotation or the return type to `;`.
    pub span: Span,
}

/// `in type name` or `out type name`
#[derive(Clone, Debug)]
pub struct Parameter {
    /// In or out.
    pub direction: Direction,
    /// The type.
    pub ty: Type,
    /// Its name.
    pub name: Name,
    /// From the direction to the name.
    pub span: Span,
}

/// The direction of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Client to device.
    In,
    /// Device to client.
    Out,
}

impl Direction {
    /// The IDL word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

/// `type name;`
#[derive(Clone, Debug)]
pub struct Field {
    /// Annotations in order.
    pub annotations: Vec<Annotation>,
    /// The type.
    pub ty: Type,
    /// Its name.
    pub name: Name,
    /// From the first annotation or the type to `;`.
    pub span: Span,
}

/// A type as written.
#[derive(Clone, Debug)]
pub enum Type {
    /// A built-in type.
    Builtin(Builtin, Span),
    /// `vector<element>`
    Vector(Box<Type>, Span),
    /// `map<key, value>`
    Map(Box<Type>, Box<Type>, Span),
    /// A reference to a declared type.
    Named(TypeName),
}

impl Type {
    /// The place of the whole type.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Builtin(_, span) | Self::Vector(_, span) | Self::Map(_, _, span) => *span,
            Self::Named(name) => name.span,
        }
    }
}

/// `a.b.c`
#[derive(Clone, Debug)]
pub struct TypeName {
    /// The parts in order, never empty.
    pub parts: Vec<Name>,
    /// From the first to the last part.
    pub span: Span,
}

/// The built-in types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Builtin {
    /// `boolean`
    Boolean,
    /// `byte`: 0…255
    Byte,
    /// `int`: 32 bit signed
    Int,
    /// `long`: 64 bit signed
    Long,
    /// `float`: 32 bit
    Float,
    /// `double`: 64 bit
    Double,
    /// `string`
    String,
    /// `time`: whole seconds since 1970-01-01 UTC
    Time,
    /// `Object`: a reference to any interface, or null
    Object,
    /// `typecode`: a wire id
    Typecode,
}

impl Builtin {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Boolean,
        Self::Byte,
        Self::Int,
        Self::Long,
        Self::Float,
        Self::Double,
        Self::String,
        Self::Time,
        Self::Object,
        Self::Typecode,
    ];

    /// The IDL word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Byte => "byte",
            Self::Int => "int",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::String => "string",
            Self::Time => "time",
            Self::Object => "Object",
            Self::Typecode => "typecode",
        }
    }

    /// The values of an integer type; `None` for the others.
    #[must_use]
    pub const fn integer_range(self) -> Option<RangeInclusive<i64>> {
        match self {
            Self::Byte => Some(0..=255),
            Self::Int => Some(i32::MIN as i64..=i32::MAX as i64),
            Self::Long => Some(i64::MIN..=i64::MAX),
            _ => None,
        }
    }

    /// The type of an IDL word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.word() == word)
    }
}

/// The reserved words of the language.
pub const KEYWORDS: [&str; 24] = [
    "module",
    "interface",
    "structure",
    "valueobject",
    "enumeration",
    "constant",
    "typedef",
    "opaque",
    "extends",
    "in",
    "out",
    "void",
    "boolean",
    "byte",
    "int",
    "long",
    "float",
    "double",
    "string",
    "time",
    "vector",
    "map",
    "Object",
    "typecode",
];
