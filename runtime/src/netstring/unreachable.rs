//! Why no server takes a call.

use std::fmt;

use super::srv::DnsError;
use crate::error::{ConnectError, Error, ErrorKind};

/// Why no server took a call, one cause for each: the source of the error.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NoServer {
    /// The causes, in the order in which the servers were tried.
    pub causes: Vec<ServerCause>,
}

/// Why one server takes no call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerCause {
    /// `host:port`, or a name for SRV records with ` (SRV)` behind it.
    pub server: String,
    /// What is wrong there; `None` where as many calls wait as may.
    pub error: Option<ConnectError>,
    /// Why DNS named no server, where `server` is a name for SRV records; `error` is `Dns` there.
    pub dns: Option<DnsError>,
    /// Whether the server took calls and answered none, so that it is left alone for a while; `error` is `Unreachable` there.
    pub is_silent: bool,
}

impl ServerCause {
    pub(super) fn of_server(name: &str, error: Option<ConnectError>) -> Self {
        Self {
            server: name.to_owned(),
            error,
            dns: None,
            is_silent: false,
        }
    }

    pub(super) fn of_silence(name: &str) -> Self {
        Self {
            is_silent: true,
            ..Self::of_server(name, Some(ConnectError::Unreachable))
        }
    }

    pub(super) fn of_name(name: &str, error: DnsError) -> Self {
        Self {
            server: format!("{name} (SRV)"),
            error: Some(ConnectError::Dns),
            dns: Some(error),
            is_silent: false,
        }
    }
}

impl fmt::Display for NoServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no server can be reached")?;
        for (index, cause) in self.causes.iter().enumerate() {
            let sign = if index == 0 { ": " } else { "; " };
            write!(f, "{sign}{cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for NoServer {}

impl fmt::Display for ServerCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.server)?;
        if self.is_silent {
            return f.write_str(
                "it takes calls and answers none, so it is tried again after a pause: check whether it is frozen or has no power",
            );
        }
        match (&self.dns, &self.error) {
            (Some(error), _) => write!(f, "{error}"),
            (None, Some(error)) => write!(f, "{error}"),
            (None, None) => {
                f.write_str("as many calls wait as may: raise max_waiting or add servers")
            }
        }
    }
}

/// The error of a call that no server took.
pub(super) fn error(causes: Vec<ServerCause>) -> Error {
    let first = causes.iter().find_map(|cause| cause.error);
    let kind = ErrorKind::Connect(first.unwrap_or(ConnectError::Other));
    Error::from(kind)
        .with_sent(false, false)
        .with_source(NoServer { causes })
}
