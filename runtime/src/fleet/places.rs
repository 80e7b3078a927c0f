//! The places that the runs of a fleet share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A number of places; each holds one device that is under way.
pub(super) struct Places(Mutex<State>);

struct State {
    free: usize,
    /// The runs that take places here.
    runs: Vec<Member>,
    next_id: u64,
}

/// A run, as the others see it.
struct Member {
    id: u64,
    held: usize,
    /// How many it would take at once if there were enough.
    wanted: usize,
    waker: Option<Waker>,
}

impl Places {
    pub(super) fn new(places: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            free: places,
            runs: Vec::new(),
            next_id: 0,
        })))
    }

    pub(super) fn join(self: &Arc<Self>) -> Membership {
        let mut state = self.lock();
        let id = state.next_id;
        state.next_id += 1;
        state.runs.push(Member {
            id,
            held: 0,
            wanted: 0,
            waker: None,
        });
        Membership {
            places: Arc::clone(self),
            id,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something, and wakes those who may have a turn after that.
    ///
    /// Wakers are woken and dropped outside of the lock, since both may end a task that has places itself.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let changed = change(&mut state);
        let woken = state.take_wakers();
        drop(state);
        woken.into_iter().for_each(Waker::wake);
        changed
    }
}

impl State {
    fn member(&mut self, id: u64) -> Option<&mut Member> {
        self.runs.iter_mut().find(|run| run.id == id)
    }

    /// Free places that belong to runs with fewer than this many, which wait for them.
    fn claimed(&self, held: usize) -> usize {
        let runs = self.runs.iter();
        runs.map(|run| run.wanted.min(held.saturating_sub(run.held)))
            .sum()
    }

    /// Whether a run that holds this many may take one more.
    fn may_take(&self, held: usize) -> bool {
        self.free > self.claimed(held)
    }

    /// The wakers of those that wait and may take a place now.
    fn take_wakers(&mut self) -> Vec<Waker> {
        let mut woken = Vec::new();
        if self.free > 0 {
            for at in 0..self.runs.len() {
                if self.may_take(self.runs[at].held) {
                    woken.extend(self.runs[at].waker.take());
                }
            }
        }
        woken
    }
}

/// The part of one run in the places.
pub(super) struct Membership {
    places: Arc<Places>,
    id: u64,
}

impl Membership {
    /// A place, of as many as are wanted now. Of the runs that wait, the one that holds the fewest has the first turn.
    pub(super) fn poll_take(&self, wanted: usize, context: &mut Context<'_>) -> Poll<Place> {
        let waker = context.waker().clone();
        // What is given back is the waker that was replaced.
        let (taken, _replaced) = self.places.change(|state| {
            let held = state.member(self.id).map_or(0, |run| run.held);
            let may = state.may_take(held);
            let Some(run) = state.member(self.id) else {
                return (false, None);
            };
            if !may {
                run.wanted = wanted;
                return (false, run.waker.replace(waker));
            }
            run.held += 1;
            run.wanted = 0;
            let replaced = run.waker.take();
            state.free -= 1;
            (true, replaced)
        });
        if !taken {
            return Poll::Pending;
        }
        Poll::Ready(Place {
            places: Arc::clone(&self.places),
            run: self.id,
        })
    }

    /// Waits no longer.
    pub(super) fn withdraw(&self) {
        drop(self.places.change(|state| {
            let run = state.member(self.id)?;
            run.wanted = 0;
            run.waker.take()
        }));
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let id = self.id;
        drop(self.places.change(|state| {
            let place = state.runs.iter().position(|run| run.id == id)?;
            Some(state.runs.swap_remove(place))
        }));
    }
}

/// A place that is taken; free again when this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    run: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.change(|state| {
            state.free += 1;
            if let Some(run) = state.member(self.run) {
                run.held -= 1;
            }
        });
    }
}
