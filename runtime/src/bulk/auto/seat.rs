//! The place of one call in a shared request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::Error;
use crate::wire::{Reply, Request};

/// What became of a call.
pub(super) enum Verdict {
    /// It has its reply or its error.
    Told(Box<Result<Reply, Error>>),
    /// It was not executed, since the device has no bulk service, as it says; or it seems so (`sure` is false).
    NoBulk { sure: bool },
}

impl Verdict {
    pub(super) fn told(reply: Result<Reply, Error>) -> Self {
        Self::Told(Box::new(reply))
    }
}

/// One call that waits for a request, or for its part of the answer.
pub(super) struct Seat {
    pub(super) request: Request,
    pub(super) begun: Instant,
    verdict: Mutex<Option<Verdict>>,
    /// Nobody waits for the call any more.
    left: AtomicBool,
}

impl Seat {
    pub(super) fn new(request: &Request, begun: Instant) -> Self {
        Self {
            request: request.clone(),
            begun,
            verdict: Mutex::new(None),
            left: AtomicBool::new(false),
        }
    }

    /// The time that the call has left.
    pub(super) fn time_left(&self) -> Duration {
        let limit = self.request.timeout();
        limit.saturating_sub(self.begun.elapsed())
    }

    pub(super) fn tell(&self, verdict: Verdict) {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
    }

    pub(super) fn take(&self) -> Option<Verdict> {
        let mut verdict = self.verdict.lock().unwrap_or_else(PoisonError::into_inner);
        verdict.take()
    }

    pub(super) fn leave(&self) {
        self.left.store(true, Ordering::Release);
    }

    pub(super) fn is_left(&self) -> bool {
        self.left.load(Ordering::Acquire)
    }
}
