//! What a stream and its driver have in common.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use xerus_api::event::Channel;

use super::buffer::Queue;
use super::{Buffer, EventsError};

/// What a stream and its driver have in common.
pub(super) struct Shared(Mutex<State>);

pub(super) struct State {
    pub(super) queue: Queue,
    /// The polls have ended; with an error, until it was read.
    pub(super) end: Option<Option<EventsError>>,
    /// Nobody reads any more.
    pub(super) closed: bool,
    /// The channel on the device, to be given back.
    pub(super) channel: Option<Channel>,
    pub(super) reader: Option<Waker>,
    pub(super) driver: Option<Waker>,
}

impl Shared {
    pub(super) fn new(buffer: Buffer) -> Arc<Self> {
        Arc::new(Self(Mutex::new(State {
            queue: Queue::new(buffer),
            end: None,
            closed: false,
            channel: None,
            reader: None,
            driver: None,
        })))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody reads any more: the driver ends.
    pub(super) fn close(&self) -> Option<Channel> {
        let mut state = self.lock();
        state.closed = true;
        let (channel, driver) = (state.channel.take(), state.driver.take());
        drop(state);
        driver.into_iter().for_each(Waker::wake);
        channel
    }
}

impl State {
    pub(super) fn take(&mut self, batch: super::follow::Batch) {
        self.queue.push(batch.items);
        if let Some(error) = batch.end {
            self.end = Some(Some(error));
        }
    }
}
