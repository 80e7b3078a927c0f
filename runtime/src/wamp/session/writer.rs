//! The task that writes.

use std::sync::Arc;
use std::time::Duration;

use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use super::answer::Answer;
use super::backlog::Backlog;
use super::keepalive::{Heard, Pulse};
use super::shared::{End, Shared};
use super::ticket::Ticket;
use super::{FAR, Limits, lost};
use crate::error::Error;
use crate::waiting::Slot;
use crate::wamp::error::Silence;
use crate::wamp::socket::{self, Socket};

/// Frames that are written at a time.
const BATCH: usize = 64;

/// What the writer is to do.
pub(super) enum Task {
    Frame(Outgoing),
    /// End the connection, with a code and a reason.
    Close(u16, &'static str),
}

/// A frame that waits to be written.
pub(super) struct Outgoing {
    pub(super) frame: Message,
    pub(super) wanted: Wanted,
    pub(super) written: Option<oneshot::Sender<()>>,
    /// The room that it has, in bytes.
    pub(super) room: u32,
}

/// Whether a frame is still wanted.
pub(super) enum Wanted {
    /// It has no room, and counts in the backlog.
    Always,
    /// As long as somebody waits for the call.
    Call(Arc<Slot<Answer>>),
    /// As long as somebody waits for what was asked.
    Request(Arc<Ticket>),
}

impl Shared {
    /// Adds a small frame to those that wait, whatever room there is.
    pub(super) fn send_anyway(&self, outgoing: &mpsc::UnboundedSender<Task>, frame: Message) {
        self.backlog.add(Backlog::size(frame.len()));
        let _ = outgoing.send(Task::Frame(Outgoing {
            frame,
            wanted: Wanted::Always,
            written: None,
            room: 0,
        }));
    }
}

impl Wanted {
    /// From now on it may have gone out.
    fn take(&self) -> bool {
        match self {
            Self::Always => true,
            Self::Call(slot) => slot.take(),
            Self::Request(ticket) => ticket.take(),
        }
    }
}

pub(super) async fn write(
    mut sink: SplitSink<Socket, Message>,
    (taken, heard): (socket::Bytes, socket::Bytes),
    mut tasks: mpsc::UnboundedReceiver<Task>,
    shared: Arc<Shared>,
    room: Arc<Semaphore>,
    limits: Limits,
) {
    let between = limits.ping.min(FAR);
    let mut pulse = tokio::time::interval_at(Instant::now() + between, between);
    pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut silence = Heard::new(heard.get());
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let ping = tokio::select! {
            count = tasks.recv_many(&mut batch, BATCH) => {
                if count == 0 {
                    return;
                }
                false
            }
            _ = pulse.tick() => match silence.look(heard.get()) {
                Pulse::Alive => continue,
                Pulse::Ask => true,
                Pulse::Dead => {
                    let why = lost().with_source(Silence(limits.ping));
                    shared.finish(End::Broken(why));
                    return;
                }
            },
        };
        let out = out(&mut sink, &mut batch, &room, &shared.backlog, ping);
        match while_taken(out, &taken, limits.write).await {
            Some(Ok(true)) => {}
            Some(Ok(false)) => return,
            Some(Err(why)) => return shared.finish(End::Broken(why)),
            None => return shared.finish(End::Broken(lost())),
        }
    }
}

/// What comes of writing, however long it takes; nothing when not a single byte is taken for so long.
pub(super) async fn while_taken<T>(
    writing: impl Future<Output = T>,
    taken: &socket::Bytes,
    limit: Duration,
) -> Option<T> {
    let mut writing = std::pin::pin!(writing);
    loop {
        let before = taken.get();
        match tokio::time::timeout(limit, &mut writing).await {
            Ok(written) => return Some(written),
            Err(_) if taken.get() == before => return None,
            Err(_) => {}
        }
    }
}

/// Writes a batch; false when the connection was ended.
async fn out(
    sink: &mut SplitSink<Socket, Message>,
    batch: &mut Vec<Task>,
    room: &Semaphore,
    backlog: &Backlog,
    ping: bool,
) -> Result<bool, Error> {
    let lost = |error| lost().with_source(error);
    if ping {
        sink.feed(Message::Ping(Bytes::new())).await.map_err(lost)?;
    }
    // What was given back when it is written, and not before.
    let mut done = Vec::new();
    let (mut bytes, mut small) = (0, 0);
    for task in batch.drain(..) {
        match task {
            Task::Frame(outgoing) => {
                bytes += outgoing.room as usize;
                if matches!(outgoing.wanted, Wanted::Always) {
                    small += Backlog::size(outgoing.frame.len());
                }
                if !outgoing.wanted.take() {
                    continue;
                }
                sink.feed(outgoing.frame).await.map_err(lost)?;
                done.extend(outgoing.written);
            }
            Task::Close(code, reason) => {
                let frame = CloseFrame {
                    code: code.into(),
                    reason: reason.into(),
                };
                // The other side may have gone already.
                let _ = sink.send(Message::Close(Some(frame))).await;
                return Ok(false);
            }
        }
    }
    sink.flush().await.map_err(lost)?;
    room.add_permits(bytes);
    backlog.written(small);
    for written in done {
        let _ = written.send(());
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_takes_bytes_slowly_is_waited_for_and_who_takes_none_is_not() {
        let taken = socket::Bytes::default();
        let limit = Duration::from_secs(10);
        let slow = async {
            for _ in 0..20 {
                tokio::time::sleep(Duration::from_secs(7)).await;
                taken.add(1);
            }
        };
        assert_eq!(while_taken(slow, &taken, limit).await, Some(()));
        let stuck = std::future::pending::<()>();
        let begun = Instant::now();
        assert_eq!(while_taken(stuck, &taken, limit).await, None);
        assert_eq!(begun.elapsed(), limit);
    }
}
