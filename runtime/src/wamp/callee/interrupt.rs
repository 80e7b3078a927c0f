//! Calls that are given up.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::server::CancellationToken;

/// What tells a call that it is given up, and whether the router waits for an answer all the same.
#[derive(Debug, Default)]
pub(super) struct Interrupt {
    pub(super) token: CancellationToken,
    answer: AtomicBool,
}

impl Interrupt {
    /// Gives the call up; `answer` says whether the router waits for what comes of it.
    pub(super) fn give_up(&self, answer: bool) {
        self.answer.store(answer, Ordering::Release);
        self.token.cancel();
    }

    /// Whether an answer may be sent.
    pub(super) fn wants_answer(&self) -> bool {
        !self.token.is_cancelled() || self.answer.load(Ordering::Acquire)
    }
}
