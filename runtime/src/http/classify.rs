//! From what the HTTP library reports to the kinds of this crate.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use rustls::{CertificateError, OtherError};

use super::verify::PinMismatch;
use crate::error::{
    ConnectError, Error, ErrorKind, HttpProtocolError, TimeoutError, TimeoutPhase, TlsError,
};

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
    if let Some(error) = find::<rustls::Error>(error) {
        return ErrorKind::Tls(tls_error(error));
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
        ) if situation.https => ErrorKind::Tls(TlsError::Handshake(
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
pub(super) fn is_truncated(error: &(dyn StdError + 'static)) -> bool {
    chain(error).any(|error| {
        error
            .downcast_ref::<hyper::Error>()
            .is_some_and(hyper::Error::is_incomplete_message)
            || error
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
    })
}

pub(super) fn tls_error(error: &rustls::Error) -> TlsError {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return TlsError::Handshake(match error {
            rustls::Error::InvalidMessage(_) => {
                "the peer does not speak TLS on this port".to_owned()
            }
            error => error.to_string(),
        });
    };
    match reason {
        // A known name with another key: an authority that only claims to be the known one.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => TlsError::UnknownIssuer,
        CertificateError::NotValidForName => TlsError::NameMismatch {
            presented: Vec::new(),
        },
        CertificateError::NotValidForNameContext { presented, .. } => TlsError::NameMismatch {
            presented: presented.iter().map(|name| plain_name(name)).collect(),
        },
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsError::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            TlsError::NotYetValid
        }
        CertificateError::Other(OtherError(inner)) if inner.is::<PinMismatch>() => {
            TlsError::PinMismatch
        }
        reason => TlsError::Handshake(reason.to_string()),
    }
}

/// `pdu.example.com` of `DnsName("pdu.example.com")`.
fn plain_name(presented: &str) -> String {
    let inner = presented
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'))
        .unwrap_or(presented);
    inner.trim_matches('"').to_owned()
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref::<E>())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_found_through_io_errors() {
        let tls = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let error = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls));
        assert_eq!(
            find::<rustls::Error>(&error).map(tls_error),
            Some(TlsError::UnknownIssuer)
        );
    }

    #[test]
    fn names_lose_their_wrapping() {
        assert_eq!(plain_name("DnsName(\"pdu.example\")"), "pdu.example");
        assert_eq!(plain_name("pdu.example"), "pdu.example");
    }
}
