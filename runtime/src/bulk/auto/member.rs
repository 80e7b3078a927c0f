//! One call that shares a request.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

use super::queue::Queue;
use super::seat::{Seat, Verdict};
use crate::error::{Error, TimeoutError, TimeoutPhase};
use crate::wire::Request;

/// Waits for what becomes of a call, and moves the shared request on.
pub(super) struct Member {
    queue: Arc<Queue>,
    seat: Arc<Seat>,
    /// The number of the call in the queue; none before it was polled.
    number: Option<u64>,
    /// Ends when the time of the call does; none without a runtime, where only the wire keeps time.
    end: Option<Pin<Box<Sleep>>>,
}

impl Member {
    pub(super) fn new(queue: Arc<Queue>, request: &Request, begun: Instant) -> Self {
        let end = begun.checked_add(request.timeout());
        let end = end.filter(|_| Handle::try_current().is_ok());
        Self {
            queue,
            seat: Arc::new(Seat::new(request, begun)),
            number: None,
            end: end.map(|end| Box::pin(sleep_until(end))),
        }
    }

    fn timed_out(&self) -> Error {
        let request = &self.seat.request;
        let (limit, repeatable) = (request.timeout(), request.is_repeatable());
        if self.queue.has_waiting(&self.seat) {
            let error = Error::from(TimeoutError::new(TimeoutPhase::Queue, limit));
            error.with_sent(false, repeatable)
        } else {
            // The request is under way, but how far is not known here.
            Error::from(TimeoutError::new(TimeoutPhase::FirstByte, limit))
                .with_repeatable(repeatable)
        }
    }
}

impl Future for Member {
    type Output = Verdict;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Verdict> {
        let Some(number) = self.number else {
            self.number = Some(self.queue.enter(Arc::clone(&self.seat)));
            // Others that are polled now come in before the request is sent.
            context.waker().wake_by_ref();
            return Poll::Pending;
        };
        self.queue.listen(number, context.waker());
        self.queue.drive();
        if let Some(verdict) = self.seat.take() {
            return Poll::Ready(verdict);
        }
        let over = match &mut self.end {
            Some(end) => end.as_mut().poll(context).is_ready(),
            None => false,
        };
        if over {
            return Poll::Ready(Verdict::told(Err(self.timed_out())));
        }
        Poll::Pending
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.seat.leave();
        if let Some(number) = self.number {
            self.queue.leave(number);
        }
    }
}
