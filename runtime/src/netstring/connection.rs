//! One connection on which many calls are under way, told apart by their ids.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_util::codec::FramedRead;
use tokio_util::sync::CancellationToken;

use super::answer::{self, Incoming};
use super::codec::{self, Codec, FrameError};
use crate::error::{Error, ErrorKind, ProtocolError, TimeoutPhase};

/// Frames that wait to be written.
const QUEUE: usize = 1024;
/// Frames that are written at a time.
const BATCH: usize = 64;
/// Bytes of frames that wait to be written.
const QUEUE_BYTES: u32 = 4 << 20;
/// Bodies that are no JSON, one after the other, until the connection is given up.
const UNREADABLE: u32 = 10;
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

/// Whether a frame goes out.
#[derive(Debug, Default)]
struct Ticket(AtomicU8);

const QUEUED: u8 = 0;
const TAKEN: u8 = 1;
const GIVEN_UP: u8 = 2;

impl Ticket {
    fn change(&self, to: u8) -> bool {
        let order = Ordering::AcqRel;
        self.0
            .compare_exchange(QUEUED, to, order, Ordering::Acquire)
            .is_ok()
    }

    /// Makes sure that a frame which nobody has begun to write stays here; whether it may have gone out.
    fn give_up(&self) -> bool {
        !self.change(GIVEN_UP) && self.0.load(Ordering::Acquire) == TAKEN
    }
}

struct Outgoing {
    frame: Bytes,
    ticket: Arc<Ticket>,
    written: Option<oneshot::Sender<()>>,
    _room: OwnedSemaphorePermit,
}

type Answer = Result<Bytes, Error>;

struct Shared {
    /// Calls that wait; `None` once the connection has ended.
    waiting: Mutex<Option<HashMap<u64, oneshot::Sender<Answer>>>>,
    /// Why it ended.
    why: Mutex<Option<Error>>,
    ended: CancellationToken,
    answered: AtomicBool,
    dropped: AtomicU64,
    other_versions: AtomicU64,
}

/// A connection. It ends when it is dropped.
pub(super) struct Connection {
    outgoing: mpsc::Sender<Outgoing>,
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
    next: AtomicU64,
    most: usize,
    tasks: [AbortHandle; 2],
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn lost() -> Error {
    ErrorKind::ConnectionLost.into()
}

impl Connection {
    pub(super) fn open(
        incoming: impl AsyncRead + Unpin + Send + 'static,
        outgoing: impl AsyncWrite + Unpin + Send + 'static,
        limits: Limits,
    ) -> Self {
        let shared = Arc::new(Shared {
            waiting: Mutex::new(Some(HashMap::new())),
            why: Mutex::new(None),
            ended: CancellationToken::new(),
            answered: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
            other_versions: AtomicU64::new(0),
        });
        let (queue, frames) = mpsc::channel(QUEUE);
        let write = tokio::spawn(write(outgoing, frames, Arc::clone(&shared), limits.write));
        let read = tokio::spawn(read(incoming, Arc::clone(&shared), limits.answer));
        Self {
            outgoing: queue,
            room: Arc::new(Semaphore::new(QUEUE_BYTES as usize)),
            shared,
            next: AtomicU64::new(1),
            most: limits.waiting,
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

    /// Calls that wait.
    pub(super) fn waiting(&self) -> usize {
        lock(&self.shared.waiting).as_ref().map_or(0, HashMap::len)
    }

    /// What came and was for nobody.
    pub(super) fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }

    /// Answers that do not say that they are JSON-RPC 2.0.
    pub(super) fn other_versions(&self) -> u64 {
        self.shared.other_versions.load(Ordering::Relaxed)
    }

    /// Sends what `request` makes for the id that the call gets, and waits for the answer to it. Given up when it is dropped; what was not
    /// yet written then is never sent.
    pub(super) async fn call(
        &self,
        deadline: Instant,
        request: impl FnOnce(u64) -> Bytes,
    ) -> Result<(Bytes, u64), Failed> {
        let mut waits = self.wait()?;
        let body = request(waits.id);
        let ticket = Arc::clone(&waits.ticket);
        self.send(&body, ticket, None, deadline).await?;
        match tokio::time::timeout_at(deadline, &mut waits.answer).await {
            Ok(Ok(Ok(body))) => Ok((body, waits.id)),
            Ok(Ok(Err(why))) => Err(waits.ended(why)),
            Ok(Err(_)) => Err(waits.ended(lost())),
            Err(_) => Err(Failed::TimedOut {
                phase: TimeoutPhase::FirstByte,
                sent: waits.ticket.give_up(),
            }),
        }
    }

    /// Sends a frame to which no answer comes, and waits until it is written.
    pub(super) async fn notify(&self, deadline: Instant, body: &[u8]) -> Result<(), Failed> {
        let (written, mut done) = oneshot::channel();
        let ticket = GiveUp(Arc::default());
        let sent = Arc::clone(&ticket.0);
        self.send(body, sent, Some(written), deadline).await?;
        match tokio::time::timeout_at(deadline, &mut done).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.failed(&ticket.0)),
            Err(_) => Err(Failed::TimedOut {
                phase: TimeoutPhase::Write,
                sent: ticket.0.give_up(),
            }),
        }
    }

