//! A file on its way from a device.

use std::fmt;
use std::future::IntoFuture;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::AsyncWrite;
use xerus_rpc::agent::Download;
use xerus_rpc::files::Endpoint;
use xerus_rpc::wire::{BoxFuture, IncomingFile, Query};
use xerus_rpc::{Agent, Error};

use super::FilesError;
use super::place::Place;

/// Tells of bytes that came or went: how many, and of how many, where that is known.
pub(super) type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A question to the device before a file is asked for.
pub(super) type Before = BoxFuture<'static, Result<(), FilesError>>;

/// A file that has not been asked for. Awaited, it is the file as it comes, a `Stream`;
/// [`bytes`](Self::bytes) and [`save_to`](Self::save_to) take it whole.
#[must_use = "nothing is downloaded before this is awaited"]
pub struct Fetch {
    what: &'static str,
    download: Result<Download, Error>,
    before: Option<Before>,
    progress: Option<Progress>,
}

impl Fetch {
    pub(super) fn new(
        what: &'static str,
        place: &Place,
        endpoint: Endpoint,
        query: Result<Query, Error>,
        limit: u64,
    ) -> Self {
        let download = |agent: &Agent| {
            let path = place.path(endpoint)?;
            Ok(agent.download(path).queries(query?).limit(limit))
        };
        Self {
            what,
            download: download(place.agent()),
            before: None,
            progress: None,
        }
    }

    /// Asks something first; the file is not asked for when that fails.
    pub(super) fn after(mut self, before: Before) -> Self {
        self.before = Some(before);
        self
    }

    fn change(mut self, change: impl FnOnce(Download) -> Download) -> Self {
        self.download = self.download.map(change);
        self
    }

    /// The most bytes that are taken; the default stands where the file is asked for. A file that is larger fails with
    /// `ResponseTooLarge`, before the first byte if the device declares its length.
    pub fn limit(self, bytes: u64) -> Self {
        self.change(|download| download.limit(bytes))
    }

    /// Time without a byte from the device after which it is given up. Default: 60 s.
    pub fn idle_timeout(self, time: Duration) -> Self {
        self.change(|download| download.idle_timeout(time))
    }

    /// Time for the whole transfer. Default: no limit.
    pub fn timeout(self, time: Duration) -> Self {
        self.change(|download| download.timeout(time))
    }

    /// Calls `progress` with the bytes that have come, and with all that are to come, where the device says so; while
    /// [`bytes`](Self::bytes) or [`save_to`](Self::save_to) take the file.
    pub fn progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// The whole file in memory.
    ///
    /// # Errors
    ///
    /// What ends the transfer early; [`NotThere`](FilesError::NotThere) when the device has no such file,
    /// [`Empty`](FilesError::Empty) when it sends nothing.
    pub async fn bytes(self) -> Result<Vec<u8>, FilesError> {
        let mut bytes = Vec::new();
        self.save_to(&mut bytes).await?;
        Ok(bytes)
    }

    /// Writes the file to `sink` as it comes, and flushes it; gives the number of bytes.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes), and `File.Sink` when the sink fails. The sink then has what had come: keep a file under
    /// its name only when this has succeeded.
    pub async fn save_to<W: AsyncWrite + Unpin>(mut self, sink: &mut W) -> Result<u64, FilesError> {
        let (what, progress) = (self.what, self.progress.take());
        let file = self.await?;
        let mut counted = Counted {
            total: file.length(),
            written: 0,
            sink,
            progress,
        };
        match file.save_to(&mut counted).await? {
            0 => Err(FilesError::Empty(what)),
            bytes => Ok(bytes),
        }
    }
}

impl IntoFuture for Fetch {
    type Output = Result<IncomingFile, FilesError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let download = self.download?;
            if let Some(before) = self.before {
                before.await?;
            }
            let what = self.what;
            download
                .await
                .map_err(|error| FilesError::sorted(what, error))
        })
    }
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch")
            .field("what", &self.what)
            .field("download", &self.download)
            .finish_non_exhaustive()
    }
}

/// A sink that tells how much it got.
struct Counted<'a, W> {
    sink: &'a mut W,
    written: u64,
    total: Option<u64>,
    progress: Option<Progress>,
}

impl<W: AsyncWrite + Unpin> AsyncWrite for Counted<'_, W> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let written = ready!(Pin::new(&mut *this.sink).poll_write(context, bytes))?;
        this.written += written as u64;
        if let Some(progress) = &mut this.progress {
            progress(this.written, this.total);
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.sink).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.sink).poll_shutdown(context)
    }
}
