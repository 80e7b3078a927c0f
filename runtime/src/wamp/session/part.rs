//! What stands on a session beside the calls.

use std::sync::Arc;

use super::Session;
use crate::wamp::message::{Object, Payload};
use crate::wire::BoxFuture;

/// What stands on a session beside the calls: served procedures, subscriptions.
pub(in crate::wamp) trait Part: Send + Sync + 'static {
    /// A session began: what stood on the one before is put back here, before the program is told. Dropped when the session ends
    /// meanwhile.
    fn joined<'a>(&'a self, session: &'a Arc<Session>) -> BoxFuture<'a, ()>;

    /// This session ended. A newer one may have begun already: what stands on that stays.
    fn left(&self, session: &Arc<Session>);

    /// Takes what the router sent, or gives back what is for another part. Called by the reader, one message after the other, so it
    /// must not wait for anything.
    fn take(&self, session: &Arc<Session>, push: Push) -> Option<Push>;
}

/// What a router sends unasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::wamp) enum Push {
    /// A call of a procedure that is served here.
    Invocation {
        request: u64,
        registration: u64,
        details: Object,
        payload: Payload,
    },
    /// A call is given up.
    Interrupt { request: u64, details: Object },
    /// A registration or a subscription was taken away; the details say which.
    Revoked { details: Object },
    /// Something was published.
    Event {
        subscription: u64,
        publication: u64,
        details: Object,
        payload: Payload,
    },
}
