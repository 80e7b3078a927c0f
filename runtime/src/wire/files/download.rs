//! What is asked for when a file is wanted.

use std::time::Duration;

use super::Query;
use crate::wire::Credentials;

/// The largest file that is taken by default: 1 GiB.
const DEFAULT_LIMIT: u64 = 1 << 30;

/// Time without a byte after which a transfer is given up by default.
pub(super) const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// A file that is wanted from a device. [`Agent::download`](crate::Agent::download) makes one.
#[derive(Clone, Debug)]
pub struct DownloadRequest {
    target: String,
    query: Query,
    offset: u64,
    limit: u64,
    idle_timeout: Duration,
    timeout: Option<Duration>,
    credentials: Option<Credentials>,
}

impl DownloadRequest {
    /// The file under a path of the device.
    #[must_use]
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            query: Query::default(),
            offset: 0,
            limit: DEFAULT_LIMIT,
            idle_timeout: DEFAULT_IDLE_TIMEOUT,
            timeout: None,
            credentials: None,
        }
    }

    /// Adds a parameter behind the path.
    #[must_use]
    pub fn with_query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push(name, value);
        self
    }

    /// Adds several parameters behind the path.
    #[must_use]
    pub fn with_queries(mut self, query: Query) -> Self {
        self.query.append(query);
        self
    }

    /// Leaves out this many bytes at the beginning. Default: 0.
    #[must_use]
    pub fn with_offset(mut self, bytes: u64) -> Self {
        self.offset = bytes;
        self
    }

    /// The most bytes that are taken. Default: 1 GiB.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Time without a byte after which it is given up. Default: 60 s.
    #[must_use]
    pub fn with_idle_timeout(mut self, time: Duration) -> Self {
        self.idle_timeout = time;
        self
    }

    /// Time for the whole transfer. Default: no limit.
    #[must_use]
    pub fn with_timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// Sends these credentials with the request, in place of those that the transport has.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The credentials to be sent with the request, where it has its own.
    #[must_use]
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// The path.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The parameters behind the path, in order, not encoded. Values may be passwords.
    pub fn query(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter()
    }

    /// How many bytes at the beginning are not wanted.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The most bytes that are taken.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Time without a byte after which it is given up.
    #[must_use]
    pub fn idle_timeout(&self) -> Duration {
        self.idle_timeout
    }

    /// Time for the whole transfer.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }
}
