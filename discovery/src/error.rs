//! Why a discovery does not start, or does not go on.

use std::fmt;
use std::io;

use crate::text::shown;

/// Why a discovery does not start, or does not go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There is no interface of that name, or it is down, has no address, or ends at one other computer, as tunnels do.
    #[non_exhaustive]
    UnknownInterface {
        /// The name as given.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// No interface is up but the loopback one, or none at all.
    NoInterface,
    /// The port cannot be listened on.
    #[non_exhaustive]
    Port {
        /// The port.
        port: u16,
        /// What the system says.
        error: io::Error,
    },
    /// The system gives no means to listen: no thread, no more open files.
    System,
    /// More was announced than [`limit`](crate::Builder::limit) allows. Somebody floods the network, or it is a very large one.
    /// What was found until then was told.
    #[non_exhaustive]
    TooMany {
        /// The limit for names.
        limit: usize,
    },
    /// The answers came faster than they could be looked at. What was found until then was told.
    Overrun,
    /// The thread that listens has ended by itself. What was found until then was told.
    Ended,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownInterface { name, known } if known.is_empty() => write!(
                f,
                "no network interface {} to listen through, and no other: connect this computer to the network",
                shown(name)
            ),
            Self::UnknownInterface { name, known } => write!(
                f,
                "no network interface {} to listen through: take one of {}",
                shown(name),
                shown(&known.join(", "))
            ),
            Self::NoInterface => f.write_str(
                "no network interface is up: connect this computer to the network of the devices",
            ),
            Self::Port { port, error } => {
                let advice = match error.kind() {
                    io::ErrorKind::AddrInUse => {
                        "another program keeps it to itself; end that one or let it share the port"
                    }
                    io::ErrorKind::PermissionDenied => "this user may not; ask an administrator",
                    _ => "allow UDP for this program",
                };
                write!(f, "cannot listen on UDP port {port}: {advice}")
            }
            Self::System => {
                f.write_str("the system gives no means to listen: raise the limits of threads and open files")
            }
            Self::TooMany { limit } => write!(
                f,
                "more than {limit} devices announce themselves: look who floods the network, or raise the limit"
            ),
            Self::Overrun => f.write_str(
                "announcements come faster than they can be read: look who floods the network, or choose an interface",
            ),
            Self::Ended => f.write_str("the discovery has ended by itself: start it again"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Port { error, .. } => Some(error),
            _ => None,
        }
    }
}
