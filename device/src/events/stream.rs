//! Reading the events.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use tokio::time::Instant;
use xerus_rpc::{Agent, Error};

use super::follow::Pump;
use super::open::give_back;
use super::shared::{Shared, State};
use super::{EventsError, Item};

/// A channel whose stream has something to read is polled so often, that it may live.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// The events of a device, see [`Events`](super::Events). It goes on until it is dropped, or ends with an error as the last item.
///
/// Dropping it leaves the channel to the device, which gives it up after 30 s; [`close`](Self::close) gives it back at once.
#[must_use = "nothing is sent before the stream is read"]
pub struct EventStream {
    agent: Agent,
    shared: Arc<Shared>,
    /// What polls the device, unless a driver does.
    pump: Option<Pump>,
    /// When the pump brought something.
    brought: Option<Instant>,
}

impl EventStream {
    pub(super) fn new(agent: Agent, shared: Arc<Shared>, pump: Option<Pump>) -> Self {
        Self {
            agent,
            shared,
            pump,
            brought: None,
        }
    }

    /// How many items can be read at once.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.lock().queue.len()
    }

    /// Gives the channel back to the device, and ends the driver. What was not read is lost.
    ///
    /// # Errors
    ///
    /// When the device does not take it back. It gives it up by itself then, after 30 s.
    pub async fn close(mut self) -> Result<(), Error> {
        // The poll that is under way first: a device may answer one call of a channel after another.
        self.pump = None;
        match self.shared.close() {
            Some(channel) => give_back(&self.agent, &channel).await,
            None => Ok(()),
        }
    }

    /// Takes what the device has. Whether there was something.
    fn drive(&mut self, context: &mut Context<'_>) -> bool {
        let Some(pump) = &mut self.pump else {
            return false;
        };
        match pump.as_mut().poll_next(context) {
            Poll::Pending => return false,
            Poll::Ready(Some(batch)) => self.shared.lock().take(batch),
            Poll::Ready(None) => {
                self.shared.lock().end.get_or_insert(None);
                self.pump = None;
            }
        }
        self.brought = Some(Instant::now());
        true
    }

    /// Whether to look for more while there is something to read.
    fn looks_ahead(&self, state: &State) -> bool {
        let idle = self.brought.map(|brought| brought.elapsed());
        let dying = idle.is_some_and(|idle| idle >= KEEP_ALIVE);
        state.queue.is_half_empty() || (dying && !(state.queue.waits() && state.queue.is_full()))
    }
}

impl Stream for EventStream {
    type Item = Result<Item, EventsError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.pump.is_some() && this.looks_ahead(&this.shared.lock()) {
            this.drive(context);
        }
        loop {
            let mut state = this.shared.lock();
            let was_full = state.queue.is_full();
            if let Some(item) = state.queue.pop() {
                // It waits for room.
                let waits = state.queue.waits() && was_full && !state.queue.is_full();
                let driver = if waits { state.driver.take() } else { None };
                drop(state);
                driver.into_iter().for_each(Waker::wake);
                return Poll::Ready(Some(Ok(item)));
            }
            if let Some(error) = &mut state.end {
                return Poll::Ready(error.take().map(Err));
            }
            state.reader = Some(context.waker().clone());
            drop(state);
            if !this.drive(context) {
                return Poll::Pending;
            }
        }
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("agent", &self.agent)
            .field("waiting", &self.waiting())
            .field("driven", &self.pump.is_none())
            .finish_non_exhaustive()
    }
}
