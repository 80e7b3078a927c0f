//! Servers that take calls and say nothing: frozen ones, and those whose power is gone.

use std::io;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::Instant;

use super::lock;

/// Calls with little time may end one after the other before a good server can answer.
const LEAST: Duration = Duration::from_secs(1);

/// What is known of the silence of one server on one connection.
pub(super) struct Silence {
    /// How many calls in a row end without a byte from the server until it counts as silent; 0: it never does.
    limit: u32,
    count: AtomicU32,
    is_silent: AtomicBool,
    /// Whether a call has been given to the silent server to find out.
    probed: AtomicBool,
    /// When the first of these calls began, and when the last one ended.
    times: Mutex<Option<(Instant, Instant)>>,
}

impl Silence {
    /// Of a connection to a server that was silent on the one before, or was not.
    pub(super) fn new(limit: u32, is_silent: bool) -> Self {
        Self {
            limit,
            count: AtomicU32::new(0),
            is_silent: AtomicBool::new(is_silent),
            probed: AtomicBool::new(false),
            times: Mutex::new(None),
        }
    }

    pub(super) fn is_silent(&self) -> bool {
        self.is_silent.load(Ordering::Relaxed)
    }

    /// Whether a call may find out if the server is still silent: one for each connection.
    pub(super) fn probe(&self) -> bool {
        !self.probed.swap(true, Ordering::Relaxed)
    }

    /// A call that began then and was sent has ended without an answer.
    pub(super) fn late(&self, began: Instant) {
        if self.limit == 0 {
            return;
        }
        let now = Instant::now();
        let mut times = lock(&self.times);
        let first = match *times {
            // Calls side by side say no more than one.
            Some((first, last)) if self.count.load(Ordering::Relaxed) > 0 => {
                if began < last {
                    return;
                }
                first
            }
            _ => began,
        };
        *times = Some((first, now));
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        if count >= self.limit && now.duration_since(first) >= LEAST {
            self.is_silent.store(true, Ordering::Relaxed);
        }
    }

    /// The server said something, whatever it is.
    fn heard(&self) {
        if self.count.load(Ordering::Relaxed) > 0 {
            self.count.store(0, Ordering::Relaxed);
        }
        if self.is_silent() {
            self.is_silent.store(false, Ordering::Relaxed);
            self.probed.store(false, Ordering::Relaxed);
        }
    }
}

/// A wire that tells when something is heard.
pub(super) struct Heard<'s, R> {
    pub(super) wire: R,
    pub(super) silence: &'s Silence,
}

impl<R: AsyncRead + Unpin> AsyncRead for Heard<'_, R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = ready!(Pin::new(&mut self.wire).poll_read(context, buffer));
        if buffer.filled().len() > before {
            self.silence.heard();
        }
        Poll::Ready(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn calls_in_a_row_make_a_silence_and_a_byte_ends_it() {
        let silence = Silence::new(2, false);
        let half = Duration::from_millis(500);
        // Side by side they count once.
        let began = Instant::now();
        tokio::time::advance(half).await;
        (0..9).for_each(|_| silence.late(began));
        assert!(!silence.is_silent());
        silence.heard();
        for silent in [false, true] {
            let began = Instant::now();
            tokio::time::advance(half).await;
            silence.late(began);
            assert_eq!(silence.is_silent(), silent);
        }
        assert!(silence.probe() && !silence.probe());
        silence.heard();
        assert!(!silence.is_silent());
        // Short ones must go on for a while.
        for number in 0..100 {
            let began = Instant::now();
            tokio::time::advance(Duration::from_millis(20)).await;
            silence.late(began);
            assert_eq!(silence.is_silent(), number >= 49, "{number}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nobody_is_silent() {
        let silence = Silence::new(0, false);
        for _ in 0..9 {
            let began = Instant::now();
            tokio::time::advance(LEAST).await;
            silence.late(began);
        }
        assert!(!silence.is_silent());
    }
}
