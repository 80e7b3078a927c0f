//! Sending files.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use super::{check_times, placed};
use crate::agent::Agent;
use crate::error::Error;
use crate::wire::{BoxFuture, Part, Query, Source, UploadAnswer, UploadRequest};

/// A form with files that has not been sent; made by [`Agent::upload`].
#[must_use = "nothing is uploaded before this is awaited"]
pub struct Upload {
    agent: Agent,
    request: UploadRequest,
}

impl Upload {
    pub(in crate::agent) fn new(agent: Agent, target: String) -> Self {
        let request = UploadRequest::new(target);
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

    /// Adds a plain field. Fields and files are sent in the order in which they are given.
    pub fn field(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.request = self.request.with_part(Part::field(name, text));
        self
    }

    /// Adds a file: the name of the field, the name and the media type of the file (`application/octet-stream` where
    /// devices ask for none), and where its bytes come from.
    ///
    /// Names have 1 to 255 bytes without quotes, backslashes and control characters; others fail with
    /// `Encode.BadFileName`.
    pub fn file(
        mut self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        source: impl Into<Source>,
    ) -> Self {
        let part = Part::file(name, file_name, content_type, source);
        self.request = self.request.with_part(part);
        self
    }

    /// Adds a field or file, such as [`files`](crate::files) makes for the endpoints that devices have.
    pub fn part(mut self, part: Part) -> Self {
        self.request = self.request.with_part(part);
        self
    }

    /// Calls `progress` with the number of bytes of the form that the connection has taken, and with the total, unless the
    /// length of a source is unknown. In the last call both are equal if everything was taken.
    ///
    /// Called between two reads of the sources, so it must not block.
    pub fn progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.request = self.request.with_progress(Box::new(progress));
        self
    }

    /// The most bytes of the answer that are taken. Default: 1 MiB.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.request = self.request.with_limit(bytes);
        self
    }

    /// The transfer fails with `Timeout` when neither the sources nor the device have moved anything for this long.
    /// Default: 60 s.
    pub fn idle_timeout(mut self, time: Duration) -> Self {
        self.request = self.request.with_idle_timeout(time);
        self
    }

    /// Time for the whole transfer, waiting for earlier ones included. Default: no limit.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.request = self.request.with_timeout(time);
        self
    }

    /// Sends it and blocks the thread until the answer is there. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<UploadAnswer, Error> {
        crate::agent::blocking::block_on(self.into_future())
    }
}

impl IntoFuture for Upload {
    type Output = Result<UploadAnswer, Error>;
    type IntoFuture = BoxFuture<'static, Result<UploadAnswer, Error>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { agent, request } = self;
            let target = request.target().to_owned();
            let result = match check_times(request.idle_timeout(), request.timeout()) {
                Ok(()) => agent.transport().upload(request).await,
                Err(error) => Err(error),
            };
            match result {
                Ok(answer) => Ok(answer.with_place(agent.origin(), &target)),
                Err(error) => Err(placed(error, &agent, target, "upload")),
            }
        })
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("origin", &self.agent.origin())
            .field("request", &self.request)
            .finish()
    }
}
