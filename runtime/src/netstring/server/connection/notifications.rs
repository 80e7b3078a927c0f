//! Notifications of a Kamailio have places of their own: a call that comes behind them must not wait.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::{Calls, work};
use crate::netstring::server::serving::Door;

/// Bytes of notifications that are worked on or wait for that, for each connection.
const ROOM: usize = 32 << 20;

/// The notifications of one connection.
pub(super) struct Notifications {
    door: Arc<Door>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Bytes>,
    /// How many are worked on.
    places: usize,
    /// The bytes of all.
    bytes: usize,
}

/// A place among those that are worked on.
struct Turn {
    of: Arc<Notifications>,
    bytes: usize,
    over: bool,
}

/// What a body counts for; one that is larger than all is let in alone.
fn size(body: &Bytes) -> usize {
    body.len().min(ROOM)
}

impl Notifications {
    pub(super) fn new(door: Arc<Door>) -> Arc<Self> {
        Arc::new(Self {
            door,
            state: Mutex::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one, puts it behind others, or drops and counts it where too many wait.
    pub(super) fn take_in(
        self: &Arc<Self>,
        calls: &Arc<Calls>,
        body: Bytes,
        running: &mut JoinSet<()>,
    ) {
        let setup = &self.door.setup;
        let bytes = size(&body);
        let mut state = self.state();
        let is_begun = state.places < setup.calls;
        if state.bytes + bytes > ROOM
            || (!is_begun && state.waiting.len() >= setup.waiting_notifications)
        {
            self.door.counts.lost_notifications.add();
            return;
        }
        state.bytes += bytes;
        if !is_begun {
            state.waiting.push_back(body);
            return;
        }
        state.places += 1;
        drop(state);
        let turn = Turn {
            of: Arc::clone(self),
            bytes,
            over: false,
        };
        running.spawn(turn.work(Arc::clone(calls), body));
    }
}

impl Turn {
    async fn work(mut self, calls: Arc<Calls>, first: Bytes) {
        let mut next = Some(first);
        while let Some(body) = next {
            // Nobody waits for it, so its time begins when it does.
            let until = Instant::now() + self.of.door.setup.deadline;
            work(Arc::clone(&calls), body, None, until).await;
            next = self.next();
        }
    }

    /// The next one in this place, or none and the place is free.
    fn next(&mut self) -> Option<Bytes> {
        let mut state = self.of.state();
        state.bytes -= self.bytes;
        let next = state.waiting.pop_front();
        match &next {
            Some(body) => self.bytes = size(body),
            None => {
                state.places -= 1;
                self.over = true;
            }
        }
        next
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.over {
            let mut state = self.of.state();
            state.bytes -= self.bytes;
            state.places -= 1;
        }
    }
}

impl Drop for Notifications {
    fn drop(&mut self) {
        // They waited until the end.
        for _ in &self.state().waiting {
            self.door.counts.lost_notifications.add();
        }
    }
}
