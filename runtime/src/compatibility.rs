//! How versions of a device go with those of the bindings.

use xerus_wire_id::{Version, compatibility};

/// How the type that a device reported for an object goes with the bindings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Compatibility {
    /// Nothing was reported, or nothing was compared: the reference was made from a resource id, or it
    /// is a plain [`Object`](crate::Object).
    Unchecked,
    /// Same major version, minor version not older than the bindings.
    Compatible,
    /// Same major version, older minor: some methods and members may be missing.
    OlderMinor,
    /// Another major version. Calls are refused; [`Object::assume`](crate::Object::assume) forces them.
    MajorMismatch,
    /// A type that the bindings do not know; taken for the declared interface.
    UnknownType,
}

impl Compatibility {
    /// What the version of a device means for bindings of version `ours`.
    pub(crate) fn of(theirs: Version, ours: Version) -> Self {
        match compatibility(theirs, ours) {
            level if level.can_call() => Self::Compatible,
            xerus_wire_id::Compatibility::OlderMinor => Self::OlderMinor,
            // Of what means another thing, no call is sent.
            _ => Self::MajorMismatch,
        }
    }
}
