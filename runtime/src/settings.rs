//! How an agent marshals.

use std::time::Duration;

/// The largest answer to a call that is accepted by default: 32 MiB.
pub(crate) const DEFAULT_MAX_RESPONSE_BYTES: usize = 32 << 20;
/// The deepest nesting of arrays and objects accepted by default.
pub(crate) const DEFAULT_MAX_DEPTH: usize = 64;
/// The deepest nesting that can be asked for; deeper recursion could overflow the stack.
pub(crate) const MAX_DEPTH: usize = 512;
/// Memory that lists, maps and unknown members of one answer may take by default: 256 MiB.
pub(crate) const DEFAULT_MAX_MEMORY: usize = 256 << 20;
/// Time for a whole call by default.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
/// Time for a long poll at least by default: devices hold the answer back for up to 30 s.
pub(crate) const DEFAULT_LONG_POLL_TIMEOUT: Duration = Duration::from_secs(45);
/// Calls in one bulk request by default (`docs/protocol/bulk.md`).
pub(crate) const DEFAULT_BULK_CALLS: usize = 100;
/// The most calls that one bulk request may hold.
pub(crate) const MAX_BULK_CALLS: usize = 200;
/// Bytes of one bulk request by default: 256 KiB.
pub(crate) const DEFAULT_BULK_BYTES: usize = 256 << 10;

/// Marshalling options of an [`Agent`](crate::Agent).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Refuse what lenient decoding accepts: missing members, unknown enumerators, `3.0` for an integer.
    /// Default: off.
    pub strict: bool,
    /// Deepest nesting of arrays and objects, 1 to 512; what lies outside counts as the nearest of these. Default: 64.
    pub max_depth: usize,
    /// Largest answer in bytes. Default: 32 MiB.
    pub max_response_bytes: usize,
    /// Bytes that lists, maps and unknown members of one answer may take in memory. Default: 256 MiB.
    pub max_memory: usize,
    /// Calls per bulk request, 1 to 200. Default: 100.
    pub bulk_calls: usize,
    /// Bytes per bulk request; a single larger call still goes alone. Default: 256 KiB.
    pub bulk_bytes: usize,
    /// Time that a whole call may take, from waiting for earlier calls to the last byte of the answer. Default: 30 s.
    ///
    /// A method whose description has a time of its own keeps that, and a single call can say otherwise.
    pub timeout: Duration,
    /// Time that a long poll may take, which the device answers only when something happens. Default: 45 s; when
    /// [`timeout`](Self::timeout) is longer, that counts.
    pub long_poll_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            strict: false,
            max_depth: DEFAULT_MAX_DEPTH,
            max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES,
            max_memory: DEFAULT_MAX_MEMORY,
            bulk_calls: DEFAULT_BULK_CALLS,
            bulk_bytes: DEFAULT_BULK_BYTES,
            timeout: DEFAULT_TIMEOUT,
            long_poll_timeout: DEFAULT_LONG_POLL_TIMEOUT,
        }
    }
}

impl Settings {
    /// The time for a call: what the method's own description says, else that of long polls or of all calls.
    pub(crate) fn time_for(&self, own: Option<Duration>, long_poll: bool) -> Duration {
        match own {
            Some(own) => own,
            None if long_poll => self.timeout.max(self.long_poll_timeout),
            None => self.timeout,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_leaves_long_polls_their_time() {
        let seconds = Duration::from_secs;
        let mut settings = Settings::default();
        assert_eq!(settings.time_for(None, false), seconds(30));
        assert_eq!(settings.time_for(None, true), seconds(45));
        settings.timeout = seconds(5);
        assert_eq!(settings.time_for(None, false), seconds(5));
        assert_eq!(settings.time_for(None, true), seconds(45));
        settings.timeout = seconds(60);
        assert_eq!(settings.time_for(None, true), seconds(60));
        settings.timeout = seconds(5);
        settings.long_poll_timeout = seconds(8);
        assert_eq!(settings.time_for(None, true), seconds(8));
        assert_eq!(settings.time_for(Some(seconds(1)), true), seconds(1));
    }
}
