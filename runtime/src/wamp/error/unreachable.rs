//! Why there is no session.

use std::fmt;

use crate::error::text::DeviceText;
use crate::error::{ConnectError, Error, ErrorKind};

/// Why no router gave a session, one cause for each that was tried: the source of the error.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NoRouter {
    /// The causes, in the order in which the routers were tried.
    pub causes: Vec<RouterCause>,
}

/// Why one router gave no session.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RouterCause {
    /// Its URL.
    pub router: String,
    /// How far it went.
    pub stage: Stage,
    /// What went wrong there.
    pub error: Error,
}

/// What is done for a session, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The name of the router is looked up.
    Dns,
    /// A connection is opened.
    Tcp,
    /// It is made safe.
    Tls,
    /// It becomes a WebSocket with a protocol of WAMP.
    WebSocket,
    /// The realm is joined.
    Join,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "looking up its name",
            Self::Tcp => "connecting",
            Self::Tls => "TLS",
            Self::WebSocket => "the WebSocket handshake",
            Self::Join => "joining the realm",
        })
    }
}

impl RouterCause {
    pub(in crate::wamp) fn new(router: &str, stage: Stage, error: Error) -> Self {
        Self {
            router: router.to_owned(),
            stage,
            error,
        }
    }
}

impl fmt::Display for NoRouter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no router gave a session")?;
        for (index, cause) in self.causes.iter().enumerate() {
            let sign = if index == 0 { ": " } else { "; " };
            let router = DeviceText(&cause.router);
            write!(f, "{sign}{router}, {}: {}", cause.stage, cause.error)?;
            if let Some(why) = std::error::Error::source(&cause.error) {
                write!(f, " ({})", DeviceText(&why.to_string()))?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for NoRouter {}

/// The error of a call for which there was no session.
pub(in crate::wamp) fn error(causes: Vec<RouterCause>) -> Error {
    // A router that refuses says more than one that is not there.
    let told = causes
        .iter()
        .rev()
        .max_by_key(|cause| cause.stage as u8)
        .map(|cause| cause.error.kind().clone());
    let kind = match told {
        Some(kind @ (ErrorKind::Connect(_) | ErrorKind::Tls(_) | ErrorKind::Rpc(_))) => kind,
        Some(kind @ (ErrorKind::Protocol(_) | ErrorKind::Config(_) | ErrorKind::Timeout(_))) => {
            kind
        }
        _ => ErrorKind::Connect(ConnectError::Other),
    };
    Error::from(kind)
        .with_sent(false, false)
        .with_outcome(crate::error::Outcome::NotExecuted)
        .with_source(NoRouter { causes })
}
