//! What a servant reports on the way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::interrupt::Interrupt;
use crate::json_text::Json;
use crate::server::{Fault, Progress};
use crate::wamp::content::array;
use crate::wamp::message::{Compose, YIELD};
use crate::wamp::session::Session;
use crate::wire::BoxFuture;

/// How long a report waits for a router that takes nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// Tells the caller of one call what happens, as long as the call has no result.
pub(super) struct Reports {
    session: Arc<Session>,
    request: u64,
    interrupt: Arc<Interrupt>,
    /// Whether the result is on its way: nothing may follow it.
    ended: Mutex<bool>,
}

impl Reports {
    pub(super) fn new(session: Arc<Session>, request: u64, interrupt: Arc<Interrupt>) -> Self {
        Self {
            session,
            request,
            interrupt,
            ended: Mutex::new(false),
        }
    }

    /// Lets nothing be reported any more, once what is being reported has been.
    pub(super) async fn end(&self) {
        *self.ended.lock().await = true;
    }
}

impl Progress for Reports {
    fn report(&self, value: Json) -> BoxFuture<'_, Result<(), Fault>> {
        Box::pin(async move {
            let gone = || Fault::internal("nobody waits for the call any more");
            let message = Compose::new(YIELD)
                .number(self.request)
                .object(r#"{"progress":true}"#)
                .object(std::str::from_utf8(&array([value.get()].into_iter())).unwrap_or("[]"))
                .finish();
            let given_up = self.interrupt.token.cancelled();
            let sent = async {
                let ended = self.ended.lock().await;
                if *ended || self.interrupt.token.is_cancelled() {
                    return Err(gone());
                }
                let until = Instant::now() + PATIENCE;
                let sent = self.session.send_in_turn(until, message).await;
                sent.map_err(|_| gone())
            };
            tokio::select! {
                biased;
                () = given_up => Err(gone()),
                sent = sent => sent,
            }
        })
    }
}
