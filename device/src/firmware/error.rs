//! The ends of an update other than success.

mod show;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use xerus_api::firmware::UpdateHistoryEntry;
use xerus_rpc::action::Ticket;
use xerus_rpc::error::Fingerprint;
use xerus_rpc::{Error, Outcome};

use super::event::Progress;
use super::review::Review;

/// Why the version of the image does not run, or is not known to.
///
/// [`ticket`](Self::ticket) is there wherever something can be gone on with, [`outcome`](Self::outcome) says whether `startUpdate`
/// was executed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum UpdateError {
    /// A call failed before the update began; the ticket goes on from there.
    Call {
        /// Why.
        error: Error,
        /// Where to go on.
        ticket: Box<Ticket>,
    },
    /// The ticket could not be kept, so the step that it is for was not taken.
    NotKept(Arc<io::Error>),
    /// The device is at an upload or an update of somebody else. Nothing was sent.
    Busy {
        /// What it is at, in words.
        what: String,
        /// Where to go on.
        ticket: Box<Ticket>,
    },
    /// The upload failed; nothing was installed.
    Upload {
        /// Why.
        error: Error,
        /// Whether the device has the image: `NotExecuted` when it surely has not.
        outcome: Outcome,
        /// Uploads anew when it is resumed with the image, unless the image has arrived after all.
        ticket: Box<Ticket>,
    },
    /// The device took the upload, and then said that it has no image.
    NoImage {
        /// What the device says of it; empty if nothing.
        message: String,
        /// Uploads anew when it is resumed with the image.
        ticket: Box<Ticket>,
    },
    /// The image is no longer on the device, and this process has none to upload, or it went while the program decided.
    ImageGone(Box<Ticket>),
    /// Something speaks against the image: [`Review::open`]. Nothing was installed. The image was thrown away if it was that of this
    /// update and is not [kept](super::FirmwareUpdate::keep_image); that this failed is a [warning](super::UpdateEvent::Warning).
    Refused(Box<Review>),
    /// The program declined. Nothing was installed; the image is treated as after [`Refused`](Self::Refused).
    Declined {
        /// The reason that it gave.
        why: String,
        /// What it saw.
        review: Box<Review>,
    },
    /// The program puts the decision off. The image is on the device.
    Undecided {
        /// What it saw.
        review: Box<Review>,
        /// Asks again for the decision.
        ticket: Box<Ticket>,
    },
    /// The device refused to begin, or was not reached. The image is on the device.
    NotStarted {
        /// Why.
        error: Error,
        /// Asks again for the decision.
        ticket: Box<Ticket>,
    },
    /// The device was told to begin, or may have been, and shows no sign of it: it runs the old version, and its history has no
    /// such update.
    NotBegun {
        /// What `startUpdate` met with, if this process sent it and its answer did not come, or was no confirmation.
        error: Option<Error>,
        /// Asks again for the decision: only that begins the update once more.
        ticket: Box<Ticket>,
    },
    /// The device says that the update failed. The old version runs, without a restart in between.
    Failed {
        /// What the device says.
        message: String,
        /// The version that runs.
        version: String,
        /// What the update history says of it; `None` if nothing.
        record: Option<Box<UpdateHistoryEntry>>,
    },
    /// The device came back with the old version.
    OldVersion {
        /// The version that runs.
        version: String,
        /// What the update history says of it; `None` if nothing.
        record: Option<Box<UpdateHistoryEntry>>,
    },
    /// The device runs a version that is neither the old one nor that of the image.
    OtherVersion {
        /// The version that runs.
        version: String,
        /// The version of the image.
        expected: String,
        /// The last update in the history, if it is a new one.
        record: Option<Box<UpdateHistoryEntry>>,
    },
    /// What the device says does not fit together: its version, its update history and its progress.
    Contradiction {
        /// The version that runs.
        version: String,
        /// What does not fit, in words.
        what: &'static str,
        /// What it tells of the progress.
        progress: Box<Progress>,
        /// The last update in the history, if it is a new one.
        record: Option<Box<UpdateHistoryEntry>>,
    },
    /// The device presents a certificate that is not trusted, and goes on to do so. Nothing was sent to it since. Somebody has
    /// to decide: [resume](super::FirmwareUpdate::resume) the ticket with an agent that trusts the new one, or give up.
    Certificate {
        /// The certificates that are trusted, where they are pinned.
        expected: Vec<Fingerprint>,
        /// The one that it presents.
        presented: Fingerprint,
        /// Why it is not trusted.
        error: Error,
        /// Where to go on.
        ticket: Box<Ticket>,
    },
    /// The device has been away for longer than it [may be](super::FirmwareUpdate::longest_absence). It may come back.
    Away {
        /// For how long.
        since: Duration,
        /// What the last look met with.
        error: Error,
        /// Asks on.
        ticket: Box<Ticket>,
    },
    /// The time of the update is over, and the device has not come to an end, or was not there. It may still go on.
    Overdue {
        /// How far it was when the device last told.
        last: Option<Box<Progress>>,
        /// What the last look met with, if it was not answered.
        error: Option<Error>,
        /// The time that it had.
        after: Duration,
        /// Asks on: [`with_rest`](Ticket::with_rest) gives more time, without it the device is asked once.
        ticket: Box<Ticket>,
    },
    /// The device was told to begin, and cannot be asked what became of it: it refuses that, or the user.
    Stopped {
        /// Why.
        error: Error,
        /// Asks on when that is remedied.
        ticket: Box<Ticket>,
    },
}

