//! What a failed call says of the device and of the channel.

use xerus_rpc::error::{Error, ErrorKind, ErrorMeaning, RedirectReason, StatusClass};

/// What to make of a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may pass: nobody answers, or what comes makes no sense.
    Passing,
    /// There is no such object.
    NoObject,
    /// The device answers that it does not do this. It may be for the object, not for the user.
    Declined,
    /// The user, or the program, is refused, and will be again.
    Refused,
}

impl Verdict {
    pub(super) fn of(error: &Error) -> Self {
        if error.is_object_not_found() {
            return Self::NoObject;
        }
        match error.kind() {
            ErrorKind::Connect(_)
            | ErrorKind::Tls(_)
            | ErrorKind::Timeout(_)
            | ErrorKind::ConnectionLost
            | ErrorKind::HttpProtocol(_)
            | ErrorKind::Protocol(_)
            | ErrorKind::Json(_)
            | ErrorKind::Envelope(_)
            | ErrorKind::Decode(_)
            | ErrorKind::ResponseTooLarge(_) => Self::Passing,
            ErrorKind::HttpStatus(status) => match status.class() {
                StatusClass::Server | StatusClass::RequestTimeout => Self::Passing,
                _ => Self::Refused,
            },
            ErrorKind::Redirect(redirect) => match redirect.reason {
                // To the login page, say, which some devices show until everything runs.
                RedirectReason::NotRpc
                | RedirectReason::Loop
                | RedirectReason::MissingLocation
                | RedirectReason::InvalidLocation => Self::Passing,
                _ => Self::Refused,
            },
            ErrorKind::Rpc(rpc) => match rpc.meaning {
                Some(ErrorMeaning::Unavailable) => Self::Passing,
                Some(ErrorMeaning::PermissionDenied | ErrorMeaning::NotLoggedIn) => Self::Refused,
                _ => Self::Declined,
            },
            _ => Self::Refused,
        }
    }
}
