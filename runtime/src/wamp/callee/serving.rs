//! A callee at work.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::counters::CalleeCounters;
use super::part::Procedures;
use super::register::PATIENCE;
use super::wanted::{Setup, Wanted};
use crate::waiting::Home;
use crate::wamp::client::Wamp;

/// A [`Callee`](super::Callee) at work. It is unregistered when this is dropped, unless it was [detached](Self::detach).
#[must_use = "what is served is unregistered when this is dropped"]
pub struct CalleeServing {
    /// Without the client there is no session.
    pub(super) _wamp: Wamp,
    pub(super) procedures: Arc<Procedures>,
    pub(super) setup: Arc<Setup>,
    pub(super) wanted: Vec<Arc<Wanted>>,
    pub(super) drain: Duration,
    /// Whether nothing is left to do when this is dropped.
    pub(super) is_over: bool,
}

impl CalleeServing {
    /// The procedures and patterns that were registered, in order.
    pub fn uris(&self) -> impl ExactSizeIterator<Item = &str> {
        self.wanted.iter().map(|wanted| wanted.uri.as_str())
    }

    /// The ids of those that are registered now. There are none while there is no session, and fewer where some were refused or taken away.
    #[must_use]
    pub fn ids(&self) -> Vec<u64> {
        let (session, mut ids) = self.procedures.ids_of(&self.wanted);
        if !session.is_some_and(|session| session.is_open()) {
            ids.clear();
        }
        ids.sort_unstable();
        ids
    }

    /// What it has done so far.
    #[must_use]
    pub fn counters(&self) -> CalleeCounters {
        self.setup.counts.read()
    }

    /// Leaves it registered as long as the client is there. A callee that is served on the same client later takes over what this one has
    /// under the same URIs: so a hook that is called for each session may serve the same again.
    pub fn detach(mut self) {
        for wanted in &self.wanted {
            wanted.detach();
        }
        self.is_over = true;
    }

    /// Unregisters everything, waits for calls under way as long as was set, and gives up what is left then. That goes on where the session runs when nobody
    /// waits for it to the end any more, as long as the client is there.
    pub async fn shutdown(mut self) {
        self.is_over = true;
        self.procedures.forget(&self.wanted);
        let session = self.procedures.session();
        let home = session.map_or_else(Home::here, |session| session.home().clone());
        let ended = home.spawn(end(
            Arc::clone(&self.procedures),
            Arc::clone(&self.setup),
            std::mem::take(&mut self.wanted),
            self.drain,
        ));
        tokio::select! {
            _ = ended => {}
            () = home.rests(PATIENCE) => {}
        }
    }
}

async fn end(
    procedures: Arc<Procedures>,
    setup: Arc<Setup>,
    wanted: Vec<Arc<Wanted>>,
    drain: Duration,
) {
    let unregistered = {
        let procedures = Arc::clone(&procedures);
        tokio::spawn(async move { procedures.unregister(&wanted).await })
    };
    // The turn and the answer. Whoever has the turn may be on a runtime that rests.
    let _ = tokio::time::timeout(2 * PATIENCE, unregistered).await;
    let lane = &setup.lane;
    if tokio::time::timeout(drain, lane.idle()).await.is_err() {
        procedures.give_up(lane);
        let more = Duration::from_millis(100);
        let grace = setup.grace.saturating_add(more);
        // What does not end now ends with its task.
        let _ = tokio::time::timeout(grace, lane.idle()).await;
    }
}

impl Drop for CalleeServing {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        self.setup.abandoned.store(true, Ordering::Release);
        self.procedures.forget(&self.wanted);
        self.procedures.give_up(&self.setup.lane);
        // Without a session nothing is registered.
        if let Some(session) = self.procedures.session() {
            let procedures = Arc::clone(&self.procedures);
            let wanted = std::mem::take(&mut self.wanted);
            // The runtime of whoever served it may rest, or be gone.
            let unregister = async move { procedures.unregister(&wanted).await };
            drop(session.home().spawn(unregister));
        }
    }
}

impl fmt::Debug for CalleeServing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CalleeServing")
            .field("wanted", &self.wanted)
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}
