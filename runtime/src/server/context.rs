//! Who calls, how the call came in, and how long the caller waits.

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::fault::Fault;
use crate::attributes::Attributes;
use crate::codec::Encode;
use crate::json_text::Json;
use crate::wire::BoxFuture;

/// What a servant may know of a call beyond its arguments.
///
/// All calls of one bulk request share the context of that request.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Context {
    /// Name of the user logged in.
    pub user: Option<String>,
    /// Address of the caller.
    pub peer: Option<SocketAddr>,
    /// Name of the transport: `https`, `memory`.
    pub transport: Cow<'static, str>,
    /// When the caller stops waiting, where the wire tells.
    pub deadline: Option<Instant>,
    cancelled: CancellationToken,
    progress: Option<Arc<dyn Progress>>,
    attributes: Attributes,
}

/// Where the reports of a servant go; for wires that report progress.
pub trait Progress: Send + Sync {
    /// Tells the caller. Waits while the caller cannot take more.
    fn report(&self, value: Json) -> BoxFuture<'_, Result<(), Fault>>;
}

impl Context {
    /// A context that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the user.
    #[must_use]
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// Sets the address of the caller.
    #[must_use]
    pub fn with_peer(mut self, peer: SocketAddr) -> Self {
        self.peer = Some(peer);
        self
    }

    /// Sets the name of the transport.
    #[must_use]
    pub fn with_transport(mut self, transport: impl Into<Cow<'static, str>>) -> Self {
        self.transport = transport.into();
        self
    }

    /// Sets when the caller stops waiting.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets what tells that the caller has given up.
    #[must_use]
    pub fn with_cancellation(mut self, token: CancellationToken) -> Self {
        self.cancelled = token;
        self
    }

    /// What tells that one of the calls in this context was given up, or all of them.
    pub(crate) fn token_below(&self) -> CancellationToken {
        self.cancelled.child_token()
    }

    /// Sets where reports go.
    #[must_use]
    pub fn with_progress(mut self, progress: Arc<dyn Progress>) -> Self {
        self.progress = Some(progress);
        self
    }

    /// Adds an attribute that only transport and servants understand, or replaces it.
    #[must_use]
    pub fn with_attribute(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.attributes.set(name, value);
        self
    }

    /// What [`with_attribute`](Self::with_attribute) added under this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)
    }

    /// Whether the caller has given up, so that the result will not be used.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }

    /// Waits until the caller gives up. On a wire that cannot tell, it waits without end.
    pub async fn cancelled(&self) {
        self.cancelled.cancelled().await;
    }

    /// Whether the caller has asked for reports of progress.
    #[must_use]
    pub fn wants_progress(&self) -> bool {
        self.progress.is_some()
    }

    /// Reports progress to the caller. Does nothing when the caller has not asked for reports, and waits while the caller
    /// cannot take more.
    ///
    /// # Errors
    ///
    /// When the value cannot be sent, or the caller is gone.
    pub async fn report<T: Encode + Sync + ?Sized>(&self, value: &T) -> Result<(), Fault> {
        match &self.progress {
            Some(progress) => progress.report(crate::codec::encode(value)?).await,
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("user", &self.user)
            .field("peer", &self.peer)
            .field("transport", &self.transport)
            .field("deadline", &self.deadline)
            .field("is_cancelled", &self.is_cancelled())
            .field("wants_progress", &self.wants_progress())
            .field("attributes", &self.attributes)
            .finish()
    }
}
