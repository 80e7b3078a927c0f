//! A session on a router: one connection on which many requests are under way, told apart by their ids.
//!
//! [`Session::call`] and [`Session::stream`] are for the caller, [`Session::request`] and [`Session::send`] for the parts that stand
//! beside it: what serves procedures, what subscribes to topics. Such a [`Part`] is told of sessions that begin and end, and gets what
//! the router sends unasked.

mod answer;
mod keepalive;
mod kept;
mod part;
mod progress;
mod reader;
mod shared;
mod ticket;
mod waits;
mod welcome;
mod writer;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::codec::Serializer;
use super::message::{CANCEL, Compose, GOODBYE, LAST_ID};
use super::socket::Socket;
use crate::error::{Error, ErrorKind, TimeoutPhase};
use crate::waiting::{self, Slot};
pub(super) use answer::{Answer, Answered};
use kept::Kept;
pub(super) use part::{Part, Push};
pub(super) use progress::{Next, Progress};
pub(super) use shared::End;
use shared::{Shared, Waiting};
use ticket::Ticket;
pub(super) use waits::Failed;
use waits::{GiveUp, Waits};
pub(super) use welcome::Welcome;
use writer::{Outgoing, Task, Wanted};

/// Bytes of messages that wait to be written.
const QUEUE_BYTES: u32 = 4 << 20;

/// Longer than anything waits here; a time beyond it may have no place on the clock.
pub(super) const FAR: Duration = Duration::from_secs(86_400 * 365);

