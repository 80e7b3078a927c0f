//! Requests that wait for their answers.

use std::sync::Arc;

use tokio::sync::oneshot::error::RecvError;
use tokio::time::Instant;

use super::answer::{Answer, Answered};
use super::ticket::Ticket;
use super::{Session, lost};
use crate::error::{Error, TimeoutPhase};

/// Why a request did not end with an answer.
#[derive(Clone, Debug)]
pub(in crate::wamp) enum Failed {
    /// It cannot be sent.
    NotSent(Error),
    /// The session ended; whether the request may have gone out.
    Ended { why: Error, sent: bool },
    /// The time was over.
    TimedOut { phase: TimeoutPhase, sent: bool },
}

/// Sees to it that a frame which nobody waits for is not sent.
pub(super) struct GiveUp(pub(super) Arc<Ticket>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// A request that waits for its answer; dropping it gives the request up.
pub(super) struct Waits<'s> {
    pub(super) session: &'s Session,
    pub(super) id: u64,
    pub(super) ticket: Arc<Ticket>,
    /// Whether the router is asked to cancel it.
    pub(super) cancels: bool,
    /// Whether what the router makes of it is taken back when nobody wants it any more.
    pub(super) undone: bool,
    /// Whether nothing is left to give up.
    pub(super) over: bool,
}

impl Waits<'_> {
    pub(super) async fn answer(
        mut self,
        answer: impl Future<Output = Result<Answer, RecvError>>,
        deadline: Instant,
    ) -> Result<Answered, Failed> {
        match self.session.home.in_time(deadline, answer).await {
            Ok(Ok(Ok(answer))) => {
                self.over = true;
                Ok(answer)
            }
            Ok(Ok(Err(why))) => Err(self.ended(why)),
            Ok(Err(_)) => Err(self.ended(lost())),
            Err(late) => {
                let sent = self.ticket.give_up();
                Err(Failed::TimedOut {
                    phase: late.phase(match sent {
                        true => TimeoutPhase::FirstByte,
                        false => TimeoutPhase::Write,
                    }),
                    sent,
                })
            }
        }
    }

    fn ended(&self, why: Error) -> Failed {
        let sent = self.ticket.give_up();
        Failed::Ended { why, sent }
    }

    /// Leaves the request under way.
    pub(super) fn into_parts(mut self) -> (u64, Arc<Ticket>) {
        self.over = true;
        (self.id, Arc::clone(&self.ticket))
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        if self.over {
            return;
        }
        if self.undone {
            self.session.abandon(self.id, &self.ticket);
        } else {
            self.session.give_up(self.id, &self.ticket, self.cancels);
        }
    }
}
