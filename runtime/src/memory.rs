//! A transport without a wire.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::error::{Error, HttpStatusError};
use crate::json::Writer;
use crate::server::{Context, Router};
use crate::transport::{BoxFuture, Request, RequestId, Response, Transport};

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

/// Answers requests from a [`Router`] in the same process: for tests, and for programs that carry their device
/// with them.
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
    router: Router,
    context: Context,
    calls: AtomicU64,
    injector: Mutex<Option<Arc<Injector>>>,
}

impl MemoryTransport {
    /// A transport to the servants of a router.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self {
            router,
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

    /// The router behind the transport.
    #[must_use]
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// How many requests were made, those that failed included. A bulk request counts once.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Asks `injector` before each request what shall go wrong with it; `None` lets it pass.
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
}

impl Transport for MemoryTransport {
    fn origin(&self) -> &str {
        "memory"
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, Error>> {
        Box::pin(async move {
            let id = RequestId::new(self.calls.fetch_add(1, Ordering::Relaxed) + 1);
            let injected = self.injected(request, id);
            match injected {
                Some(Injected::Error(error)) => return Err(error),
                Some(Injected::Body(body)) => return Ok(Response::Envelope { body, id }),
                _ => {}
            }
            let outcome = self
                .router
                .handle(request.rid(), &envelope(request, id), self.context.clone())
                .await;
            let mut body = outcome.body;
            match injected {
                Some(Injected::LoseAnswer(error)) => return Err(error),
                Some(Injected::ReplaceAnswer(replace)) => body = replace(body),
                _ => {}
            }
            if outcome.status != 200 {
                return Err(HttpStatusError::new(outcome.status, "").into());
            }
            Ok(Response::Envelope {
                body: body.into(),
                id,
            })
        })
    }
}

/// The request document.
fn envelope(request: &Request, id: RequestId) -> Bytes {
    let mut writer = Writer::new();
    writer.raw(r#"{"jsonrpc":"2.0","method":"#);
    writer.string(request.method());
    writer.raw(r#","params":"#);
    writer.raw_bytes(request.params());
    writer.raw(r#","id":"#);
    writer.raw(&id.to_string());
    writer.byte(b'}');
    writer.into_bytes()
}

impl fmt::Debug for MemoryTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTransport")
            .field("calls", &self.calls())
            .field("rids", &self.router)
            .finish()
    }
}
