//! A session that is kept up: joined, joined again when it ends, over to another router when one is down.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::client::Inner;
use super::connect::{self, Plan, Refused};
use super::error::{RouterCause, Stage};
use super::hooks::{Hooks, Joined, Left, NotJoined};
use super::session::{End, Part, Session};
use crate::error::ErrorKind;
use crate::pause::{pause, random};
use crate::waiting::Home;

/// A session that lasted this long was a good one.
const GOOD: Duration = Duration::from_secs(10);

/// How a link does.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// For the first time, or again after a session that worked.
    Connecting,
    Up(Arc<Session>),
    /// It is tried again after a pause.
    Down(NotJoined),
    /// It is not tried again: the same would come of it.
    Refused(NotJoined),
    /// We left.
    Left,
}

/// A session that is kept up by a task of its own, which ends when this is dropped.
pub(super) struct Link {
    condition: watch::Receiver<Condition>,
    leaving: CancellationToken,
    task: AbortHandle,
    /// The runtime of its task.
    pub(super) home: Home,
}

/// What the task has to know.
pub(super) struct Task {
    pub(super) plan: Plan,
    pub(super) parts: Arc<[Arc<dyn Part>]>,
    pub(super) hooks: Hooks,
    pub(super) owner: Weak<Inner>,
}

impl Link {
    /// Starts to join. Needs a tokio runtime.
    pub(super) fn start(task: Task) -> Self {
        let (tell, condition) = watch::channel(Condition::Connecting);
        let leaving = CancellationToken::new();
        let kept = tokio::spawn(task.keep_up(tell, leaving.clone()));
        Self {
            condition,
            leaving,
            task: kept.abort_handle(),
            home: Home::here(),
        }
    }

    pub(super) fn condition(&self) -> Condition {
        self.condition.borrow().clone()
    }

    /// Whether its task still runs: it does not when the runtime on which it was started is gone.
    pub(super) fn is_kept(&self) -> bool {
        self.condition.has_changed().is_ok()
    }

    /// Waits until it is known whether there is a session.
    pub(super) async fn decided(&self) {
        let mut condition = self.condition.clone();
        let decided = condition.wait_for(|now| !matches!(now, Condition::Connecting));
        // An error means that nobody keeps it up any more; the condition stays what it is.
        let _ = decided.await;
    }

    /// Waits until the end of a session that has ended is known here, too.
    pub(super) async fn noticed(&self) {
        let mut condition = self.condition.clone();
        let noticed =
            condition.wait_for(|now| !matches!(now, Condition::Up(session) if !session.is_open()));
        let _ = noticed.await;
    }

    /// Waits until there is a session, or it is not tried any more.
    pub(super) async fn settled(&self) {
        let mut condition = self.condition.clone();
        let settled =
            condition.wait_for(|now| !matches!(now, Condition::Connecting | Condition::Down(_)));
        let _ = settled.await;
    }

    /// Waits until it is not tried any more.
    pub(super) async fn over(&self) {
        let mut condition = self.condition.clone();
        let over = condition.wait_for(|now| matches!(now, Condition::Refused(_) | Condition::Left));
        let _ = over.await;
    }

