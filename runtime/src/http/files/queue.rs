//! One transfer at a time, first come first served.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::times::Times;
use crate::error::{Error, TimeoutPhase};

/// When something of a transfer moved last.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<Instant>>);

impl Activity {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    pub(super) fn touch(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    pub(super) fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The transfers of one device.
pub(super) struct Queue {
    permits: Arc<Semaphore>,
    /// The activity of whoever has the permit.
    current: Arc<Mutex<Activity>>,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(1)),
            current: Arc::new(Mutex::new(Activity::new())),
        }
    }
}

/// The right to transfer, until it is dropped.
pub(super) struct Turn {
    activity: Activity,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turn {
    pub(super) fn activity(&self) -> &Activity {
        &self.activity
    }
}

impl Queue {
    /// Waits for the transfers before this one.
    ///
    /// A long one is waited for as long as it moves. One that stands still (a download that a program has begun and
    /// does not read, while it waits here for the next) ends the waiting, too.
    pub(super) async fn enter(&self, times: &Times) -> Result<Turn, Error> {
        let entered = Instant::now();
        let state = || {
            let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            (current.last().max(entered), TimeoutPhase::Queue)
        };
        let permit = Arc::clone(&self.permits).acquire_owned();
        let permit = times
            .watch(permit, state)
            .await
            .map_err(|error| error.with_sent(false, false))?;
        let activity = Activity::new();
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = activity.clone();
        Ok(Turn {
            activity,
            // The semaphore is never closed, so the only way here is with a permit.
            _permit: permit.ok(),
        })
    }
}
