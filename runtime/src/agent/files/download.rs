//! Getting a file.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::{check_times, placed};
use crate::agent::Agent;
use crate::error::Error;
use crate::wire::{BoxFuture, DownloadRequest, IncomingFile, Query};

/// A file that has not been asked for; made by [`Agent::download`].
#[must_use = "nothing is downloaded before this is awaited"]
pub struct Download {
    agent: Agent,
    request: DownloadRequest,
}

impl Download {
    pub(in crate::agent) fn new(agent: Agent, target: String) -> Self {
        let request = DownloadRequest::new(target);
        Self { agent, request }
    }

    /// Adds a parameter behind the path; it is encoded as it must be. They are sent in the order in which they are given.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.request = self.request.with_query(name, value);
        self
    }

    /// Adds several parameters behind the path, such as [`files`](crate::files) makes.
    pub fn queries(mut self, query: Query) -> Self {
        self.request = self.request.with_queries(query);
        self
    }

    /// The most bytes that are taken. Default: 1 GiB.
    ///
    /// A file that is declared larger fails with `ResponseTooLarge` before it is read, one that turns out larger when the
    /// limit is passed.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.request = self.request.with_limit(bytes);
        self
    }

    /// Time without a byte from the device after which the transfer fails with `Timeout`. Default: 60 s.
    ///
    /// It runs only while the program waits for bytes.
    pub fn idle_timeout(mut self, time: Duration) -> Self {
        self.request = self.request.with_idle_timeout(time);
        self
    }

    /// Time for the whole transfer, waiting for earlier ones included. Default: no limit, since the size of
    /// files and the speed of the network differ widely.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.request = self.request.with_timeout(time);
        self
    }

    /// Leaves out this many bytes at the beginning: those that an earlier transfer brought.
    ///
    /// The request then says `Range`. A device that sends the file from its start, or something else than was asked for,
    /// ends it with `File.NotResumed`; only the content tells whether it is still the same file.
    pub fn from_offset(mut self, bytes: u64) -> Self {
        self.request = self.request.with_offset(bytes);
        self
    }

    /// Gets the whole file into memory and blocks the thread until it is there: set a [`limit`](Self::limit) that fits into
    /// memory. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it and then its bytes.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<bytes::Bytes, Error> {
        crate::agent::blocking::block_on(async { self.await?.bytes().await })
    }
}

impl IntoFuture for Download {
    type Output = Result<IncomingFile, Error>;
    type IntoFuture = BoxFuture<'static, Result<IncomingFile, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { agent, request } = self;
            let target = request.target().to_owned();
            let result = match check_times(request.idle_timeout(), request.timeout()) {
                Ok(()) => agent.transport().download(request).await,
                Err(error) => Err(error),
            };
            result.map_err(|error| placed(error, &agent, target, "download"))
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("origin", &self.agent.origin())
            .field("request", &self.request)
            .finish()
    }
}
