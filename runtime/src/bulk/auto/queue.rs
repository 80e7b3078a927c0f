//! Calls that wait for a request, and the request that is under way.

use std::collections::VecDeque;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep_until};

use super::super::request::{FRAME, room_for};
use super::flight::Flight;
use super::seat::Seat;
use super::signal::Signal;
use crate::agent::Agent;
use crate::call::Plan;

/// Lets calls share requests, one request at a time.
///
/// Nothing runs by itself: whichever call is polled moves the request on, and all that wait are woken when it can go on.
pub(super) struct Queue {
    agent: Agent,
    window: Duration,
    signal: Arc<Signal>,
    state: Mutex<State>,
}

struct State {
    waiting: VecDeque<Arc<Seat>>,
    stage: Stage,
    next_number: u64,
}

enum Stage {
    /// Nothing is under way.
    Idle,
    /// Waits for further calls.
    Filling(Pin<Box<Sleep>>),
    UnderWay(Flight),
    /// A call has taken the request out to move it on, and looks at what happens meanwhile before it goes.
    Taken,
}

impl Queue {
    pub(super) fn new(agent: Agent, window: Duration) -> Self {
        Self {
            agent,
            window,
            signal: Arc::default(),
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                stage: Stage::Idle,
                next_number: 0,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call wait for a request; its number among all.
    pub(super) fn enter(&self, seat: Arc<Seat>) -> u64 {
        let mut state = self.state();
        state.waiting.push_back(seat);
        state.next_number += 1;
        state.next_number
    }

    /// Wakes the call when there is something to do or to take.
    pub(super) fn listen(&self, number: u64, waker: &Waker) {
        self.signal.register(number, waker);
    }

    /// Whether a call is not yet in a request.
    pub(super) fn has_waiting(&self, seat: &Arc<Seat>) -> bool {
        let state = self.state();
        state.waiting.iter().any(|known| Arc::ptr_eq(known, seat))
    }

    /// Forgets a call that has left its seat.
    pub(super) fn leave(&self, number: u64) {
        self.signal.forget(number);
        let mut state = self.state();
        while state.waiting.front().is_some_and(|seat| seat.is_left()) {
            state.waiting.pop_front();
        }
        while state.waiting.back().is_some_and(|seat| seat.is_left()) {
            state.waiting.pop_back();
        }
        let nobody_waits = state.waiting.is_empty();
        let over = match &state.stage {
            Stage::UnderWay(flight) => flight.is_left(),
            Stage::Filling(_) => nobody_waits,
            Stage::Idle | Stage::Taken => false,
        };
        if !over {
            return;
        }
        let stage = mem::replace(&mut state.stage, Stage::Taken);
        drop(state);
        // Closes the connection; the next request begins after that.
        drop(stage);
        self.state().stage = Stage::Idle;
        self.signal.wake_all();
    }

    /// Does what can be done now, and polls the request once at the most.
    pub(super) fn drive(&self) {
        let waker = Waker::from(Arc::clone(&self.signal));
        let mut context = Context::from_waker(&waker);
        let mut state = self.state();
        loop {
            match mem::replace(&mut state.stage, Stage::Taken) {
                Stage::Taken => return,
                Stage::Idle => {
                    state.stage = self.begin(&mut state.waiting);
                    if matches!(state.stage, Stage::Idle) {
                        return;
                    }
                    self.signal.set();
                }
                Stage::Filling(mut end) => {
                    let full = state.waiting.len() >= self.agent.settings().bulk_calls;
                    let over = full || end.as_mut().poll(&mut context).is_ready();
                    if !over {
                        state.stage = Stage::Filling(end);
                        return;
                    }
                    state.stage = self.depart(&mut state.waiting);
                    self.signal.set();
                }
                Stage::UnderWay(flight) => {
                    if !self.signal.take() {
                        state.stage = Stage::UnderWay(flight);
                        return;
                    }
                    drop(state);
                    let mut taken = Taken(self, Some(flight));
                    let ended = taken.poll(&mut context).is_ready();
                    let goes_on = taken.put_back(ended);
                    // Those that came while it was taken out went away again. What ended leaves room for the next, and
                    // nothing is done twice in a row: the call has a task that others share.
                    if !goes_on || self.signal.is_set() {
                        self.signal.wake_all();
                    }
                    return;
                }
            }
        }
    }

    /// What comes after nothing.
    fn begin(&self, waiting: &mut VecDeque<Arc<Seat>>) -> Stage {
        waiting.retain(|seat| !seat.is_left());
        let Some(first) = waiting.front() else {
            return Stage::Idle;
        };
        // Without a runtime there is no clock to wait for.
        if self.window.is_zero() || Handle::try_current().is_err() {
            return self.depart(waiting);
        }
        match first.begun.checked_add(self.window) {
            Some(end) => Stage::Filling(Box::pin(sleep_until(end))),
            None => self.depart(waiting),
        }
    }

    /// The next request, with as many calls as it can hold.
    fn depart(&self, waiting: &mut VecDeque<Arc<Seat>>) -> Stage {
        let settings = self.agent.settings();
        let (mut seats, mut bytes) = (Vec::new(), FRAME);
        while seats.len() < settings.bulk_calls
            && let Some(seat) = waiting.front()
        {
            bytes += room_for(&Plan::of_request(
                &self.agent,
                &seat.request,
                Duration::ZERO,
            ));
            if !seats.is_empty() && bytes > settings.bulk_bytes {
                break;
            }
            if let Some(seat) = waiting.pop_front().filter(|seat| !seat.is_left()) {
                seats.push(seat);
            }
        }
        if seats.is_empty() {
            Stage::Idle
        } else {
            Stage::UnderWay(Flight::new(&self.agent, seats))
        }
    }
}

/// A request that was taken out of its queue. If moving it on panics, its calls end, and the queue goes on without it.
struct Taken<'q>(&'q Queue, Option<Flight>);

impl Taken<'_> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match &mut self.1 {
            Some(flight) => flight.poll(context),
            None => Poll::Ready(()),
        }
    }

    /// Puts it back, unless it has ended or nobody waits for it any more.
    fn put_back(mut self, ended: bool) -> bool {
        let flight = self.1.take();
        let mut state = self.0.state();
        match flight {
            Some(flight) if !ended && !flight.is_left() => {
                state.stage = Stage::UnderWay(flight);
                true
            }
            over => {
                drop(state);
                // Closes the connection of a request that was given up; the next begins after that.
                drop(over);
                self.0.state().stage = Stage::Idle;
                false
            }
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(flight) = self.1.take() {
            flight.lose();
            self.0.state().stage = Stage::Idle;
            self.0.signal.wake_all();
        }
    }
}
