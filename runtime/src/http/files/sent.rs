//! How far a form has got, told by the connection that takes it to the upload that waits for the answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::queue::Activity;
use crate::error::{Error, TimeoutPhase};

#[derive(Default)]
struct State {
    taken: u64,
    /// The connection has all of it.
    finished: bool,
    /// The device does not want the rest.
    stopped: bool,
    /// Why the form could not be read to its end.
    fault: Option<Error>,
}

/// Shared between the form, which the connection has, and its upload.
pub(super) struct Sent {
    state: Mutex<State>,
    activity: Activity,
}

impl Sent {
    pub(super) fn new(activity: Activity) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::default(),
            activity,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // Told by the form.

    pub(super) fn may_go_on(&self) -> bool {
        !self.state().stopped
    }

    /// The connection took bytes; gives how many it has.
    pub(super) fn took(&self, bytes: usize, finished: bool) -> u64 {
        self.activity.touch();
        let mut state = self.state();
        state.taken += bytes as u64;
        state.finished |= finished;
        state.taken
    }

    pub(super) fn fail(&self, error: Error) {
        self.state().fault.get_or_insert(error);
    }

    // Asked by the upload.

    pub(super) fn stop(&self) {
        self.state().stopped = true;
    }

    pub(super) fn taken(&self) -> u64 {
        self.state().taken
    }

    pub(super) fn is_finished(&self) -> bool {
        self.state().finished
    }

    pub(super) fn fault(&self) -> Option<Error> {
        self.state().fault.take()
    }

    /// When something moved last, and what is waited for: the sending, or else `then`.
    pub(super) fn progress(&self, then: TimeoutPhase) -> (Instant, TimeoutPhase) {
        let phase = if self.is_finished() {
            then
        } else {
            TimeoutPhase::Write
        };
        (self.activity.last(), phase)
    }
}
