//! A transport without a wire.

mod stream;

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::error::{Error, HttpStatusError};
use crate::id::RequestId;
use crate::jsonrpc::request::document;
use crate::server::{Context, Router};
use crate::wire::{BoxFuture, BoxStream, Capabilities, Item, Reply, Request, Transport};

/// What goes wrong with one request, see [`MemoryTransport::inject`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Injected {
    /// The request fails, and the router does not see it.
    Error(Error),
    /// This body comes back instead of an answer; the router does not see the request.
    Body(Bytes),
    /// The router executes the request, and then its answer is lost.
    LoseAnswer(Error),
    /// The router executes the request, and its answer is replaced.
    ReplaceAnswer(fn(Vec<u8>) -> Vec<u8>),
}

type Injector = dyn Fn(&Request, RequestId) -> Option<Injected> + Send + Sync;

/// Answers requests from a [`Router`] in the same process: for tests, and for programs that serve a device
/// themselves.
///
/// Each is a device of its own: references to objects of two of them are never equal. Servants see in their context when
/// the caller stops waiting; nothing here ends a call that takes longer.
///
/// ```
/// # async fn example() {
/// use std::sync::Arc;
/// use xerus_rpc::{Agent, Json, MemoryTransport, server::Router};
///
/// let transport = Arc::new(MemoryTransport::new(Router::new()));
/// let agent = Agent::with_transport(transport.clone());
///
/// let error = agent.call("/nowhere", "getState", Json::EMPTY_OBJECT).await.unwrap_err();
/// assert_eq!(error.http_status(), Some(404));
/// assert_eq!(transport.calls(), 1);
/// # }
/// ```
pub struct MemoryTransport {
    origin: String,
    router: Box<dyn Fn() -> Router + Send + Sync>,
    context: Context,
    calls: AtomicU64,
    injector: Mutex<Option<Arc<Injector>>>,
}

impl MemoryTransport {
    /// A transport to the servants of a router.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self::asking(move || router.clone())
    }

    /// A transport to a device whose servants are exchanged as a whole, by an update of its firmware say: `router` is asked
    /// before each request who answers it.
    #[must_use]
    pub fn asking(router: impl Fn() -> Router + Send + Sync + 'static) -> Self {
        // The origin tells devices apart.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            origin: format!("memory:{number}"),
            router: Box::new(router),
            context: Context::new().with_transport("memory"),
            calls: AtomicU64::new(0),
            injector: Mutex::new(None),
        }
    }

    /// Sets the context in which servants are called.
    #[must_use]
    pub fn with_context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Sets the origin that errors name, in place of `memory:` and a number. Devices with the same origin are taken for
    /// one.
    #[must_use]
    pub fn with_origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = origin.into();
        self
    }

    /// The router behind the transport. It is cheap to clone, and clones share the servants.
    #[must_use]
    pub fn router(&self) -> Router {
        (self.router)()
    }

    /// How many requests were made, those that failed included. A bulk request counts once.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Asks `injector` before each request which fault to play; `None` means no fault.
    pub fn inject(
        &self,
        injector: impl Fn(&Request, RequestId) -> Option<Injected> + Send + Sync + 'static,
    ) {
        *self.injector.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(injector));
    }

    fn injected(&self, request: &Request, id: RequestId) -> Option<Injected> {
        let injector = self
            .injector
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        injector.and_then(|injector| injector(request, id))
    }

    /// The context of one call, which ends when the caller stops waiting.
    fn context(&self, request: &Request, cancelled: CancellationToken) -> Context {
        let context = self.context.clone().with_cancellation(cancelled);
        match Instant::now().checked_add(request.timeout()) {
            Some(deadline) => context.with_deadline(deadline),
            None => context,
        }
    }

    async fn answer(&self, request: &Request, context: Context) -> Result<Reply, Error> {
        let id = RequestId::new(self.calls.fetch_add(1, Ordering::Relaxed) + 1);
        let injected = self.injected(request, id);
        match injected {
            Some(Injected::Error(error)) => return Err(error),
            Some(Injected::Body(body)) => return Ok(Reply::envelope(body, id)),
            _ => {}
        }
        let body = document(request.bare_name(), request.args().by_name(), id);
        let router = self.router();
        let outcome = router.handle(request.target(), &body, context).await;
        let mut body = outcome.body;
        match injected {
            Some(Injected::LoseAnswer(error)) => return Err(error),
            Some(Injected::ReplaceAnswer(replace)) => body = replace(body),
            _ => {}
        }
        if outcome.status != 200 {
            return Err(HttpStatusError::new(outcome.status, "").into());
        }
        Ok(Reply::envelope(body, id).with_attempts(1))
    }
}

impl Transport for MemoryTransport {
    fn origin(&self) -> &str {
        &self.origin
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE
            .with_bulk(true)
            .with_pipeline(true)
            .with_stream(true)
            .with_room(true)
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(async move {
            let cancelled = self.context.token_below();
            let context = self.context(request, cancelled.clone());
            // Work that a servant left to others learns that nobody waits any more.
            let _guard = cancelled.drop_guard();
            self.answer(request, context).await
        })
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        stream::stream(self, request)
    }
}

impl fmt::Debug for MemoryTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTransport")
            .field("origin", &self.origin)
            .field("calls", &self.calls())
            .field("rids", &self.router())
            .finish()
    }
}
