//! How far a form has got, told by the connection that takes it to the upload that waits for the answer.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::time::Instant;

use super::queue::Activity;
use crate::error::{Error, TimeoutPhase};

/// What the connection is to do about the rest of the form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    Open,
    /// Not now: an answer is being read that writing could destroy.
    Paused,
    /// Never: nobody waits for the answer.
    Aborted,
}

struct State {
    gate: Gate,
    taken: u64,
    /// The connection has asked for bytes, so some may have gone out.
    begun: bool,
    /// It has all of them.
    finished: bool,
    /// It asks for no more.
    gone: bool,
    /// Why the form could not be read to its end.
    fault: Option<Error>,
    /// Who waits at the gate.
    at_gate: Option<Waker>,
    /// Who waits for the end.
    at_end: Option<Waker>,
}

/// Shared between the form, which the connection has, and its upload.
pub(super) struct Sent {
    state: Mutex<State>,
    activity: Activity,
}

impl Sent {
    pub(super) fn new(activity: Activity) -> Arc<Self> {
        let state = State {
            gate: Gate::Open,
            taken: 0,
            begun: false,
            finished: false,
            gone: false,
            fault: None,
            at_gate: None,
            at_end: None,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            activity,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // Told by the form.

    /// The connection asks for bytes: `Ready` with whether it may have them.
    pub(super) fn poll_gate(&self, context: &Context<'_>) -> Poll<Gate> {
        let mut state = self.state();
        if !state.begun {
            state.begun = true;
            // Until now it was the connection that took its time.
            self.activity.touch();
        }
        if state.gate == Gate::Paused {
            state.at_gate = Some(context.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(state.gate)
    }

    /// The connection took bytes; gives how many it has.
    pub(super) fn took(&self, bytes: usize, finished: bool) -> u64 {
        self.activity.touch();
        let mut state = self.state();
        state.taken += bytes as u64;
        state.finished |= finished;
        if state.finished {
            wake(state.at_end.take());
        }
        state.taken
    }

    pub(super) fn fail(&self, error: Error) {
        self.state().fault.get_or_insert(error);
    }

    pub(super) fn leave(&self) {
        let mut state = self.state();
        state.gone = true;
        wake(state.at_end.take());
    }

    // Asked by the upload.

    pub(super) fn begun(&self) -> bool {
        self.state().begun
    }

    pub(super) fn taken(&self) -> u64 {
        self.state().taken
    }

    pub(super) fn fault(&self) -> Option<Error> {
        self.state().fault.take()
    }

    /// When something moved last, and what is waited for.
    pub(super) fn progress(&self) -> (Instant, TimeoutPhase) {
        let state = self.state();
        let phase = match (state.begun, state.finished) {
            (false, _) => TimeoutPhase::Connect,
            (true, false) => TimeoutPhase::Write,
            (true, true) => TimeoutPhase::FirstByte,
        };
        (self.activity.last(), phase)
    }

    pub(super) fn set_gate(&self, gate: Gate) {
        let mut state = self.state();
        state.gate = gate;
        wake(state.at_gate.take());
    }

    /// Waits until the connection has everything or wants no more; true for everything.
    pub(super) async fn ended(&self) -> bool {
        poll_fn(|context| {
            let mut state = self.state();
            if state.finished || state.gone {
                return Poll::Ready(state.finished);
            }
            state.at_end = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}
