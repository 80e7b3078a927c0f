//! What went over a wire, in a file that people read and edit: a session with a device becomes a test.
//!
//! A [`Recorder`] is a layer that writes it, without secrets and names. A [`Recording`] is what stands in such a file, and a
//! [`Replay`] is a transport that answers from one, so that a program meets the device again without it.
//! `docs/recording-format.md` has the form, `docs/guide/record-replay.md` leads through all of it.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use xerus_rpc::recording::{Recording, Replay};
//! use xerus_rpc::{Agent, Json};
//!
//! let recording = Recording::parse(
//!     r#"xerus recording 1
//! origin: https://<host-1>
//!
//! call 1
//! at: 0 ms
//! to: /model/pdu/0/outlet/3
//! method: getState
//! params: {}
//! took: 12 ms
//! result: {"_ret_": {"powerState": 1}}
//! "#,
//! )?;
//! let replay = Arc::new(Replay::strict(recording));
//! let agent = Agent::with_transport(replay.clone());
//! let state = agent.call("/model/pdu/0/outlet/3", "getState", Json::EMPTY_OBJECT).await?;
//! assert_eq!(state.get(), r#"{"_ret_":{"powerState":1}}"#);
//! replay.finish()?; // all of it was used
//! # Ok(())
//! # }
//! ```

mod answer;
mod bulk;
mod cursor;
mod entry;
mod failure;
mod file;
mod json;
mod layer;
mod place;
mod read;
mod recorder;
mod redaction;
mod replay;
mod write;

pub use entry::Entry;
pub use read::RecordingError;
pub use recorder::Recorder;
pub use redaction::Redaction;
pub use replay::{Replay, Unused};

/// What went over the wire of one device. Its text is the form of a file: `to_string()` writes it,
/// [`parse`](Self::parse) reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    origin: String,
    began: Option<String>,
    entries: Vec<Entry>,
    /// The line of an entry that is not complete.
    cut: Option<usize>,
}

impl Recording {
    /// A recording without entries.
    #[must_use]
    pub fn new(origin: impl Into<String>) -> Self {
        Self {
            origin: origin.into(),
            began: None,
            entries: Vec::new(),
            cut: None,
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is no recording: then the error is of kind `InvalidData` and names the line.
    pub fn read(path: impl AsRef<std::path::Path>) -> std::io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        Self::parse(&text)
            .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }

    /// Adds an entry, which gets the next number.
    pub fn push(&mut self, mut entry: Entry) {
        let last = self.entries.iter().map(|entry| entry.number).max();
        entry.number = last.unwrap_or(0).saturating_add(1);
        self.entries.push(entry);
    }

    /// The same without what must not be seen. What is a placeholder already stays one.
    #[must_use]
    pub fn redacted(mut self, redaction: Redaction) -> Self {
        let mut known = redaction::Known::new(redaction);
        known.learn_origin(&self.origin);
        for entry in &mut self.entries {
            known.learn_entry(entry);
        }
        self.origin = known.replaced(&self.origin);
        for entry in &mut self.entries {
            known.replace_in(entry);
        }
        self
    }

    /// Where the device was, as far as that is kept.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// When it began, by the clock of the computer that recorded; `None` where that is not told.
    #[must_use]
    pub fn began(&self) -> Option<&str> {
        self.began.as_deref()
    }

    /// The exchanges, in the order in which they stand in the text: that in which they ended.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The line where an entry begins that is not complete, and was left out: the program that recorded was ended in the
    /// middle of it.
    #[must_use]
    pub fn cut_at(&self) -> Option<usize> {
        self.cut
    }
}
