//! A device that is a recording.

mod difference;
mod files;
mod search;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;

use super::answer::{given_up, reply};
use super::bulk;
use super::entry::{Answer, Entry, What};
use super::layer::called;
use super::{Recording, json::Node};
use crate::call::is_repeatable;
use crate::error::{Error, ReplayError};
use crate::id::RequestId;
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

    /// Waits as the recording says, and no longer than the call may take.
    async fn wait(
        &self,
        answer: &Answer,
        took: Duration,
        limit: Duration,
        repeatable: bool,
    ) -> Result<(), Error> {
        let never = *answer == Answer::GivenUp;
        if self.timed {
            let time = if never { limit } else { took.min(limit) };
            tokio::time::sleep(time).await;
        }
        if never || (self.timed && took > limit) {
            return Err(given_up(limit, repeatable));
        }
        Ok(())
    }

    async fn answer(&self, request: &Request) -> Result<Reply, Error> {
        let made = What::Call(called(request));
        match bulk::parts(request) {
            // A bulk request whose answer could not be divided was recorded as one.
            Some(parts) if !self.has_whole_bulk() => self.answer_parts(request, &parts).await,
            _ => {
                let Found { entry } = self.find(&made, request.is_repeatable())?;
                self.give(request, entry, &entry.answer, entry.took).await
            }
        }
    }

    fn has_whole_bulk(&self) -> bool {
        self.entries.iter().any(|entry| {
            let called = entry.what.called();
            called.is_some_and(|called| bulk::is_bulk(&called.target, &called.method))
        })
    }

    async fn answer_parts(&self, request: &Request, parts: &[bulk::Part]) -> Result<Reply, Error> {
        let found = self.find_parts(request, parts)?;
        let took = found.iter().map(|found| found.entry.took).max();
        let took = took.unwrap_or_default();
        let answers: Vec<Answer> = found
            .iter()
            .map(|found| found.entry.answer.clone())
            .collect();
        let answer = match bulk::result(parts, &answers) {
            Ok(result) => Answer::Result(result),
            Err(answer) => answer,
        };
        match found.first() {
            Some(first) => self.give(request, first.entry, &answer, took).await,
            None => {
                let none = Node::object([("responses", Some(Node::List(Vec::new())))]);
                let id = self.id();
                reply(&Answer::Result(none), id, took, false)
                    .map_err(|error| error.unwrap_or_else(|_| Error::unsupported("no bulk")))
            }
        }
    }

    /// The entries of all calls of a bulk request; none is used if one is not there.
    fn find_parts(&self, request: &Request, parts: &[bulk::Part]) -> Result<Vec<Found<'_>>, Error> {
        let mut progress = self.progress();
        let mut tried = progress.clone();
        let mut found = Vec::with_capacity(parts.len());
        for part in parts {
            let repeatable = request.is_repeatable() || is_repeatable(&part.called.method);
            let made = What::Call(part.called.clone());
            let at = self.search().take(&made, repeatable, &mut tried);
            let at = at.map_err(|error| self.refuse(error))?;
            found.push(Found {
                entry: &self.entries[at],
            });
        }
        *progress = tried;
        Ok(found)
    }

    async fn give(
        &self,
        request: &Request,
        entry: &Entry,
        answer: &Answer,
        took: Duration,
    ) -> Result<Reply, Error> {
        let repeatable = request.is_repeatable();
        self.wait(answer, took, request.timeout(), repeatable)
            .await?;
        reply(answer, self.id(), took, repeatable).map_err(|error| match error {
            Ok(error) => error.with_origin(&*self.origin),
            Err(what) => self.not_kept(entry, &what),
        })
    }

    fn id(&self) -> RequestId {
        RequestId::new(self.ids.fetch_add(1, Ordering::Relaxed))
    }

    async fn progress_of(&self, request: &Request) -> Vec<Result<Item, Error>> {
        let made = What::Stream(called(request));
        let entry = match self.find(&made, request.is_repeatable()) {
            Ok(found) => found.entry,
            Err(error) => return vec![Err(error)],
        };
        let (reports, end): (&[Node], &Answer) = match &entry.answer {
            Answer::Progress(reports, end) => (reports, end),
            other => (&[], other),
        };
        let mut items: Vec<_> = reports
            .iter()
            .map(|report| Ok(Item::Progress(Reply::bare(report.compact()))))
            .collect();
        let last = self.give(request, entry, end, entry.took).await;
        items.push(last.map(Item::Final));
        items
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
