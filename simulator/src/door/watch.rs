//! What one connection is doing, and whether its client keeps it waiting.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// A client that moves fewer bytes per second than this, of a body or an answer, is slow.
const SLOWEST: u32 = 1_024;
/// For so long nobody counts as slow.
const PATIENCE: Duration = Duration::from_millis(500);

/// What a connection is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Idle, in the handshake or in a request head: nothing is lost that a client may not send again.
    Head,
    /// The body of a request arrives.
    Body,
    /// A request is at work.
    Call,
    /// The answer leaves.
    Answer,
}

/// How gladly a connection is given up for a new one; the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loss {
    /// No request is under way.
    Nothing,
    /// The client does not keep up with its own request.
    SlowClient,
}

/// One connection, seen by those who must choose between connections.
#[derive(Debug)]
pub(crate) struct Watch {
    peer: SocketAddr,
    state: Mutex<State>,
    cut: Notify,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    since: Instant,
    /// Until then the bytes that moved have paid.
    paid_until: Instant,
    /// All of the answer was handed over to be sent.
    handed_over: bool,
    is_cut: bool,
}

impl Watch {
    pub(super) fn new(peer: SocketAddr) -> Self {
        let now = Instant::now();
        Self {
            peer,
            state: Mutex::new(State {
                phase: Phase::Head,
                since: now,
                paid_until: now,
                handed_over: false,
                is_cut: false,
            }),
            cut: Notify::new(),
        }
    }

    pub(crate) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// A request head has arrived. `false`: the connection was given up just before, and the request must not be executed.
    #[must_use]
    pub(crate) fn begin(&self) -> bool {
        self.enter(Phase::Body)
    }

    /// The request is complete.
    pub(crate) fn work(&self) {
        self.enter(Phase::Call);
    }

    /// The answer is complete, and begins to leave.
    pub(crate) fn answer(&self) {
        self.enter(Phase::Answer);
    }

    /// The answer has left by another way, and the connection waits for the next request.
    pub(super) fn served(&self) {
        self.enter(Phase::Head);
    }

    fn enter(&self, phase: Phase) -> bool {
        let now = Instant::now();
        let mut state = self.lock();
        if state.is_cut {
            return false;
        }
        state.phase = phase;
        state.since = now;
        state.paid_until = now + PATIENCE;
        state.handed_over = false;
        true
    }

    /// The HTTP library has the whole answer.
    pub(crate) fn handed_over(&self) {
        self.lock().handed_over = true;
    }

    /// Everything that was to be sent is sent.
    pub(super) fn flushed(&self) {
        let mut state = self.lock();
        if state.phase == Phase::Answer && state.handed_over {
            state.phase = Phase::Head;
            state.since = Instant::now();
        }
    }

    /// So many bytes came in or went out.
    pub(super) fn moved(&self, bytes: usize) {
        let mut state = self.lock();
        if matches!(state.phase, Phase::Body | Phase::Answer) {
            let most = Instant::now() + PATIENCE;
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            let pays = Duration::from_secs(1) * bytes / SLOWEST;
            state.paid_until = most.min(state.paid_until + pays);
        }
    }

    /// What is lost with this connection, and since when it is so; `None` while its client does its part.
    pub(super) fn loss(&self) -> Option<(Loss, Instant)> {
        let state = self.lock();
        match state.phase {
            Phase::Head => Some((Loss::Nothing, state.since)),
            Phase::Body | Phase::Answer if state.paid_until < Instant::now() => {
                Some((Loss::SlowClient, state.since))
            }
            _ => None,
        }
    }

    /// Gives the connection up.
    pub(super) fn cut(&self) {
        self.lock().is_cut = true;
        self.cut.notify_one();
    }

    /// Gives the connection up if no request is under way.
    pub(super) fn cut_idle(&self) {
        if self.loss().is_some_and(|(loss, _)| loss == Loss::Nothing) {
            self.cut();
        }
    }

    /// Waits until the connection is given up.
    pub(super) async fn is_cut(&self) {
        self.cut.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch() -> Watch {
        Watch::new(([127, 0, 0, 1], 1).into())
    }

    fn loss(watch: &Watch) -> Option<Loss> {
        watch.loss().map(|(loss, _)| loss)
    }

    #[tokio::test(start_paused = true)]
    async fn who_drips_is_slow_and_who_works_is_not() {
        let watch = watch();
        assert_eq!(loss(&watch), Some(Loss::Nothing));
        assert!(watch.begin());
        assert_eq!(loss(&watch), None);
        // A byte each 100 ms is no progress.
        for _ in 0..20 {
            tokio::time::advance(Duration::from_millis(100)).await;
            watch.moved(1);
        }
        assert_eq!(loss(&watch), Some(Loss::SlowClient));
        watch.work();
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(loss(&watch), None);
        watch.answer();
        for _ in 0..20 {
            tokio::time::advance(Duration::from_millis(100)).await;
            watch.moved(10_000);
            assert_eq!(loss(&watch), None);
        }
        watch.flushed();
        assert_eq!(loss(&watch), None);
        watch.handed_over();
        watch.flushed();
        assert_eq!(loss(&watch), Some(Loss::Nothing));
    }

    #[tokio::test]
    async fn what_was_given_up_executes_nothing() {
        let watch = watch();
        watch.cut();
        assert!(!watch.begin());
        watch.is_cut().await;
    }
}
