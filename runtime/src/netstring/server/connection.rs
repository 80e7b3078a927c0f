//! One connection of a server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::codec::FramedRead;
use tokio_util::sync::CancellationToken;

use super::Peer;
use super::call::{self, Asked, Outcome};
use super::ids::{Admission, Ids, Place};
use super::serving::Door;
use crate::netstring::codec::{self, Codec};

/// Bytes of requests that are worked on, and of answers that wait to be written, for each connection.
const ROOM: u32 = 32 << 20;
/// Answers that wait to be written.
const QUEUE: usize = 1024;
/// Answers that are written at a time, where that is allowed.
const BATCH: usize = 64;
/// Bytes that they have together. A larger answer is written alone.
const KEPT: usize = 64 << 10;
/// How much longer than the time for a call a Kamailio may wait for it.
const LINGER: Duration = Duration::from_millis(250);

/// An answer on its way out.
struct Answer {
    frame: Bytes,
    /// What to remember once it is written, and until when it may be; for a Kamailio.
    slot: Option<(Place, Instant)>,
    _room: OwnedSemaphorePermit,
}

/// What reader, calls and writer of one connection share.
struct Shared {
    door: Arc<Door>,
    ids: Mutex<Ids>,
}

/// What the calls of one connection share.
struct Calls {
    shared: Arc<Shared>,
    peer: SocketAddr,
    answers: mpsc::Sender<Answer>,
    room: Arc<Semaphore>,
    gone: CancellationToken,
}

/// Why reading ended.
enum End {
    /// The peer closed its side.
    Closed,
    /// What came cannot be served, or the peer is too slow.
    Cut,
    /// The server is to stop.
    Stopped,
}

async fn room(room: &Arc<Semaphore>, bytes: usize) -> Option<OwnedSemaphorePermit> {
    let bytes = u32::try_from(bytes).unwrap_or(ROOM).min(ROOM);
    Arc::clone(room).acquire_many_owned(bytes).await.ok()
}

pub(super) async fn serve(door: Arc<Door>, stream: TcpStream, peer: SocketAddr) {
    // Only slower without.
    let _ = stream.set_nodelay(true);
    let (incoming, outgoing) = stream.into_split();
    let (answers, queue) = mpsc::channel(QUEUE);
    let gone = CancellationToken::new();
    // Work that servants left to others learns that nobody waits any more.
    let _guard = gone.clone().drop_guard();
    let shared = Arc::new(Shared {
        door: Arc::clone(&door),
        ids: Mutex::default(),
    });
    let calls = Arc::new(Calls {
        shared: Arc::clone(&shared),
        peer,
        answers,
        room: Arc::new(Semaphore::new(ROOM as usize)),
        gone: gone.clone(),
    });
    let mut running = JoinSet::new();
    let mut write = JoinSet::new();
    write.spawn(self::write(shared, outgoing, queue));
    let end = tokio::select! {
        end = read(&calls, incoming, &mut running) => end,
        // The peer takes no answers any more.
        _ = write.join_next() => return,
    };
    let finish = match end {
        End::Stopped => true,
        End::Closed => door.setup.finish,
        End::Cut => false,
    };
    if finish {
        let drained = async { while running.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(door.setup.drain, drained).await;
    }
    running.shutdown().await;
    // Without the senders the writer ends after what is queued, unless the peer is to hear nothing more.
    drop(calls);
    if finish {
        let written = write.join_next();
        let _ = tokio::time::timeout(door.setup.slow, written).await;
    }
}

async fn read(calls: &Arc<Calls>, incoming: OwnedReadHalf, running: &mut JoinSet<()>) -> End {
    let door = &calls.door;
    let setup = &door.setup;
    let mut frames = FramedRead::new(incoming, Codec::new(setup.request_bytes));
    let turns = Arc::new(Semaphore::new(setup.calls));
    let request_room = Arc::new(Semaphore::new(ROOM as usize));
    let mut look = tokio::time::interval(setup.slow);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut came, mut came_before, mut was_inside) = (0u64, 0, false);
    loop {
        let body = tokio::select! {
            frame = frames.next() => match frame {
                Some(Ok(body)) => body,
                Some(Err(codec::FrameError::Io(_))) | None => return End::Closed,
                Some(Err(_)) => {
                    door.counts.broken.add();
                    return End::Cut;
                }
            },
            _ = look.tick() => {
                let inside = frames.decoder().is_inside() || !frames.read_buffer().is_empty();
                if inside && was_inside && came == came_before {
                    door.counts.slow.add();
                    return End::Cut;
                }
                (was_inside, came_before) = (inside, came);
                continue;
            }
            () = door.stop.cancelled() => return End::Stopped,
        };
        came += 1;
        let arrived = Instant::now();
        while running.try_join_next().is_some() {}
        let place = match setup.peer {
            Peer::JsonRpc => None,
            Peer::Kamailio => match admit(calls, &body, &turns, arrived).await {
                Ok(place) => place,
                Err(Some(end)) => return end,
                Err(None) => continue,
            },
        };
        let Ok(turn) = Arc::clone(&turns).acquire_owned().await else {
            return End::Cut;
        };
        let Some(held) = room(&request_room, body.len()).await else {
            return End::Cut;
        };
        let calls = Arc::clone(calls);
        running.spawn(async move {
            let _held = (turn, held);
            work(&calls, &body, place, arrived).await;
        });
    }
}

