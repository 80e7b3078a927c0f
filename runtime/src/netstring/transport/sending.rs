//! One call on its way through the servers.

use std::sync::Arc;

use tokio::time::Instant;

use crate::error::{Error, TimeoutError, TimeoutPhase};
use crate::netstring::connection::Failed;
use crate::netstring::pool::{Place, Pool, Tried};
use crate::netstring::unreachable;
use crate::wire::{Reply, Request};

/// One call on its way through the servers.
pub(super) struct Sending<'r> {
    pub(super) pool: Arc<Pool>,
    request: &'r Request,
    start: Instant,
    pub(super) deadline: Instant,
    pub(super) tried: Tried,
    pub(super) attempts: u32,
    /// Why an attempt ended that may have been executed.
    lost: Option<Error>,
    /// What a server answered that may not be the last word.
    pub(super) refused: Option<Reply>,
}

impl<'r> Sending<'r> {
    pub(super) fn new(
        pool: Arc<Pool>,
        request: &'r Request,
        start: Instant,
        deadline: Instant,
    ) -> Self {
        Self {
            pool,
            request,
            start,
            deadline,
            tried: Tried::default(),
            attempts: 0,
            lost: None,
            refused: None,
        }
    }

    /// Waits until it is known whether one of the group can be reached. Those behind it get at least half of the time that is left.
    pub(super) async fn wait(&mut self, group: usize) -> Result<(), Error> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let more = self.pool.has_more(group);
        let until = Instant::now() + if more { left / 2 } else { left };
        let decided = self.pool.decided(group, &self.tried);
        let Err(late) = self.pool.home.in_time(until, decided).await else {
            return Ok(());
        };
        if more {
            let late = self.pool.connecting(group, &self.tried);
            late.into_iter().for_each(|place| self.tried.add(place));
            return Ok(());
        }
        if self.refused.is_some() || self.lost.is_some() {
            let late = self.pool.connecting(group, &self.tried);
            late.into_iter().for_each(|place| self.tried.add(place));
            return Ok(());
        }
        Err(self.timed_out(late.phase(TimeoutPhase::Connect), false))
    }

    /// Goes on with connections that were made anew: what may not be sent twice has not been sent yet.
    pub(super) fn go_on_with(&mut self, pool: Arc<Pool>) {
        self.pool = pool;
        self.tried = Tried::default();
    }

    pub(super) fn told(&self, reply: Reply, place: Place) -> Reply {
        reply
            .with_peer(Arc::clone(&self.pool.member(place).name))
            .with_attempts(self.attempts)
            .with_attempt_lost(self.lost.is_some())
            .with_elapsed(self.start.elapsed())
    }

    /// Until when an attempt may last that finds out whether a silent server answers again: what is repeatable goes on to others after it.
    pub(super) fn time_to_find_out(&self) -> Instant {
        if !self.request.is_repeatable() {
            return self.deadline;
        }
        let now = Instant::now();
        now + self.deadline.saturating_duration_since(now) / 2
    }

    fn timed_out(&self, phase: TimeoutPhase, sent: bool) -> Error {
        let error = TimeoutError::new(phase, self.request.timeout());
        let repeatable = self.request.is_repeatable();
        match &self.lost {
            None => Error::from(error).with_sent(sent, repeatable),
            Some(_) => Error::from(error)
                .with_sent(true, repeatable)
                .after_a_lost_attempt(),
        }
    }

    /// What an attempt without an answer means for the call.
    pub(super) fn failed(&mut self, failed: Failed) -> Result<(), Error> {
        let repeatable = self.request.is_repeatable();
        match failed {
            Failed::TimedOut { phase, sent } => {
                // What may be repeated can have time left after it has found out whether a server is silent. Whatever the clock says, nothing
                // else is sent twice.
                if Instant::now() >= self.deadline || (sent && !repeatable) {
                    return Err(self.timed_out(phase, sent));
                }
                if sent {
                    let error = TimeoutError::new(phase, self.start.elapsed());
                    self.lost = Some(Error::from(error).with_sent(true, repeatable));
                }
                Ok(())
            }
            Failed::Ended { sent: false, .. } | Failed::Full => Ok(()),
            Failed::Ended { why, sent: true } => {
                let why = why.with_sent(true, repeatable);
                if !repeatable {
                    return Err(why);
                }
                self.lost = Some(why);
                Ok(())
            }
        }
    }

    /// The end of a call that no server is left for.
    pub(super) fn nobody(self) -> Result<Option<Reply>, Error> {
        match (self.refused, self.lost) {
            // What came of an attempt after it is not known.
            (Some(reply), lost) => Ok(Some(
                reply
                    .with_attempts(self.attempts)
                    .with_attempt_lost(lost.is_some()),
            )),
            (None, Some(error)) => Err(error),
            (None, None) => Err(unreachable::error(self.pool.causes())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Outcome;
    use crate::netstring::{Netstring, Servers};
    use crate::wire::Values;

    #[tokio::test]
    async fn what_an_attempt_before_may_have_done_is_not_undone_by_the_queue_of_another_server() {
        let setup = Netstring::builder(Servers::jsonrpcc("127.0.0.1:9,1").expect("a server"));
        let pool = Arc::new(Pool::start(&[], &setup.plan));
        let request = Request::untyped("", "get", Values::none()).with_repeatable(true);
        let now = Instant::now();
        for (lost, outcome) in [(false, Outcome::NotExecuted), (true, Outcome::Unknown)] {
            let deadline = now + Duration::from_secs(60);
            let mut sending = Sending::new(Arc::clone(&pool), &request, now, deadline);
            if lost {
                let why = crate::netstring::connection::lost();
                let ended = Failed::Ended { why, sent: true };
                assert!(sending.failed(ended).is_ok(), "it may be repeated");
            }
            sending.deadline = now;
            let late = Failed::TimedOut {
                phase: TimeoutPhase::Queue,
                sent: false,
            };
            let error = sending.failed(late).expect_err("time is over");
            assert_eq!(error.code(), "Timeout.Queue");
            assert_eq!(error.outcome(), outcome);
            assert_eq!(error.to_string().contains("may have executed"), lost);
        }
    }
}
