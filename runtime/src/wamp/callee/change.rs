//! What becomes of registrations while a program runs.

use std::time::Duration;

use crate::error::Error;

/// What became of a registration after it was made: what [`Callee::on_change`](super::Callee::on_change) is told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// It was made again: on a new session, or after it was refused or taken away.
    Restored {
        /// The procedure or pattern.
        uri: String,
    },
    /// The router refused to make it again; another callee may have it now.
    Refused {
        /// The procedure or pattern.
        uri: String,
        /// Why.
        error: Error,
        /// After how long it is tried again; `None` for never on this session.
        again: Option<Duration>,
    },
    /// The router took it away: another callee asked for that, or an administrator.
    Revoked {
        /// The procedure or pattern.
        uri: String,
        /// The reason, a URI; empty when the router gave none.
        reason: String,
        /// After how long it is asked for again; `None` for never on this session.
        again: Option<Duration>,
    },
}

impl Change {
    /// The procedure or pattern.
    #[must_use]
    pub fn uri(&self) -> &str {
        match self {
            Self::Restored { uri } | Self::Refused { uri, .. } | Self::Revoked { uri, .. } => uri,
        }
    }
}
