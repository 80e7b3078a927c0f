//! What an error says of a device that is expected to be away for a while: that it is, or that it no longer knows the user.

use super::{
    AuthError, BulkError, DecodeErrorKind, Error, ErrorKind, ErrorMeaning, JsonErrorKind,
    RedirectReason, StatusClass,
};

/// What to make of a call that failed while something is awaited on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// Nobody answered, or only what stands in for the device while it starts. It may come back.
    Away,
    /// The device no longer knows the user.
    SessionGone,
    /// The device answered, and the answer makes no sense.
    Nonsense,
    /// The object is not there: it may still come while a device starts.
    NoObject,
    /// The device, or this program, refuses the call, and will again.
    Refused,
}

impl Error {
    /// What the error says of the presence of the device.
    pub(crate) fn absence(&self) -> Absence {
        match self.kind() {
            ErrorKind::Connect(_)
            | ErrorKind::Tls(_)
            | ErrorKind::Timeout(_)
            | ErrorKind::ConnectionLost
            | ErrorKind::HttpProtocol(_)
            | ErrorKind::Protocol(_)
            | ErrorKind::Bulk(BulkError::MissingResponse) => Absence::Away,
            ErrorKind::HttpStatus(error) => of_status(error.class()),
            ErrorKind::Bulk(BulkError::SubHttpStatus(status)) => match u16::try_from(*status) {
                Ok(401) => Absence::SessionGone,
                Ok(status) => of_status(StatusClass::of(status)),
                Err(_) => Absence::Nonsense,
            },
            ErrorKind::Auth(AuthError::Unauthorized) => Absence::SessionGone,
            ErrorKind::Rpc(error) => match error.meaning {
                Some(ErrorMeaning::Unavailable | ErrorMeaning::UnitUnreachable) => Absence::Away,
                Some(ErrorMeaning::NotLoggedIn) => Absence::SessionGone,
                Some(ErrorMeaning::ObjectNotFound) => Absence::NoObject,
                _ => Absence::Refused,
            },
            ErrorKind::Redirect(error) => match error.reason {
                // To the login page, say, which some devices show until everything runs.
                RedirectReason::NotRpc
                | RedirectReason::Loop
                | RedirectReason::MissingLocation
                | RedirectReason::InvalidLocation => Absence::Away,
                _ => Absence::Refused,
            },
            ErrorKind::Json(error) => of_json(error.kind()),
            ErrorKind::Decode(error) => match error.kind() {
                DecodeErrorKind::Json(kind) => of_json(kind),
                _ => Absence::Nonsense,
            },
            ErrorKind::Envelope(_)
            | ErrorKind::ResponseTooLarge(_)
            | ErrorKind::Cgi(_)
            | ErrorKind::Bulk(BulkError::ExtraResponses { .. }) => Absence::Nonsense,
            _ => Absence::Refused,
        }
    }
}

fn of_status(class: StatusClass) -> Absence {
    match class {
        StatusClass::Server | StatusClass::RequestTimeout => Absence::Away,
        StatusClass::NotFound => Absence::NoObject,
        StatusClass::Client | StatusClass::Unexpected => Absence::Refused,
    }
}

fn of_json(kind: JsonErrorKind) -> Absence {
    match kind {
        // No text, or a page in place of an answer.
        JsonErrorKind::Empty
        | JsonErrorKind::Syntax
        | JsonErrorKind::Encoding
        | JsonErrorKind::TrailingData => Absence::Away,
        _ => Absence::Nonsense,
    }
}
