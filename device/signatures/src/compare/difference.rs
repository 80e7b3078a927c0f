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

/// What can be done about a difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum About {
    /// The device's references have this major version.
    Major(String),
    /// The firmware does not have this member.
    Lacks {
        member: String,
        /// The sources name it.
        used: bool,
        /// It goes to the device.
        sent: bool,
    },
    /// The firmware has this member, which is not sent.
    Expects,
    /// Anything else.
    Other,
}

/// Something that is otherwise in a firmware.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    pub(crate) weight: Weight,
    /// The type, in the words of the newest firmware.
    pub(crate) ty: String,
    /// What is otherwise.
    pub(crate) what: String,
    pub(crate) about: About,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.ty, self.what)
    }
}
