//! A callee at work.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::runtime::Handle;

use super::counters::CalleeCounters;
use super::part::Procedures;
use super::wanted::{Setup, Wanted};
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
    pub(super) detached: bool,
    /// Where it is unregistered, wherever this is dropped.
    pub(super) runtime: Handle,
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
        self.detached = true;
    }

    /// Unregisters everything, waits for calls under way as long as was set, and gives up what is left then.
    pub async fn shutdown(self) {
        self.procedures.forget(&self.wanted);
        self.procedures.unregister(&self.wanted).await;
        let lane = &self.setup.lane;
        if tokio::time::timeout(self.drain, lane.idle()).await.is_err() {
            self.procedures.give_up(lane);
            let more = Duration::from_millis(100);
            let grace = self.setup.grace.saturating_add(more);
            // What does not end now ends with its task.
            let _ = tokio::time::timeout(grace, lane.idle()).await;
        }
    }
}

impl Drop for CalleeServing {
    fn drop(&mut self) {
        if self.detached || self.wanted.iter().all(|wanted| wanted.is_gone()) {
            return;
        }
        self.setup.abandoned.store(true, Ordering::Release);
        self.procedures.forget(&self.wanted);
        self.procedures.give_up(&self.setup.lane);
        let procedures = Arc::clone(&self.procedures);
        let wanted = std::mem::take(&mut self.wanted);
        // Where that runtime has ended, so has the session.
        self.runtime
            .spawn(async move { procedures.unregister(&wanted).await });
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
