//! How far a run is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many devices of a run are in which state. Each is in exactly one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Not begun yet.
    pub left: usize,
    /// The work on them is under way.
    pub under_way: usize,
    /// Ended with a result.
    pub done: usize,
    /// Ended without: the work failed, took too long, or there is no agent.
    pub failed: usize,
    /// Never begun: the run was stopped before.
    pub not_begun: usize,
}

impl Counts {
    /// All devices of the run.
    #[must_use]
    pub fn total(&self) -> usize {
        self.left + self.under_way + self.done + self.failed + self.not_begun
    }

    /// How many have ended, in one way or the other.
    #[must_use]
    pub fn ended(&self) -> usize {
        self.done + self.failed + self.not_begun
    }
}

/// Tells how far a run is, from anywhere: another task, another thread, after its end. Cheap to clone and to ask.
#[derive(Clone, Debug)]
pub struct Progress(Arc<Mutex<Counts>>);

impl Progress {
    pub(super) fn new(devices: usize) -> Self {
        Self(Arc::new(Mutex::new(Counts {
            left: devices,
            ..Counts::default()
        })))
    }

    /// The counts of this moment.
    ///
    /// Work that is dropped with its run counts as failed, and what it had not begun stays left.
    #[must_use]
    pub fn counts(&self) -> Counts {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self) {
        let mut counts = self.lock();
        counts.left -= 1;
        counts.under_way += 1;
    }

    pub(super) fn end(&self, well: bool) {
        let mut counts = self.lock();
        counts.under_way -= 1;
        if well {
            counts.done += 1;
        } else {
            counts.failed += 1;
        }
    }

    /// The work on those under way was dropped.
    pub(super) fn abandon(&self) {
        let mut counts = self.lock();
        counts.failed += std::mem::take(&mut counts.under_way);
    }

    pub(super) fn pass_over(&self) {
        let mut counts = self.lock();
        counts.left -= 1;
        counts.not_begun += 1;
    }
}
