//! What goes to a wire.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::credentials::Credentials;
use super::overflow::Room;
use super::values::Values;
use crate::attributes::Attributes;
use crate::method::{Marks, Method};
use crate::settings::{DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_TIMEOUT};

/// One method call on its way to a [`Transport`](super::Transport). Cheap to clone.
#[derive(Clone)]
pub struct Request {
    method: Called,
    target: Arc<str>,
    args: Values,
    timeout: Duration,
    #[cfg_attr(
        not(feature = "ripex2"),
        allow(dead_code, reason = "only that wire asks for it")
    )]
    own_timeout: bool,
    repeatable: bool,
    long_poll: bool,
    auto_bulk: Option<bool>,
    credentials: Option<Credentials>,
    room: Option<Room>,
    max_response_bytes: usize,
    attributes: Attributes,
}

/// What is called: a method that bindings describe, or a bare name.
#[derive(Clone)]
pub(crate) enum Called {
    Described(&'static Method),
    Name(Arc<str>),
}

impl Called {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Described(method) => method.name,
            Self::Name(name) => name,
        }
    }

    /// The name on wires that call methods by their bare names.
    pub(crate) fn bare_name(&self) -> &str {
        match self {
            Self::Described(method) => method.marks.wire.unwrap_or(method.name),
            Self::Name(name) => name,
        }
    }

    /// The name, for errors.
    pub(crate) fn shown(&self) -> Cow<'static, str> {
        match self {
            Self::Described(method) => Cow::Borrowed(method.name),
            Self::Name(name) => Cow::Owned(name.to_string()),
        }
    }

    pub(crate) fn method(&self) -> Option<&'static Method> {
        match self {
            Self::Described(method) => Some(method),
            Self::Name(_) => None,
        }
    }
}

impl Request {
    /// A request as the description of its method says, with 30 s (long polls 45 s) for the whole call.
    #[must_use]
    pub fn new(target: impl Into<Arc<str>>, method: &'static Method, args: Values) -> Self {
        Self::made(target.into(), Called::Described(method), args)
            .with_repeatable(method.marks.repeatable)
            .with_long_poll(method.marks.long_poll)
    }

    /// A request for a method of which nothing but the name is known: not repeatable and no long poll unless that is
    /// said.
    #[must_use]
    pub fn untyped(target: impl Into<Arc<str>>, name: impl Into<Arc<str>>, args: Values) -> Self {
        Self::made(target.into(), Called::Name(name.into()), args)
    }

    /// The name on wires that call methods by their bare names.
    pub(crate) fn bare_name(&self) -> &str {
        self.method.bare_name()
    }

    /// What is called.
    pub(crate) fn called(&self) -> &Called {
        &self.method
    }

    /// The object called, for others to keep.
    pub(crate) fn shared_target(&self) -> &Arc<str> {
        &self.target
    }

    pub(crate) fn made(target: Arc<str>, method: Called, args: Values) -> Self {
        Self {
            method,
            target,
            args,
            timeout: DEFAULT_TIMEOUT,
            own_timeout: false,
            repeatable: false,
            long_poll: false,
            auto_bulk: None,
            credentials: None,
            room: None,
            max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES,
            attributes: Attributes::NONE,
        }
    }

    /// Sets the time that the whole call may take.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Says whether the call itself was given that time.
    pub(crate) fn with_own_timeout(mut self, own: bool) -> Self {
        self.own_timeout = own;
        self
    }

    /// Whether the call itself was given its time.
    #[cfg(feature = "ripex2")]
    pub(crate) fn has_own_timeout(&self) -> bool {
        self.own_timeout
    }

    /// Says whether the request may be sent again when the first attempt may have arrived.
    #[must_use]
    pub fn with_repeatable(mut self, repeatable: bool) -> Self {
        self.repeatable = repeatable;
        self
    }

    /// Says whether the device may hold the answer back until something happens.
    #[must_use]
    pub fn with_long_poll(mut self, long_poll: bool) -> Self {
        self.long_poll = long_poll;
        self
    }

    /// Says whether an [automatic bulk](crate::bulk::AutoBulk) takes the request; without this, reads join and nothing
    /// else.
    #[must_use]
    pub fn with_auto_bulk(mut self, join: bool) -> Self {
        self.auto_bulk = Some(join);
        self
    }

    pub(crate) fn with_auto_bulk_as(mut self, join: Option<bool>) -> Self {
        self.auto_bulk = join;
        self
    }

    /// Sets the size of the largest answer accepted, in bytes.
    #[must_use]
    pub fn with_max_response_bytes(mut self, limit: usize) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// Adds an attribute that only some wires understand, or replaces it: whether the caller is disclosed, a routing
    /// key, a language.
    #[must_use]
    pub fn with_attribute(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.attributes.set(name, value);
        self
    }

    pub(crate) fn with_attributes(mut self, attributes: Attributes) -> Self {
        self.attributes = attributes;
        self
    }

    /// The object called: the resource id on a Xerus device; empty on wires without objects.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The description of the method; `None` for a call without bindings.
    #[must_use]
    pub fn method(&self) -> Option<&'static Method> {
        self.method.method()
    }

    /// The name of the method in the IDL. What it is called on a wire, a [`Binding`](super::Binding) says.
    #[must_use]
    pub fn name(&self) -> &str {
        self.method.name()
    }

    /// The marks of the method; plain ones for a call without bindings.
    #[must_use]
    pub fn marks(&self) -> &'static Marks {
        self.method().map_or(&Marks::PLAIN, |method| method.marks)
    }

    /// The arguments.
    #[must_use]
    pub fn args(&self) -> &Values {
        &self.args
    }

    /// The time that the whole call may take, from waiting for earlier calls to the last byte of the answer.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Whether the request may be sent again when the first attempt may have arrived.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    /// Whether the device may hold the answer back until something happens, so that other calls must not wait for it.
    #[must_use]
    pub fn is_long_poll(&self) -> bool {
        self.long_poll
    }

    /// What the caller said about [automatic bulk](crate::bulk::AutoBulk), where it said something.
    #[must_use]
    pub fn auto_bulk(&self) -> Option<bool> {
        self.auto_bulk
    }

    /// What [`Call::attribute`](crate::Call::attribute) added under this name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)
    }

    /// All that was added as attributes, names and values.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.attributes.iter()
    }

    /// Sends these credentials with the request, in place of those that the transport has. For transports that
    /// [know their user](super::Capabilities::login).
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The credentials to be sent with the request, where it has its own.
    #[must_use]
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// Says how many reported values wait for who reads them, and what happens to more. For transports that
    /// [ask for that](super::Capabilities::room).
    #[must_use]
    pub fn with_room(mut self, room: Room) -> Self {
        self.room = Some(room);
        self
    }

    /// What the caller said about reported values that are not read in time, where it said something.
    #[must_use]
    pub fn room(&self) -> Option<Room> {
        self.room
    }

    /// The size of the largest answer accepted, in bytes.
    #[must_use]
    pub fn max_response_bytes(&self) -> usize {
        self.max_response_bytes
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("target", &self.target)
            .field("method", &self.name())
            .field("args", &self.args)
            .field("timeout", &self.timeout)
            .field("repeatable", &self.repeatable)
            .field("long_poll", &self.long_poll)
            .finish_non_exhaustive()
    }
}
