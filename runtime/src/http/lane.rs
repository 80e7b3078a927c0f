//! The queue in front of a device: few connections, many callers, first come first served.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::gate::Progress;

/// One connection at most, and the client that owns it.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) client: reqwest::Client,
    pub(super) progress: Arc<Progress>,
}

/// A number of slots that calls take turns on.
pub(super) struct Lane {
    connections: usize,
    permits: Arc<Semaphore>,
    /// Idle slots; the one used last comes first, since its connection is the warmest.
    idle: Mutex<Vec<Slot>>,
}

impl Lane {
    pub(super) fn new(connections: usize) -> Self {
        Self {
            connections,
            permits: Arc::new(Semaphore::new(connections)),
            idle: Mutex::default(),
        }
    }

    /// Waits for a slot; `make` makes one where none is left over from an earlier call.
    pub(super) async fn acquire<E>(
        &self,
        make: impl Fn() -> Result<Slot, E>,
    ) -> Result<Turn<'_>, E> {
        // The semaphore is never closed, so the only way out is a permit.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        let slot = self.idle().pop();
        let slot = match slot {
            Some(slot) => slot,
            None => make()?,
        };
        Ok(Turn {
            lane: self,
            slot: Some(slot),
            _permit: permit,
        })
    }

    /// Throws the connections away once the calls under way have ended; calls that come meanwhile wait.
    pub(super) async fn close(&self) {
        let connections = u32::try_from(self.connections).expect("a handful of connections");
        // The semaphore is never closed, so the only way out is with all permits.
        let _all = self.permits.acquire_many(connections).await.ok();
        self.idle().clear();
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Slot>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A slot taken; it goes back when this is dropped, also when the caller gives up.
pub(super) struct Turn<'a> {
    lane: &'a Lane,
    slot: Option<Slot>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Turn<'_> {
    /// The slot; `None` after [`discard`](Self::discard).
    pub(super) fn slot(&self) -> Option<&Slot> {
        self.slot.as_ref()
    }

    /// Takes a new slot in place of one that was thrown away.
    pub(super) fn put(&mut self, slot: Slot) {
        self.slot = Some(slot);
    }

    /// Throws the slot away and its connection with it; the next call gets a new one.
    pub(super) fn discard(&mut self) {
        self.slot = None;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        // Back into the list before the permit is released, which happens after this.
        if let Some(slot) = self.slot.take() {
            self.lane.idle().push(slot);
        }
    }
}
