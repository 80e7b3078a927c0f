//! A configuration that was taken, on its way to being in force.

use std::time::Duration;

use super::entries::{Entry, EntryError};

/// How the last upload of a configuration fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// There was none.
    #[default]
    Unknown,
    /// The file was not taken.
    UploadFailed,
    /// The device is putting it in force.
    Pending,
    /// It is in force.
    Done,
    /// It could not be put in force.
    Failed,
}

/// How the last upload fared, and what is still to be done.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    stage: Stage,
    since: Duration,
    waiting: Option<(Duration, Vec<Entry>)>,
}

impl Standing {
    /// How it fared, and since when: time since 1970-01-01 UTC.
    #[must_use]
    pub fn stage(&self) -> (Stage, Duration) {
        (self.stage, self.since)
    }

    /// Whether a configuration is being put in force.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.waiting.is_some()
    }

    /// When [`pass`](Self::pass) has something to do; `None`: nothing waits.
    #[must_use]
    pub fn due(&self) -> Option<Duration> {
        self.waiting.as_ref().map(|(due, _)| *due)
    }

    /// The file was not taken. What is being put in force goes on.
    pub(super) fn refuse(&mut self, now: Duration) {
        if !self.is_busy() {
            (self.stage, self.since) = (Stage::UploadFailed, now);
        }
    }

    pub(super) fn accept(&mut self, now: Duration, delay: Duration, entries: Vec<Entry>) {
        (self.stage, self.since) = (Stage::Pending, now);
        self.waiting = Some((now + delay, entries));
    }

    /// Puts in force what is due, with `apply`, and remembers how that went. `None`: nothing is due.
    pub fn pass(
        &mut self,
        now: Duration,
        apply: impl FnOnce(&[Entry]) -> Result<(), EntryError>,
    ) -> Option<Result<(), EntryError>> {
        let (due, entries) = self.waiting.take_if(|(due, _)| *due <= now)?;
        let result = apply(&entries);
        self.stage = if result.is_ok() {
            Stage::Done
        } else {
            Stage::Failed
        };
        self.since = due;
        Some(result)
    }
}
