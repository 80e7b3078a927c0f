//! Since when what comes in may have been there.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::Instant;

/// Who reads with [`Arrivals`] looks as often as this, so that the time of an arrival is not known worse than that.
pub(super) const BEAT: Duration = Duration::from_millis(20);

/// Remembers when nothing was there to be read.
///
/// A program that is busy reads late; what came in the meantime has been waited for just as long by whoever sent it.
pub(super) struct Arrivals {
    wire: OwnedReadHalf,
    /// Off where nobody asks.
    looks: bool,
    empty: Instant,
}

impl Arrivals {
    pub(super) fn new(wire: OwnedReadHalf, looks: bool) -> Self {
        Self {
            wire,
            looks,
            empty: Instant::now(),
        }
    }

    /// When what was read last can have come in at the earliest.
    pub(super) fn earliest(&self) -> Instant {
        self.empty
    }

    /// Asks the system: tokio only knows what was there when it asked last.
    fn is_empty(&self) -> bool {
        let peeked = SockRef::from(self.wire.as_ref()).peek(&mut [MaybeUninit::uninit()]);
        peeked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }
}

impl AsyncRead for Arrivals {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.wire).poll_read(context, buffer);
        if self.looks && read.is_pending() {
            let now = Instant::now();
            if self.is_empty() {
                self.empty = now;
            }
        }
        read
    }
}
