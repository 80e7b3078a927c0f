//! Polling the device for a stream that is read elsewhere.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::follow::Pump;
use super::shared::Shared;

/// Answers that are taken in one go, before others get a turn.
const TURNS: usize = 16;

/// Polls the device for the stream that it was made with; see [`Events::with_driver`](super::Events::with_driver).
#[must_use = "the stream gets nothing when the driver is not polled"]
pub struct EventDriver {
    shared: Arc<Shared>,
    /// `None` after the end.
    pump: Option<Pump>,
}

impl EventDriver {
    pub(super) fn new(shared: Arc<Shared>, pump: Pump) -> Self {
        Self {
            shared,
            pump: Some(pump),
        }
    }
}

impl Future for EventDriver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        for _ in 0..TURNS {
            let Some(pump) = &mut this.pump else {
                return Poll::Ready(());
            };
            let mut state = this.shared.lock();
            if state.closed {
                drop(state);
                this.pump = None;
                return Poll::Ready(());
            }
            state.driver = Some(context.waker().clone());
            if state.queue.waits() && state.queue.is_full() {
                return Poll::Pending;
            }
            drop(state);
            let Poll::Ready(batch) = pump.as_mut().poll_next(context) else {
                return Poll::Pending;
            };
            let mut state = this.shared.lock();
            match batch {
                Some(batch) => state.take(batch),
                None => {
                    state.end.get_or_insert(None);
                    this.pump = None;
                }
            }
            let reader = state.reader.take();
            drop(state);
            reader.into_iter().for_each(Waker::wake);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for EventDriver {
    fn drop(&mut self) {
        if self.pump.is_none() {
            return;
        }
        let mut state = self.shared.lock();
        state.end.get_or_insert(Some(super::EventsError::NotDriven));
        let reader = state.reader.take();
        drop(state);
        reader.into_iter().for_each(Waker::wake);
    }
}

impl fmt::Debug for EventDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventDriver")
            .field("ended", &self.pump.is_none())
            .finish_non_exhaustive()
    }
}
