//! Who calls, and how the call came in.

use std::borrow::Cow;
use std::net::SocketAddr;

/// What a servant may know of a call beyond its parameters.
///
/// All calls of one bulk request share the context of that request.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Context {
    /// Name of the user logged in.
    pub user: Option<String>,
    /// Address of the caller.
    pub peer: Option<SocketAddr>,
    /// Name of the transport: `https`, `memory`.
    pub transport: Cow<'static, str>,
    attributes: Vec<(Cow<'static, str>, String)>,
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

    /// Adds something that only transport and servants know the meaning of, or replaces it.
    #[must_use]
    pub fn with_attribute(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        let (name, value) = (name.into(), value.into());
        self.attributes.retain(|(known, _)| *known != name);
        self.attributes.push((name, value));
        self
    }

    /// What [`with_attribute`](Self::with_attribute) added under this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}
