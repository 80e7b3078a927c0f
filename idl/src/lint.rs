//! Warnings: what is accepted and still worth a look.
//!
//! A pass of its own over the syntax trees and the model, so that tools choose what they want to
//! hear about. Every [`Lint`] says what it finds; all but
//! [`ForwardReference`](Lint::ForwardReference) are on by default.

mod checks;
mod comments;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::model::Model;
use crate::resolve::IncludeGraph;
use crate::source::SourceMap;
use crate::syntax;

/// A kind of warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Lint {
    /// An annotation that means nothing to this crate; it is kept and ignored.
    UnknownAnnotation,
    /// A constant that has the name of a constant of a base, with another value.
    HiddenConstant,
    /// A type name that ends like a version suffix but is none: two numbers, a leading zero, or the
    /// `_1_0_0` that no suffix means already.
    OddSuffix,
    /// A type of a file that is not included, directly or not.
    NotIncluded,
    /// A structure without fields.
    EmptyStructure,
    /// A type used before its declaration. The vendor's files never do; off by default.
    ForwardReference,
    /// An annotation given twice to one declaration.
    RepeatedAnnotation,
    /// A documentation comment that belongs to no declaration.
    LooseDocumentation,
    /// A word with `@` or `\\` in a documentation comment that is neither a mark of methods nor a command of Doxygen.
    UnknownMark,
    /// A mark of methods amid text, or in the documentation of something that is no method; it is not taken.
    MisplacedMark,
}

impl Lint {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::UnknownAnnotation,
        Self::HiddenConstant,
        Self::OddSuffix,
        Self::NotIncluded,
        Self::EmptyStructure,
        Self::ForwardReference,
        Self::RepeatedAnnotation,
        Self::LooseDocumentation,
        Self::UnknownMark,
        Self::MisplacedMark,
    ];

    /// The name in options: `forward-reference`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownAnnotation => "unknown-annotation",
            Self::HiddenConstant => "hidden-constant",
            Self::OddSuffix => "odd-suffix",
            Self::NotIncluded => "not-included",
            Self::EmptyStructure => "empty-structure",
            Self::ForwardReference => "forward-reference",
            Self::RepeatedAnnotation => "repeated-annotation",
            Self::LooseDocumentation => "loose-documentation",
            Self::UnknownMark => "unknown-mark",
            Self::MisplacedMark => "misplaced-mark",
        }
    }

    /// The lint of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lint| lint.name() == name)
    }

    /// The code of its diagnostics.
    #[must_use]
    pub const fn code(self) -> Code {
        match self {
            Self::UnknownAnnotation => codes::UNKNOWN_ANNOTATION,
            Self::HiddenConstant => codes::HIDDEN_CONSTANT,
            Self::OddSuffix => codes::ODD_SUFFIX,
            Self::NotIncluded => codes::NOT_INCLUDED,
            Self::EmptyStructure => codes::EMPTY_STRUCTURE,
            Self::ForwardReference => codes::FORWARD_REFERENCE,
            Self::RepeatedAnnotation => codes::REPEATED_ANNOTATION,
            Self::LooseDocumentation => codes::LOOSE_DOCUMENTATION,
            Self::UnknownMark => codes::UNKNOWN_MARK,
            Self::MisplacedMark => codes::MISPLACED_MARK,
        }
    }

    /// Whether it is on unless asked otherwise.
    #[must_use]
    pub const fn is_default(self) -> bool {
        !matches!(self, Self::ForwardReference)
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of lints. The default one holds those that are on by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lints(u32);

impl Lints {
    /// No lint.
    #[must_use]
    pub const fn none() -> Self {
        Self(0)
    }

    /// Every lint.
    #[must_use]
    pub fn all() -> Self {
        Lint::ALL.into_iter().collect()
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, lint: Lint) -> Self {
        Self(self.0 | lint.bit())
    }

    /// The set without one.
    #[must_use]
    pub const fn without(self, lint: Lint) -> Self {
        Self(self.0 & !lint.bit())
    }

    /// Whether a lint is in the set.
    #[must_use]
    pub const fn contains(self, lint: Lint) -> bool {
        self.0 & lint.bit() != 0
    }
}

impl Default for Lints {
    fn default() -> Self {
        Lint::ALL
            .into_iter()
            .filter(|lint| lint.is_default())
            .collect()
    }
}

impl FromIterator<Lint> for Lints {
    fn from_iter<I: IntoIterator<Item = Lint>>(lints: I) -> Self {
        lints.into_iter().fold(Self::none(), Self::with)
    }
}

/// What the lints look at.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The texts.
    pub sources: &'a SourceMap,
    /// The syntax trees that `model` was made from.
    pub files: &'a [syntax::File],
    /// Which file includes which.
    pub includes: &'a IncludeGraph,
    /// The model that [`resolve`](crate::resolve::resolve) made.
    pub model: &'a Model,
}

/// Adds a warning for everything that the enabled lints find, in order of files and places.
pub fn lint(input: Input<'_>, lints: Lints, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    let checks: [(Lint, checks::Check); 7] = [
        (Lint::UnknownAnnotation, checks::unknown_annotations),
        (Lint::HiddenConstant, checks::hidden_constants),
        (Lint::OddSuffix, checks::odd_suffixes),
        (Lint::NotIncluded, checks::not_included),
        (Lint::EmptyStructure, checks::empty_structures),
        (Lint::ForwardReference, checks::forward_references),
        (Lint::RepeatedAnnotation, checks::repeated_annotations),
    ];
    for (lint, check) in checks {
        if lints.contains(lint) {
            check(&input, &mut found);
        }
    }
    comments::check(&input, lints, &mut found);
    found.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    diagnostics.append(&mut found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let default = Lints::default();
        assert!(!default.contains(Lint::ForwardReference));
        assert_eq!(default.with(Lint::ForwardReference), Lints::all());
        assert_eq!(Lints::all().without(Lint::ForwardReference), default);
        for lint in Lint::ALL {
            assert_eq!(Lint::from_name(lint.name()), Some(lint));
            assert!(!Lints::none().contains(lint));
        }
        assert_eq!(Lint::from_name("no-such-lint"), None);
    }
}
