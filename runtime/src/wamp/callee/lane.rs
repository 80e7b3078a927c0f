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
    pub(super) fn admit(self: &Arc<Self>, work: Work) -> Admitted {
        let mut state = self.state();
        if state.running < self.at_a_time {
            state.running += 1;
            return Admitted::Starts(self.prepare(&mut state, work));
        }
        let bytes = state.bytes + work.bytes();
        if state.waiting.len() >= self.most_waiting || bytes > WAITING_BYTES {
            return Admitted::Refused(work);
        }
        state.bytes = bytes;
        state.waiting.push_back(work.kept_alone());
        Admitted::Waits
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

    fn prepare(self: &Arc<Self>, state: &mut State, work: Work) -> Start {
        let (begins, begun) = oneshot::channel::<()>();
        Start {
            turn: Turn {
                lane: Arc::clone(self),
                done: false,
            },
            before: state.begun.replace(begun),
            begins,
            work,
        }
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

/// What becomes of a call that came.
#[must_use]
pub(super) enum Admitted {
    Starts(Start),
    Waits,
    Refused(Work),
}

/// A call whose turn it is.
#[must_use]
pub(super) struct Start {
    turn: Turn,
    /// Tells that the call before has begun.
    before: Option<oneshot::Receiver<()>>,
    begins: oneshot::Sender<()>,
    work: Work,
}

impl Start {
    /// Works on it in a task of its own, on the runtime of its session. Not while anything is locked: a runtime that ends drops the task on the spot.
    pub(super) fn go(self) {
        let home = self.work.session.home().clone();
        drop(home.spawn(self.run()));
    }

    async fn run(self) {
        let Self {
            mut turn,
            before,
            begins,
            work,
        } = self;
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
        turn.done = true;
    }
}

/// The right to work on one call.
struct Turn {
    lane: Arc<Lane>,
    /// Whether the work came to its end.
    done: bool,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let lane = &self.lane;
        let mut state = lane.state();
        // What was dropped before its end was so with its runtime: nothing begins there any more.
        let is_over = !self.done && !std::thread::panicking();
        let mut gone = VecDeque::new();
        if is_over {
            std::mem::swap(&mut gone, &mut state.waiting);
            state.bytes = 0;
        }
        let next = state.waiting.pop_front().map(|work| {
            state.bytes = state.bytes.saturating_sub(work.bytes());
            lane.prepare(&mut state, work)
        });
        if next.is_none() {
            state.running -= 1;
            if state.running == 0 {
                lane.idle.notify_waiters();
            }
        }
        drop(state);
        drop(gone);
        if let Some(next) = next {
            next.go();
        }
    }
}
