//! A session on a router: one connection on which many requests are under way, told apart by their ids.
//!
//! [`Session::call`] and [`Session::stream`] are for the caller, [`Session::request`] and [`Session::send`] for the parts that stand
//! beside it: what serves procedures, what subscribes to topics. Such a [`Part`] is told of sessions that begin and end, and gets what
//! the router sends unasked.

mod answer;
mod ask;
mod backlog;
mod call;
mod keepalive;
mod kept;
mod latest;
mod part;
mod progress;
mod reader;
mod send;
mod shared;
mod stream;
mod ticket;
mod waits;
mod welcome;
mod writer;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;

use super::codec::Serializer;
use super::message::{CANCEL, Compose, GOODBYE, LAST_ID};
use super::socket::Socket;
use crate::error::{Error, ErrorKind};
use crate::waiting::Home;
pub(super) use answer::Answered;
pub(super) use latest::Latest;
pub(super) use part::{Part, Push};
pub(super) use progress::{Next, Progress};
pub(super) use shared::End;
use shared::Shared;
pub(super) use stream::StreamGuard;
use ticket::Ticket;
pub(super) use waits::Failed;
pub(super) use welcome::Welcome;
use writer::Task;

/// Bytes of messages that wait to be written.
const QUEUE_BYTES: u32 = 4 << 20;

/// Longer than anything waits here; a time beyond it may have no place on the clock.
pub(super) const FAR: Duration = Duration::from_secs(86_400 * 365);

/// How long the last frame of a session may take.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// How many sessions there were, of all clients.
static SESSIONS: AtomicU64 = AtomicU64::new(0);

/// What a session keeps to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The largest message that is sent, in bytes.
    pub(super) outgoing: usize,
    /// The largest message that is taken, in bytes.
    pub(super) incoming: usize,
    /// How long the router may take no bytes.
    pub(super) write: Duration,
    /// How often it is looked whether the router has said anything.
    pub(super) ping: Duration,
}

/// A session. Its connection ends when it is dropped.
pub(super) struct Session {
    welcome: Welcome,
    /// Larger than those of all sessions before it.
    order: u64,
    serializer: Serializer,
    limits: Limits,
    outgoing: mpsc::UnboundedSender<Task>,
    /// Bytes of messages that may still be put among those that wait.
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
    next: AtomicU64,
    /// The runtime of its tasks.
    home: Home,
    tasks: OnceLock<[AbortHandle; 2]>,
}

pub(super) fn lost() -> Error {
    ErrorKind::ConnectionLost.into()
}

impl Session {
    /// A session on a connection that has joined a realm.
    pub(super) fn open(
        socket: Socket,
        welcome: Welcome,
        serializer: Serializer,
        limits: Limits,
        parts: Arc<[Arc<dyn Part>]>,
    ) -> Arc<Self> {
        let shared = Arc::new(Shared::new());
        let (outgoing, tasks) = mpsc::unbounded_channel();
        let room = Arc::new(Semaphore::new(QUEUE_BYTES as usize));
        let session = Arc::new(Self {
            welcome,
            order: SESSIONS.fetch_add(1, Ordering::Relaxed) + 1,
            serializer,
            limits,
            outgoing: outgoing.clone(),
            room: Arc::clone(&room),
            shared: Arc::clone(&shared),
            next: AtomicU64::new(1),
            home: Home::here(),
            tasks: OnceLock::new(),
        });
        let bytes = (socket.get_ref().taken(), socket.get_ref().heard());
        let taken = bytes.0.clone();
        let (sink, stream) = futures_util::StreamExt::split(socket);
        let write = tokio::spawn(writer::write(
            sink,
            bytes,
            tasks,
            Arc::clone(&shared),
            room,
            limits,
        ));
        let read = tokio::spawn(
            reader::Reader {
                session: Arc::downgrade(&session),
                shared,
                outgoing,
                serializer,
                limit: limits.incoming,
                patience: limits.write,
                taken,
                parts,
            }
            .run(stream),
        );
        let _ = session
            .tasks
            .set([write.abort_handle(), read.abort_handle()]);
        session
    }