/// Whether a call of a Kamailio is served, and where the module keeps it.
async fn admit(
    calls: &Arc<Calls>,
    body: &Bytes,
    turns: &Semaphore,
    now: Instant,
) -> Result<Option<Place>, Option<End>> {
    let door = &calls.door;
    let id = match call::look(body) {
        Asked::Call(id) => id,
        Asked::Notification => return Ok(None),
        Asked::Nothing => {
            door.counts.broken.add();
            return Err(Some(End::Cut));
        }
    };
    let place = Place::of(&id);
    let admission = calls.ids().admit(&id, now);
    let refuse = match admission {
        Admission::Serve if turns.available_permits() > 0 => return Ok(Some(place)),
        Admission::Serve => {
            calls.ids().answered(&place);
            true
        }
        Admission::Refuse => true,
        Admission::Silence => false,
    };
    if !refuse {
        door.counts.unsafe_ids.add();
        return Err(None);
    }
    door.counts.busy.add();
    let answer = call::busy(&door.setup, &id);
    let slot = match admission {
        Admission::Serve => Some((place, now + door.setup.deadline)),
        // The place is that of the older call.
        _ => None,
    };
    calls.send(&answer, slot).await;
    Err(None)
}

async fn work(calls: &Arc<Calls>, body: &Bytes, place: Option<Place>, arrived: Instant) {
    let door = &calls.door;
    let until = arrived + door.setup.deadline;
    let context = door
        .setup
        .context
        .clone()
        .with_peer(calls.peer)
        .with_deadline(until.into_std())
        .with_cancellation(calls.gone.clone());
    match call::serve(door, body, context, until).await {
        Outcome::Nothing => {}
        Outcome::Late => {
            if let Some(place) = place {
                calls.late(&place, until);
            }
        }
        Outcome::Answer(answer) => {
            if let Some(place) = &place {
                calls.ids().answered(place);
            }
            calls.send(&answer, place.map(|place| (place, until))).await;
        }
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

    fn late(&self, place: &Place, until: Instant) {
        self.door.counts.late.add();
        self.ids().late(place, until + LINGER);
    }
}

impl Calls {
    async fn send(&self, answer: &[u8], slot: Option<(Place, Instant)>) {
        let Some(room) = room(&self.room, answer.len()).await else {
            return;
        };
        let answer = Answer {
            frame: codec::frame(answer),
            slot,
            _room: room,
        };
        // The peer may be gone.
        let _ = self.answers.send(answer).await;
    }
}

async fn write(calls: Arc<Shared>, wire: OwnedWriteHalf, answers: mpsc::Receiver<Answer>) {
    match calls.door.setup.peer {
        Peer::Kamailio => write_each(calls, wire, answers).await,
        Peer::JsonRpc => write_together(calls, wire, answers).await,
    }
}

/// Those that wait go out in one write, as far as they are small: the time for a write is that for one answer.
async fn write_together(
    calls: Arc<Shared>,
    mut wire: OwnedWriteHalf,
    mut answers: mpsc::Receiver<Answer>,
) {
    let (mut batch, mut text) = (Vec::with_capacity(BATCH), Vec::new());
    while answers.recv_many(&mut batch, BATCH).await > 0 {
        while !batch.is_empty() {
            let count = fitting(&batch);
            let bytes: &[u8] = match &batch[..count] {
                [one] => &one.frame,
                several => {
                    text.clear();
                    for answer in several {
                        text.extend_from_slice(&answer.frame);
                    }
                    &text
                }
            };
            let written = wire.write_all(bytes);
            match tokio::time::timeout(calls.door.setup.slow, written).await {
                Ok(Ok(())) => (0..count).for_each(|_| calls.door.counts.answers.add()),
                Ok(Err(_)) => return,
                Err(_) => {
                    calls.door.counts.slow.add();
                    return;
                }
            }
            batch.drain(..count);
        }
    }
}

/// How many of these, at least one, have room in one write.
fn fitting(batch: &[Answer]) -> usize {
    let mut left = KEPT;
    let fits = |answer: &&Answer| match left.checked_sub(answer.frame.len()) {
        Some(less) => {
            left = less;
            true
        }
        None => false,
    };
    batch.iter().take_while(fits).count().max(1)
}

/// One write for each frame: `jsonrpcc` drops connections over which an answer comes in pieces.
async fn write_each(
    calls: Arc<Shared>,
    mut wire: OwnedWriteHalf,
    mut answers: mpsc::Receiver<Answer>,
) {
    while let Some(answer) = answers.recv().await {
        let now = Instant::now();
        if let Some((place, until)) = &answer.slot
            && now >= *until
        {
            calls.late(place, *until);
            continue;
        }
        let written = wire.write_all(&answer.frame);
        match tokio::time::timeout(calls.door.setup.slow, written).await {
            Ok(Ok(())) => calls.door.counts.answers.add(),
            Ok(Err(_)) => return,
            Err(_) => {
                calls.door.counts.slow.add();
                return;
            }
        }
        if let Some((place, _)) = &answer.slot {
            calls.ids().written(place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn small_answers_are_written_together_and_large_ones_alone() {
        let all = Arc::new(Semaphore::new(ROOM as usize));
        let mut batch = Vec::new();
        for bytes in [10, KEPT - 10, 1, KEPT, KEPT + 1, 5] {
            batch.push(Answer {
                frame: vec![b'x'; bytes].into(),
                slot: None,
                _room: room(&all, bytes).await.unwrap(),
            });
        }
        let mut writes = Vec::new();
        while !batch.is_empty() {
            let count = fitting(&batch);
            writes.push(count);
            batch.drain(..count);
        }
        assert_eq!(writes, [2, 1, 1, 1, 1]);
    }
}
