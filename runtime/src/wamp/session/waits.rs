//! Requests that wait for their answers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::answer::{Answer, Answered};
use super::ticket::Ticket;
use super::{Session, lost};
use crate::error::{Error, TimeoutPhase};
use crate::wamp::message::{Object, Payload};

/// Why a request did not end with an answer.
#[derive(Clone, Debug)]
pub(in crate::wamp) enum Failed {
    /// It cannot be sent.
    NotSent(Error),
    /// The session ended; whether the request may have gone out.
    Ended { why: Error, sent: bool },
    /// The time was over.
    TimedOut { phase: TimeoutPhase, sent: bool },
}

/// Sees to it that a frame which nobody waits for is not sent.
pub(super) struct GiveUp(pub(super) Arc<Ticket>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// A request that waits for its answer; dropping it gives the request up.
pub(super) struct Waits<'s> {
    pub(super) session: &'s Session,
    pub(super) id: u64,
    pub(super) ticket: Arc<Ticket>,
    /// Whether the router is asked to cancel it.
    pub(super) cancels: bool,
    /// Whether what the router makes of it is taken back when nobody wants it any more.
    pub(super) undone: bool,
    /// Whether nothing is left to give up.
    pub(super) over: bool,
}

impl Waits<'_> {
    pub(super) async fn answer(
        mut self,
        answer: oneshot::Receiver<Answer>,
        deadline: Instant,
    ) -> Result<Answered, Failed> {
        match tokio::time::timeout_at(deadline, answer).await {
            Ok(Ok(Ok(answer))) => {
                self.over = true;
                Ok(answer)
            }
            Ok(Ok(Err(why))) => Err(self.ended(why)),
            Ok(Err(_)) => Err(self.ended(lost())),
            Err(_) => Err(Failed::TimedOut {
                phase: TimeoutPhase::FirstByte,
                sent: self.ticket.give_up(),
            }),
        }
    }

    fn ended(&self, why: Error) -> Failed {
        let sent = self.ticket.give_up();
        Failed::Ended { why, sent }
    }

    /// Leaves the request under way.
    pub(super) fn into_parts(mut self) -> (u64, Arc<Ticket>) {
        self.over = true;
        (self.id, Arc::clone(&self.ticket))
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        if self.undone {
            self.session.abandon(self.id, &self.ticket);
        } else {
            self.session.give_up(self.id, &self.ticket, self.cancels);
        }
    }
}

/// Bytes of reported values that may wait.
const BYTES: usize = 16 << 20;

/// What a call reports before its result: a bounded buffer between the session's reader, which never waits, and whoever reads it.
pub(in crate::wamp) struct Progress {
    /// How many values.
    room: usize,
    inner: Mutex<Buffer>,
}

#[derive(Default)]
struct Buffer {
    items: VecDeque<(Object, Payload)>,
    bytes: usize,
    dropped: u64,
    end: Option<Answer>,
    waker: Option<Waker>,
}

/// What comes next of a call that reports progress.
#[derive(Debug)]
pub(in crate::wamp) enum Next {
    Progress(Object, Payload),
    End(Answer),
}

impl Progress {
    /// A buffer for so many; at least one.
    pub(in crate::wamp) fn new(room: usize) -> Self {
        Self {
            room: room.max(1),
            inner: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Buffer> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what was reported; the oldest that nobody has read makes room for it.
    pub(super) fn push(&self, details: Object, payload: Payload) {
        let mut buffer = self.lock();
        let bytes = size(&details, &payload);
        let fits = |buffer: &Buffer| {
            buffer.items.len() < self.room && buffer.bytes.saturating_add(bytes) <= BYTES
        };
        while !fits(&buffer) && buffer.pop().is_some() {
            buffer.dropped += 1;
        }
        buffer.bytes += bytes;
        buffer.items.push_back((details, payload));
        let waker = buffer.waker.take();
        drop(buffer);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(super) fn end(&self, answer: Answer) {
        let mut buffer = self.lock();
        buffer.end = Some(answer);
        let waker = buffer.waker.take();
        drop(buffer);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// What comes next.
    pub(in crate::wamp) fn poll(&self, context: &mut Context<'_>) -> Poll<Next> {
        let mut buffer = self.lock();
        if let Some((details, payload)) = buffer.pop() {
            return Poll::Ready(Next::Progress(details, payload));
        }
        if let Some(answer) = buffer.end.take() {
            return Poll::Ready(Next::End(answer));
        }
        buffer.waker = Some(context.waker().clone());
        Poll::Pending
    }

    /// Whether the end has come, read or not.
    pub(in crate::wamp) fn has_end(&self) -> bool {
        self.lock().end.is_some()
    }

    /// How many were thrown away because nobody read them.
    pub(in crate::wamp) fn dropped(&self) -> u64 {
        self.lock().dropped
    }
}

impl Buffer {
    fn pop(&mut self) -> Option<(Object, Payload)> {
        let (details, payload) = self.items.pop_front()?;
        self.bytes -= size(&details, &payload);
        Some((details, payload))
    }
}

fn size(details: &Object, payload: &Payload) -> usize {
    let bytes = |part: &Option<Bytes>| part.as_ref().map_or(0, Bytes::len);
    details.bytes().len() + bytes(&payload.args) + bytes(&payload.kwargs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(progress: &Progress) -> Vec<String> {
        let mut context = Context::from_waker(Waker::noop());
        let mut seen = Vec::new();
        while let Poll::Ready(next) = progress.poll(&mut context) {
            seen.push(match next {
                Next::Progress(_, payload) => {
                    String::from_utf8(payload.args().to_vec()).expect("text")
                }
                Next::End(_) => "end".to_owned(),
            });
        }
        seen
    }

    #[test]
    fn w21_the_oldest_makes_room_and_is_counted() {
        let progress = Progress::new(2);
        for number in 0..5 {
            let payload = Payload {
                args: Some(format!("[{number}]").into()),
                kwargs: None,
            };
            progress.push(Object::empty(), payload);
        }
        progress.end(Err(lost()));
        assert_eq!(values(&progress), ["[3]", "[4]", "end"]);
        assert_eq!(progress.dropped(), 3);
    }
    #[test]
    fn w21_the_bytes_that_wait_are_limited() {
        let progress = Progress::new(1000);
        let text = |fill: &str| format!("[\"{}\"]", fill.repeat(BYTES / 2 - 100));
        for fill in ["a", "b", "c"] {
            let payload = Payload {
                args: Some(text(fill).into()),
                kwargs: None,
            };
            progress.push(Object::empty(), payload);
        }
        assert_eq!(values(&progress), [text("b"), text("c")]);
        assert_eq!((progress.dropped(), progress.lock().bytes), (1, 0));
        // One alone is kept, however large.
        let large = Payload {
            args: Some(text("d").repeat(3).into()),
            kwargs: None,
        };
        progress.push(Object::empty(), large);
        assert_eq!(values(&progress).len(), 1);
    }
}
