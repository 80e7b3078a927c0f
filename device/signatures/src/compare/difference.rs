//! One difference between what is expected and what a firmware does.

use std::fmt;

/// What a difference means for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// The call works; the bindings tell what was left out, and keep what they do not know.
    Compatible,
    /// Without an adapter the call fails, or means another thing.
    Incompatible,
}

/// Something that is otherwise in a firmware.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    pub(crate) weight: Weight,
    /// The type, in the words of the newest firmware.
    pub(crate) ty: String,
    /// What is otherwise.
    pub(crate) what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.ty, self.what)
    }
}
