//! One connection on which many calls are under way, told apart by their ids.

mod reader;
mod silence;
mod writer;

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::outbox::{Outbox, Room};
use crate::error::{Error, ErrorKind, TimeoutPhase};
use crate::waiting::{self, End, Home, NotAdded, Table};
use silence::{Heard, Silence};
use writer::Ends;

/// Bytes of frames that wait to be written.
const QUEUE_BYTES: u32 = 4 << 20;
/// The largest id; peers exist that read ids as 32 bits.
const LAST_ID: u64 = i32::MAX as u64;

/// What a connection keeps to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The largest answer, in bytes.
    pub(super) answer: usize,
    /// How long the other side may take no bytes.
    pub(super) write: Duration,
    /// How many calls may wait at a time.
    pub(super) waiting: usize,
    /// How many calls in a row may end without a byte from the server until it counts as silent; 0: it never does.
    pub(super) silent: u32,
}

/// Why a call did not end with an answer.
#[derive(Debug)]
pub(super) enum Failed {
    /// The connection ended; whether the request may have gone out.
    Ended { why: Error, sent: bool },
    /// The time was over.
    TimedOut { phase: TimeoutPhase, sent: bool },
    /// As many calls wait as may; nothing was sent.
    Full,
}

/// Where the body of an answer goes, or why none comes.
type Slot = waiting::Slot<Result<Bytes, Error>>;

/// What is known of a frame that waits to be written.
struct Mark {
    slot: Arc<Slot>,
    /// Whether the slot is told when it has been written.
    tells: bool,
}

struct Shared {
    /// Calls that wait.
    calls: Table<Arc<Slot>>,
    outbox: Outbox<Mark>,
    /// Why it ended.
    why: Mutex<Option<Error>>,
    ended: CancellationToken,
    silence: Silence,
    answered: AtomicBool,
    dropped: AtomicU64,
    other_versions: AtomicU64,
}

/// A connection. It ends when it is dropped.
pub(super) struct Connection {
    shared: Arc<Shared>,
    next: AtomicU64,
    most: usize,
    /// The runtime of its tasks.
    home: Home,
    tasks: [AbortHandle; 2],
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn lost() -> Error {
    ErrorKind::ConnectionLost.into()
}

impl Connection {
    /// Begins to read and write. `was_silent`: whether the server was silent on the connection before.
    pub(super) fn open(
        incoming: impl AsyncRead + Unpin + Send + 'static,
        outgoing: impl AsyncWrite + Unpin + Send + 'static,
        limits: Limits,
        was_silent: bool,
    ) -> Self {
        let shared = Arc::new(Shared {
            calls: Table::new(),
            outbox: Outbox::new(QUEUE_BYTES),
            why: Mutex::new(None),
            ended: CancellationToken::new(),
            silence: Silence::new(limits.silent, was_silent),
            answered: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
            other_versions: AtomicU64::new(0),
        });
        let writes = Ends(Arc::clone(&shared));
        let write = tokio::spawn(async move {
            let why = writer::write(outgoing, &writes.0.outbox, limits.write).await;
            writes.0.end(why);
        });
        let reads = Ends(Arc::clone(&shared));
        let read = tokio::spawn(async move {
            let incoming = Heard {
                wire: incoming,
                silence: &reads.0.silence,
            };
            tokio::select! {
                biased;
                // First, since there may always be something to read.
                () = reads.0.calls.watch() => {}
                why = reader::read(incoming, &reads.0, limits.answer) => reads.0.end(why),
            }
        });
        Self {
            shared,
            next: AtomicU64::new(1),
            most: limits.waiting,
            home: Home::here(),
            tasks: [write.abort_handle(), read.abort_handle()],
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.shared.ended.is_cancelled()
    }

    pub(super) async fn ended(&self) {
        self.shared.ended.cancelled().await;
    }

    /// Whether any answer came.
    pub(super) fn has_answered(&self) -> bool {
        self.shared.answered.load(Ordering::Relaxed)
    }

    /// Whether the server takes calls and says nothing.
    pub(super) fn is_silent(&self) -> bool {
        self.shared.silence.is_silent()
    }

    /// Whether a call may find out if the server is still silent: one for each connection.
    pub(super) fn probe(&self) -> bool {
        self.shared.silence.probe()
    }

    /// Calls that wait.
    pub(super) fn waiting(&self) -> usize {
        self.shared.calls.len()
    }

    /// What came and was for nobody.
    pub(super) fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }

    /// Answers that do not say that they are JSON-RPC 2.0.
    pub(super) fn other_versions(&self) -> u64 {
        self.shared.other_versions.load(Ordering::Relaxed)
    }

    /// Sends what `request` writes for the id that the call gets, about so many bytes, and waits for the answer to it. Given up when it
    /// is dropped; what was not yet written then is never sent.
    pub(super) async fn call(
        &self,
        deadline: Instant,
        bytes: usize,
        request: impl FnOnce(u64, &mut Vec<u8>),
    ) -> Result<(Bytes, u64), Failed> {
        let began = Instant::now();
        // Those that wait for room count, too.
        let mut waits = self.wait(deadline)?;
        let room = match self.shared.outbox.try_room(bytes) {
            Some(room) => room,
            None => Box::pin(self.room(bytes, deadline)).await?,
        };
        let id = waits.id;
        let mark = Mark {
            slot: Arc::clone(&waits.slot),
            tells: false,
        };
        let body = |text: &mut Vec<u8>| request(id, text);
        self.shared.outbox.push(room, mark, body);
        let end = waits.slot.ended(&self.home, deadline).await;
        waits.over = matches!(end, End::Answered(_));
        match end {
            End::Answered(Ok(body)) => Ok((body, id)),
            End::Answered(Err(why)) => Err(Failed::Ended {
                why,
                sent: waits.slot.give_up(),
            }),
            End::Late(late) => {
                let sent = waits.slot.give_up();
                let phase = late.phase(match sent {
                    true => TimeoutPhase::FirstByte,
                    false => TimeoutPhase::Write,
                });
                // What nobody reads says nothing of the server.
                if phase == TimeoutPhase::FirstByte {
                    self.shared.silence.late(began);
                }
                Err(Failed::TimedOut { phase, sent })
            }
        }
    }