impl UpdateError {
    /// Where to go on, where that is possible. The [step](super::FirmwareUpdate::step) of it says what would be next.
    #[must_use]
    pub fn ticket(&self) -> Option<&Ticket> {
        match self {
            Self::Call { ticket, .. }
            | Self::Busy { ticket, .. }
            | Self::Upload { ticket, .. }
            | Self::NoImage { ticket, .. }
            | Self::ImageGone(ticket)
            | Self::Undecided { ticket, .. }
            | Self::NotStarted { ticket, .. }
            | Self::NotBegun { ticket, .. }
            | Self::Certificate { ticket, .. }
            | Self::Away { ticket, .. }
            | Self::Overdue { ticket, .. }
            | Self::Stopped { ticket, .. } => Some(ticket),
            Self::NotKept(_)
            | Self::Refused(_)
            | Self::Declined { .. }
            | Self::Failed { .. }
            | Self::OldVersion { .. }
            | Self::OtherVersion { .. }
            | Self::Contradiction { .. } => None,
        }
    }

    /// Whether the device executed the `startUpdate` of this run, which is what changes the firmware: never surer than what the device
    /// shows. What an earlier run sent, after which this one [resumed](super::FirmwareUpdate::resume), does not count.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Call { .. }
            | Self::NotKept(_)
            | Self::Busy { .. }
            | Self::Upload { .. }
            | Self::NoImage { .. }
            | Self::ImageGone(_)
            | Self::Refused(_)
            | Self::Declined { .. }
            | Self::Undecided { .. }
            | Self::NotStarted { .. } => Outcome::NotExecuted,
            Self::Failed {
                record: Some(_), ..
            }
            | Self::OldVersion {
                record: Some(_), ..
            } => Outcome::Executed,
            _ => Outcome::Unknown,
        }
    }

    /// The error of a call, where one is the reason.
    #[must_use]
    pub fn as_call(&self) -> Option<&Error> {
        match self {
            Self::Call { error, .. }
            | Self::Upload { error, .. }
            | Self::NotStarted { error, .. }
            | Self::Certificate { error, .. }
            | Self::Away { error, .. }
            | Self::Stopped { error, .. } => Some(error),
            Self::NotBegun { error, .. } | Self::Overdue { error, .. } => error.as_ref(),
            _ => None,
        }
    }

    /// Stable name for logs, metrics and tests: `Firmware.Refused`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Call { .. } => "Firmware.Call",
            Self::NotKept(_) => "Firmware.NotKept",
            Self::Busy { .. } => "Firmware.Busy",
            Self::Upload { .. } => "Firmware.Upload",
            Self::NoImage { .. } => "Firmware.NoImage",
            Self::ImageGone(_) => "Firmware.ImageGone",
            Self::Refused(_) => "Firmware.Refused",
            Self::Declined { .. } => "Firmware.Declined",
            Self::Undecided { .. } => "Firmware.Undecided",
            Self::NotStarted { .. } => "Firmware.NotStarted",
            Self::NotBegun { .. } => "Firmware.NotBegun",
            Self::Failed { .. } => "Firmware.Failed",
            Self::OldVersion { .. } => "Firmware.OldVersion",
            Self::OtherVersion { .. } => "Firmware.OtherVersion",
            Self::Contradiction { .. } => "Firmware.Contradiction",
            Self::Certificate { .. } => "Firmware.Certificate",
            Self::Away { .. } => "Firmware.Away",
            Self::Overdue { .. } => "Firmware.Overdue",
            Self::Stopped { .. } => "Firmware.Stopped",
        }
    }
}
