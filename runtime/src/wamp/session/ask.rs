//! Requests of what stands beside the caller: REGISTER, SUBSCRIBE and their like.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::answer::{Answer, Answered};
use super::kept::Kept;
use super::shared::Waiting;
use super::ticket::Ticket;
use super::waits::Waits;
use super::{Failed, Session};

impl Session {
    /// Sends the request that `message` makes for the id that it gets, and waits for the answer: REGISTER, SUBSCRIBE and their like.
    ///
    /// `accept` sees the answer before any message behind it is looked at, so that what stands in the answer is known when it is used.
    pub(in crate::wamp) async fn request(
        &self,
        deadline: Instant,
        message: impl FnOnce(u64) -> Bytes,
        accept: impl FnOnce(&Answered) + Send + 'static,
    ) -> Result<Answered, Failed> {
        self.ask(deadline, message, accept, None::<fn(u64)>).await
    }

    /// The same for a request that makes something on the router. When it was given up after it had gone out, and the router did it all
    /// the same, `undo` gets the id of what was made: in the reader, or where who waited is dropped with an answer that nobody took. So it
    /// must not wait for anything, nor need a runtime around it.
    pub(in crate::wamp) async fn request_or_undo(
        &self,
        deadline: Instant,
        message: impl FnOnce(u64) -> Bytes,
        accept: impl FnOnce(&Answered) + Send + 'static,
        undo: impl FnOnce(u64) + Send + 'static,
    ) -> Result<Answered, Failed> {
        self.ask(deadline, message, accept, Some(undo)).await
    }

    async fn ask(
        &self,
        deadline: Instant,
        message: impl FnOnce(u64) -> Bytes,
        accept: impl FnOnce(&Answered) + Send + 'static,
        undo: Option<impl FnOnce(u64) + Send + 'static>,
    ) -> Result<Answered, Failed> {
        let (sender, answer) = oneshot::channel();
        let undone = undo.is_some();
        let (undo, answer) = Kept::new(answer, undo);
        let waiting = Waiting::Then(Box::new(move |answer: Answer| {
            if let (Ok(answer), false) = (&answer, sender.is_closed()) {
                accept(answer);
            }
            // Who waited may have given up.
            if let Err(Ok(Answered::Done { id })) = sender.send(answer) {
                undo.run(id);
            }
        }));
        let mut waits = self.wait(waiting)?;
        waits.undone = undone;
        self.queue(message(waits.id), Arc::clone(&waits.ticket), None, deadline)
            .await?;
        waits.answer(answer, deadline).await
    }

    /// Takes an id that nothing waits for.
    pub(super) fn wait(&self, waiting: Waiting) -> Result<Waits<'_>, Failed> {
        let id = self.take_id();
        if !self.shared.wait(id, waiting, None) {
            return Err(self.failed(false));
        }
        Ok(Waits {
            session: self,
            id,
            ticket: Arc::default(),
            cancels: false,
            undone: false,
            over: false,
        })
    }

    /// Lets a request that makes something wait on for an answer that nobody wants, where it may have gone out.
    pub(super) fn abandon(&self, id: u64, ticket: &Ticket) {
        if ticket.give_up() {
            self.shared.abandon(id);
        } else {
            self.shared.forget(id);
        }
    }
}
