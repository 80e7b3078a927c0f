//! A call with one answer.

use std::sync::Arc;

use bytes::Bytes;
use tokio::time::Instant;

use super::answer::{Answer, Answered};
use super::shared::Waiting;
use super::writer::Wanted;
use super::{Failed, Session};
use crate::error::TimeoutPhase;
use crate::waiting::{End, Slot};

impl Session {
    /// Sends the call that `message` makes for the id that it gets, and waits for the answer. Given up when it is dropped: what was not
    /// written then is never sent, else the router is asked to cancel it.
    pub(in crate::wamp) async fn call(
        &self,
        deadline: Instant,
        message: impl FnOnce(u64) -> Bytes,
    ) -> Result<Answered, Failed> {
        let slot = Arc::<Slot<Answer>>::default();
        let id = self.take_id();
        if !self
            .shared
            .wait(id, Waiting::One(Arc::clone(&slot)), Some(deadline))
        {
            return Err(self.failed(false));
        }
        let mut called = Called {
            session: self,
            id,
            slot,
            over: false,
        };
        let frame = self.frame(message(id)).map_err(Failed::NotSent)?;
        let room = match self.try_room(&frame) {
            Some(room) => room,
            None => Box::pin(self.room(&frame, deadline)).await?,
        };
        let wanted = Wanted::Call(Arc::clone(&called.slot));
        self.push(frame, wanted, None, room);
        let end = called.slot.ended(&self.home, deadline).await;
        called.over = true;
        match end {
            End::Answered(Ok(answer)) => Ok(answer),
            End::Answered(Err(why)) => Err(Failed::Ended {
                why,
                sent: called.slot.give_up(),
            }),
            End::Late(late) => {
                let sent = called.slot.give_up();
                self.shared.forget(id);
                if sent {
                    self.cancel_early(id);
                }
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
}

/// A call that waits for its answer; dropping it gives it up.
struct Called<'s> {
    session: &'s Session,
    id: u64,
    slot: Arc<Slot<Answer>>,
    /// Whether the end has come.
    over: bool,
}

impl Drop for Called<'_> {
    fn drop(&mut self) {
        if !self.over {
            let sent = self.slot.leave();
            let waited = self.session.shared.forget(self.id);
            if waited && sent {
                self.session.cancel_early(self.id);
            }
        }
    }
}
