//! From what the HTTP library reports to the kinds of this crate.

use std::error::Error as StdError;
use std::io;

use crate::error::{
    ConnectError, Error, ErrorKind, HttpProtocolError, TimeoutError, TimeoutPhase, TlsError,
};
use crate::http::classify::tls_error;
use crate::http::transport::Options;

/// The kind of a failure before the head of the answer was complete. `sent` tells whether any byte of the request may
/// have gone out.
pub(super) fn before_answer(
    error: reqwest::Error,
    sent: bool,
    https: bool,
    options: &Options,
) -> Error {
    let kind = if sent {
        lost_or_garbled(&error)
    } else {
        not_connected(&error, https, options)
    };
    Error::new(kind).with_source(error.without_url())
}

/// The kind of a failure while the body of the answer was read.
pub(super) fn in_body(error: reqwest::Error) -> Error {
    let kind = if is_truncated(&error) {
        ErrorKind::HttpProtocol(HttpProtocolError::Truncated)
    } else {
        lost_or_garbled(&error)
    };
    Error::new(kind).with_source(error.without_url())
}

fn not_connected(error: &reqwest::Error, https: bool, options: &Options) -> ErrorKind {
    let tls = chain(error).find_map(|error| error.downcast_ref::<rustls::Error>());
    if let Some(error) = tls {
        return ErrorKind::Tls(tls_error(error));
    }
    if !error.is_connect() {
        return ErrorKind::ConnectionLost;
    }
    if error.is_dns() {
        return ErrorKind::Connect(ConnectError::Dns);
    }
    if error.is_timeout() {
        let limit = options.connect_timeout;
        return ErrorKind::Timeout(TimeoutError::new(TimeoutPhase::Connect, limit));
    }
    let io = chain(error).find_map(|error| error.downcast_ref::<io::Error>().map(io::Error::kind));
    match io {
        Some(io::ErrorKind::ConnectionRefused) => ErrorKind::Connect(ConnectError::Refused),
        Some(
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown,
        ) => ErrorKind::Connect(ConnectError::Unreachable),
        // The connection stood and ended before the handshake did.
        Some(
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe,
        ) if https => ErrorKind::Tls(TlsError::Handshake(
            "the connection was closed during the handshake".to_owned(),
        )),
        _ => ErrorKind::Connect(ConnectError::Other),
    }
}

/// Something was sent, and then no (complete) answer came, or not one that can be read.
fn lost_or_garbled(error: &(dyn StdError + 'static)) -> ErrorKind {
    for error in chain(error) {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return ErrorKind::Tls(tls_error(error));
        }
        if is_garbled(error) {
            return ErrorKind::HttpProtocol(HttpProtocolError::Framing);
        }
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
fn is_truncated(error: &(dyn StdError + 'static)) -> bool {
    chain(error).any(|error| {
        error
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_incomplete_message)
            || error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
    })
}

/// An error and everything behind it. `io::Error` hides its cause from `source`, so it is asked for it.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = match error.downcast_ref::<io::Error>() {
            Some(io) => io.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
            None => error.source(),
        };
        Some(error)
    })
    // A cyclic chain cannot be built, but a long one can.
    .take(64)
}
