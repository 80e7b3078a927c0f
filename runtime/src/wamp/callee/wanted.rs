//! What is to be registered, and how its calls are served.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::change::Change;
use super::counters::Counts;
use super::lane::Lane;
use super::options::RegisterOptions;
use super::procedure::Procedure;
use crate::server::Context;
use crate::wamp::hooks::guarded;

pub(super) type Hook = dyn Fn(&Change) + Send + Sync;

/// What all registrations of one callee share.
pub(super) struct Setup {
    pub(super) context: Context,
    /// The time for a call.
    pub(super) deadline: Option<Duration>,
    /// How long a call may go on that was given up.
    pub(super) grace: Duration,
    /// When to register again what was refused on a new session.
    pub(super) retry: Option<Duration>,
    /// When to register again what was taken away.
    pub(super) reclaim: Option<Duration>,
    pub(super) hook: Option<Arc<Hook>>,
    pub(super) lane: Arc<Lane>,
    /// Whether whoever served it has gone without waiting for anything.
    pub(super) abandoned: AtomicBool,
    pub(super) counts: Counts,
}

/// One registration, on whichever session there is.
pub(super) struct Wanted {
    pub(super) uri: String,
    pub(super) options: RegisterOptions,
    pub(super) procedure: Procedure,
    pub(super) setup: Arc<Setup>,
    /// Whether the router took it once, so that it is put back on other sessions.
    established: AtomicBool,
    gone: AtomicBool,
    detached: AtomicBool,
    /// What has taken its place.
    heir: Mutex<Option<Arc<Wanted>>>,
    /// Held while it is being registered or unregistered; one for it and its heirs.
    turn: Mutex<Arc<tokio::sync::Mutex<()>>>,
}

impl Wanted {
    pub(super) fn new(
        uri: String,
        options: RegisterOptions,
        procedure: Procedure,
        setup: &Arc<Setup>,
    ) -> Arc<Self> {
        Arc::new(Self {
            uri,
            options,
            procedure,
            setup: Arc::clone(setup),
            established: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            detached: AtomicBool::new(false),
            heir: Mutex::default(),
            turn: Mutex::default(),
        })
    }

    /// Notes that the router took it.
    pub(super) fn establish(&self) {
        self.established.store(true, Ordering::Release);
    }

    /// Whether it is put back on other sessions.
    pub(super) fn is_established(&self) -> bool {
        self.established.load(Ordering::Acquire)
    }

    /// Whether nobody wants it any more.
    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Whether no call of it is to be served any more.
    pub(super) fn is_abandoned(&self) -> bool {
        self.setup.abandoned.load(Ordering::Acquire)
    }

    pub(super) fn give_up(&self) {
        self.gone.store(true, Ordering::Release);
    }

    /// Lets another take its place.
    pub(super) fn detach(&self) {
        self.detached.store(true, Ordering::Release);
    }

    /// Whether `other` may take its place, and has the same one.
    pub(super) fn gives_way_to(&self, other: &Self) -> bool {
        self.detached.load(Ordering::Acquire)
            && self.uri == other.uri
            && self.options == other.options
    }

    /// Lets `heir` take its place, and whatever the router is just asked for it.
    pub(super) fn give_way(&self, heir: &Arc<Self>) {
        self.give_up();
        if self.is_established() {
            heir.establish();
        }
        *lock(&heir.turn) = Arc::clone(&lock(&self.turn));
        *lock(&self.heir) = Some(Arc::clone(heir));
    }

    /// It, or what has taken its place since.
    pub(super) fn last_heir(self: &Arc<Self>) -> Arc<Self> {
        let mut last = Arc::clone(self);
        loop {
            let Some(next) = lock(&last.heir).clone() else {
                return last;
            };
            last = next;
        }
    }

    /// Waits until nobody else registers or unregisters it.
    pub(super) async fn turn(&self) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = Arc::clone(&lock(&self.turn));
        turn.lock_owned().await
    }

    /// Tells the program what became of it.
    pub(super) fn tell(&self, change: &Change) {
        if let Some(hook) = &self.setup.hook {
            guarded("on_change", || hook(change));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wanted")
            .field("uri", &self.uri)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
