//! Requests as they come in.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::codec::FramedRead;

use super::at_once::{AtOnce, Rest};
use super::{Answer, Calls, LINGER, work};
use crate::netstring::codec::{Codec, FrameError};
use crate::netstring::server::Peer;
use crate::netstring::server::call::{self, Asked};
use crate::netstring::server::ids::{Admission, Place};

/// Bytes of requests that are worked on, for each connection.
const ROOM: u32 = 32 << 20;
/// Others have their turn after so many requests.
const IN_A_ROW: u32 = 64;

/// Why reading ended.
pub(super) enum End {
    /// The peer closed its side.
    Closed,
    /// What came cannot be served, or the peer is too slow.
    Cut,
    /// The server is to stop.
    Stopped,
}

/// How much is worked on at a time.
struct Limits {
    calls: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
}

/// A place among what is worked on.
struct Held {
    _call: OwnedSemaphorePermit,
    _bytes: OwnedSemaphorePermit,
}

impl Limits {
    /// Waits until there is room for one more call.
    async fn ready(&self, bytes: u32) -> Option<()> {
        if self.calls.available_permits() == 0 {
            drop(self.calls.acquire().await.ok()?);
        }
        if self.bytes.available_permits() < bytes as usize {
            drop(self.bytes.acquire_many(bytes).await.ok()?);
        }
        Some(())
    }

    /// Takes that room: only who reads takes any, so that it is there still.
    fn hold(&self, bytes: u32) -> Option<Held> {
        Some(Held {
            _call: Arc::clone(&self.calls).try_acquire_owned().ok()?,
            _bytes: Arc::clone(&self.bytes).try_acquire_many_owned(bytes).ok()?,
        })
    }
}

pub(super) async fn read(
    calls: &Arc<Calls>,
    incoming: OwnedReadHalf,
    running: &mut JoinSet<()>,
) -> End {
    let door = &calls.door;
    let setup = &door.setup;
    let mut frames = FramedRead::new(incoming, Codec::new(setup.request_bytes));
    let limits = Limits {
        calls: Arc::new(Semaphore::new(setup.calls)),
        bytes: Arc::new(Semaphore::new(ROOM as usize)),
    };
    let mut look = tokio::time::interval(setup.slow);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut came, mut came_before, mut was_inside) = (0u64, 0, false);
    let (mut at_once, mut in_a_row) = (AtOnce::default(), 0);
    loop {
        let body = tokio::select! {
            biased;
            frame = frames.next() => match frame {
                Some(Ok(body)) => body,
                Some(Err(FrameError::Io(_))) | None => return End::Closed,
                Some(Err(_)) => {
                    door.counts.broken.add();
                    return End::Cut;
                }
            },
            () = door.stop.cancelled() => return End::Stopped,
            _ = look.tick() => {
                let inside = frames.decoder().is_inside() || !frames.read_buffer().is_empty();
                if inside && was_inside && came == came_before {
                    door.counts.slow.add();
                    return End::Cut;
                }
                (was_inside, came_before) = (inside, came);
                continue;
            }
        };
        came += 1;
        in_a_row += 1;
        if in_a_row == IN_A_ROW {
            in_a_row = 0;
            if door.stop.is_cancelled() {
                return End::Stopped;
            }
            tokio::task::yield_now().await;
        }
        let arrived = Instant::now();
        while !running.is_empty() && running.try_join_next().is_some() {}
        let place = match setup.peer {
            Peer::JsonRpc => None,
            Peer::Kamailio => match admit(calls, &body, &limits.calls, arrived) {
                Ok(place) => place,
                Err(Some(end)) => return end,
                Err(None) => continue,
            },
        };
        let bytes = u32::try_from(body.len()).unwrap_or(ROOM).min(ROOM);
        if limits.ready(bytes).await.is_none() {
            return End::Cut;
        }
        let work = work(Arc::clone(calls), body, place, arrived);
        let rest = match setup.peer {
            // Its calls have their time from when they come in, and what is read late is answered late.
            Peer::Kamailio => Some(Box::pin(work) as Rest),
            Peer::JsonRpc => at_once.begin(arrived, work).await,
        };
        let Some(rest) = rest else {
            continue;
        };
        let Some(held) = limits.hold(bytes) else {
            return End::Cut;
        };
        running.spawn(async move {
            let _held = held;
            rest.await;
        });
    }
}

/// Whether a call of a Kamailio is served, and where the module keeps it.
fn admit(
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
    // As long as this is held, no answer to an older call in the same place gets in between.
    let mut ids = calls.ids();
    let slot = match ids.admit(&id, now) {
        Admission::Serve if turns.available_permits() > 0 => return Ok(Some(place)),
        Admission::Serve => Some((place, now + door.setup.deadline)),
        // The place is that of the older call.
        Admission::Refuse => None,
        Admission::Silence => {
            door.counts.unsafe_ids.add();
            return Err(None);
        }
    };
    let answer = call::busy(&door.setup, &id);
    // Without room it takes no answers, and one that comes later may be too late.
    let room = calls.answers.try_room(answer.len());
    match (room, slot) {
        (Some(room), slot) => {
            if let Some((place, _)) = &slot {
                ids.answered(place);
            }
            door.counts.busy.add();
            let body = |text: &mut Vec<u8>| text.extend_from_slice(&answer);
            calls.answers.push(room, Answer { slot }, body);
        }
        (None, slot) => {
            door.counts.unsafe_ids.add();
            if let Some((place, until)) = slot {
                ids.late(&place, until + LINGER);
            }
        }
    }
    Err(None)
}