    async fn send(
        &self,
        body: &[u8],
        ticket: Arc<Ticket>,
        written: Option<oneshot::Sender<()>>,
        deadline: Instant,
    ) -> Result<(), Failed> {
        let frame = codec::frame(body);
        let bytes = u32::try_from(frame.len())
            .unwrap_or(u32::MAX)
            .min(QUEUE_BYTES);
        let queue = async {
            let room = Arc::clone(&self.room)
                .acquire_many_owned(bytes)
                .await
                .ok()?;
            let frame = Outgoing {
                frame,
                ticket: Arc::clone(&ticket),
                written,
                _room: room,
            };
            self.outgoing.send(frame).await.ok()
        };
        tokio::select! {
            // What has room at once costs no timer.
            biased;
            queued = queue => match queued {
                Some(()) => Ok(()),
                None => Err(self.failed(&ticket)),
            },
            () = self.shared.ended.cancelled() => Err(self.failed(&ticket)),
            () = tokio::time::sleep_until(deadline) => Err(Failed::TimedOut {
                phase: TimeoutPhase::Queue,
                sent: ticket.give_up(),
            }),
        }
    }

    fn failed(&self, ticket: &Ticket) -> Failed {
        Failed::Ended {
            why: lock(&self.shared.why).clone().unwrap_or_else(lost),
            sent: ticket.give_up(),
        }
    }

    /// Takes an id that no call waits for.
    fn wait(&self) -> Result<Waits<'_>, Failed> {
        let (sender, answer) = oneshot::channel();
        let mut waiting = lock(&self.shared.waiting);
        let Some(calls) = waiting.as_mut() else {
            drop(waiting);
            return Err(self.failed(&Ticket::default()));
        };
        if calls.len() >= self.most {
            return Err(Failed::Full);
        }
        let id = loop {
            let id = (self.next.fetch_add(1, Ordering::Relaxed) - 1) % LAST_ID + 1;
            if !calls.contains_key(&id) {
                break id;
            }
        };
        calls.insert(id, sender);
        Ok(Waits {
            shared: &self.shared,
            id,
            ticket: Arc::default(),
            answer,
        })
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

/// Sees to it that a frame which nobody waits for is not sent.
struct GiveUp(Arc<Ticket>);

impl Drop for GiveUp {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

/// A call that waits for its answer.
struct Waits<'c> {
    shared: &'c Shared,
    id: u64,
    ticket: Arc<Ticket>,
    answer: oneshot::Receiver<Answer>,
}

impl Waits<'_> {
    fn ended(&self, why: Error) -> Failed {
        let sent = self.ticket.give_up();
        Failed::Ended { why, sent }
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.ticket.give_up();
        if let Some(calls) = lock(&self.shared.waiting).as_mut() {
            calls.remove(&self.id);
        }
    }
}

