//! The work on one device, from its beginning until the device's place is free again.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::poll_immediate;
use tokio::time::timeout;

use super::device::Device;
use super::error::{FleetError, Stop};
use super::places::Place;
use crate::agent::Agent;
use crate::wire::BoxFuture;

/// Time for an agent to close: it waits for calls that the program has under way elsewhere.
const CLOSE_TIME: Duration = Duration::from_secs(5);

/// Begins the work on a device.
pub(super) type Work<K, T, E> =
    Box<dyn FnMut(Device<K>, Terms) -> BoxFuture<'static, Result<T, FleetError<E>>> + Send>;

/// What goes with the work on a device.
pub(super) struct Terms {
    /// The time it may take.
    pub(super) limit: Option<Duration>,
    /// The agent to close at its end.
    pub(super) close: Option<Agent>,
    /// The place among those under way; free when this is dropped.
    pub(super) place: Place,
}

/// The work with all that goes with it.
pub(super) fn attend<T, E>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
    terms: Terms,
) -> BoxFuture<'static, Result<T, FleetError<E>>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    Box::pin(async move {
        let Terms {
            limit,
            close,
            place,
        } = terms;
        let result = match limit {
            None => work.await.map_err(FleetError::Failed),
            Some(limit) => match timeout(limit, work).await {
                Ok(result) => result.map_err(FleetError::Failed),
                Err(_) => Err(FleetError::Dropped(Stop::DeviceTimeout(limit))),
            },
        };
        if let Some(agent) = close {
            close_in_time(&agent).await;
        }
        drop(place);
        result
    })
}

async fn close_in_time(agent: &Agent) {
    let mut closing = agent.close();
    // Nearly always there is nothing to wait for, and then no timer is needed either.
    if poll_immediate(&mut closing).await.is_none() {
        // What is not closed by then closes when the last call on it ends.
        let _ = timeout(CLOSE_TIME, closing).await;
    }
}

/// The work on one device, with its place in the list.
pub(super) struct UnderWay<T, E> {
    pub(super) index: usize,
    pub(super) attended: BoxFuture<'static, Result<T, FleetError<E>>>,
}

impl<T, E> Future for UnderWay<T, E> {
    type Output = (usize, Result<T, FleetError<E>>);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let index = self.index;
        let result = self.attended.as_mut().poll(context);
        result.map(|result| (index, result))
    }
}
