//! The part of Python that generated bindings are written in.
//!
//! Everything behind this module sees these few shapes only; which parser yields them is a detail of
//! [`parse`]. Whatever has no shape here is `Other`: hand-written helpers of the package are full of it.

mod convert;
mod parse;
mod text;

pub(crate) use self::parse::parse;

/// One file.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// Statements at the top.
    pub(crate) body: Vec<Statement>,
    /// Every comment, in order.
    pub(crate) comments: Vec<Comment>,
}

/// `# text`
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    /// Line, from 1.
    pub(crate) line: u32,
    /// Whether nothing else stands on the line.
    pub(crate) alone: bool,
    /// What stands behind `#`.
    pub(crate) text: String,
}

/// A statement.
#[derive(Debug)]
pub(crate) struct Statement {
    /// First line, from 1.
    pub(crate) line: u32,
    /// Last line.
    pub(crate) end: u32,
    /// What it is.
    pub(crate) kind: StatementKind,
}

/// What a statement is.
#[derive(Debug)]
pub(crate) enum StatementKind {
    /// `class name(bases):`
    Class(Class),
    /// `def name(…):`
    Function(Function),
    /// `target = value`
    Assign(Expression, Expression),
    /// An expression of its own.
    Expression(Expression),
    /// `for variable in over:`
    For(String, Expression, Vec<Statement>),
    /// `if condition:` without `else`
    If(Expression, Vec<Statement>),
    /// `return value`
    Return(Option<Expression>),
    /// `from module import name, …`
    Import(String, Vec<String>),
    /// `import module`, `pass`: says nothing about a type.
    Nothing,
    /// Something else.
    Other,
}

/// A class.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: String,
    pub(crate) bases: Vec<Expression>,
    pub(crate) doc: Option<String>,
    pub(crate) body: Vec<Statement>,
}

/// A function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) doc: Option<String>,
    pub(crate) body: Vec<Statement>,
}

/// An expression.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// `name`
    Name(String),
    /// `object.name`
    Attribute(Box<Expression>, String),
    /// `object[key]`
    Index(Box<Expression>, Box<Expression>),
    /// `function(positional, …, name = value, …)`
    Call(Box<Expression>, Vec<Expression>, Vec<(String, Expression)>),
    /// `[element for pattern in over]`
    Comprehension(Box<Comprehension>),
    /// `value if … else …`: only the value.
    Conditional(Box<Expression>),
    /// `not value`
    Not(Box<Expression>),
    /// `[…]`
    List(Vec<Expression>),
    /// `(…)`
    Tuple(Vec<Expression>),
    /// `{}`
    EmptyDict,
    /// `None`
    None,
    /// `"text"`
    Text(String),
    /// An integer as written: `-1`, `0x1F`
    Integer(String),
    /// Something else.
    Other,
}

/// `[element for pattern in over]`
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Comprehension {
    pub(crate) element: Expression,
    /// The loop variables.
    pub(crate) pattern: Vec<String>,
    pub(crate) over: Expression,
}

impl Expression {
    /// The parts of `a.b.c`.
    pub(crate) fn dotted(&self) -> Option<Vec<&str>> {
        match self {
            Self::Name(name) => Some(vec![name]),
            Self::Attribute(object, name) => {
                let mut parts = object.dotted()?;
                parts.push(name);
                Some(parts)
            }
            _ => None,
        }
    }

    /// The name, if it is one.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The text of a string literal.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list of string literals.
    pub(crate) fn texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::List(items) => items.iter().map(Self::text).collect(),
            _ => None,
        }
    }
}

impl Class {
    /// The value that the class body gives a name.
    pub(crate) fn value(&self, name: &str) -> Option<&Expression> {
        assigned(&self.body, name)
    }

    /// A function of the class body.
    pub(crate) fn function(&self, name: &str) -> Option<&Function> {
        self.body
            .iter()
            .find_map(|statement| match &statement.kind {
                StatementKind::Function(function) if function.name == name => Some(function),
                _ => None,
            })
    }
}

/// The first value that statements give a name.
pub(crate) fn assigned<'s>(body: &'s [Statement], name: &str) -> Option<&'s Expression> {
    body.iter().find_map(|statement| match &statement.kind {
        StatementKind::Assign(Expression::Name(target), value) if target == name => Some(value),
        _ => None,
    })
}
