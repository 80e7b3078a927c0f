//! The task that reads.

use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::stream::SplitStream;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::error::ProtocolError as Fault;
use tokio_tungstenite::tungstenite::{self, Message};

use super::answer::Answered;
use super::part::{Part, Push};
use super::shared::{End, Shared};
use super::writer::Task;
use super::{Session, lost};
use crate::error::{Error, ProtocolError};
use crate::wamp::callee::Told;
use crate::wamp::codec::Serializer;
use crate::wamp::error::ClosedBy;
use crate::wamp::message::{self, Compose, ERROR, GOODBYE, INVOCATION, Incoming};
use crate::wamp::socket::{self, Socket};

/// What the close code 1002 says.
const PROTOCOL_ERROR: u16 = 1002;

/// Frames that are taken one after another before anything else is looked at.
const BATCH: usize = 32;

/// What comes of reading: a frame, none any more, or why none can be read.
type Next = Result<Option<tungstenite::Result<Message>>, Error>;

/// Ends the session when the task does that reads.
struct Ends<'s>(&'s Shared);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.finish(End::Broken(lost()));
    }
}

pub(super) struct Reader {
    pub(super) session: Weak<Session>,
    pub(super) shared: Arc<Shared>,
    pub(super) outgoing: mpsc::UnboundedSender<Task>,
    pub(super) serializer: Serializer,
    /// The largest message, in bytes.
    pub(super) limit: usize,
    /// How long the router may take no bytes while the answers to what it sends wait.
    pub(super) patience: Duration,
    /// How many it has taken.
    pub(super) taken: socket::Bytes,
    pub(super) parts: Arc<[Arc<dyn Part>]>,
}

impl Reader {
    pub(super) async fn run(self, mut stream: SplitStream<Socket>) {
        // Also where its runtime ends this task.
        let _ends = Ends(&self.shared);
        let mut ended = pin!(self.shared.ended.cancelled());
        let mut watch = pin!(self.shared.watch());
        let end = loop {
            let next = tokio::select! {
                biased;
                // First, since there may always be something to read.
                () = &mut watch => return,
                next = self.next(&mut stream) => next,
                () = &mut ended => return,
            };
            match self.take_all(next, &mut stream) {
                Some(Some(end)) => break end,
                Some(None) => return,
                None => {}
            }
        };
        self.shared.finish(end);
    }

    /// Takes this, and what has come behind it already, but not for ever. The end, when one of them is it; an end without a reason when the writer
    /// ended the session: another one may have begun already.
    fn take_all(&self, first: Next, stream: &mut SplitStream<Socket>) -> Option<Option<End>> {
        let mut next = first;
        for left in (0..BATCH).rev() {
            if self.shared.is_over() {
                return Some(None);
            }
            if let Some(end) = self.take(next) {
                return Some(Some(end));
            }
            if left == 0 {
                break;
            }
            next = self.next(stream).now_or_never()?;
        }
        None
    }

    /// The end, when this is it.
    fn take(&self, next: Next) -> Option<End> {
        match next {
            Err(why) => Some(End::Broken(why)),
            Ok(None) => Some(End::Broken(lost())),
            Ok(Some(Err(error))) => Some(self.broken(error)),
            Ok(Some(Ok(frame))) => self.take_frame(frame).unwrap_or_else(|error| {
                self.close(PROTOCOL_ERROR, "protocol error");
                Some(End::Broken(error.into()))
            }),
        }
    }

    /// The next frame, once the router has read what was said to those before.
    async fn next(&self, stream: &mut SplitStream<Socket>) -> Next {
        let backlog = &self.shared.backlog;
        backlog.eased(self.patience, &self.taken).await?;
        Ok(stream.next().await)
    }

    fn broken(&self, error: tungstenite::Error) -> End {
        End::Broken(match error {
            tungstenite::Error::Capacity(tungstenite::error::CapacityError::MessageTooLong {
                size,
                ..
            }) => {
                self.close(1009, "message too big");
                Error::response_too_large(self.limit, size)
            }
            // The connection ended without a word.
            tungstenite::Error::Protocol(Fault::ResetWithoutClosingHandshake) => {
                lost().with_source(error)
            }
            tungstenite::Error::Protocol(_) | tungstenite::Error::Utf8(_) => {
                self.close(PROTOCOL_ERROR, "protocol error");
                Error::from(ProtocolError::new("it is no WebSocket frame")).with_source(error)
            }
            other => lost().with_source(other),
        })
    }

    fn close(&self, code: u16, reason: &'static str) {
        let _ = self.outgoing.send(Task::Close(code, reason));
    }

