use std::fmt;

use super::answer::{AuthError, HttpStatusError};

/// What went wrong with one call of a bulk request, or with the bulk answer as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BulkError {
    /// No entry of the answer is for this call. Where the answer stops before it and every entry belongs to a call before, the
    /// device did not execute it; otherwise it is not known; see [`Error::outcome`](crate::Error::outcome).
    MissingResponse,
    /// More answers than calls.
    ExtraResponses {
        /// Calls sent.
        sent: usize,
        /// Answers received.
        received: usize,
    },
    /// The HTTP status that the call would have had alone, when it is not 200.
    SubHttpStatus(i64),
    /// The call belongs to another agent than the one asked to send it.
    ForeignAgent,
    /// The handle belongs to another batch.
    ForeignHandle,
}

impl BulkError {
    /// Stable name, for logs and tests: `Bulk.MissingResponse`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingResponse => "Bulk.MissingResponse",
            Self::ExtraResponses { .. } => "Bulk.ExtraResponses",
            Self::SubHttpStatus(_) => "SubHttpStatus",
            Self::ForeignAgent => "Bulk.ForeignAgent",
            Self::ForeignHandle => "Bulk.ForeignHandle",
        }
    }
}

impl fmt::Display for BulkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingResponse => f.write_str("the bulk answer has no entry for this call"),
            Self::ExtraResponses { sent, received } => {
                write!(f, "the bulk answer has {received} entries for {sent} calls")
            }
            Self::SubHttpStatus(status) => match status {
                401 => AuthError::Unauthorized.fmt(f),
                403 => AuthError::Forbidden.fmt(f),
                451 => AuthError::PasswordChangeRequired.fmt(f),
                _ => match u16::try_from(*status) {
                    Ok(status) => HttpStatusError::new(status, "").fmt(f),
                    Err(_) => write!(f, "the device answered the call with status {status}, which does not exist"),
                },
            },
            Self::ForeignAgent => {
                f.write_str("the call belongs to another agent; nothing was sent")
            }
            Self::ForeignHandle => f.write_str(
                "the handle belongs to another batch; take results with the handles of their own batch",
            ),
        }
    }
}

impl std::error::Error for BulkError {}
