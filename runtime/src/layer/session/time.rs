//! The time of a call that waits for a session.

use std::future::Future;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

use crate::error::{Error, TimeoutError, TimeoutPhase};

/// The time that a call has.
#[derive(Clone, Copy)]
pub(super) struct Time {
    begun: Instant,
    limit: Option<Duration>,
}

impl Time {
    pub(super) fn new(limit: Option<Duration>) -> Self {
        Self {
            begun: Instant::now(),
            limit,
        }
    }

    pub(super) fn elapsed(self) -> Duration {
        self.begun.elapsed()
    }

    /// What is left of it.
    pub(super) fn left(self) -> Option<Duration> {
        self.limit
            .map(|limit| limit.saturating_sub(self.begun.elapsed()))
    }

    /// Waits within it, for what comes before the call.
    pub(super) async fn limit<F: Future>(self, future: F) -> Result<F::Output, Error> {
        let end = self.limit.and_then(|limit| self.begun.checked_add(limit));
        // Without a runtime only the wire keeps time.
        let (Some(end), Ok(_)) = (end, Handle::try_current()) else {
            return Ok(future.await);
        };
        timeout_at(end, future).await.map_err(|_| {
            let limit = self.limit.unwrap_or_default();
            Error::from(TimeoutError::new(TimeoutPhase::Queue, limit)).with_sent(false, true)
        })
    }
}
