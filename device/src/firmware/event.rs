//! What is told of an update while it goes on.

use std::fmt;
use std::time::Duration;

use xerus_api::firmware::UpdateStatus;
use xerus_rpc::Error;

use super::error::UpdateError;
use super::notes::Step;
use super::review::{Allow, Review};
use super::updated::Updated;

/// What is told of an update while it goes on. The last is [`End`](Self::End).
#[derive(Debug)]
#[non_exhaustive]
pub enum UpdateEvent {
    /// The next step is taken when the next event is awaited: keep the [ticket](super::UpdateRun::ticket) before that.
    Step(Step),
    /// So many bytes were sent. Told about a hundred times in an upload.
    Uploading {
        /// Bytes that the connection has taken, those of the form around the image included.
        sent: u64,
        /// Bytes in all.
        total: Option<u64>,
    },
    /// The image was sent, and the device has not yet said what it is.
    Checking,
    /// The device has read the image: what it is, and what speaks against it. The program decides next.
    Review(Box<Review>),
    /// `startUpdate` is sent when the next event is awaited, with these of the permissions that are flags of the device.
    Starting(Vec<Allow>),
    /// How far the update is, as the device tells it.
    Progress(Progress),
    /// The device does not answer, as is normal while it restarts.
    Away {
        /// Time since the first look that found it so.
        since: Duration,
        /// Looks that found it so, this one included.
        attempts: u32,
        /// What this look met with.
        error: Error,
    },
    /// The device answers again.
    Back {
        /// How long it was away.
        after: Duration,
    },
    /// The device no longer knew the user, who was logged in again.
    SessionRenewed,
    /// The device answered, and nothing follows from the answer.
    Unclear {
        /// What was wrong with it.
        what: String,
        /// Answers of this kind until now, this one included.
        count: u32,
    },
    /// Something that somebody may want to know.
    Warning(String),
    /// The end.
    End(Result<Updated, UpdateError>),
}

/// How far an update is, as the device tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// What it does.
    pub phase: Phase,
    /// Time since it began; `None` where the device tells none that can be.
    pub elapsed: Option<Duration>,
    /// Time that the whole takes; `None` where the device does not know, or tells none that can be.
    pub estimated: Option<Duration>,
    /// Why it failed; empty otherwise.
    pub message: String,
}

/// What a device does in an update.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// No update goes on, or the device has restarted since. It says nothing of how an update ended.
    None,
    /// `INIT`: it begins.
    Beginning,
    /// `PREP`: it prepares.
    Preparing,
    /// `SIMULATE`: it tries what it will do.
    Simulating,
    /// `UPDATE`: it writes.
    Writing,
    /// `SUCCESS`: it has written everything, and is going to restart.
    Written,
    /// `FAIL`: it says that it failed.
    Failed,
    /// Something else, in the words of the device.
    Other(String),
}

impl Phase {
    /// Whether the device works on it, as far as it says.
    #[must_use]
    pub fn is_running(&self) -> bool {
        matches!(
            self,
            Self::Beginning | Self::Preparing | Self::Simulating | Self::Writing | Self::Other(_)
        )
    }
}

impl Phase {
    /// Whether an update is under way: one that is written ends with a restart.
    pub(super) fn is_under_way(&self) -> bool {
        self.is_running() || *self == Self::Written
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "NONE",
            Self::Beginning => "INIT",
            Self::Preparing => "PREP",
            Self::Simulating => "SIMULATE",
            Self::Writing => "UPDATE",
            Self::Written => "SUCCESS",
            Self::Failed => "FAIL",
            Self::Other(text) => return super::text::Shown(text).fmt(f),
        })
    }
}

impl Progress {
    pub(super) fn none() -> Self {
        Self {
            phase: Phase::None,
            elapsed: None,
            estimated: None,
            message: String::new(),
        }
    }

    pub(super) fn of(status: UpdateStatus) -> Self {
        let seconds = |number: i32| u64::try_from(number).ok().map(Duration::from_secs);
        Self {
            phase: match &*status.state {
                "NONE" | "" => Phase::None,
                "INIT" => Phase::Beginning,
                "PREP" => Phase::Preparing,
                "SIMULATE" => Phase::Simulating,
                "UPDATE" => Phase::Writing,
                "SUCCESS" => Phase::Written,
                "FAIL" => Phase::Failed,
                other => Phase::Other(other.to_owned()),
            },
            elapsed: seconds(status.elapsed),
            estimated: seconds(status.estimated).filter(|time| !time.is_zero()),
            message: status.error_message,
        }
    }
}
