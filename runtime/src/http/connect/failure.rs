//! From what a connector reports to the kinds of this crate.

use std::io;

use super::super::causes::{causes, find};
use super::resolve::NotFound;
use crate::error::{ConnectError, Error};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why there is no TCP connection to the device.
pub(super) fn direct(error: BoxError) -> Error {
    Error::from(kind(&*error)).with_source(Cause(error))
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
    let io = causes(error).find_map(|error| error.downcast_ref::<io::Error>().map(io::Error::kind));
    match io {
        Some(io::ErrorKind::ConnectionRefused) => ConnectError::Refused,
        Some(
            io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::NetworkDown
            // Shared out among the addresses of the device, so the whole is not over yet.
            | io::ErrorKind::TimedOut,
        ) => ConnectError::Unreachable,
        Some(io::ErrorKind::AddrNotAvailable) => ConnectError::LocalAddress,
        _ => ConnectError::Other,
    }
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
