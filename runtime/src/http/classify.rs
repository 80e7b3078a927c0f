//! From what the HTTP library reports to the kinds of this crate.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use super::causes::causes;
use super::tls;
use crate::error::{ConnectError, Error, ErrorKind, HttpProtocolError, TimeoutError, TimeoutPhase};

/// What is known about the call when the library fails.
pub(super) struct Situation {
    /// Whether any byte of the request may have gone out.
    pub(super) sent: bool,
    pub(super) https: bool,
    pub(super) connect_timeout: Duration,
}

/// The kind of a failure before the head of the answer was complete.
pub(super) fn request_failure(error: reqwest::Error, situation: &Situation) -> Error {
    let kind = if situation.sent {
        lost_or_garbled(&error)
    } else {
        not_connected(&error, situation)
    };
    Error::new(kind).with_source(error.without_url())
}

/// The kind of a failure while the body of the answer was read.
pub(super) fn body_failure(error: reqwest::Error) -> Error {
    Error::new(lost_or_garbled(&error)).with_source(error.without_url())
}

/// Nothing was sent: there is no connection, or it died just when it was to be used.
fn not_connected(error: &reqwest::Error, situation: &Situation) -> ErrorKind {
    if let Some(error) = tls::refusal(error) {
        return ErrorKind::Tls(error);
    }
    if !error.is_connect() {
        return ErrorKind::ConnectionLost;
    }
    if error.is_dns() {
        return ErrorKind::Connect(ConnectError::Dns);
    }
    if error.is_timeout() {
        return ErrorKind::Timeout(TimeoutError::new(
            TimeoutPhase::Connect,
            situation.connect_timeout,
        ));
    }
    let io = causes(error).find_map(|error| error.downcast_ref::<io::Error>().map(io::Error::kind));
    match io {
        Some(io::ErrorKind::ConnectionRefused) => ErrorKind::Connect(ConnectError::Refused),
        Some(
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown,
        ) => ErrorKind::Connect(ConnectError::Unreachable),
        // The connection stood and ended before the handshake did.
        _ if situation.https => tls::handshake_refusal(error)
            .map_or(ErrorKind::Connect(ConnectError::Other), ErrorKind::Tls),
        _ => ErrorKind::Connect(ConnectError::Other),
    }
}

/// Something was sent, and then no (complete) answer came, or not one that can be read.
fn lost_or_garbled(error: &(dyn StdError + 'static)) -> ErrorKind {
    if let Some(error) = tls::refusal(error) {
        return ErrorKind::Tls(error);
    }
    if causes(error).any(is_garbled) {
        return ErrorKind::HttpProtocol(HttpProtocolError::Framing);
    }
    ErrorKind::ConnectionLost
}

/// Whether this is the library's word for bytes that are no HTTP.
fn is_garbled(error: &(dyn StdError + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return error.is_parse();
    }
    // Faults in chunk sizes. A TLS fault travels as invalid data, too; it comes next in the chain.
    error.downcast_ref::<io::Error>().is_some_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
        ) && error
            .get_ref()
            .is_none_or(|inner| !inner.is::<rustls::Error>())
    })
}

/// Whether a body failure is an end of the connection in good order, only too early.
pub(super) fn is_truncated(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|error| {
        error
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_incomplete_message)
            || error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
    })
}
