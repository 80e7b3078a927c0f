//! The body of an answer, with limits of size and time.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::download::Opened;
use super::queue::Turn;
use super::times::Times;
use super::trace::Trace;
use crate::error::{Error, TimeoutError, TimeoutPhase, TooLargeError};
use crate::http::connection::Connection;
use crate::http::rpc::{cut, declares_end};

/// The body of a request that has none.
pub(super) type NoBody = http_body_util::Empty<Bytes>;

/// The bytes of a file as they come in. The next transfer may begin when this is dropped or at its end.
pub(super) struct Incoming {
    connection: Connection<NoBody>,
    body: hyper::body::Incoming,
    /// Whether the answer says where it ends.
    declared: bool,
    limit: u64,
    received: u64,
    times: Times,
    /// Set while something is waited for; who does not ask for bytes does not let time run out.
    waiting_since: Option<Instant>,
    alarm: Pin<Box<Sleep>>,
    turn: Option<Turn>,
    trace: Trace,
}

impl Incoming {
    pub(super) fn new(opened: Opened, limit: u64, trace: Trace) -> Self {
        Self {
            declared: declares_end(&opened.response),
            connection: opened.connection,
            body: opened.response.into_body(),
            limit,
            received: 0,
            times: opened.times,
            waiting_since: None,
            alarm: Box::pin(sleep_until(Instant::now())),
            turn: Some(opened.turn),
            trace,
        }
    }

    fn fail(&mut self, error: impl Into<Error>) -> Poll<Option<Result<Bytes, Error>>> {
        self.turn = None;
        let error = error.into().with_sent(true, true);
        Poll::Ready(Some(Err(self.trace.failed(error))))
    }

    fn take(&mut self, bytes: Bytes) -> Poll<Option<Result<Bytes, Error>>> {
        self.received += bytes.len() as u64;
        self.trace.moved(self.received);
        if self.received > self.limit {
            return self.fail(TooLargeError::new(self.limit, self.received));
        }
        // A device that never pauses must not outrun the limit of the whole.
        let now = Instant::now();
        if let Some(limit) = self.times.over(now) {
            return self.fail(TimeoutError::new(TimeoutPhase::Body, limit));
        }
        if let Some(turn) = &self.turn {
            turn.activity().touch();
        }
        self.waiting_since = None;
        Poll::Ready(Some(Ok(bytes)))
    }
}

impl Stream for Incoming {
    type Item = Result<Bytes, Error>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Error>>> {
        let this = &mut *self;
        if this.turn.is_none() {
            return Poll::Ready(None);
        }
        let since = *this.waiting_since.get_or_insert_with(|| {
            let now = Instant::now();
            this.alarm.as_mut().reset(this.times.next_look(now));
            now
        });
        loop {
            match this.connection.poll_frame(&mut this.body, context) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) if !bytes.is_empty() => return this.take(bytes),
                    // Trailers, which mean nothing here.
                    _ => {}
                },
                Poll::Ready(Some(Err(error))) => return this.fail(cut(error, this.declared).error),
                Poll::Ready(None) => {
                    this.turn = None;
                    this.trace.done();
                    return Poll::Ready(None);
                }
                Poll::Pending => break,
            }
        }
        while this.alarm.as_mut().poll(context).is_ready() {
            if let Some(limit) = this.times.over(since) {
                return this.fail(TimeoutError::new(TimeoutPhase::Body, limit));
            }
            this.alarm.as_mut().reset(this.times.next_look(since));
        }
        Poll::Pending
    }
}