    /// What the router said of the session.
    pub(super) fn welcome(&self) -> &Welcome {
        &self.welcome
    }

    /// Larger than those of all sessions that began before it.
    pub(super) fn order(&self) -> u64 {
        self.order
    }

    /// The runtime of its tasks: that of whoever uses it may rest, or be gone, while this one runs.
    pub(super) fn home(&self) -> &Home {
        &self.home
    }

    pub(super) fn is_open(&self) -> bool {
        !self.shared.is_over()
    }

    /// Waits for its end.
    pub(super) async fn ended(&self) {
        self.shared.ended.cancelled().await;
    }

    /// Why it ended, once it has.
    pub(super) fn end(&self) -> Option<End> {
        self.shared.end_of()
    }

    /// Whether a request with this error failed because the session is over, or is just about to be: what stands on it begins anew on the next one.
    pub(super) fn is_ending(&self, error: &Error) -> bool {
        let is_lost = matches!(error.kind(), ErrorKind::ConnectionLost);
        is_lost || !self.is_open() || self.end().is_some()
    }

    /// Requests that wait for their answers.
    pub(super) fn waiting(&self) -> usize {
        self.shared.waiting()
    }

    /// Messages that nobody waited for: late, doubled or unasked ones.
    pub(super) fn dropped(&self) -> u64 {
        self.shared.dropped()
    }

    /// Leaves the realm: says goodbye, waits for the same at most this long, and ends the connection.
    pub(super) async fn leave(&self, time: Duration) {
        let message = Compose::new(GOODBYE)
            .object("{}")
            .text("wamp.close.close_realm");
        self.shared.leave();
        if self.send(message.finish()).is_ok() {
            let _ = tokio::time::timeout(time, self.ended()).await;
        }
        self.shared.finish(End::Left);
        let _ = self.outgoing.send(Task::Close(1000, ""));
        // The last frame is written by a task of its own.
        let _ = tokio::time::timeout(LAST_WORDS, self.outgoing.closed()).await;
    }

    /// Waits a moment until what there was to say at the end is written: a goodbye in return, the code of a close frame.
    pub(super) async fn said_all(&self, end: &End) {
        let is_gone =
            matches!(end, End::Broken(error) if matches!(error.kind(), ErrorKind::ConnectionLost));
        if !is_gone {
            let _ = tokio::time::timeout(LAST_WORDS, self.outgoing.closed()).await;
        }
    }

    /// Waits until nothing is under way.
    pub(super) async fn drained(&self) {
        while self.waiting() > 0 {
            tokio::select! {
                () = self.ended() => return,
                () = tokio::time::sleep(Duration::from_millis(2)) => {}
            }
        }
    }

    /// An id for a request whose answer nobody waits for.
    pub(super) fn take_id(&self) -> u64 {
        // Long before the last id the world has ended.
        self.next.fetch_add(1, Ordering::Relaxed).min(LAST_ID)
    }

    fn failed(&self, sent: bool) -> Failed {
        Failed::Ended {
            why: self.shared.why(),
            sent,
        }
    }

    /// Forgets a request, and asks the router to cancel it where that was announced and it may have gone out.
    fn give_up(&self, id: u64, ticket: &Ticket, cancels: bool) {
        let sent = ticket.give_up();
        let waited = self.shared.forget(id);
        if waited && sent && cancels {
            self.cancel(id);
        }
    }

    /// Asks the router to cancel a call that has gone out.
    fn cancel(&self, id: u64) {
        let message = Compose::new(CANCEL)
            .number(id)
            .object(r#"{"mode":"killnowait"}"#);
        // It is small, and written like all others.
        let _ = self.send(message.finish());
    }

    /// The same, where that was announced.
    fn cancel_early(&self, id: u64) {
        if self.welcome.cancels_calls {
            self.cancel(id);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        for task in self.tasks.get().into_iter().flatten() {
            task.abort();
        }
        self.shared.finish(End::Left);
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.welcome.session)
            .field("waiting", &self.waiting())
            .finish_non_exhaustive()
    }
}
