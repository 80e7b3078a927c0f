//! What the server puts up with.

use std::time::Duration;

/// Bounds on what a peer may cost.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Connections at a time. Beyond that, a new one takes the place of an old one whose client keeps it waiting: the oldest that
    /// is idle, has not finished its request head or handshake, or moves less than a kilobyte per second of a body or an answer. While
    /// there is none, new ones wait. Default 64.
    pub connections: usize,
    /// Connections from one address at a time. Beyond that, a new one takes the place of an old one of the same address, as above,
    /// or is closed. Default: no cap of its own.
    pub connections_per_address: usize,
    /// Largest body of a call in bytes; more is answered with 413. Default 4 MiB.
    pub body_bytes: usize,
    /// Largest body of an upload to a file endpoint in bytes; more is answered with 413. Default 256 MiB.
    pub upload_bytes: usize,
    /// Largest request head in bytes, at least 8 KiB; more is answered with 431. Default 64 KiB.
    pub header_bytes: usize,
    /// Time for a request head or a TLS handshake to arrive. An idle connection is closed after this time, too.
    /// At most a year. Default 30 s.
    pub header_timeout: Duration,
    /// Time for the body of a call to arrive, and longest pause in an upload; later is answered with 408. Default 30 s.
    pub body_timeout: Duration,
    /// How long a client may leave an answer unread; then the connection is closed. At most a year. Default 30 s.
    pub write_timeout: Duration,
    /// Requests in one bulk; a bulk with more is refused with −32602, and nothing of it is executed. Default 1 000.
    pub bulk_parts: usize,
    /// Bytes of the answer to one call. A bulk whose answer grows beyond this ends with error −32000, and what is left of it is not
    /// executed. Default 32 MiB.
    pub answer_bytes: usize,
    /// Time for calls in flight to end when the server is shut down; then they are cut. Default 10 s.
    pub grace: Duration,
    /// Event channels at a time; `createChannel` answers with null when all are taken. Default 16.
    pub channels: usize,
    /// Events that wait in one channel; the oldest are dropped when there are more. Default 1000.
    pub queued_events: usize,
    /// Sessions at a time. Default 64.
    pub sessions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 64,
            connections_per_address: usize::MAX,
            body_bytes: 4 * 1024 * 1024,
            upload_bytes: 256 * 1024 * 1024,
            header_bytes: 64 * 1024,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            bulk_parts: 1_000,
            answer_bytes: 32 * 1024 * 1024,
            grace: Duration::from_secs(10),
            channels: 16,
            queued_events: 1_000,
            sessions: 64,
        }
    }
}

/// The HTTP library and the timers add timeouts to the time, which must not overflow.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A timeout that timers can hold.
pub(crate) fn timeout(wanted: Duration) -> Duration {
    wanted.min(LONGEST_TIMEOUT)
}
