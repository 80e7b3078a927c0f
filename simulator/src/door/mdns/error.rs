//! Why a device cannot be announced.

use std::fmt;
use std::net::SocketAddr;

/// Why a device cannot be announced.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnnounceError {
    /// There is no such interface, or it has no address.
    #[non_exhaustive]
    UnknownInterface {
        /// The name as given; `loopback` without one.
        interface: String,
    },
    /// The device listens on an address that is not in the network of the interface.
    #[non_exhaustive]
    NotReached {
        /// Where the device listens.
        address: SocketAddr,
        /// Where it was to be announced.
        interface: String,
    },
    /// The name is empty or longer than 63 bytes, or the serial number is too long for a TXT record.
    Name,
    /// The system gives no means for it: no thread, no more open files.
    System,
}

impl fmt::Display for AnnounceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownInterface { interface } => write!(
                f,
                "cannot announce the device: no network interface {interface:?} has an address, take another"
            ),
            Self::NotReached { address, interface } => write!(
                f,
                "cannot announce the device: it listens on {address}, which is not in the network of {interface:?}; \
                 listen on 0.0.0.0 or on an address of that interface"
            ),
            Self::Name => f.write_str(
                "cannot announce the device: give it a name of 1 to 63 bytes and a short serial number",
            ),
            Self::System => f.write_str(
                "cannot announce the device: raise the limits of threads and open files",
            ),
        }
    }
}

impl std::error::Error for AnnounceError {}
