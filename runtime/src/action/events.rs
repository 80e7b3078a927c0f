//! What is told of an action while it goes on.

use std::time::Duration;

use super::failure::ActionError;
use crate::error::Error;

/// What is told of an action while it goes on. The last is [`End`](Self::End).
#[derive(Debug)]
#[non_exhaustive]
pub enum ActionEvent<P, T> {
    /// The device has begun. Also told, first of all, by an action that was resumed.
    Started,
    /// A check found that it goes on; this is how far it is. It is told as the device tells it, also when it goes backwards.
    Progress(P),
    /// Nobody answered a check, or what stands in for the device while it starts: no connection, none that is trusted, no
    /// answer in time, a status that means "not now", no JSON. The checks go on.
    Away {
        /// Time since the first check that found it so.
        since: Duration,
        /// Checks that found it so, this one included.
        attempts: u32,
        /// What this check met with.
        error: Error,
    },
    /// The device answers again.
    Back {
        /// How long it was away.
        after: Duration,
    },
    /// The device no longer knew the user, who was logged in again.
    SessionRenewed,
    /// The device answered a check, and nothing follows from the answer. The checks go on.
    Unknown {
        /// What was wrong with it.
        what: String,
        /// Answers of this kind until now, this one included.
        count: u32,
    },
    /// Something the program may want to tell somebody: a time in the plan that made no sense, a warning of the device.
    Warning(String),
    /// The action has ended, or nobody asks after it any longer.
    End(Result<T, ActionError<P>>),
}

impl<P, T> ActionEvent<P, T> {
    /// Whether it tells what a check found.
    pub(super) fn is_finding(&self) -> bool {
        matches!(
            self,
            Self::Progress(_) | Self::Away { .. } | Self::Unknown { .. } | Self::End(_)
        )
    }
}
