//! The seam between calls and the wire that carries them.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::error::Error;

/// A future on the heap, as the object-safe traits of this crate return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Carries requests to one device and brings the answers back.
///
/// HTTP is one implementation; [`MemoryTransport`](crate::MemoryTransport) answers from a
/// [`Router`](crate::server::Router) in the same process.
pub trait Transport: Send + Sync + 'static {
    /// Where the requests go, for error messages: an URL without credentials, a socket path.
    fn origin(&self) -> &str;

    /// Sends one request and waits for its answer. Dropping the future gives the answer up.
    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Response, Error>>;

    /// Sends one request to which no answer comes.
    ///
    /// # Errors
    ///
    /// The default refuses: devices do not answer to notifications over HTTP (spec section 1.3).
    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        let _ = request;
        Box::pin(std::future::ready(Err(Error::unsupported(
            "this transport carries no notifications",
        ))))
    }
}

/// The id of a request: what its answer must repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(u64);

impl RequestId {
    /// An id from its number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// One method call on its way to a [`Transport`]. Cheap to clone.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    rid: Arc<str>,
    method: Cow<'static, str>,
    params: Bytes,
    timeout: Option<Duration>,
    repeatable: bool,
    max_response_bytes: usize,
}

impl Request {
    /// A request without a deadline of its own, repeatable if its method name says so.
    pub fn new(
        rid: impl Into<Arc<str>>,
        method: impl Into<Cow<'static, str>>,
        params: impl Into<Bytes>,
    ) -> Self {
        let method = method.into();
        let repeatable = crate::method::is_repeatable(&method);
        Self {
            rid: rid.into(),
            method,
            params: params.into(),
            timeout: None,
            repeatable,
            max_response_bytes: crate::settings::DEFAULT_MAX_RESPONSE_BYTES,
        }
    }

    /// Sets the time that the whole call may take; `None` leaves it to the transport's default.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }

    /// Says whether the request may be sent again when the first attempt may have arrived.
    #[must_use]
    pub fn with_repeatable(mut self, repeatable: bool) -> Self {
        self.repeatable = repeatable;
        self
    }

    /// Sets the size of the largest answer accepted, in bytes.
    #[must_use]
    pub fn with_max_response_bytes(mut self, limit: usize) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// The resource id of the object called.
    #[must_use]
    pub fn rid(&self) -> &str {
        &self.rid
    }

    /// The method name.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The parameters: the text of one JSON object.
    #[must_use]
    pub fn params(&self) -> &Bytes {
        &self.params
    }

    /// The time that the whole call may take, if the caller set one.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Whether the request may be sent again when the first attempt may have arrived.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// The size of the largest answer accepted, in bytes.
    #[must_use]
    pub fn max_response_bytes(&self) -> usize {
        self.max_response_bytes
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters may hold passwords.
        f.debug_struct("Request")
            .field("rid", &self.rid)
            .field("method", &self.method)
            .field("params_bytes", &self.params.len())
            .field("timeout", &self.timeout)
            .field("repeatable", &self.repeatable)
            .finish_non_exhaustive()
    }
}

/// What a [`Transport`] brings back.
#[derive(Clone)]
#[non_exhaustive]
pub enum Response {
    /// A whole JSON-RPC answer; its id and version are still to be checked.
    Envelope {
        /// The document.
        body: Bytes,
        /// The id that the transport gave the request.
        id: RequestId,
    },
    /// Only the `result` value, for wires that have their own framing.
    Result {
        /// The text of the value.
        body: Bytes,
    },
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Answers may hold session tokens.
        match self {
            Self::Envelope { body, id } => f
                .debug_struct("Envelope")
                .field("body_bytes", &body.len())
                .field("id", id)
                .finish(),
            Self::Result { body } => f
                .debug_struct("Result")
                .field("body_bytes", &body.len())
                .finish(),
        }
    }
}
