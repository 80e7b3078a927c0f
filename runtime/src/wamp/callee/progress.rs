//! What a servant reports on the way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::interrupt::Interrupt;
use crate::json_text::Json;
use crate::server::{Fault, Progress};
use crate::wamp::content::array;
use crate::wamp::error::NotSent;
use crate::wamp::message::{Compose, YIELD};
use crate::wamp::session::{Failed, Session};
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
                sent.map_err(not_reported)
            };
            tokio::select! {
                biased;
                () = given_up => Err(gone()),
                sent = sent => sent,
            }
        })
    }
}

fn gone() -> Fault {
    Fault::internal("nobody waits for the call any more")
}

/// Why the caller was not told.
fn not_reported(failed: Failed) -> Fault {
    match failed {
        Failed::NotSent(why) => Fault::internal(NotSent::of_answer("the report", &why)),
        Failed::TimedOut { .. } => Fault::internal(format_args!(
            "the router has not taken the report within {PATIENCE:?}: report less, or find out there why it does not read"
        )),
        Failed::Ended { .. } => gone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::TimeoutPhase;
    use crate::wamp::error::{bad_uri, cannot_be_sent, too_large};
    use crate::wamp::session::lost;

    #[test]
    fn a_report_that_fails_says_why() {
        let said = |failed| not_reported(failed).to_string();
        let sent = false;
        let phase = TimeoutPhase::Write;
        let why = lost();
        let late = said(Failed::TimedOut { phase, sent });
        assert!(late.contains("within 30s"), "{late}");
        let ended = said(Failed::Ended { why, sent });
        assert!(ended.contains("nobody waits"), "{ended}");
        let not_sent = |why| said(Failed::NotSent(why));
        let large = not_sent(too_large(1000, 2000));
        assert!(large.contains("2000 bytes, and at most 1000"), "{large}");
        assert!(large.contains("raise max_request_bytes"), "{large}");
        let form = not_sent(cannot_be_sent("a number beyond the range of floats"));
        assert!(form.contains("the report has a number beyond"), "{form}");
        assert!(form.contains("Serializer::Json"), "{form}");
        let other = not_sent(bad_uri("a b", "no URI"));
        assert!(other.contains("the report cannot be sent"), "{other}");
    }
}
