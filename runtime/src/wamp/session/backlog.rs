//! Answers to what the router sends unasked, as long as they wait to be written.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use super::lost;
use super::writer::while_taken;
use crate::error::Error;
use crate::wamp::error::Unread;
use crate::wamp::socket;

/// Bytes that may wait before nothing more is read.
const MOST: usize = 4 << 20;
/// What one takes in the queue beside its bytes, about.
const EACH: usize = 128;

/// How many bytes of small messages wait that have no place of their own in the queue. Whoever reads waits when they are too many, so that a router
/// that sends and does not read cannot fill the memory.
#[derive(Default)]
pub(super) struct Backlog {
    bytes: AtomicUsize,
    eased: Notify,
}

impl Backlog {
    /// What a message of so many bytes counts.
    pub(super) fn size(message: usize) -> usize {
        message + EACH
    }

    /// Notes that these wait.
    pub(super) fn add(&self, size: usize) {
        self.bytes.fetch_add(size, Ordering::Relaxed);
    }

    /// Notes that these are written.
    pub(super) fn written(&self, size: usize) {
        if size > 0 {
            self.bytes.fetch_sub(size, Ordering::Relaxed);
            self.eased.notify_waiters();
        }
    }

    fn is_full(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) > MOST
    }

    /// Waits until there is room again, as long as the router takes bytes; an error where it takes none for so long.
    pub(super) async fn eased(&self, time: Duration, taken: &socket::Bytes) -> Result<(), Error> {
        if !self.is_full() {
            return Ok(());
        }
        let eased = async {
            loop {
                let mut eased = std::pin::pin!(self.eased.notified());
                eased.as_mut().enable();
                if !self.is_full() {
                    return;
                }
                eased.await;
            }
        };
        let eased = while_taken(eased, taken, time).await;
        eased.ok_or_else(|| lost().with_source(Unread(time)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[tokio::test(start_paused = true)]
    async fn who_reads_waits_for_room_and_not_for_ever() {
        let backlog = Backlog::default();
        let time = Duration::from_secs(10);
        let taken = socket::Bytes::default();
        backlog.add(MOST);
        assert!(backlog.eased(time, &taken).await.is_ok());
        backlog.add(1);
        let written = async {
            tokio::time::sleep(Duration::from_secs(9)).await;
            backlog.written(1);
        };
        assert!(tokio::join!(backlog.eased(time, &taken), written).0.is_ok());
        backlog.add(1);
        // A large message is on its way ahead of them.
        let slow = async {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_secs(8)).await;
                taken.add(1);
            }
            backlog.written(1);
        };
        assert!(tokio::join!(backlog.eased(time, &taken), slow).0.is_ok());
        backlog.add(1);
        let error = backlog.eased(time, &taken).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConnectionLost));
        let source = std::error::Error::source(&error).expect("a source");
        assert!(source.to_string().contains("does not read"), "{source}");
    }
}
