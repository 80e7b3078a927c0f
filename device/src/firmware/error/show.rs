//! The ends of an update in words.

use std::fmt;

use xerus_rpc::Outcome;

use super::UpdateError;
use crate::firmware::text::Shown;

impl fmt::Display for UpdateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { error, .. } => write!(f, "the update has not begun: {error}"),
            Self::NotKept(error) => write!(
                f,
                "the ticket could not be kept, so nothing more was sent ({}): give it another place, and begin again",
                error.kind()
            ),
            Self::Busy { what, .. } => write!(
                f,
                "the device is busy with {what}: wait for its end, then resume the ticket"
            ),
            Self::Upload { error, outcome, .. } => {
                write!(f, "the image was not uploaded: {error}")?;
                f.write_str(match outcome {
                    Outcome::NotExecuted => {
                        "; the device does not have it: remedy that, and resume the ticket with the image"
                    }
                    _ => {
                        "; the device may have it all the same: resume the ticket with the image, which looks first"
                    }
                })
            }
            Self::NoImage { message, .. } => {
                f.write_str("the device has no image after the upload")?;
                said(message, f)?;
                f.write_str("; look at its log, then resume the ticket with the image")
            }
            Self::ImageGone(_) => f.write_str(
                "the image is no longer on the device: resume the ticket with the image, so that it can be uploaded again",
            ),
            Self::Refused(review) => {
                f.write_str("the image ")?;
                if !review.image.version.is_empty() {
                    write!(f, "{} ", Shown(&review.image.version))?;
                }
                f.write_str("is not installed")?;
                review
                    .open()
                    .try_for_each(|obstacle| write!(f, "; {obstacle}"))
            }
            Self::Declined { why, .. } => write!(f, "the update was declined: {}", Shown(why)),
            Self::Undecided { review, .. } => write!(
                f,
                "the image {} is on the device and waits for a decision: resume the ticket",
                Shown(&review.image.version)
            ),
            Self::NotStarted { error, .. } => write!(
                f,
                "the device did not begin: {error}; the image is there: remedy that, and resume the ticket"
            ),
            Self::NotBegun { error, .. } => {
                f.write_str(
                    "the device shows no sign of the update that it was told to begin: look at its log, then resume the ticket to decide again",
                )?;
                match error {
                    Some(error) => write!(f, " (startUpdate met with: {error})"),
                    None => Ok(()),
                }
            }
            Self::Failed { message, version, .. } => {
                write!(f, "the update failed, and {} runs on", Shown(version))?;
                said(message, f)?;
                f.write_str("; remedy what it says, and begin anew")
            }
            Self::OldVersion { version, record } => {
                write!(f, "the device came back with the old version {}", Shown(version))?;
                said(record.as_ref().map_or("", |record| &record.details), f)?;
                f.write_str("; look at its log before it is tried again")
            }
            Self::OtherVersion { version, expected, .. } => write!(
                f,
                "the device runs {}, and the image is {}: look at its update history for who installed it",
                Shown(version),
                Shown(expected)
            ),
            Self::Contradiction { version, what, .. } => write!(
                f,
                "{what}; {} runs: look at the log of the device before anything else is done",
                Shown(version)
            ),
            Self::Certificate { expected, presented, .. } => {
                write!(f, "the device presents another certificate: {presented}")?;
                for (at, known) in expected.iter().enumerate() {
                    f.write_str(if at == 0 { ", expected " } else { " or " })?;
                    write!(f, "{known}")?;
                }
                f.write_str(
                    "; compare it with what the device itself shows, then resume the ticket with an agent that trusts it",
                )
            }
            Self::Away { since, error, .. } => write!(
                f,
                "the device has been away for {since:?}: look at it, then resume the ticket (the last look: {error})"
            ),
            Self::Overdue { after, error, .. } => {
                write!(
                    f,
                    "the update has not ended in {after:?}: it may still go on; look at the device, or resume the ticket with more time"
                )?;
                match error {
                    Some(error) => write!(f, " (the last look: {error})"),
                    None => Ok(()),
                }
            }
            Self::Stopped { error, .. } => write!(
                f,
                "how the update ends cannot be asked: {error}; remedy that, and resume the ticket"
            ),
        }
    }
}

fn said(message: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if message.is_empty() {
        return Ok(());
    }
    write!(f, ", and says: {}", Shown(message))
}

impl std::error::Error for UpdateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotKept(error) => Some(&**error),
            other => other.as_call().map(|error| error as _),
        }
    }
}
