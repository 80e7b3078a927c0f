//! From what the libraries report to the kinds of this crate.

use std::error::Error as StdError;
use std::io;

use crate::error::{ConnectError, Error, ErrorKind, HttpProtocolError, TlsError};
use crate::http::classify::tls_error;

/// Why there is no TCP connection.
pub(super) fn connecting(error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::ConnectionRefused => ConnectError::Refused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown => ConnectError::Unreachable,
        _ => ConnectError::Other,
    };
    Error::from(kind).with_source(error)
}

/// Why there is no TLS on it.
pub(super) fn handshake(error: io::Error) -> Error {
    let tls = chain(&error).find_map(|error| error.downcast_ref::<rustls::Error>());
    let kind = tls.map_or_else(
        || TlsError::Handshake("the connection was closed during the handshake".to_owned()),
        tls_error,
    );
    Error::from(kind).with_source(error)
}

/// Why no complete answer came.
pub(super) fn failed(error: &hyper::Error) -> Error {
    Error::new(lost_or_garbled(error))
}

/// The same while the body of the answer was read.
pub(super) fn in_body(error: &hyper::Error) -> Error {
    if is_truncated(error) {
        HttpProtocolError::Truncated.into()
    } else {
        failed(error)
    }
}

fn lost_or_garbled(error: &hyper::Error) -> ErrorKind {
    if error.is_parse() {
        return ErrorKind::HttpProtocol(HttpProtocolError::Framing);
    }
    for error in chain(error) {
        if let Some(error) = error.downcast_ref::<rustls::Error>() {
            return ErrorKind::Tls(tls_error(error));
        }
        if is_bad_chunk(error) {
            return ErrorKind::HttpProtocol(HttpProtocolError::Framing);
        }
    }
    ErrorKind::ConnectionLost
}

/// Faults in chunk sizes. A TLS fault travels as invalid data, too; it comes next in the chain.
fn is_bad_chunk(error: &(dyn StdError + 'static)) -> bool {
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
fn is_truncated(error: &hyper::Error) -> bool {
    error.is_incomplete_message()
        || chain(error).any(|error| {
            error
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
