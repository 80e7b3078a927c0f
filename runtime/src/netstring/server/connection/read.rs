//! Requests as they come in.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::codec::FramedRead;

use super::arrivals::{Arrivals, BEAT};
use super::at_once::AtOnce;
use super::notifications::Notifications;
use super::{Answer, Calls, LINGER, Slot, work};
use crate::netstring::codec::{Codec, FrameError};
use crate::netstring::server::Peer;
use crate::netstring::server::call::{self, Asked};
use crate::netstring::server::ids::{Admission, Place};

/// Bytes of requests that are worked on, for each connection; of notifications of a Kamailio as many again.
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
    // A Kamailio waits for its calls from when it has sent them, however late they are read.
    let is_timed = setup.peer == Peer::Kamailio;
    let incoming = Arrivals::new(incoming, is_timed);
    let mut frames = FramedRead::new(incoming, Codec::new(setup.request_bytes));
    let notifications = Notifications::new(Arc::clone(door));
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
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
            // What is there now is looked for in the next turn.
            _ = beat.tick(), if is_timed => continue,
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
        let now = Instant::now();
        while !running.is_empty() && running.try_join_next().is_some() {}
        let bytes = u32::try_from(body.len()).unwrap_or(ROOM).min(ROOM);
        if is_timed {
            // Nothing here may wait: a call behind would be read late.
            let arrived = frames.get_ref().earliest();
            match admit(calls, &body, &limits, bytes, arrived, now) {
                Admitted::Call(slot, held) => {
                    let until = slot.until;
                    let work = work(Arc::clone(calls), body, Some(slot), until);
                    spawn(running, Some(held), work);
                }
                Admitted::Notification => notifications.take_in(calls, body, running),
                Admitted::Over => {}
                Admitted::Cut => {
                    door.counts.broken.add();
                    return End::Cut;
                }
            }
            continue;
        }
        tokio::select! {
            biased;
            _ = limits.ready(bytes) => {}
            // This one is worked on all the same, since it has been read.
            () = door.stop.cancelled() => {}
        }
        let work = work(Arc::clone(calls), body, None, now + setup.deadline);
        if let Some(rest) = at_once.begin(now, work).await {
            spawn(running, limits.hold(bytes), rest);
        }
    }
}

fn spawn(
    running: &mut JoinSet<()>,
    held: Option<Held>,
    work: impl Future<Output = ()> + Send + 'static,
) {
    running.spawn(async move {
        let _held = held;
        work.await;
    });
}

/// What becomes of a request of a Kamailio.
enum Admitted {
    Call(Slot, Held),
    Notification,
    /// It was refused.
    Over,
    /// It is no request.
    Cut,
}

/// Whether a call of a Kamailio that came in at that time, at the earliest, is served, and where the module keeps it.
fn admit(
    calls: &Arc<Calls>,
    body: &Bytes,
    limits: &Limits,
    bytes: u32,
    arrived: Instant,
    now: Instant,
) -> Admitted {
    let door = &calls.door;
    let id = match call::look(body) {
        Asked::Call(id) => id,
        Asked::Notification => return Admitted::Notification,
        Asked::Nothing => return Admitted::Cut,
    };
    let slot = Slot {
        place: Place::of(&id),
        until: arrived + door.setup.deadline,
        kept: now + door.setup.deadline + LINGER,
    };
    let until = Some(slot.until);
    // As long as this is held, no answer to an older call in the same place gets in between.
    let mut ids = calls.ids();
    let slot = match ids.admit(&id, arrived) {
        Admission::Serve => match limits.hold(bytes) {
            Some(held) => return Admitted::Call(slot, held),
            None => Some(slot),
        },
        // The place is that of the older call.
        Admission::Refuse => None,
        Admission::Silence => {
            door.counts.unsafe_ids.add();
            return Admitted::Over;
        }
    };
    let answer = call::busy(&door.setup, &id);
    // Without room it takes no answers, and one that comes later may be too late.
    match calls.answers.try_room(answer.len()) {
        Some(room) => {
            if let Some(slot) = &slot {
                ids.answered(&slot.place);
            }
            door.counts.busy.add();
            let body = |text: &mut Vec<u8>| text.extend_from_slice(&answer);
            calls.answers.push(room, Answer { until, slot }, body);
        }
        None => {
            door.counts.unsafe_ids.add();
            if let Some(slot) = slot {
                ids.late(&slot.place, slot.kept);
            }
        }
    }
    Admitted::Over
}