    /// Tries no more from now on.
    pub(super) fn leave(&self) {
        self.leaving.cancel();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Task {
    async fn keep_up(self, tell: watch::Sender<Condition>, leaving: CancellationToken) {
        let (mut failures, mut attempts) = (0u32, 0u32);
        loop {
            let opened = tokio::select! {
                opened = connect::open(&self.plan, &self.parts) => opened,
                () = leaving.cancelled() => {
                    tell.send_replace(Condition::Left);
                    return;
                }
            };
            let wait = match opened {
                Ok(session) => {
                    attempts = 0;
                    let since = Instant::now();
                    tell.send_replace(Condition::Up(Arc::clone(&session)));
                    self.during(&session).await;
                    let end = session.end().unwrap_or(End::Left);
                    session.said_all(&end).await;
                    self.after(&session, &end);
                    if leaving.is_cancelled() || matches!(end, End::Left) {
                        tell.send_replace(Condition::Left);
                        return;
                    }
                    let again = again(&end, since.elapsed() > GOOD);
                    failures = match again {
                        Again::Soon => 0,
                        Again::Later => failures.saturating_add(1),
                        Again::Last => u32::MAX,
                    };
                    if again == Again::Soon || (again == Again::Later && failures == 1) {
                        // Calls wait for it: it was lost only once.
                        tell.send_replace(Condition::Connecting);
                        // Many clients lose one router together.
                        self.plan.pause.0.mul_f64(random())
                    } else {
                        let cause =
                            RouterCause::new(&session.welcome().router, Stage::Join, end.error());
                        let ended = Refused {
                            causes: vec![cause],
                            permanent: false,
                        };
                        let wait = pause(self.plan.pause, failures);
                        tell.send_replace(Condition::Down(ended.not_joined(0, Some(wait))));
                        wait
                    }
                }
                Err(refused) if refused.permanent => {
                    let why = refused.not_joined(attempts.saturating_add(1), None);
                    tell.send_replace(Condition::Refused(why.clone()));
                    self.hooks.not_joined(why);
                    return;
                }
                Err(refused) => {
                    failures = failures.saturating_add(1);
                    attempts = attempts.saturating_add(1);
                    let wait = pause(self.plan.pause, failures);
                    let why = refused.not_joined(attempts, Some(wait));
                    tell.send_replace(Condition::Down(why.clone()));
                    self.hooks.not_joined(why);
                    wait
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = leaving.cancelled() => {
                    tell.send_replace(Condition::Left);
                    return;
                }
            }
        }
    }

    /// From the begin of a session to its end: what stood on the one before is put back, then the program is told.
    async fn during(&self, session: &Arc<Session>) {
        let begin = async {
            // Together: what is published while procedures are put back is not to be missed.
            let parts = self.parts.iter().map(|part| part.joined(session));
            futures_util::future::join_all(parts).await;
            if let Some(owner) = self.owner.upgrade() {
                self.hooks.join(Joined::new(session.welcome(), owner)).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = session.ended() => {}
            () = begin => {}
        }
    }

    fn after(&self, session: &Arc<Session>, end: &End) {
        for part in self.parts.iter() {
            part.left(session);
        }
        self.hooks.leave(Left::new(end));
    }
}

/// When to join again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    Soon,
    Later,
    /// After the longest pause.
    Last,
}

fn again(end: &End, good: bool) -> Again {
    match end {
        // Somebody threw us out on purpose.
        End::Goodbye { reason, .. } if !is_shutdown(reason) => Again::Last,
        End::Goodbye { .. } => Again::Later,
        End::Broken(error) if matches!(error.kind(), ErrorKind::ConnectionLost) => {
            // A router that drops us each time is not asked for ever at this pace.
            if good { Again::Soon } else { Again::Later }
        }
        End::Broken(_) => Again::Later,
        End::Left => Again::Last,
    }
}

/// The router goes, not we.
fn is_shutdown(reason: &str) -> bool {
    matches!(
        reason,
        "wamp.close.system_shutdown"
            | "wamp.error.system_shutdown"
            | "wamp.close.close_realm"
            | "wamp.error.close_realm"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wamp::session::lost;

    #[test]
    fn w9_who_was_thrown_out_does_not_come_back_at_once() {
        let goodbye = |reason: &str| End::Goodbye {
            reason: reason.to_owned(),
            message: String::new(),
        };
        assert_eq!(again(&goodbye("wamp.close.killed"), true), Again::Last);
        assert_eq!(again(&goodbye("wamp.close.normal"), true), Again::Last);
        assert_eq!(
            again(&goodbye("wamp.close.system_shutdown"), true),
            Again::Later
        );
        assert_eq!(again(&End::Broken(lost()), true), Again::Soon);
        assert_eq!(again(&End::Broken(lost()), false), Again::Later);
        let protocol = crate::error::ProtocolError::new("x").into();
        assert_eq!(again(&End::Broken(protocol), true), Again::Later);
    }
}
