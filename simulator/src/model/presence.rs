//! Whether the device answers at all.

use std::time::Duration;

/// What a device answers at a moment: the network side obeys it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Presence {
    /// Everything.
    #[default]
    Here,
    /// Nothing but how an update goes. Other requests get status 503.
    ProgressOnly,
    /// Nothing: connections are closed and new ones refused, as while a device restarts.
    Away {
        /// When it is back, as time since 1970-01-01 UTC; `None`: not by itself.
        until: Option<Duration>,
    },
}

impl Presence {
    /// Whether connections are closed and refused.
    #[must_use]
    pub const fn is_away(self) -> bool {
        matches!(self, Self::Away { .. })
    }
}
