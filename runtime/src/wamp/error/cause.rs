//! Why a session ended: sources of errors.

use std::fmt;
use std::time::Duration;

use crate::error::text::DeviceText;

/// The router ended the session: the source of errors of calls that waited.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionEnded {
    /// The reason, a URI such as `wamp.close.system_shutdown`.
    pub reason: String,
    /// The router's words; empty when it gave none.
    pub message: String,
}

impl SessionEnded {
    pub(in crate::wamp) fn new(reason: &str, message: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for SessionEnded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the router ended the session: {}",
            DeviceText(&self.reason)
        )?;
        if self.message.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", DeviceText(&self.message))
    }
}

impl std::error::Error for SessionEnded {}

/// The router closed the WebSocket: the source of errors of calls that waited.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClosedBy {
    /// The code: 1002 and 1011 are the router's complaint about what it got, 1009 about its size, 1005 is none.
    pub code: u16,
    /// The router's words; empty when it gave none.
    pub reason: String,
}

impl ClosedBy {
    pub(in crate::wamp) fn new(code: u16, reason: &str) -> Self {
        Self {
            code,
            reason: reason.to_owned(),
        }
    }
}

impl fmt::Display for ClosedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the router closed the connection with code {}",
            self.code
        )?;
        if self.reason.is_empty() {
            return Ok(());
        }
        write!(f, ": {}", DeviceText(&self.reason))
    }
}

impl std::error::Error for ClosedBy {}

/// The router answered no pings.
#[derive(Debug)]
pub(in crate::wamp) struct Silence(pub(in crate::wamp) Duration);

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the router answered no ping, two times {:?} long",
            self.0
        )
    }
}

impl std::error::Error for Silence {}

/// The router sends and does not read: the source of errors of calls that waited.
#[derive(Debug)]
pub(in crate::wamp) struct Unread(pub(in crate::wamp) Duration);

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the router sends and does not read the answers: more than 4 MiB of them waited for {:?}; find out there why it does not read",
            self.0
        )
    }
}

impl std::error::Error for Unread {}
