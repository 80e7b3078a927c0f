//! Where the answer to one call goes.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::time::Instant;

use super::home::{Home, Late};

/// Whether the frame of a call goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frame {
    /// It waits to be written, and can be taken back.
    Queued,
    /// It may have gone out.
    Taken,
    /// It stays here.
    GivenUp,
}

/// How waiting ended.
#[derive(Debug)]
pub(crate) enum End<T> {
    Answered(T),
    /// The time is over.
    Late(Late),
}

/// What a call and the tasks of its connection share.
#[derive(Debug)]
pub(crate) struct Slot<T>(Mutex<Inner<T>>);

#[derive(Debug)]
struct Inner<T> {
    frame: Frame,
    end: Option<End<T>>,
    waker: Option<Waker>,
    /// Nobody waits any more.
    gone: bool,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(Mutex::new(Inner {
            frame: Frame::Queued,
            end: None,
            waker: None,
            gone: false,
        }))
    }
}

impl<T> Slot<T> {
    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the frame is to be written: from now on it may have gone out. Not when waiting for it has ended.
    pub(crate) fn take(&self) -> bool {
        let mut inner = self.lock();
        if inner.frame == Frame::Queued {
            inner.frame = match inner.end {
                None => Frame::Taken,
                Some(_) => Frame::GivenUp,
            };
        }
        inner.frame == Frame::Taken
    }

    /// Makes sure that a frame which nobody has begun to write stays here; whether it may have gone out.
    pub(crate) fn give_up(&self) -> bool {
        let mut inner = self.lock();
        if inner.frame == Frame::Queued {
            inner.frame = Frame::GivenUp;
        }
        inner.frame == Frame::Taken
    }

    /// The same, and whatever comes is for nobody.
    pub(crate) fn leave(&self) -> bool {
        let mut inner = self.lock();
        inner.gone = true;
        if inner.frame == Frame::Queued {
            inner.frame = Frame::GivenUp;
        }
        inner.frame == Frame::Taken
    }

    /// Ends the waiting; whether somebody waited.
    pub(crate) fn end(&self, end: End<T>) -> bool {
        let mut inner = self.lock();
        if inner.gone || inner.end.is_some() {
            return false;
        }
        inner.end = Some(end);
        let waker = inner.waker.take();
        drop(inner);
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }

    /// Waits for the end. The table ends those whose time is over while the runtime of their connection is at work; a call on another
    /// runtime sees to its time itself, because that one may rest.
    pub(crate) async fn ended(&self, home: &Home, until: Instant) -> End<T> {
        let end = poll_fn(|context| self.poll(context));
        if home.is_here() {
            return end.await;
        }
        home.in_time(until, end).await.unwrap_or_else(End::Late)
    }

    /// The end, once it is there.
    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<End<T>> {
        let mut inner = self.lock();
        if let Some(end) = inner.end.take() {
            inner.gone = true;
            return Poll::Ready(end);
        }
        match &mut inner.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_given_up_before_it_is_taken_is_never_sent() {
        let slot = Slot::<()>::default();
        assert!(!slot.give_up());
        assert!(!slot.take());
        assert!(!slot.give_up());
        let slot = Slot::<()>::default();
        assert!(slot.take());
        assert!(slot.give_up());
        assert!(slot.leave());
    }

    #[test]
    fn a_frame_is_not_written_after_the_end() {
        let slot = Slot::<()>::default();
        assert!(slot.end(End::Late(Late::default())));
        assert!(!slot.take() && !slot.give_up());
    }

    #[test]
    fn the_first_end_counts_and_only_while_somebody_waits() {
        let slot = Slot::default();
        let mut context = Context::from_waker(Waker::noop());
        assert!(slot.poll(&mut context).is_pending());
        assert!(slot.end(End::Answered(1)));
        assert!(!slot.end(End::Late(Late::default())));
        assert!(matches!(
            slot.poll(&mut context),
            Poll::Ready(End::Answered(1))
        ));
        assert!(!slot.end(End::Answered(2)));
        let slot = Slot::default();
        slot.leave();
        assert!(!slot.end(End::Answered(3)));
    }
}
