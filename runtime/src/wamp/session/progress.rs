//! What a call reports before its result.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;

use super::answer::{Answer, Answered};
use crate::wamp::message::{Object, Payload};
use crate::wire::{Overflow, Room};

/// Bytes of reported values that may wait.
const BYTES: usize = 16 << 20;

/// What a call reports before its result: a bounded buffer between the session's reader, which never waits, and whoever reads it.
pub(in crate::wamp) struct Progress {
    room: Room,
    inner: Mutex<Buffer>,
}

#[derive(Default)]
struct Buffer {
    items: VecDeque<Waiting>,
    bytes: usize,
    /// How many were lost behind those that wait.
    missed: u64,
    /// How many were lost in all.
    dropped: u64,
    /// Whether the loss is the end.
    failed: bool,
    /// Whether nothing more is kept, since the time is over.
    closed: bool,
    end: Option<Answer>,
    waker: Option<Waker>,
}

/// A value that waits.
struct Waiting {
    /// How many were lost before it.
    missed: u64,
    details: Object,
    payload: Payload,
}

/// What comes next of a call that reports progress, with how many values were lost before it.
#[derive(Debug)]
pub(in crate::wamp) enum Next {
    Progress(u64, Object, Payload),
    End(u64, Answer),
    /// The room was too small, and that is an error; whether the call is known to have been executed.
    Failed {
        lost: u64,
        executed: bool,
    },
}

