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
    /// What is wrong there.
    pub error: ConnectError,
    /// Why DNS named no server, where `server` is a name for SRV records; `error` is `Dns` there.
    pub dns: Option<DnsError>,
}

impl ServerCause {
    pub(super) fn of_server(name: &str, error: ConnectError) -> Self {
        Self {
            server: name.to_owned(),
            error,
            dns: None,
        }
    }

    pub(super) fn of_name(name: &str, error: DnsError) -> Self {
        Self {
            server: format!("{name} (SRV)"),
            error: ConnectError::Dns,
            dns: Some(error),
        }
    }
}

impl fmt::Display for NoServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no server takes the call")?;
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
        match &self.dns {
            Some(error) => write!(f, "{}: {error}", self.server),
            None => write!(f, "{}: {}", self.server, self.error),
        }
    }
}

/// The error of a call that no server took.
pub(super) fn error(causes: Vec<ServerCause>) -> Error {
    // A server that is there says more of what to do than those that are not.
    let is_there =
        |cause: &&ServerCause| matches!(cause.error, ConnectError::Full | ConnectError::Silent);
    let cause = causes.iter().find(is_there).or(causes.first());
    let kind = cause.map_or(ConnectError::Other, |cause| cause.error);
    Error::from(ErrorKind::Connect(kind))
        .with_sent(false, false)
        .with_source(NoServer { causes })
}
