//! Frames on their way to the writer.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::ticket::Ticket;
use super::waits::GiveUp;
use super::writer::{Outgoing, Task, Wanted};
use super::{Failed, QUEUE_BYTES, Session};
use crate::error::{Error, TimeoutPhase};

impl Session {
    /// Sends a message to which no answer comes, without waiting for others: a small one that ends something that the router began, of which no more is
    /// read when too many of them wait.
    ///
    /// # Errors
    ///
    /// When it cannot be written or is too large. That the session has ended is no error.
    pub(in crate::wamp) fn send(&self, message: Bytes) -> Result<(), Error> {
        let frame = self.frame(message)?;
        self.shared.send_anyway(&self.outgoing, frame);
        Ok(())
    }

    /// Sends a message to which no answer comes, after those that are ahead of it, once there is room for it.
    pub(in crate::wamp) async fn send_with_room(
        &self,
        deadline: Instant,
        message: Bytes,
    ) -> Result<(), Failed> {
        self.queue(message, Arc::default(), None, deadline).await
    }

    /// Sends a message to which no answer comes, after those that are ahead of it, and waits until it is written.
    pub(in crate::wamp) async fn send_in_turn(
        &self,
        deadline: Instant,
        message: Bytes,
    ) -> Result<(), Failed> {
        let (written, mut done) = oneshot::channel();
        let ticket = GiveUp(Arc::default());
        self.queue(message, Arc::clone(&ticket.0), Some(written), deadline)
            .await?;
        match self.home.in_time(deadline, &mut done).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.failed(ticket.0.give_up())),
            Err(late) => Err(Failed::TimedOut {
                phase: late.phase(TimeoutPhase::Write),
                sent: ticket.0.give_up(),
            }),
        }
    }

    pub(super) fn frame(&self, message: Bytes) -> Result<Message, Error> {
        let too_large = |bytes: usize| crate::wamp::error::too_large(self.limits.outgoing, bytes);
        if message.len() > self.limits.outgoing {
            return Err(too_large(message.len()));
        }
        self.serializer
            .frame(message)
            .map_err(crate::wamp::error::cannot_be_sent)
    }

    pub(super) async fn queue(
        &self,
        message: Bytes,
        ticket: Arc<Ticket>,
        written: Option<oneshot::Sender<()>>,
        deadline: Instant,
    ) -> Result<(), Failed> {
        let frame = self.frame(message).map_err(Failed::NotSent)?;
        let room = match self.try_room(&frame) {
            Some(room) => room,
            None => match self.room(&frame, deadline).await {
                Ok(room) => room,
                Err(failed) => {
                    ticket.give_up();
                    return Err(failed);
                }
            },
        };
        if self.push(frame, Wanted::Request(Arc::clone(&ticket)), written, room) {
            Ok(())
        } else {
            Err(self.failed(ticket.give_up()))
        }
    }

    /// Adds a frame to those that wait; whether it may go out.
    pub(super) fn push(
        &self,
        frame: Message,
        wanted: Wanted,
        written: Option<oneshot::Sender<()>>,
        room: u32,
    ) -> bool {
        let task = Task::Frame(Outgoing {
            frame,
            wanted,
            written,
            room,
        });
        self.outgoing.send(task).is_ok() && self.is_open()
    }

    /// Room for a frame among those that wait, where there is some at once. The writer gives it back.
    pub(super) fn try_room(&self, frame: &Message) -> Option<u32> {
        let bytes = bytes_of(frame);
        self.room.try_acquire_many(bytes).ok()?.forget();
        Some(bytes)
    }

    /// Waits for the same.
    pub(super) async fn room(&self, frame: &Message, deadline: Instant) -> Result<u32, Failed> {
        let bytes = bytes_of(frame);
        let room = async {
            tokio::select! {
                room = self.room.acquire_many(bytes) => match room {
                    Ok(room) => {
                        room.forget();
                        Ok(bytes)
                    }
                    Err(_) => Err(self.failed(false)),
                },
                () = self.ended() => Err(self.failed(false)),
            }
        };
        match self.home.in_time(deadline, room).await {
            Ok(room) => room,
            Err(late) => Err(Failed::TimedOut {
                phase: late.phase(TimeoutPhase::Queue),
                sent: false,
            }),
        }
    }
}

/// What a frame takes of the room, which may be all there is.
fn bytes_of(frame: &Message) -> u32 {
    u32::try_from(frame.len())
        .unwrap_or(u32::MAX)
        .min(QUEUE_BYTES)
}
