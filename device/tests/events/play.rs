//! What goes wrong with a request.

use xerus_rpc::Error;
use xerus_rpc::error::{
    AuthError, ConnectError, ErrorKind, HttpStatusError, RpcError, TooLargeError,
};

/// What happens to one request.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// No connection.
    Refuse,
    /// The connection breaks before the device has answered; it has not executed the call.
    CutBefore,
    /// The device answers, and the connection breaks.
    CutAfter,
    /// The device never answers.
    Stall,
    /// The channel is gone.
    Forget,
    /// The device says no.
    Decline,
    /// This text in place of the result; the device has executed the call.
    Text(&'static str),
    /// This status; the call is not executed.
    Status(u16),
    /// The answer is larger than the agent takes.
    TooLarge,
    /// The user is not known.
    Unauthorized,
}

impl Play {
    /// The error that stands in for the answer of the device, which does not execute the call then.
    pub(crate) fn error(&self) -> Option<Error> {
        Some(match self {
            Self::Refuse => ConnectError::Refused.into(),
            Self::CutBefore => lost(),
            Self::Status(status) => HttpStatusError::new(*status, "").into(),
            Self::TooLarge => TooLargeError::new(1 << 20, 2 << 20).into(),
            Self::Unauthorized => AuthError::Unauthorized.into(),
            Self::Decline => declined(),
            Self::CutAfter | Self::Stall | Self::Forget | Self::Text(_) => return None,
        })
    }
}

pub(crate) fn lost() -> Error {
    Error::new(ErrorKind::ConnectionLost).with_sent(true, false)
}

pub(crate) fn declined() -> Error {
    RpcError::new(-32603, "no").into()
}
