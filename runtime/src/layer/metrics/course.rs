//! How far something has come.

use std::time::Duration;

use tokio::time::Instant;

use super::{End, Observer, Subject};
use crate::error::{Error, Outcome};
use crate::wire::Reply;

/// How far something has come.
pub(super) struct Course {
    begin: Instant,
    end: Option<End>,
    attempts: u32,
    pub(super) bytes: u64,
}

impl Course {
    pub(super) fn new() -> Self {
        Self {
            begin: Instant::now(),
            end: None,
            attempts: 0,
            bytes: 0,
        }
    }

    /// Notes that it ended; the first end counts.
    pub(super) fn over(&mut self, code: &'static str, outcome: Option<Outcome>, cancelled: bool) {
        let end = End {
            elapsed: self.begin.elapsed(),
            attempts: self.attempts,
            code,
            outcome,
            bytes: self.bytes,
            cancelled,
        };
        self.end.get_or_insert(end);
    }

    pub(super) fn failed(&mut self, error: &Error) {
        if let Some(meta) = error.meta() {
            self.attempts = meta.attempts;
        }
        self.over(error.code(), Some(error.outcome()), false);
    }

    pub(super) fn replied(&mut self, reply: &Reply) {
        self.attempts = reply.meta().attempts;
        self.bytes += reply.results().body().len() as u64;
        match reply.error() {
            Some(error) => self.over(error.code(), Some(error.outcome()), false),
            None => self.over("ok", None, false),
        }
    }

    /// How it ended; what did not end was given up.
    pub(super) fn close(&mut self) -> End {
        self.over("cancelled", None, true);
        // There is one since the line above.
        self.end.unwrap_or(End {
            elapsed: Duration::ZERO,
            attempts: 0,
            code: "cancelled",
            outcome: None,
            bytes: 0,
            cancelled: true,
        })
    }
}

/// A call that is watched: tells its end when it is dropped.
pub(super) struct Watch<'a, O: Observer> {
    observer: &'a O,
    subject: Subject<'a>,
    pub(super) course: Course,
}

impl<'a, O: Observer> Watch<'a, O> {
    pub(super) fn new(observer: &'a O, subject: Subject<'a>) -> Self {
        observer.begin(&subject);
        Self {
            observer,
            subject,
            course: Course::new(),
        }
    }
}

impl<O: Observer> Drop for Watch<'_, O> {
    fn drop(&mut self) {
        self.observer.end(&self.subject, &self.course.close());
    }
}
