//! A discovery that goes on.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::builder::Builder;
use crate::device::Device;
use crate::devices::Devices;
use crate::error::Error;
use crate::event::Event;
use crate::shared::Shared;

/// A discovery that goes on: a [`Stream`] of what happens, and a blocking iterator for programs without an async runtime.
///
/// It ends when its time is over, or with an error. What was found until then is told first. Dropping it ends it at once. Nothing is
/// lost if it is not asked for a while: of a device that changes meanwhile the latest is told.
#[derive(Debug)]
#[must_use = "a discovery that is dropped ends"]
#[doc(alias("zeroconf", "discover", "mdns", "bonjour"))]
pub struct Discovery {
    shared: Shared,
    _stop: Stop,
}

impl Discovery {
    /// Looks for every product, through every interface but the loopback one, for 4 seconds, unless the builder is told otherwise.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// What happens next; `None` after the end. The same as `StreamExt::next`, without a crate for it. Nothing is lost when it is
    /// dropped before it is ready.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|context| self.shared.poll(context)).await
    }

    /// The devices that are there at the end of the time, by name.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] and [`Error::Overrun`]; what was found until then is lost, unlike with [`next`](Self::next) and
    /// [`Devices`].
    pub async fn devices(mut self) -> Result<Vec<Device>, Error> {
        let mut devices = Devices::default();
        while let Some(event) = self.next().await {
            devices.apply(event?);
        }
        Ok(devices.into_vec())
    }

    pub(crate) fn new(shared: Shared, stop: Stop) -> Self {
        Self {
            shared,
            _stop: stop,
        }
    }
}

impl Stream for Discovery {
    type Item = Result<Event, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.shared.poll(context)
    }
}

/// Blocks the thread while it waits: in async code use the [`Stream`].
impl IntoIterator for Discovery {
    type Item = Result<Event, Error>;
    type IntoIter = Blocking;

    fn into_iter(self) -> Blocking {
        Blocking(self)
    }
}

/// A [`Discovery`] as an iterator that waits for what happens next.
#[derive(Debug)]
#[must_use = "iterators are lazy"]
pub struct Blocking(Discovery);

impl Iterator for Blocking {
    type Item = Result<Event, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.shared.wait()
    }
}

impl Blocking {
    /// The devices that are there at the end of the time, by name.
    ///
    /// # Errors
    ///
    /// As of [`Discovery::devices`].
    pub fn devices(self) -> Result<Vec<Device>, Error> {
        let mut devices = Devices::default();
        for event in self {
            devices.apply(event?);
        }
        Ok(devices.into_vec())
    }
}

/// Ends the thread that listens when it is dropped.
#[derive(Debug)]
pub(crate) struct Stop {
    _hold: flume::Sender<()>,
}

impl Stop {
    pub(crate) fn new(hold: flume::Sender<()>) -> Self {
        Self { _hold: hold }
    }
}
