//! How long a transfer may take, and how long nothing may move.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::error::{Error, TimeoutError, TimeoutPhase};
use crate::http::connect::Stage;

/// Waits longer than this are as good as none, and the clock can still count them.
const FOR_EVER: Duration = Duration::from_secs(86_400 * 365);

/// The limits of one transfer, from its beginning.
#[derive(Clone, Copy)]
pub(super) struct Times {
    idle: Duration,
    total: Option<Duration>,
    end: Instant,
}

impl Times {
    pub(super) fn begin(idle: Duration, total: Option<Duration>) -> Self {
        let idle = idle.min(FOR_EVER);
        let end = Instant::now() + total.unwrap_or(FOR_EVER).min(FOR_EVER);
        Self { idle, total, end }
    }

    /// When to look whether something has moved since `moved`.
    pub(super) fn next_look(&self, moved: Instant) -> Instant {
        (moved + self.idle).min(self.end)
    }

    /// Whether time is over, with the limit that was reached.
    pub(super) fn over(&self, moved: Instant) -> Option<Duration> {
        let now = Instant::now();
        match self.total {
            Some(total) if now >= self.end => Some(total),
            _ => (now >= moved + self.idle).then_some(self.idle),
        }
    }

    /// Waits for a connection, which has a limit of its own beside that of the whole.
    pub(super) async fn connect<T>(
        &self,
        connection: impl Future<Output = Result<T, Error>>,
        stage: &Stage,
    ) -> Result<T, Error> {
        match (timeout_at(self.end, connection).await, self.total) {
            (Ok(connection), _) => connection,
            (Err(_), total) => Err(stage.timed_out(total.unwrap_or(FOR_EVER))),
        }
    }

    /// Waits for `future` as long as `state` tells of something that moved lately; the phase says what stood still.
    pub(super) async fn watch<F: Future>(
        &self,
        future: F,
        state: impl Fn() -> (Instant, TimeoutPhase),
    ) -> Result<F::Output, Error> {
        let mut future = pin!(future);
        loop {
            let look = self.next_look(state().0);
            if let Ok(output) = timeout_at(look, &mut future).await {
                return Ok(output);
            }
            let (moved, phase) = state();
            if let Some(limit) = self.over(moved) {
                return Err(TimeoutError::new(phase, limit).into());
            }
        }
    }
}
