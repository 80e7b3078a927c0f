//! Answers that nobody took.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::RecvError;

use super::answer::{Answer, Answered};

/// What takes back what a router has made. It is done once at most.
pub(super) struct Undo<F>(Arc<Mutex<Option<F>>>);

/// An answer on its way to who waits for it. When that is dropped while the answer is there already, what the router has made is taken back.
pub(super) struct Kept<F: FnOnce(u64)> {
    answer: oneshot::Receiver<Answer>,
    undo: Undo<F>,
}

impl<F: FnOnce(u64)> Undo<F> {
    pub(super) fn run(&self, id: u64) {
        let undo = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(undo) = undo {
            undo(id);
        }
    }
}

impl<F: FnOnce(u64)> Kept<F> {
    /// Without `undo` an answer that nobody takes is dropped.
    pub(super) fn new(answer: oneshot::Receiver<Answer>, undo: Option<F>) -> (Undo<F>, Self) {
        let undo = Arc::new(Mutex::new(undo));
        let kept = Self {
            answer,
            undo: Undo(Arc::clone(&undo)),
        };
        (Undo(undo), kept)
    }
}

impl<F: FnOnce(u64)> Future for Kept<F> {
    type Output = Result<Answer, RecvError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.answer).poll(context)
    }
}

impl<F: FnOnce(u64)> Drop for Kept<F> {
    fn drop(&mut self) {
        // From here on it comes back to who sends it.
        self.answer.close();
        if let Ok(Ok(Answered::Done { id })) = self.answer.try_recv() {
            self.undo.run(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_made_is_taken_back_unless_somebody_took_the_answer() {
        for (polled, sent, undone) in [
            (true, true, None),
            (false, true, Some(7)),
            (false, false, None),
        ] {
            let seen = Arc::new(Mutex::new(None));
            let note = Arc::clone(&seen);
            let (sender, receiver) = oneshot::channel();
            let (_, mut kept) =
                Kept::new(receiver, Some(move |id| *note.lock().unwrap() = Some(id)));
            if sent {
                assert!(sender.send(Ok(Answered::Done { id: 7 })).is_ok());
            }
            if polled {
                assert!((&mut kept).await.is_ok());
            }
            drop(kept);
            assert_eq!(*seen.lock().unwrap(), undone, "{polled} {sent}");
        }
    }
}
