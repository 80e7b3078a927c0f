//! A call that reports progress.

use std::sync::Arc;

use bytes::Bytes;
use tokio::time::Instant;

use super::shared::Waiting;
use super::ticket::Ticket;
use super::{Failed, Progress, Session};
use crate::waiting::Home;

impl Session {
    /// Sends the call that `message` makes for the id that it gets; what comes before the result goes into `progress`, which wakes
    /// whoever reads it, and so does the end. Give the call up by dropping what this returns.
    pub(in crate::wamp) async fn stream(
        self: &Arc<Self>,
        deadline: Instant,
        progress: Arc<Progress>,
        message: impl FnOnce(u64) -> Bytes,
    ) -> Result<StreamGuard, Failed> {
        let mut waits = self.wait(Waiting::Many(Arc::clone(&progress)))?;
        waits.cancels = self.welcome.cancels_calls;
        self.queue(message(waits.id), Arc::clone(&waits.ticket), None, deadline)
            .await?;
        let (id, ticket) = waits.into_parts();
        Ok(StreamGuard {
            session: Arc::clone(self),
            id,
            ticket,
            progress,
        })
    }
}

/// A call whose progress somebody reads; dropping it gives the call up.
pub(in crate::wamp) struct StreamGuard {
    session: Arc<Session>,
    id: u64,
    ticket: Arc<Ticket>,
    progress: Arc<Progress>,
}

impl StreamGuard {
    /// The runtime of the session.
    pub(in crate::wamp) fn home(&self) -> &Home {
        &self.session.home
    }

    /// Whether the call may have gone out. Called when it is given up.
    pub(in crate::wamp) fn was_sent(&self) -> bool {
        self.ticket.give_up()
    }
}

impl Drop for StreamGuard {
    fn drop(&mut self) {
        // What has failed was cancelled at once.
        let cancels = self.session.welcome.cancels_calls && !self.progress.has_failed();
        self.session.give_up(self.id, &self.ticket, cancels);
    }
}
