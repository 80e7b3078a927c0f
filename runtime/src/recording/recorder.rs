//! Writes down what goes over a wire.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::entry::{Answer, Entry};
use super::layer::Recording as RecordingLayer;
use super::place::Place;
use super::redaction::{Known, Redaction};
use super::write::head;
use crate::time::Time;
use crate::wire::{Credentials, Transport};

/// Writes down what goes over the wire of one device, without what must not be seen, while it happens.
///
/// Each exchange is written as soon as it ends, with one write and without a buffer that a sudden end of the program
/// could lose. Replies pass untouched. What cannot be written makes no call fail: [`finish`](Self::finish) tells.
///
/// Clones write into the same recording. One recording is for one device.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir();
/// use xerus_rpc::recording::{Recorder, Redaction};
/// use xerus_rpc::{Agent, Json};
///
/// let recorder = Recorder::create(folder.join("pdu.recording"), Redaction::new())?;
/// let for_agent = recorder.clone();
/// let agent = Agent::builder("https://pdu.example.com")
///     .basic_auth("admin", "secret")
///     .layer(move |device| for_agent.around(device))
///     .build()?;
/// agent.call("/model/pdu/0", "getMetaData", Json::EMPTY_OBJECT).await?;
/// recorder.finish()?; // what could not be written is reported here
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Recorder(Arc<Shared>);

struct Shared {
    begin: Instant,
    state: Mutex<State>,
}

struct State {
    place: Place,
    known: Known,
    started: bool,
    entries: u64,
    bulks: u64,
    /// Why nothing is written any more, and how many exchanges were lost for it.
    failed: Option<(io::ErrorKind, String)>,
    lost: u64,
}

/// Room in a recording for exchanges that begin now.
pub(super) struct Seat {
    number: u64,
    bulk: Option<u64>,
    begin: Instant,
}

impl Recorder {
    /// Writes into a file, which is made or emptied; on Unix nobody but its owner may read it.
    ///
    /// # Errors
    ///
    /// When the file cannot be made.
    pub fn create(path: impl AsRef<Path>, redaction: Redaction) -> io::Result<Self> {
        Ok(Self::new(Place::create(path.as_ref())?, redaction))
    }

    /// Writes into memory, for tests: [`text`](Self::text) gives it.
    #[must_use]
    pub fn in_memory(redaction: Redaction) -> Self {
        Self::new(Place::Memory(String::new()), redaction)
    }

    fn new(place: Place, redaction: Redaction) -> Self {
        let state = State {
            place,
            known: Known::new(redaction),
            started: false,
            entries: 0,
            bulks: 0,
            failed: None,
            lost: 0,
        };
        Self(Arc::new(Shared {
            begin: Instant::now(),
            state: Mutex::new(state),
        }))
    }

    /// A layer that records what goes through it, around a transport.
    #[must_use]
    pub fn around(&self, device: Arc<dyn Transport>) -> Arc<dyn Transport> {
        self.state().start(device.origin());
        Arc::new(RecordingLayer::new(self.clone(), device))
    }

    /// What was written so far.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn text(&self) -> io::Result<String> {
        self.state().place.text()
    }

    /// Waits until the disk has all that was recorded. Exchanges that end later are recorded, too.
    ///
    /// # Errors
    ///
    /// The first error of the disk; the recording then ends before the exchange that could not be written.
    pub fn finish(&self) -> io::Result<()> {
        let state = self.state();
        if let Some((kind, what)) = &state.failed {
            let lost = state.lost;
            return Err(io::Error::new(
                *kind,
                format!(
                    "the recording could not be written, and ends before {lost} exchanges that were made: {what}"
                ),
            ));
        }
        state.place.sync()
    }

    /// Notes that exchanges begin. `bulk` says that they are in one request.
    pub(super) fn begin(&self, count: usize, bulk: bool) -> Seat {
        let mut state = self.state();
        let number = state.entries + 1;
        state.entries += count as u64;
        let bulk = bulk.then(|| {
            state.bulks += 1;
            state.bulks
        });
        Seat {
            number,
            bulk,
            begin: Instant::now(),
        }
    }

    /// Writes exchanges that ended.
    pub(super) fn end(&self, seat: &Seat, exchanges: Vec<(super::entry::What, Answer)>) {
        let at = rounded(seat.begin.saturating_duration_since(self.0.begin));
        let took = rounded(seat.begin.elapsed());
        let entries = exchanges
            .into_iter()
            .enumerate()
            .map(|(index, (what, answer))| {
                let mut entry = Entry::new(what, answer).with_at(at).with_took(took);
                entry.number = seat.number + index as u64;
                entry.bulk = seat.bulk;
                entry
            });
        self.state().write(entries.collect());
    }

    /// Notes what must not be seen of credentials.
    pub(super) fn learn(&self, credentials: &Credentials) {
        let mut state = self.state();
        if let Some((user, password)) = credentials.as_basic() {
            state.known.learn(user, "user");
            state.known.learn(password, "password");
        }
        if let Some(token) = credentials.as_token() {
            state.known.learn(token, "token");
        }
        state.mend();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Times are kept to a thousandth of a millisecond.
fn rounded(time: Duration) -> Duration {
    Duration::from_micros(u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
}

impl State {
    fn start(&mut self, origin: &str) {
        self.known.learn_origin(origin);
        if !self.started {
            self.started = true;
            let began = Time::now().to_string();
            let head = head(&self.known.replaced(origin), Some(&began));
            let written = self.place.add(&head);
            self.note(written, 0);
        }
    }

    fn write(&mut self, mut entries: Vec<Entry>) {
        let count = entries.len() as u64;
        if self.failed.is_some() {
            self.lost += count;
            return;
        }
        let before = self.known.learnt();
        for entry in &mut entries {
            self.known.learn_entry(entry);
        }
        if self.known.learnt() > before {
            self.mend();
        }
        let mut text = String::new();
        for entry in &mut entries {
            self.known.replace_in(entry);
            text.push_str(&format!("\n{entry}"));
        }
        if self.failed.is_some() {
            self.lost += count;
            return;
        }
        let written = self.place.add(&text);
        self.note(written, count);
    }

    fn mend(&mut self) {
        if self.started && self.failed.is_none() {
            let mended = self.place.mend(&self.known);
            self.note(mended, 0);
        }
    }

    fn note(&mut self, written: io::Result<()>, count: u64) {
        if let Err(error) = written {
            self.lost += count;
            self.failed.get_or_insert((error.kind(), error.to_string()));
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Recorder")
            .field("exchanges", &state.entries)
            .field("failed", &state.failed.is_some())
            .finish_non_exhaustive()
    }
}
