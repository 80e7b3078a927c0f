//! An update under way, as whoever watches it sees it.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt;
use xerus_rpc::action::Ticket;
use xerus_rpc::wire::BoxFuture;

use super::error::UpdateError;
use super::event::UpdateEvent;
use super::updated::Updated;

/// What is told, on its way from the flow to whoever watches.
#[derive(Clone)]
pub(super) struct Teller(Arc<Mutex<Told>>);

struct Told {
    events: VecDeque<UpdateEvent>,
    ticket: Ticket,
}

impl Teller {
    pub(super) fn new(ticket: Ticket) -> Self {
        let events = VecDeque::new();
        Self(Arc::new(Mutex::new(Told { events, ticket })))
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells something, and goes on only when whoever watches has taken it and asks for more.
    pub(super) async fn tell(&self, event: UpdateEvent) {
        self.told().events.push_back(event);
        // The flow is polled again when nothing is left to be taken. Nobody has to be woken for that.
        let mut is_told = false;
        std::future::poll_fn(move |_| {
            if std::mem::replace(&mut is_told, true) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    pub(super) fn set_ticket(&self, ticket: Ticket) {
        self.told().ticket = ticket;
    }

    pub(super) fn ticket(&self) -> Ticket {
        self.told().ticket.clone()
    }

    fn take(&self) -> Option<UpdateEvent> {
        self.told().events.pop_front()
    }
}

pub(super) type Flowing = BoxFuture<'static, Result<Updated, UpdateError>>;

/// An update under way: a stream of [events](UpdateEvent), which ends after [`UpdateEvent::End`].
///
/// Nothing runs in the background: the update goes on while the next event is awaited, and each step is told before it is taken.
/// So whoever keeps the [ticket](Self::ticket) at every event can be killed at any moment. Dropping a future of
/// [`next`](Self::next) loses nothing; dropping the run leaves the device as it is.
///
/// While an image is uploaded, do not take longer than half a minute between two events: the upload stands still meanwhile.
#[must_use = "the update goes on while its events are awaited"]
pub struct UpdateRun {
    flow: Option<Flowing>,
    teller: Teller,
}

impl UpdateRun {
    pub(super) fn new(flow: Flowing, teller: Teller) -> Self {
        let flow = Some(flow);
        Self { flow, teller }
    }

    /// The next event; `None` after the end.
    pub async fn next(&mut self) -> Option<UpdateEvent> {
        StreamExt::next(self).await
    }

    /// What another process needs to go on, as things were at the event that was told last.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        self.teller.ticket()
    }

    /// Goes on to the end, and tells nothing before. `None` when the end was told before.
    pub async fn finish(mut self) -> Option<Result<Updated, UpdateError>> {
        while let Some(event) = self.next().await {
            if let UpdateEvent::End(end) = event {
                return Some(end);
            }
        }
        None
    }
}

impl Stream for UpdateRun {
    type Item = UpdateEvent;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<UpdateEvent>> {
        let this = self.get_mut();
        if let Some(event) = this.teller.take() {
            return Poll::Ready(Some(event));
        }
        let Some(flow) = &mut this.flow else {
            return Poll::Ready(None);
        };
        match flow.as_mut().poll(context) {
            Poll::Ready(end) => {
                this.flow = None;
                Poll::Ready(Some(UpdateEvent::End(end)))
            }
            Poll::Pending => match this.teller.take() {
                Some(event) => Poll::Ready(Some(event)),
                None => Poll::Pending,
            },
        }
    }
}

impl fmt::Debug for UpdateRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateRun")
            .field("ticket", &self.ticket())
            .field("ended", &self.flow.is_none())
            .finish()
    }
}
