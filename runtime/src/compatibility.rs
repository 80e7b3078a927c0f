//! How versions of a device go with those of the bindings.

use xerus_wire_id::Version;

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
    pub(crate) const fn of(theirs: Version, ours: Version) -> Self {
        if theirs.major != ours.major {
            Self::MajorMismatch
        } else if theirs.minor < ours.minor {
            Self::OlderMinor
        } else {
            Self::Compatible
        }
    }
}
