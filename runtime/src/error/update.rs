//! Why something that was read and changed is not written back.

use std::fmt;

use super::difference::{Difference, list};

/// Why an [update](crate::update()) did not do what it should (kind `Update`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateError {
    /// Somebody else changed the value between the two readings; nothing was written.
    Conflict {
        /// What this program would have changed.
        ours: Difference,
        /// What somebody else changed.
        theirs: Difference,
    },
    /// The device took what was written, and what it gives back is something else.
    NotKept {
        /// What was to be changed.
        ours: Difference,
        /// From what was written to what was read back.
        found: Difference,
    },
    /// Writing would send default values for members that the device left out when it was read; nothing was written. These
    /// are their places.
    Incomplete(Vec<String>),
    /// The call that writes does not carry what was changed; nothing was written.
    NotTaken(Difference),
}

impl UpdateError {
    /// Whether anything was written.
    pub(super) fn is_after_writing(&self) -> bool {
        matches!(self, Self::NotKept { .. })
    }
}

impl fmt::Display for UpdateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { theirs, .. } => write!(
                f,
                "somebody else changed {} since it was read, so nothing was written: look at both changes, then update again",
                theirs.places()
            ),
            Self::NotKept { found, .. } => write!(
                f,
                "the device accepted the change but reads back other values for {}: compare what it kept with what it permits",
                found.places()
            ),
            Self::Incomplete(places) => {
                f.write_str("nothing was written: the device left out ")?;
                list(f, places.iter().map(String::as_str))?;
                f.write_str(
                    ", and default values would be sent for that; use bindings of the device's firmware, or say \
                     allow_defaults if the defaults are right",
                )
            }
            Self::NotTaken(changed) => write!(
                f,
                "nothing was written: the call that writes does not carry {}; use the method that sets it",
                changed.places()
            ),
        }
    }
}

impl std::error::Error for UpdateError {}
