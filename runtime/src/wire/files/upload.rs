//! What is sent when files are given to a device.

use std::fmt;
use std::time::Duration;

use super::download::DEFAULT_IDLE_TIMEOUT;
use super::{Part, Query, Source};
use crate::wire::Credentials;

/// The largest answer to an upload that is taken by default: 1 MiB.
const DEFAULT_LIMIT: u64 = 1 << 20;

/// Gets the number of bytes that were sent so far, and the total where that is known.
pub type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A form with files that a device is to get. [`Agent::upload`](crate::Agent::upload) makes one.
pub struct UploadRequest {
    target: String,
    query: Query,
    parts: Vec<Part>,
    limit: u64,
    idle_timeout: Duration,
    timeout: Option<Duration>,
    credentials: Option<Credentials>,
    progress: Option<Progress>,
}

impl UploadRequest {
    /// A form without fields for a path of the device.
    #[must_use]
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            query: Query::default(),
            parts: Vec::new(),
            limit: DEFAULT_LIMIT,
            idle_timeout: DEFAULT_IDLE_TIMEOUT,
            timeout: None,
            credentials: None,
            progress: None,
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

    /// Adds a field or file. They are sent in this order.
    #[must_use]
    pub fn with_part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// The most bytes of the answer that are taken. Default: 1 MiB.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Time in which nothing moves after which it is given up. Default: 60 s.
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

    /// Calls `progress` while the form is sent. Default: no calls.
    #[must_use]
    pub fn with_progress(mut self, progress: Progress) -> Self {
        self.progress = Some(progress);
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

    /// Puts other sources in the place of those of the parts, in order; for layers that look at what is sent.
    #[must_use]
    pub fn map_sources(mut self, change: &mut dyn FnMut(Source) -> Source) -> Self {
        let parts = self.parts.into_iter();
        self.parts = parts.map(|part| part.map_source(&mut *change)).collect();
        self
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

    /// The fields and files.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The most bytes of the answer that are taken.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Time in which nothing moves after which it is given up.
    #[must_use]
    pub fn idle_timeout(&self) -> Duration {
        self.idle_timeout
    }

    /// Time for the whole transfer.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// What is to be sent, and who is told how far it got; for transports.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Part>, Option<Progress>) {
        (self.parts, self.progress)
    }
}

impl fmt::Debug for UploadRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadRequest")
            .field("target", &self.target)
            .field("query", &self.query)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
