//! How many calls of a callee are worked on at a time, and in which order they begin.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use tokio::sync::{Notify, oneshot};

use super::interrupt::Interrupt;
use super::work::Work;

/// Bytes of arguments of calls that wait.
const WAITING_BYTES: usize = 64 << 20;

/// The calls of one callee.
///
/// They begin in the order in which they came, so that of two calls the later one does not overtake the earlier on its way to the servants.
pub(super) struct Lane {
    /// Calls worked on at a time.
    at_a_time: usize,
    /// Calls that may wait.
    most_waiting: usize,
    /// Whether calls go on when their session is lost.
    finish: bool,
    state: Mutex<State>,
    idle: Notify,
}

#[derive(Default)]
struct State {
    running: usize,
    waiting: VecDeque<Work>,
    bytes: usize,
    /// Tells that the call that was started last has begun.
    begun: Option<oneshot::Receiver<()>>,
}

impl Lane {
    pub(super) fn new(at_a_time: usize, most_waiting: usize, finish: bool) -> Arc<Self> {
        Arc::new(Self {
            at_a_time: at_a_time.max(1),
            most_waiting,
            finish,
            state: Mutex::default(),
            idle: Notify::new(),
        })
    }

    /// Takes a call, or gives it back when too many wait.
    pub(super) fn admit(self: &Arc<Self>, work: Work) -> Option<Work> {
        let mut state = self.state();
        if state.running < self.at_a_time {
            state.running += 1;
            self.start(&mut state, work);
            return None;
        }
        let bytes = state.bytes + work.bytes();
        if state.waiting.len() >= self.most_waiting || bytes > WAITING_BYTES {
            return Some(work);
        }
        state.bytes = bytes;
        state.waiting.push_back(work);
        None
    }

    /// Takes a call back that has not begun.
    pub(super) fn withdraw(&self, interrupt: &Arc<Interrupt>) -> Option<Work> {
        let mut state = self.state();
        let at = state
            .waiting
            .iter()
            .position(|work| work.is_of(interrupt))?;
        let work = state.waiting.remove(at)?;
        state.bytes = state.bytes.saturating_sub(work.bytes());
        Some(work)
    }

    /// Gives a call up whose session was lost, unless such calls go on; what had not begun comes back.
    pub(super) fn lose(&self, interrupt: &Arc<Interrupt>) -> Option<Work> {
        if self.finish {
            return None;
        }
        interrupt.give_up(false);
        self.withdraw(interrupt)
    }

    fn start(self: &Arc<Self>, state: &mut State, work: Work) {
        let (begins, begun) = oneshot::channel::<()>();
        let before = state.begun.replace(begun);
        let turn = Turn(Arc::clone(self));
        tokio::spawn(async move {
            let _turn = turn;
            if let Some(before) = before {
                // It says nothing; the end of the sender is the sign.
                let _ = before.await;
            }
            let mut work = pin!(work.run());
            let first = poll_fn(|context| Poll::Ready(work.as_mut().poll(context).is_ready()));
            let at_once = first.await;
            drop(begins);
            if !at_once {
                work.await;
            }
        });
    }

    /// Waits until no call is worked on or waits.
    pub(super) async fn idle(&self) {
        loop {
            let mut idle = pin!(self.idle.notified());
            idle.as_mut().enable();
            if self.state().running == 0 {
                return;
            }
            idle.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to work on one call.
struct Turn(Arc<Lane>);

impl Drop for Turn {
    fn drop(&mut self) {
        let lane = &self.0;
        let mut state = lane.state();
        match state.waiting.pop_front() {
            Some(work) => {
                state.bytes = state.bytes.saturating_sub(work.bytes());
                lane.start(&mut state, work);
            }
            None => {
                state.running -= 1;
                if state.running == 0 {
                    lane.idle.notify_waiters();
                }
            }
        }
    }
}