    /// Sends a frame to which no answer comes, and waits until it is written.
    pub(super) async fn notify(&self, deadline: Instant, body: &[u8]) -> Result<(), Failed> {
        let room = self.room(body.len(), deadline).await?;
        // No answer must pass for it, so it has no id.
        let left = Left(Arc::default());
        let mark = Mark {
            slot: Arc::clone(&left.0),
            tells: true,
        };
        let write = |text: &mut Vec<u8>| text.extend_from_slice(body);
        self.shared.outbox.push(room, mark, write);
        let written = async {
            tokio::select! {
                biased;
                _ = poll_fn(|context| left.0.poll(context)) => Ok(()),
                () = self.shared.ended.cancelled() => Err(Failed::Ended {
                    why: self.why(),
                    sent: left.0.give_up(),
                }),
            }
        };
        match self.home.in_time(deadline, written).await {
            Ok(written) => written,
            Err(late) => Err(Failed::TimedOut {
                phase: late.phase(TimeoutPhase::Write),
                sent: left.0.give_up(),
            }),
        }
    }

    /// Waits for room among the frames that are to be written.
    async fn room(&self, bytes: usize, deadline: Instant) -> Result<Room, Failed> {
        // What has room at once costs no timer.
        if let Some(room) = self.shared.outbox.try_room(bytes) {
            return Ok(room);
        }
        let room = async {
            tokio::select! {
                biased;
                room = self.shared.outbox.room(bytes) => room.ok_or_else(|| self.not_sent()),
                () = self.shared.ended.cancelled() => Err(self.not_sent()),
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

    fn not_sent(&self) -> Failed {
        Failed::Ended {
            why: self.why(),
            sent: false,
        }
    }

    fn why(&self) -> Error {
        lock(&self.shared.why).clone().unwrap_or_else(lost)
    }

    /// Takes an id that no call waits for.
    fn wait(&self, deadline: Instant) -> Result<Waits<'_>, Failed> {
        let ids = || (self.next.fetch_add(1, Ordering::Relaxed) - 1) % LAST_ID + 1;
        let slot = Arc::<Slot>::default();
        match self
            .shared
            .calls
            .add(ids, Arc::clone(&slot), Some(deadline), self.most)
        {
            Ok(id) => Ok(Waits {
                shared: &self.shared,
                id,
                slot,
                over: false,
            }),
            Err(NotAdded::Full) => Err(Failed::Full),
            Err(NotAdded::Closed) => Err(self.not_sent()),
        }
    }

    /// Ends the connection after the calls under way.
    pub(super) async fn drained(&self) {
        while self.waiting() > 0 {
            tokio::select! {
                () = self.ended() => return,
                () = tokio::time::sleep(Duration::from_millis(2)) => {}
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        self.shared.end(lost());
    }
}

/// A call that waits for its answer.
struct Waits<'c> {
    shared: &'c Shared,
    id: u64,
    slot: Arc<Slot>,
    /// Whether it has been taken out of the table.
    over: bool,
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.slot.leave();
            self.shared.calls.remove(self.id);
            // A new connection finds out sooner when the server is back; as long as others wait, their answers may come.
            if self.shared.silence.is_silent() && self.shared.calls.len() == 0 {
                self.shared.end(lost());
            }
        }
    }
}

/// Sees to it that a frame which nobody waits for is not sent.
struct Left(Arc<Slot>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl Shared {
    fn end(&self, why: Error) {
        let why = lock(&self.why).get_or_insert(why).clone();
        self.ended.cancel();
        for call in self.calls.close() {
            call.end(End::Answered(Err(why.clone())));
        }
    }

    fn answer_came(&self) {
        if !self.answered.load(Ordering::Relaxed) {
            self.answered.store(true, Ordering::Relaxed);
        }
    }

    fn drop_one(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn n30_ids_begin_again_and_pass_over_those_that_wait() {
        let (near, _far) = tokio::io::duplex(64);
        let (incoming, outgoing) = tokio::io::split(near);
        let limits = Limits {
            answer: 100,
            write: Duration::from_secs(1),
            waiting: 3,
            silent: 0,
        };
        let connection = Connection::open(incoming, outgoing, limits, false);
        let until = Instant::now() + Duration::from_secs(60);
        let first = connection.wait(until).expect("an open connection");
        assert_eq!(first.id, 1);
        connection.next.store(LAST_ID, Ordering::Relaxed);
        let last = connection.wait(until).expect("an open connection");
        let second = connection.wait(until).expect("an open connection");
        assert_eq!((last.id, second.id), (LAST_ID, 2));
        assert_eq!(connection.waiting(), 3);
        assert!(matches!(connection.wait(until), Err(Failed::Full)));
        drop((first, last, second));
        assert_eq!(connection.waiting(), 0);
    }
}
