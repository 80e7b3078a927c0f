//! What the server puts up with.

use std::time::Duration;

/// Bounds on what a peer may cost.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Connections at a time; further ones wait. Default 64.
    pub connections: usize,
    /// Largest request body in bytes; more is answered with 413. Default 4 MiB.
    pub body_bytes: usize,
    /// Largest request head in bytes, at least 8 KiB. Default 64 KiB.
    pub header_bytes: usize,
    /// Time for a request head or a TLS handshake to arrive. An idle connection is closed after this time, too.
    /// At most a year. Default 30 s.
    pub header_timeout: Duration,
    /// Time for a request body to arrive; later is answered with 408. Default 30 s.
    pub body_timeout: Duration,
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
            body_bytes: 4 * 1024 * 1024,
            header_bytes: 64 * 1024,
            header_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            channels: 16,
            queued_events: 1_000,
            sessions: 64,
        }
    }
}