    /// The end, when this is it.
    fn take_frame(&self, frame: Message) -> Result<Option<End>, ProtocolError> {
        match frame {
            Message::Text(_) | Message::Binary(_) => {
                let message = self.serializer.message(frame)?;
                Ok(self.take_message(message::read(message)?))
            }
            Message::Close(frame) => {
                let (code, reason) = frame.map_or((1005, String::new()), |frame| {
                    (frame.code.into(), frame.reason.to_string())
                });
                if self.shared.is_leaving() {
                    return Ok(Some(End::Left));
                }
                let why = lost().with_source(ClosedBy::new(code, &reason));
                Ok(Some(End::Broken(why)))
            }
            // Pings are answered where frames are read.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(None),
        }
    }

    fn take_message(&self, message: Incoming) -> Option<End> {
        match message {
            Incoming::Result {
                request,
                details,
                payload,
            } if details.is_true("progress") => {
                match self.shared.progress(request) {
                    Some(progress) => {
                        if !progress.push(details, payload)
                            && let Some(session) = self.session.upgrade()
                        {
                            session.cancel_early(request);
                        }
                    }
                    // Not asked for, or behind the end.
                    None => self.shared.drop_one(),
                }
            }
            Incoming::Result {
                request,
                details,
                payload,
            } => self.answer(request, Answered::Result { details, payload }),
            Incoming::Error {
                request,
                details,
                uri,
                payload,
            } => self.answer(
                request,
                Answered::Error {
                    details,
                    uri,
                    payload,
                },
            ),
            Incoming::Unregistered {
                request: 0,
                details,
            }
            | Incoming::Unsubscribed {
                request: 0,
                details,
            } => match details {
                Some(details) => self.push(Push::Revoked { details }),
                None => self.shared.drop_one(),
            },
            Incoming::Registered {
                request,
                registration: id,
            }
            | Incoming::Subscribed {
                request,
                subscription: id,
            }
            | Incoming::Published {
                request,
                publication: id,
            } => self.answer(request, Answered::Done { id }),
            Incoming::Unregistered { request, .. } | Incoming::Unsubscribed { request, .. } => {
                self.answer(request, Answered::Done { id: 0 });
            }
            Incoming::Invocation {
                request,
                registration,
                details,
                payload,
            } => self.push(Push::Invocation {
                request,
                registration,
                details,
                payload,
            }),
            Incoming::Interrupt { request, details } => {
                self.push(Push::Interrupt { request, details });
            }
            Incoming::Event {
                subscription,
                publication,
                details,
                payload,
            } => self.push(Push::Event {
                subscription,
                publication,
                details,
                payload,
            }),
            Incoming::Goodbye { details, reason } => return Some(self.goodbye(&details, reason)),
            Incoming::Abort { details, reason } => {
                let message = details.text("message").unwrap_or_default();
                return Some(End::Goodbye { reason, message });
            }
            // Of a session that is there already.
            Incoming::Welcome { .. } | Incoming::Challenge { .. } => self.shared.drop_one(),
        }
        None
    }

    fn answer(&self, request: u64, answer: Answered) {
        let told = self
            .shared
            .take(request)
            .is_some_and(|who| who.tell(Ok(answer)));
        if !told {
            // Late, doubled, asked by nobody, or given up just now.
            self.shared.drop_one();
        }
    }

    fn goodbye(&self, details: &message::Object, reason: String) -> End {
        if self.shared.is_leaving() {
            return End::Left;
        }
        let answer = Compose::new(GOODBYE)
            .object("{}")
            .text("wamp.close.goodbye_and_out");
        self.send(answer);
        self.close(1000, "");
        let message = details.text("message").unwrap_or_default();
        End::Goodbye { reason, message }
    }

    /// Gives what was sent unasked to the part that it is for.
    fn push(&self, push: Push) {
        let Some(session) = self.session.upgrade() else {
            return;
        };
        if matches!(push, Push::Invocation { .. }) && self.shared.is_leaving() {
            // Nothing is said after the goodbye, so that nothing is begun whose end nobody would hear. The router tells the caller.
            self.shared.drop_one();
            return;
        }
        let mut push = push;
        for part in self.parts.iter() {
            match part.take(&session, push) {
                None => return,
                Some(back) => push = back,
            }
        }
        self.shared.drop_one();
        if let Push::Invocation {
            request, details, ..
        } = push
        {
            let procedure = details.text("procedure");
            let told = Told::unknown(procedure.as_deref());
            let answer = Compose::new(ERROR)
                .number(INVOCATION)
                .number(request)
                .object("{}")
                .text(&told.uri)
                .payload(&told.payload);
            self.send(answer);
        }
    }

    fn send(&self, message: Compose) {
        let Ok(frame) = self.serializer.frame(message.finish()) else {
            return;
        };
        self.shared.send_anyway(&self.outgoing, frame);
    }
}
