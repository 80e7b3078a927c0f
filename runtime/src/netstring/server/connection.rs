//! One connection of a server.

mod arrivals;
mod at_once;
mod notifications;
mod read;
mod write;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::call::{self, Contexts, Outcome};
use super::ids::{Ids, Place};
use super::serving::Door;
use crate::netstring::outbox::Outbox;
use read::End;

/// Bytes of answers that wait to be written, for each connection.
const ROOM: u32 = 32 << 20;
/// How much longer than the time for a call a Kamailio may wait for it.
const LINGER: Duration = Duration::from_millis(250);

/// What is known of an answer on its way out.
struct Answer {
    /// Until when it may be written; for a Kamailio.
    until: Option<Instant>,
    /// What to remember once it is written, where it is that of the call in this place.
    slot: Option<Slot>,
}

/// A call of a Kamailio.
#[derive(Clone)]
struct Slot {
    place: Place,
    /// When it is too late for an answer.
    until: Instant,
    /// How long the peer may keep its place at most.
    kept: Instant,
}

/// What reader, calls and writer of one connection share.
struct Shared {
    door: Arc<Door>,
    ids: Mutex<Ids>,
    answers: Outbox<Answer>,
    /// No more answers come than are there.
    last: CancellationToken,
}

/// What the calls of one connection share.
struct Calls {
    shared: Arc<Shared>,
    contexts: Contexts,
}

pub(super) async fn serve(door: Arc<Door>, stream: TcpStream, peer: SocketAddr) {
    // Only slower without.
    let _ = stream.set_nodelay(true);
    let (incoming, outgoing) = stream.into_split();
    let (gone, over) = (CancellationToken::new(), CancellationToken::new());
    let context = door.setup.context.clone().with_peer(peer);
    let contexts = Contexts {
        call: context.clone().with_cancellation(gone.clone()),
        notification: context.with_cancellation(over.clone()),
        gone: gone.clone(),
    };
    // Work that servants left to others learns that nobody waits any more.
    let _guards = (gone.clone().drop_guard(), over.drop_guard());
    let shared = Arc::new(Shared {
        door: Arc::clone(&door),
        ids: Mutex::default(),
        answers: Outbox::new(ROOM),
        last: CancellationToken::new(),
    });
    let calls = Arc::new(Calls {
        shared: Arc::clone(&shared),
        contexts,
    });
    let mut running = JoinSet::new();
    let mut write = JoinSet::new();
    write.spawn(write::write(Arc::clone(&shared), outgoing));
    let end = tokio::select! {
        end = read::read(&calls, incoming, &mut running) => end,
        // The peer takes no answers any more.
        _ = write.join_next() => End::Cut,
    };
    let finish = match end {
        End::Stopped => true,
        End::Closed => door.setup.finish,
        End::Cut => false,
    };
    if finish {
        let _ = tokio::time::timeout(door.setup.drain, drained(&mut running)).await;
    }
    gone.cancel();
    if matches!(end, End::Stopped) {
        running.shutdown().await;
    }
    // The writer ends after what is there, unless the peer is to hear nothing more.
    shared.last.cancel();
    if finish {
        let written = write.join_next();
        let _ = tokio::time::timeout(door.setup.slow, written).await;
    }
    drop(write);
    // Whoever sent notifications and went has been told that they are sent: they have their time.
    tokio::select! {
        () = drained(&mut running) => {}
        () = stopped(&door) => running.shutdown().await,
    }
}

async fn drained(running: &mut JoinSet<()>) {
    while running.join_next().await.is_some() {}
}

/// Waits until the server is to stop, and then as long as work has to end.
async fn stopped(door: &Door) {
    door.stop.cancelled().await;
    tokio::time::sleep(door.setup.drain).await;
}

async fn work(calls: Arc<Calls>, body: Bytes, slot: Option<Slot>, until: Instant) {
    let door = &calls.door;
    if let Some(slot) = &slot
        && Instant::now() >= slot.until
    {
        // Nobody waits for it any more, so it is not begun.
        calls.late(slot);
        return;
    }
    match call::serve(door, &body, &calls.contexts, until).await {
        Outcome::Nothing | Outcome::GivenUp => {}
        Outcome::Late => {
            if let Some(slot) = &slot {
                calls.late(slot);
            }
        }
        Outcome::Answer(answer) => calls.send(&answer, slot).await,
    }
}

impl std::ops::Deref for Calls {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl Shared {
    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn late(&self, slot: &Slot) {
        self.door.counts.late.add();
        self.ids().late(&slot.place, slot.kept);
    }
}

impl Calls {
    async fn send(&self, answer: &[u8], slot: Option<Slot>) {
        let room = match self.answers.try_room(answer.len()) {
            Some(room) => room,
            None => {
                let room = self.answers.room(answer.len());
                match self.contexts.gone.run_until_cancelled(room).await.flatten() {
                    Some(room) => room,
                    None => return,
                }
            }
        };
        let body = |text: &mut Vec<u8>| text.extend_from_slice(answer);
        // A refusal of a newer call in the same place goes out before or not at all.
        let mut ids = slot.as_ref().map(|_| self.ids());
        if let (Some(ids), Some(slot)) = (&mut ids, &slot) {
            ids.answered(&slot.place);
        }
        let until = slot.as_ref().map(|slot| slot.until);
        self.answers.push(room, Answer { until, slot }, body);
    }
}