/// How long the last frame of a session may take.
const LAST_WORDS: Duration = Duration::from_millis(200);

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
    serializer: Serializer,
    limits: Limits,
    outgoing: mpsc::UnboundedSender<Task>,
    /// Bytes of messages that may still be put among those that wait.
    room: Arc<Semaphore>,
    shared: Arc<Shared>,
    next: AtomicU64,
    /// The runtime of its tasks.
    home: tokio::runtime::Id,
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
            serializer,
            limits,
            outgoing: outgoing.clone(),
            room: Arc::clone(&room),
            shared: Arc::clone(&shared),
            next: AtomicU64::new(1),
            home: tokio::runtime::Handle::current().id(),
            tasks: OnceLock::new(),
        });
        let taken = socket.get_ref().taken();
        let (sink, stream) = futures_util::StreamExt::split(socket);
        let write = tokio::spawn(writer::write(
            sink,
            taken,
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

    /// Requests that wait for their answers.
    pub(super) fn waiting(&self) -> usize {
        self.shared.waiting()
    }

    /// Messages that nobody waited for: late, doubled or unasked ones.
    pub(super) fn dropped(&self) -> u64 {
        self.shared.dropped()
    }

    /// Sends a message to which no answer comes, without waiting for others: a small one that ends something that the router began,
    /// which bounds how many there are.
    ///
    /// # Errors
    ///
    /// When it cannot be written or is too large. That the session has ended is no error.
    pub(super) fn send(&self, message: Bytes) -> Result<(), Error> {
        let frame = self.frame(message)?;
        let _ = self.outgoing.send(Task::Frame(Outgoing {
            frame,
            wanted: Wanted::Always,
            written: None,
            room: 0,
        }));
        Ok(())
    }

    /// Sends a message to which no answer comes, after those that are ahead of it, once there is room for it.
    pub(super) async fn send_with_room(
        &self,
        deadline: Instant,
        message: Bytes,
    ) -> Result<(), Failed> {
        self.queue(message, Arc::default(), None, deadline).await
    }

    /// Sends a message to which no answer comes, after those that are ahead of it, and waits until it is written.
    pub(super) async fn send_in_turn(
        &self,
        deadline: Instant,
        message: Bytes,
    ) -> Result<(), Failed> {
        let (written, mut done) = oneshot::channel();
        let ticket = GiveUp(Arc::default());
        self.queue(message, Arc::clone(&ticket.0), Some(written), deadline)
            .await?;
        match tokio::time::timeout_at(deadline, &mut done).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(self.failed(ticket.0.give_up())),
            Err(_) => Err(Failed::TimedOut {
                phase: TimeoutPhase::Write,
                sent: ticket.0.give_up(),
            }),
        }
    }

    /// Sends the call that `message` makes for the id that it gets, and waits for the answer. Given up when it is dropped: what was not
    /// written then is never sent, else the router is asked to cancel it.
    pub(super) async fn call(
        &self,
        deadline: Instant,
        message: impl FnOnce(u64) -> Bytes,
    ) -> Result<Answered, Failed> {
        let slot = Arc::<Slot<Answer>>::default();
        let id = self.take_id();
        if !self
            .shared
            .wait(id, Waiting::One(Arc::clone(&slot)), Some(deadline))
        {
            return Err(self.failed(false));
        }
        let mut called = Called {
            session: self,
            id,
            slot,
            over: false,
        };
        let frame = self.frame(message(id)).map_err(Failed::NotSent)?;
        let room = match self.try_room(&frame) {
            Some(room) => room,
            None => Box::pin(self.room(&frame, deadline)).await?,
        };
        let wanted = Wanted::Call(Arc::clone(&called.slot));
        self.push(frame, wanted, None, room);
        let end = called.slot.ended(self.home, deadline).await;
        called.over = true;
        match end {
            waiting::End::Answered(Ok(answer)) => Ok(answer),
            waiting::End::Answered(Err(why)) => Err(Failed::Ended {
                why,
                sent: called.slot.give_up(),
            }),
            waiting::End::Late => {
                let sent = called.slot.give_up();
                self.shared.forget(id);
                if sent {
                    self.cancel_early(id);
                }
                Err(Failed::TimedOut {
                    phase: TimeoutPhase::FirstByte,
                    sent,
                })
            }
        }
    }

    /// Sends the call that `message` makes for the id that it gets; what comes before the result goes into `progress`, which wakes
    /// whoever reads it, and so does the end. Give the call up by dropping what this returns.
    pub(super) async fn stream(
        self: &Arc<Self>,
        deadline: Instant,
        progress: Arc<Progress>,
        message: impl FnOnce(u64) -> Bytes,
    ) -> Result<StreamGuard, Failed> {
        let mut waits = self.wait(Waiting::Many(Arc::clone(&progress)))?;
        waits.cancels = self.welcome.cancels_calls;
        self.queue(message(waits.id), Arc::clone(&waits.ticket), None, deadline)
            .await?;
        let (id, ticket) = waits.into_parts();
        Ok(StreamGuard {
            session: Arc::clone(self),
            id,
            ticket,
            progress,
        })
    }

    /// Sends the request that `message` makes for the id that it gets, and waits for the answer: REGISTER, SUBSCRIBE and their like.
    ///
    /// `accept` sees the answer before any message behind it is looked at, so that what stands in the answer is known when it is used.
    pub(super) async fn request(
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
    pub(super) async fn request_or_undo(
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

    fn frame(&self, message: Bytes) -> Result<Message, Error> {
        let too_large = |bytes: usize| super::error::too_large(self.limits.outgoing, bytes);
        if message.len() > self.limits.outgoing {
            return Err(too_large(message.len()));
        }
        self.serializer
            .frame(message)
            .map_err(super::error::cannot_be_sent)
    }

    async fn queue(
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
    fn push(
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
    fn try_room(&self, frame: &Message) -> Option<u32> {
        let bytes = bytes_of(frame);
        self.room.try_acquire_many(bytes).ok()?.forget();
        Some(bytes)
    }

    /// Waits for the same.
    async fn room(&self, frame: &Message, deadline: Instant) -> Result<u32, Failed> {
        let bytes = bytes_of(frame);
        tokio::select! {
            room = self.room.acquire_many(bytes) => match room {
                Ok(room) => {
                    room.forget();
                    Ok(bytes)
                }
                Err(_) => Err(self.failed(false)),
            },
            () = self.ended() => Err(self.failed(false)),
            () = tokio::time::sleep_until(deadline) => Err(Failed::TimedOut {
                phase: TimeoutPhase::Queue,
                sent: false,
            }),
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

    /// Takes an id that nothing waits for.
    fn wait(&self, waiting: Waiting) -> Result<Waits<'_>, Failed> {
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
    fn abandon(&self, id: u64, ticket: &Ticket) {
        if ticket.give_up() {
            self.shared.abandon(id);
        } else {
            self.shared.forget(id);
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

/// What a frame takes of the room, which may be all there is.
fn bytes_of(frame: &Message) -> u32 {
    u32::try_from(frame.len())
        .unwrap_or(u32::MAX)
        .min(QUEUE_BYTES)
}

/// A call that waits for its answer; dropping it gives it up.
struct Called<'s> {
    session: &'s Session,
    id: u64,
    slot: Arc<Slot<Answer>>,
    /// Whether the end has come.
    over: bool,
}

impl Drop for Called<'_> {
    fn drop(&mut self) {
        if !self.over {
            let sent = self.slot.leave();
            let waited = self.session.shared.forget(self.id);
            if waited && sent {
                self.session.cancel_early(self.id);
            }
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

/// A call whose progress somebody reads; dropping it gives the call up.
pub(super) struct StreamGuard {
    session: Arc<Session>,
    id: u64,
    ticket: Arc<Ticket>,
    progress: Arc<Progress>,
}

impl StreamGuard {
    /// Whether the call may have gone out. Called when it is given up.
    pub(super) fn was_sent(&self) -> bool {
        self.ticket.give_up()
    }
}

impl Drop for StreamGuard {
    fn drop(&mut self) {
        // What has failed was cancelled at once.
        let cancels = self.session.welcome.cancels_calls && !self.progress.has_failed();
        self.session.give_up(self.id, &self.ticket, cancels);
    }
}
