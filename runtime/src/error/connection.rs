//! Faults on the way to the device: connecting, waiting, being sent elsewhere.

use core::fmt;
use core::time::Duration;

use super::text::DeviceText;

/// Why there is no connection (kind `Connect`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectError {
    /// The host name has no address.
    Dns,
    /// The host answers, but nothing listens on the port.
    Refused,
    /// No route to the host or the network is down.
    Unreachable,
    /// The zone in the address of the device is no network interface of this machine.
    UnknownZone,
    /// The address set by `local_address` is none of this machine, or of another family than that of the device.
    LocalAddress,
    /// The proxy cannot be reached.
    ProxyUnreachable,
    /// The proxy answers, but does not lead to the device.
    ProxyRefused,
    /// As many calls wait for answers of the server as may.
    Full,
    /// The server takes calls and answers none, so that it is left alone for a while.
    Silent,
    /// The server opens no WebSocket for WAMP at this URL; the source of the error says what it answered instead.
    NoWebSocket,
    /// Any other reason; see the source of the error.
    Other,
}

/// Where in a call the time ran out (kind `Timeout`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutPhase {
    /// While other calls to the device were ahead in the queue.
    Queue,
    /// While connecting, over TCP and to a proxy.
    Connect,
    /// During the TLS handshake: there was a TCP connection, and the other side did not finish the handshake.
    Tls,
    /// While the request was being written.
    Write,
    /// While waiting for the answer to begin.
    FirstByte,
    /// While the answer was coming in.
    Body,
    /// While an [action](crate::action) was going on that a call had started.
    Action,
    /// While the tokio runtime on which the connection was made took up nothing, so that nothing was written or read: nobody drives it, or
    /// its threads are blocked. That of one `block_on` rests after it.
    Runtime,
}

impl TimeoutPhase {
    /// Whether there was no connection yet, so that nothing of the request has left.
    pub(crate) fn is_connecting(self) -> bool {
        matches!(self, Self::Connect | Self::Tls)
    }

    /// Whether nothing of the request has left.
    pub(crate) fn is_before_sending(self) -> bool {
        self == Self::Queue || self.is_connecting()
    }
}

/// Time ran out (kind `Timeout`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeoutError {
    /// What the call was doing at that moment.
    pub phase: TimeoutPhase,
    /// The limit that was reached.
    pub limit: Duration,
}

impl TimeoutError {
    /// A call that was still in `phase` when `limit` was over.
    #[must_use]
    pub fn new(phase: TimeoutPhase, limit: Duration) -> Self {
        Self { phase, limit }
    }
}

/// Why a redirect is not followed (kind `Redirect`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectReason {
    /// It leads to another host or port; following it would give the credentials to another host.
    CrossHost,
    /// It leads from https to http.
    Downgrade,
    /// It leads to where it came from, or on from where the one permitted step led.
    Loop,
    /// The answer has no `Location`.
    MissingLocation,
    /// The `Location` is no URL, or one with user name and password.
    InvalidLocation,
    /// It leads elsewhere on the same device, where no JSON-RPC service is expected (a login page, say).
    NotRpc,
    /// It leads from http to https on the same host, but came in answer to a file that was being sent, and a file is never
    /// sent twice.
    AlreadySent,
    /// It leads from http to https on the same host, and the agent was not built with `upgrade_redirects(true)`.
    UpgradeNotEnabled,
}

/// A redirect that is not followed (kind `Redirect`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedirectError {
    /// Why it is not followed.
    pub reason: RedirectReason,
    /// The HTTP status, 301 to 308.
    pub status: u16,
    /// The origin that was asked.
    pub from: String,
    /// The origin (or the path) that the device named, without credentials.
    pub to: Option<String>,
}

impl RedirectError {
    /// A redirect of `from` to `to`.
    #[must_use]
    pub fn new(
        reason: RedirectReason,
        status: u16,
        from: impl Into<String>,
        to: Option<String>,
    ) -> Self {
        Self {
            reason,
            status,
            from: from.into(),
            to,
        }
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "host not found: check the name of the device",
            Self::Refused => {
                "connection refused: check that the device is up and the port is right"
            }
            Self::Unreachable => "host unreachable: check the address and the network",
            Self::UnknownZone => {
                "unknown zone: what follows % in the address must be a network interface of this machine"
            }
            Self::LocalAddress => {
                "cannot connect from the local address: it must be one of this machine, of the same family as the device's"
            }
            Self::ProxyUnreachable => "cannot reach the proxy: check its address and that it is up",
            Self::ProxyRefused => {
                "the proxy does not lead to the device: check its user name and password, and whether it can reach the device"
            }
            Self::Full => {
                "as many calls wait for answers as may: send fewer at a time, raise max_waiting or add servers"
            }
            Self::Silent => {
                "takes calls and answers none, so it is tried again after a pause: check whether it is frozen or has no power"
            }
            Self::NoWebSocket => {
                "the server opens no WebSocket for WAMP at this URL: check the path"
            }
            Self::Other => "cannot connect: check the address, the port and the network",
        })
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (doing, cure) = match self.phase {
            TimeoutPhase::Queue => (
                "waiting for earlier calls",
                "send fewer at a time, in bulk where the device takes that, or raise timeout",
            ),
            TimeoutPhase::Connect => (
                "connecting",
                "check the address and that the other side is up, or raise connect_timeout (timeout where that is shorter)",
            ),
            TimeoutPhase::Tls => (
                "in the TLS handshake",
                "TCP is open, TLS is silent; check that this port speaks TLS and that the device is not overloaded, or raise connect_timeout (timeout where that is shorter)",
            ),
            TimeoutPhase::Write => ("sending the request", "check the network, or raise timeout"),
            TimeoutPhase::FirstByte => (
                "waiting for the answer",
                "the other side is busy or gone; raise timeout if it needs longer",
            ),
            TimeoutPhase::Body => (
                "reading the answer",
                "the network is slow; raise timeout or ask for less",
            ),
            TimeoutPhase::Action => (
                "waiting for the end of what was started",
                "it may still go on; read the state of the device, or resume the ticket",
            ),
            TimeoutPhase::Runtime => (
                "waiting for the tokio runtime on which the connection was made",
                "nothing runs there, so nothing is written or read; keep that runtime running and its threads free, or make all \
                 calls, the first one too, with send_blocking and its like",
            ),
        };
        write!(f, "timed out after {:?} {doing}: {cure}", self.limit)
    }
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            RedirectReason::CrossHost => "to another host (if that is the device, use its URL)",
            RedirectReason::Downgrade => {
                "from https to http (turn the redirect off in the device's settings)"
            }
            RedirectReason::Loop => "in a loop (check the URL and the device's settings)",
            RedirectReason::MissingLocation => "to nowhere (check what answers at this URL)",
            RedirectReason::InvalidLocation => {
                "to an unusable address (check what answers at this URL)"
            }
            RedirectReason::NotRpc => {
                "away from the JSON-RPC service (give the URL of the device without a page)"
            }
            RedirectReason::AlreadySent => "to https while a file was sent (use the https URL)",
            RedirectReason::UpgradeNotEnabled => {
                "to https (use the https URL, or upgrade_redirects)"
            }
        };
        write!(
            f,
            "redirect {reason} not followed ({}): {}",
            self.status,
            DeviceText(&self.from)
        )?;
        match &self.to {
            Some(to) => write!(f, " -> {}", DeviceText(to)),
            None => Ok(()),
        }
    }
}
