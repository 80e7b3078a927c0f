//! From what a connector reports to the kinds of this crate.

use std::io;
use std::time::Duration;

use super::super::causes::{causes, find};
use super::resolve::NotFound;
use crate::error::{ConnectError, Error, TimeoutError, TimeoutPhase};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why there is no TCP connection to the device, which had this long to come.
pub(super) fn direct(error: BoxError, limit: Duration) -> Error {
    // Each address of a device has a share of the time.
    let kind = if io_kind(&*error) == Some(io::ErrorKind::TimedOut) {
        Error::from(TimeoutError::new(TimeoutPhase::Connect, limit))
    } else {
        Error::from(kind(&*error))
    };
    kind.with_source(Cause(error))
}

/// Why there is no TCP connection to the proxy.
pub(super) fn of_proxy(error: BoxError) -> Error {
    Error::from(ConnectError::ProxyUnreachable).with_source(Cause(error))
}

fn kind(error: &(dyn std::error::Error + 'static)) -> ConnectError {
    if let Some(not_found) = find::<NotFound>(error) {
        return if not_found.zone {
            ConnectError::UnknownZone
        } else {
            ConnectError::Dns
        };
    }
    match io_kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => ConnectError::Refused,
        Some(
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown,
        ) => ConnectError::Unreachable,
        Some(io::ErrorKind::AddrNotAvailable) => ConnectError::LocalAddress,
        _ => ConnectError::Other,
    }
}

fn io_kind(error: &(dyn std::error::Error + 'static)) -> Option<io::ErrorKind> {
    causes(error).find_map(|error| error.downcast_ref::<io::Error>().map(io::Error::kind))
}

/// Makes an error of a box of one.
#[derive(Debug)]
struct Cause(BoxError);

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
