//! A device that is a recording.

mod calls;
mod difference;
mod files;
mod search;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;

use super::Recording;
use super::entry::{Answer, Entry, What};
use super::layer::called;
use crate::error::{Error, ReplayError};
use crate::wire::{
    BoxFuture, BoxStream, Capabilities, Credentials, DownloadRequest, IncomingFile, Item, Reply,
    Request, Transport, UploadAnswer, UploadRequest,
};
use search::{Progress, Search};

/// Answers calls from a [`Recording`], in the place of a device.
///
/// * *Strict*: the program makes the calls that were recorded, in the order in which they were. Calls that were under way at
///   the same time may come in any order among themselves.
/// * *Tolerant*: the calls come in any order. Each gets the first answer to it that was not given yet; what only reads gets the
///   last one again when there are no more.
///
/// It does not matter whether calls were recorded in bulk requests, and whether the program bulks. A placeholder such as
/// `<user-1>` stands for any text, the same wherever it stands. Nothing is ever sent; a call that was not recorded is an
/// error of kind [`Replay`](crate::ErrorKind::Replay), which names the entry that was expected or is nearest.
pub struct Replay {
    origin: String,
    entries: Vec<Entry>,
    cut: Option<usize>,
    strict: bool,
    timed: bool,
    files: HashMap<String, Bytes>,
    progress: Mutex<Progress>,
    ids: AtomicU64,
}

/// An exchange that was recorded and not made again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unused {
    /// The number of its entry.
    pub number: u64,
    /// The line where its entry begins.
    pub line: usize,
    /// What was asked for: `getState on /model/pdu/0/outlet/3`.
    pub what: String,
}

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "entry {} (line {}), {}",
            self.number, self.line, self.what
        )
    }
}

/// An answer that was found.
struct Found<'a> {
    entry: &'a Entry,
}

impl Replay {
    /// Takes the same calls in the same order.
    #[must_use]
    pub fn strict(recording: Recording) -> Self {
        Self::new(recording, true)
    }

    /// Takes the calls in any order, and those that only read as often as they are made.
    #[must_use]
    pub fn tolerant(recording: Recording) -> Self {
        Self::new(recording, false)
    }

    fn new(recording: Recording, strict: bool) -> Self {
        // The origin tells devices apart, and those of two recordings are often one placeholder.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut entries = recording.entries;
        entries.sort_by_key(|entry| entry.number);
        Self {
            origin: format!("replay {number} of {}", recording.origin),
            entries,
            cut: recording.cut,
            strict,
            timed: false,
            files: HashMap::new(),
            progress: Mutex::default(),
            ids: AtomicU64::new(1),
        }
    }

    /// Takes as long for each answer as the device did. Default: answers come at once.
    ///
    /// The time is that of tokio, so tests can pause it. A call that has less time than that gets a timeout.
    #[must_use]
    pub fn in_recorded_time(mut self) -> Self {
        self.timed = true;
        self
    }

    /// Gives the bytes for downloads of this path, which recordings do not hold.
    #[must_use]
    pub fn with_file(mut self, target: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        self.files.insert(target.into(), bytes.into());
        self
    }

    /// Sets the origin that errors name, in place of that of the recording with a number. Devices with the same origin are
    /// taken for one.
    #[must_use]
    pub fn with_origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = origin.into();
        self
    }

    /// What was recorded and not used so far, in the order in which it began.
    #[must_use]
    pub fn unused(&self) -> Vec<Unused> {
        let progress = self.progress();
        let is_used = |at: usize| progress.used.get(at).is_some_and(|used| *used);
        let entries = self.entries.iter().enumerate();
        entries
            .filter(|(at, _)| !is_used(*at))
            .map(|(_, entry)| Unused {
                number: entry.number,
                line: entry.line,
                what: entry.what.shown(),
            })
            .collect()
    }

    /// Whether all that was recorded was used.
    ///
    /// # Errors
    ///
    /// `Replay.Unused`, which names the first that were not.
    pub fn finish(&self) -> Result<(), Error> {
        const NAMED: usize = 3;
        let unused = self.unused();
        if unused.is_empty() {
            return Ok(());
        }
        let named: Vec<_> = unused.iter().take(NAMED).map(Unused::to_string).collect();
        let count = unused.len();
        let more = if count > NAMED { ", …" } else { "" };
        Err(self.refuse(ReplayError::Unused {
            count,
            text: format!(
                "{count} of the recorded exchanges were not made again: {}{more}",
                named.join(", ")
            ),
        }))
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn search(&self) -> Search<'_> {
        Search {
            entries: &self.entries,
            strict: self.strict,
            cut: self.cut,
        }
    }

    fn refuse(&self, error: ReplayError) -> Error {
        Error::from(error).with_origin(&*self.origin)
    }

    fn not_kept(&self, entry: &Entry, what: &str) -> Error {
        let (number, line) = (entry.number, entry.line);
        self.refuse(ReplayError::NotKept {
            line,
            text: format!("entry {number} (line {line}) has no answer to give: {what}"),
        })
    }

    fn find(&self, made: &What, repeatable: bool) -> Result<Found<'_>, Error> {
        let found = self.search().take(made, repeatable, &mut self.progress());
        let at = found.map_err(|error| self.refuse(error))?;
        Ok(Found {
            entry: &self.entries[at],
        })
    }
}

impl Transport for Replay {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn capabilities(&self) -> Capabilities {
        let has = |word: &str| self.entries.iter().any(|entry| entry.what.word() == word);
        Capabilities::NONE
            .with_bulk(true)
            .with_pipeline(true)
            .with_login(true)
            .with_files(true)
            .with_notify(has("notify"))
            .with_stream(has("stream"))
            // What was recorded is given as it came, which fits into any room.
            .with_room(has("stream"))
    }

    fn check_target(&self, target: &str) -> Result<(), &'static str> {
        let is_recorded = || self.entries.iter().any(|entry| entry.target() == target);
        crate::rid::check(target).or_else(|what| if is_recorded() { Ok(()) } else { Err(what) })
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(self.answer(request))
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async move {
            let made = What::Notify(called(request));
            let Found { entry } = self.find(&made, request.is_repeatable())?;
            match &entry.answer {
                Answer::Nothing => Ok(()),
                other => self.give(request, entry, other, entry.took).await.map(drop),
            }
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        let items = stream::once(async move { stream::iter(self.progress_of(&request).await) });
        Box::pin(items.flatten())
    }

    fn download(&self, request: DownloadRequest) -> BoxFuture<'_, Result<IncomingFile, Error>> {
        Box::pin(self.play_download(request))
    }

    fn upload(&self, request: UploadRequest) -> BoxFuture<'_, Result<UploadAnswer, Error>> {
        Box::pin(self.play_upload(request))
    }

    /// Any user is one.
    fn login(&self, credentials: Credentials) -> BoxFuture<'_, Result<(), Error>> {
        drop(credentials);
        Box::pin(std::future::ready(Ok(())))
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("origin", &self.origin)
            .field("entries", &self.entries.len())
            .field("unused", &self.unused().len())
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}
