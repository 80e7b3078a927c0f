//! What the tasks of a session and those who wait know together.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::backlog::Backlog;
use super::lost;
use super::progress::Progress;
use crate::error::Error;
use crate::waiting::{self, Late, Slot, Table};

/// Why a session ended.
#[derive(Clone, Debug)]
pub(in crate::wamp) enum End {
    /// We left.
    Left,
    /// The router said goodbye.
    Goodbye { reason: String, message: String },
    /// The connection ended, or what came is nothing that a router sends.
    Broken(Error),
}

impl End {
    /// The error for those who wait.
    pub(in crate::wamp) fn error(&self) -> Error {
        match self {
            Self::Left => lost(),
            Self::Goodbye { reason, message } => {
                lost().with_source(crate::wamp::error::SessionEnded::new(reason, message))
            }
            Self::Broken(error) => error.clone(),
        }
    }
}

/// What is told of an answer.
type Then = Box<dyn FnOnce(Answer) + Send>;

/// Who waits for an answer.
pub(super) enum Waiting {
    /// A call.
    One(Arc<Slot<Answer>>),
    /// A call that reports progress.
    Many(Arc<Progress>),
    /// What is told at once, in the reader.
    Then(Then),
    /// The same, of which nobody wants the answer any more.
    Abandoned(Then),
}

impl Waiting {
    /// Whether somebody still waited.
    pub(super) fn tell(self, answer: Answer) -> bool {
        match self {
            Self::One(call) => call.end(waiting::End::Answered(answer)),
            Self::Many(progress) => {
                progress.end(answer);
                true
            }
            Self::Then(then) | Self::Abandoned(then) => {
                then(answer);
                true
            }
        }
    }
}

impl Late for Waiting {
    fn late(self) {
        match self {
            Self::One(call) => call.late(),
            // These see to their time themselves.
            Self::Many(_) | Self::Then(_) | Self::Abandoned(_) => {}
        }
    }
}

pub(super) struct Shared {
    /// Requests that wait.
    waiting: Table<Waiting>,
    end: Mutex<Option<End>>,
    pub(super) ended: CancellationToken,
    over: AtomicBool,
    leaving: AtomicBool,
    dropped: AtomicU64,
    pub(super) backlog: Backlog,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            waiting: Table::new(),
            end: Mutex::new(None),
            ended: CancellationToken::new(),
            over: AtomicBool::new(false),
            leaving: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
            backlog: Backlog::default(),
        }
    }

    /// Puts somebody down as waiting, until then where that is said; false when the session has ended.
    pub(super) fn wait(&self, id: u64, who: Waiting, until: Option<Instant>) -> bool {
        self.waiting.add(|| id, who, until, usize::MAX).is_ok()
    }

    /// Ends the calls whose time is over, without end.
    pub(super) async fn watch(&self) {
        self.waiting.watch().await;
    }

    /// Whoever waits under this id, who waits no longer.
    pub(super) fn take(&self, id: u64) -> Option<Waiting> {
        self.waiting.remove(id)
    }

    /// Where the progress of a call goes; the call waits on.
    pub(super) fn progress(&self, id: u64) -> Option<Arc<Progress>> {
        let progress = self.waiting.look(id, |who| match who {
            Waiting::Many(progress) => Some(Arc::clone(progress)),
            Waiting::One(_) | Waiting::Then(_) | Waiting::Abandoned(_) => None,
        });
        progress.flatten()
    }

    /// Whether it still waited.
    pub(super) fn forget(&self, id: u64) -> bool {
        self.take(id).is_some()
    }

    /// Notes that nobody wants its answer any more; what it was to be told is told all the same.
    pub(super) fn abandon(&self, id: u64) {
        self.waiting.look(id, |who| {
            if let Waiting::Then(then) = who {
                let then = std::mem::replace(then, Box::new(|_| {}));
                *who = Waiting::Abandoned(then);
            }
        });
    }

    /// Requests whose answers somebody wants.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
            .count(|who| !matches!(who, Waiting::Abandoned(_)))
    }

    /// Ends the session for all who wait, for the first reason that is given.
    pub(super) fn finish(&self, end: End) {
        let end = lock(&self.end).get_or_insert(end).clone();
        self.over.store(true, Ordering::Release);
        self.ended.cancel();
        for who in self.waiting.close() {
            who.tell(Err(end.error()));
        }
    }

    /// Whether it has ended.
    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    pub(super) fn end_of(&self) -> Option<End> {
        lock(&self.end).clone()
    }

    pub(super) fn why(&self) -> Error {
        self.end_of().map_or_else(lost, |end| end.error())
    }

    pub(super) fn leave(&self) {
        self.leaving.store(true, Ordering::Release);
    }

    pub(super) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Acquire)
    }

    pub(super) fn drop_one(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}