impl Progress {
    pub(in crate::wamp) fn new(room: Room) -> Self {
        Self {
            room,
            inner: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Buffer> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was reported. False once: when it does not fit, and nobody wants what comes from now on.
    pub(super) fn push(&self, details: Object, payload: Payload) -> bool {
        let mut buffer = self.lock();
        let (bytes, room) = (size(&details, &payload), self.room.values);
        let mut goes_on = true;
        if buffer.closed && !buffer.failed {
            buffer.miss();
        } else if buffer.fits(bytes, room) {
            buffer.keep(details, payload);
        } else {
            match self.room.overflow {
                // Nobody can wait here: who asked for that was refused.
                Overflow::DropOldest | Overflow::Wait => {
                    while !buffer.fits(bytes, room) && buffer.drop_oldest() {}
                    buffer.keep(details, payload);
                }
                Overflow::DropNewest => buffer.miss(),
                Overflow::Fail => {
                    buffer.miss();
                    goes_on = std::mem::replace(&mut buffer.failed, true);
                }
            }
        }
        wake(buffer);
        goes_on
    }

    pub(super) fn end(&self, answer: Answer) {
        let mut buffer = self.lock();
        buffer.end = Some(answer);
        wake(buffer);
    }

    /// What comes next.
    pub(in crate::wamp) fn poll(&self, context: &mut Context<'_>) -> Poll<Next> {
        let mut buffer = self.lock();
        if let Some(Waiting {
            missed,
            details,
            payload,
        }) = buffer.pop()
        {
            return Poll::Ready(Next::Progress(missed, details, payload));
        }
        if buffer.failed {
            let executed = matches!(buffer.end, Some(Ok(Answered::Result { .. })));
            let lost = buffer.missed;
            return Poll::Ready(Next::Failed { lost, executed });
        }
        if let Some(answer) = buffer.end.take() {
            return Poll::Ready(Next::End(buffer.missed, answer));
        }
        buffer.waker = Some(context.waker().clone());
        Poll::Pending
    }

    /// Keeps nothing that comes from now on; what waits can still be read.
    pub(in crate::wamp) fn close(&self) {
        self.lock().closed = true;
    }

    /// How many were lost behind what was read, when nothing waits.
    pub(in crate::wamp) fn missed(&self) -> u64 {
        self.lock().missed
    }

    /// Whether the room was too small, and that is the end.
    pub(super) fn has_failed(&self) -> bool {
        self.lock().failed
    }

    /// How many may wait.
    pub(in crate::wamp) fn room(&self) -> usize {
        self.room.values
    }

    /// How many were thrown away because nobody read them.
    pub(in crate::wamp) fn dropped(&self) -> u64 {
        self.lock().dropped
    }
}

fn wake(mut buffer: MutexGuard<'_, Buffer>) {
    let waker = buffer.waker.take();
    drop(buffer);
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Buffer {
    /// One alone always does, however large.
    fn fits(&self, bytes: usize, room: usize) -> bool {
        let fits = self.items.len() < room && self.bytes.saturating_add(bytes) <= BYTES;
        !self.failed && (fits || self.items.is_empty())
    }

    fn keep(&mut self, details: Object, payload: Payload) {
        let (details, payload) = (details.kept_alone(), payload.kept_alone());
        self.bytes += size(&details, &payload);
        self.items.push_back(Waiting {
            missed: std::mem::take(&mut self.missed),
            details,
            payload,
        });
    }

    fn miss(&mut self) {
        self.missed += 1;
        self.dropped += 1;
    }

    /// Whether there was one.
    fn drop_oldest(&mut self) -> bool {
        let Some(oldest) = self.pop() else {
            return false;
        };
        self.dropped += 1;
        // Those behind it are the first who can tell.
        let next = self.items.front_mut();
        *next.map_or(&mut self.missed, |next| &mut next.missed) += oldest.missed + 1;
        true
    }

    fn pop(&mut self) -> Option<Waiting> {
        let oldest = self.items.pop_front()?;
        self.bytes -= size(&oldest.details, &oldest.payload);
        Some(oldest)
    }
}

fn size(details: &Object, payload: &Payload) -> usize {
    let bytes = |part: &Option<Bytes>| part.as_ref().map_or(0, Bytes::len);
    details.bytes().len() + bytes(&payload.args) + bytes(&payload.kwargs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wamp::session::lost;

    fn payload(text: String) -> Payload {
        Payload {
            args: Some(text.into()),
            kwargs: None,
        }
    }

    /// What is read: how many were lost, then what came.
    fn values(progress: &Progress) -> Vec<(u64, String)> {
        let mut context = Context::from_waker(Waker::noop());
        let mut seen = Vec::new();
        while let Poll::Ready(next) = progress.poll(&mut context) {
            seen.push(match next {
                Next::Progress(missed, _, payload) => {
                    let text = String::from_utf8(payload.args().to_vec());
                    (missed, text.expect("text"))
                }
                Next::End(missed, _) => (missed, "end".to_owned()),
                Next::Failed { lost, .. } => (lost, "failed".to_owned()),
            });
            if matches!(seen.last(), Some((_, end)) if end == "failed") {
                break;
            }
        }
        seen
    }

    fn seen(all: &[(u64, &str)]) -> Vec<(u64, String)> {
        let all = all
            .iter()
            .map(|(missed, text)| (*missed, (*text).to_owned()));
        all.collect()
    }

    fn filled(room: usize, overflow: Overflow, values: std::ops::Range<u32>) -> Progress {
        let progress = Progress::new(Room::new(room, overflow));
        for number in values {
            progress.push(Object::empty(), payload(number.to_string()));
        }
        progress
    }

    #[test]
    fn w21_what_is_lost_is_told_where_it_is_missing() {
        let progress = filled(2, Overflow::DropOldest, 0..5);
        progress.end(Err(lost()));
        assert_eq!(values(&progress), seen(&[(3, "3"), (0, "4"), (0, "end")]));
        assert_eq!(progress.dropped(), 3);

        let progress = filled(1, Overflow::DropOldest, 0..5);
        assert_eq!(values(&progress), seen(&[(4, "4")]));

        let progress = filled(2, Overflow::DropNewest, 0..5);
        assert_eq!(values(&progress), seen(&[(0, "0"), (0, "1")]));
        for number in 5..8 {
            progress.push(Object::empty(), payload(number.to_string()));
        }
        progress.end(Err(lost()));
        assert_eq!(values(&progress), seen(&[(3, "5"), (0, "6"), (1, "end")]));
        assert_eq!(progress.dropped(), 4);
    }

    #[test]
    fn w21_a_room_that_is_too_small_is_said_once_and_what_waits_is_read() {
        let progress = filled(2, Overflow::Fail, 0..2);
        let push = |text: &str| progress.push(Object::empty(), payload(text.to_owned()));
        assert_eq!((push("2"), push("3"), push("4")), (false, true, true));
        assert!(progress.has_failed());
        assert_eq!(
            values(&progress),
            seen(&[(0, "0"), (0, "1"), (3, "failed")])
        );
    }

    #[test]
    fn what_waits_when_the_time_is_over_is_read_and_what_comes_then_is_counted() {
        for overflow in [Overflow::DropOldest, Overflow::Fail] {
            let progress = filled(2, overflow, 0..2);
            progress.close();
            assert!(progress.push(Object::empty(), payload("2".to_owned())));
            assert_eq!(values(&progress), seen(&[(0, "0"), (0, "1")]));
            assert_eq!(progress.missed(), 1, "{overflow:?}");
        }
    }

    #[test]
    fn w21_the_bytes_that_wait_are_limited() {
        let progress = Progress::new(Room::new(1000, Overflow::DropOldest));
        let text = |fill: &str| format!("[\"{}\"]", fill.repeat(BYTES / 2 - 100));
        for fill in ["a", "b", "c"] {
            progress.push(Object::empty(), payload(text(fill)));
        }
        assert_eq!(values(&progress), [(1, text("b")), (0, text("c"))]);
        assert_eq!((progress.dropped(), progress.lock().bytes), (1, 0));
        // One alone is kept, however large.
        for overflow in [Overflow::DropOldest, Overflow::DropNewest, Overflow::Fail] {
            let progress = Progress::new(Room::new(1000, overflow));
            assert!(progress.push(Object::empty(), payload(text("d").repeat(3))));
            assert_eq!(values(&progress).len(), 1);
        }
    }
}