impl Shared {
    fn end(&self, why: Error) {
        let calls = lock(&self.waiting).take();
        lock(&self.why).get_or_insert_with(|| why.clone());
        self.ended.cancel();
        for (_, call) in calls.into_iter().flatten() {
            // Who waited may have given up.
            let _ = call.send(Err(why.clone()));
        }
    }

    fn drop_one(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }
}

async fn write(
    mut wire: impl AsyncWrite + Unpin,
    mut frames: mpsc::Receiver<Outgoing>,
    shared: Arc<Shared>,
    limit: Duration,
) {
    let (mut batch, mut text) = (Vec::with_capacity(BATCH), BytesMut::new());
    while frames.recv_many(&mut batch, BATCH).await > 0 {
        text.clear();
        batch.retain(|frame| frame.ticket.change(TAKEN));
        for frame in &batch {
            text.extend_from_slice(&frame.frame);
        }
        let written = tokio::time::timeout(limit, wire.write_all(&text)).await;
        let why = match written {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(lost().with_source(error)),
            Err(_) => Some(lost()),
        };
        if let Some(why) = why {
            shared.end(why);
            return;
        }
        for frame in batch.drain(..) {
            if let Some(written) = frame.written {
                let _ = written.send(());
            }
        }
    }
}

async fn read(wire: impl AsyncRead + Unpin, shared: Arc<Shared>, limit: usize) {
    let mut frames = FramedRead::new(wire, Codec::new(limit));
    let mut unreadable = 0;
    let why = loop {
        let body = match frames.next().await {
            None => break lost(),
            Some(Err(error)) => break broken(error),
            Some(Ok(body)) => body,
        };
        let incoming = answer::look(&body);
        match incoming {
            Incoming::Unreadable => unreadable += 1,
            _ => unreadable = 0,
        }
        if unreadable == UNREADABLE {
            break ProtocolError::new("ten frames in a row are no JSON objects").into();
        }
        let call = match incoming {
            Incoming::Answer(id, is_ours) => {
                if !is_ours {
                    shared.other_versions.fetch_add(1, Ordering::Relaxed);
                }
                let mut waiting = lock(&shared.waiting);
                waiting.as_mut().and_then(|calls| calls.remove(&id))
            }
            Incoming::Unasked | Incoming::Unreadable => None,
        };
        match call {
            // Late, doubled, asked by nobody, or a call that was given up just now.
            None => shared.drop_one(),
            Some(call) => {
                shared.answered.store(true, Ordering::Relaxed);
                if call.send(Ok(body)).is_err() {
                    shared.drop_one();
                }
            }
        }
    };
    shared.end(why);
}

fn broken(error: FrameError) -> Error {
    match error {
        FrameError::TooLarge { limit, seen } => Error::response_too_large(limit, seen),
        FrameError::Io(error) => lost().with_source(error),
        other => ProtocolError::new(other.what()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_given_up_before_it_is_taken_is_never_sent() {
        let ticket = Ticket::default();
        assert!(!ticket.give_up());
        assert!(!ticket.change(TAKEN));
        assert!(!ticket.give_up());
        let ticket = Ticket::default();
        assert!(ticket.change(TAKEN));
        assert!(ticket.give_up());
    }

    #[tokio::test]
    async fn n30_ids_begin_again_and_pass_over_those_that_wait() {
        let (near, _far) = tokio::io::duplex(64);
        let (incoming, outgoing) = tokio::io::split(near);
        let limits = Limits {
            answer: 100,
            write: Duration::from_secs(1),
            waiting: 3,
        };
        let connection = Connection::open(incoming, outgoing, limits);
        let first = connection.wait().expect("an open connection");
        assert_eq!(first.id, 1);
        connection.next.store(LAST_ID, Ordering::Relaxed);
        let last = connection.wait().expect("an open connection");
        let second = connection.wait().expect("an open connection");
        assert_eq!((last.id, second.id), (LAST_ID, 2));
        assert_eq!(connection.waiting(), 3);
        assert!(matches!(connection.wait(), Err(Failed::Full)));
        drop((first, last, second));
        assert_eq!(connection.waiting(), 0);
    }
}
