//! Keeps a client to one connection, and knows what the current call on it is doing.
//!
//! The connection pool underneath opens a second connection whenever a call follows another so closely that the first
//! connection has not found its way back into the pool yet. Devices have few connections to give and each costs a TLS
//! handshake, so a connector layer waits that moment. The same layer tells new connections from reused ones.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::mem;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use tower_layer::Layer;
use tower_service::Service;

use crate::error::TimeoutPhase;

/// How long a connection may take back into the pool after an answer. It takes microseconds unless the machine is busy;
/// the whole span passes only when the device has closed the connection without announcing it.
const RETURN_TIME: Duration = Duration::from_millis(50);

/// The same for devices that were seen to close.
const RETURN_TIME_OF_CLOSERS: Duration = Duration::from_millis(2);

/// State of one connection slot. Only one call at a time uses it.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Connections opened so far.
    connections: AtomicU64,
    /// Calls begun so far.
    attempts: AtomicU64,
    /// What the current call is doing; see `phase`.
    phase: AtomicU8,
    /// The request of the current call went out, at least in part.
    sent: AtomicBool,
    sent_signal: Notify,
    /// When the previous answer was read to its end on a connection that should stay open.
    returned: Mutex<Option<Instant>>,
    /// The device was seen to close connections without saying so.
    closes: AtomicBool,
}

const CONNECT: u8 = 0;
const FIRST_BYTE: u8 = 1;
const BODY: u8 = 2;

impl Progress {
    /// A call begins; the result tells later whether it opened a connection.
    pub(super) fn begin(&self) -> Attempt {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        self.sent.store(false, Ordering::SeqCst);
        self.phase.store(CONNECT, Ordering::SeqCst);
        Attempt {
            connections_before: self.connections.load(Ordering::SeqCst),
        }
    }

    /// The request is being written.
    pub(super) fn request_sent(&self) {
        self.phase.store(FIRST_BYTE, Ordering::SeqCst);
        self.sent.store(true, Ordering::SeqCst);
        self.sent_signal.notify_waiters();
        *self.returned() = None;
    }

    /// The head of the answer is there.
    pub(super) fn answer_begun(&self) {
        self.phase.store(BODY, Ordering::SeqCst);
    }

    /// The answer was read to its end, and the connection should stay open.
    pub(super) fn connection_returned(&self) {
        *self.returned() = Some(Instant::now());
    }

    /// Whether any byte of the current request may have gone out.
    pub(super) fn was_sent(&self) -> bool {
        self.sent.load(Ordering::SeqCst)
    }

    /// What the current call is doing.
    pub(super) fn phase(&self) -> TimeoutPhase {
        match self.phase.load(Ordering::SeqCst) {
            CONNECT => TimeoutPhase::Connect,
            FIRST_BYTE => TimeoutPhase::FirstByte,
            _ => TimeoutPhase::Body,
        }
    }

    /// Whether the current call went out on a connection that had carried another before.
    pub(super) fn is_reused(&self, attempt: &Attempt) -> bool {
        let reused = self.connections.load(Ordering::SeqCst) == attempt.connections_before;
        if reused {
            self.closes.store(false, Ordering::SeqCst);
        }
        reused
    }

    fn returned(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.returned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the call that asks for a connection has found the previous one in the pool.
    ///
    /// True when it has (or has been given up), so that no new connection is needed.
    async fn previous_connection_serves(&self) -> bool {
        let Some(returned) = *self.returned() else {
            return false;
        };
        let closes = self.closes.load(Ordering::SeqCst);
        let end = returned
            + if closes {
                RETURN_TIME_OF_CLOSERS
            } else {
                RETURN_TIME
            };
        if end <= Instant::now() {
            return false;
        }
        let attempt = self.attempts.load(Ordering::SeqCst);
        let signal = self.sent_signal.notified();
        let mut signal = std::pin::pin!(signal);
        // Listening begins before looking, so that a signal in between is not missed.
        signal.as_mut().enable();
        let over = || self.was_sent() || self.attempts.load(Ordering::SeqCst) != attempt;
        if over() || timeout_at(end, signal).await.is_ok() || over() {
            return true;
        }
        self.closes.store(true, Ordering::SeqCst);
        false
    }
}

/// One call on a slot.
#[derive(Debug)]
pub(super) struct Attempt {
    connections_before: u64,
}

/// The connector layer.
#[derive(Clone, Debug)]
pub(super) struct GateLayer(pub(super) Arc<Progress>);

impl<S> Layer<S> for GateLayer {
    type Service = Gate<S>;

    fn layer(&self, connector: S) -> Gate<S> {
        Gate {
            connector,
            progress: Arc::clone(&self.0),
        }
    }
}

/// A connector behind the layer.
#[derive(Clone, Debug)]
pub(super) struct Gate<S> {
    connector: S,
    progress: Arc<Progress>,
}

type BoxError = Box<dyn StdError + Send + Sync>;

impl<S, R> Service<R> for Gate<S>
where
    S: Service<R, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let fresh = self.connector.clone();
        // The instance that was polled ready is the one to call.
        let mut connector = mem::replace(&mut self.connector, fresh);
        let progress = Arc::clone(&self.progress);
        Box::pin(async move {
            if progress.previous_connection_serves().await {
                return Err(NotNeeded.into());
            }
            poll_fn(|context| connector.poll_ready(context)).await?;
            let connection = connector.call(target).await?;
            progress.connections.fetch_add(1, Ordering::SeqCst);
            Ok(connection)
        })
    }
}

/// The connection asked for is no longer needed. Nobody sees this error: the call that asked is on its way already.
#[derive(Debug)]
struct NotNeeded;

impl fmt::Display for NotNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection no longer needed")
    }
}

impl StdError for NotNeeded {}
