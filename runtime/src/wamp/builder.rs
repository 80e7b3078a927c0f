//! How a client is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::auth::Auth;
use super::caller::{Layout, Objects, OneWay};
use super::client::Wamp;
use super::codec::Serializer;
use super::connect::{Plan, RouterUrl};
use super::hooks::{Hooks, Joined, Left, NotJoined};
use super::session::Limits;
use crate::error::{ConfigError, Error};
use crate::secure::Secure;
use crate::wire::{Binding, Overflow, Room};

/// Sets up a [`Wamp`].
#[must_use]
pub struct WampBuilder {
    pub(super) routers: Vec<RouterUrl>,
    realm: String,
    auth: Auth,
    serializer: Serializer,
    connect: Duration,
    pause: (Duration, Duration),
    limits: Limits,
    /// The first thing that was wrong.
    wrong: Option<Error>,
    secure: Option<Arc<dyn Secure>>,
    pub(super) timeout: Duration,
    pub(super) binding: Binding,
    pub(super) layout: Layout,
    pub(super) objects: Objects,
    pub(super) one_way: OneWay,
    pub(super) progress_room: Room,
    pub(super) hooks: Hooks,
}

impl WampBuilder {
    pub(super) fn new(router: String, realm: String) -> Self {
        let builder = Self {
            routers: Vec::new(),
            realm,
            auth: Auth::anonymous(),
            serializer: Serializer::Json,
            connect: Duration::from_secs(10),
            pause: (Duration::from_millis(200), Duration::from_secs(30)),
            limits: Limits {
                outgoing: 1 << 20,
                incoming: 16 << 20,
                write: Duration::from_secs(10),
                ping: Duration::from_secs(10),
            },
            wrong: None,
            secure: None,
            timeout: Duration::from_secs(30),
            binding: super::binding(""),
            layout: Layout::ByPosition,
            objects: Objects::None,
            one_way: OneWay::DropAnswer,
            progress_room: Room::new(64, Overflow::DropOldest),
            hooks: Hooks::default(),
        };
        builder.router(router)
    }

    /// Adds a router to go to when those before it give no session. Each time a session is needed they are tried in this order.
    pub fn router(mut self, url: impl AsRef<str>) -> Self {
        match RouterUrl::parse(url.as_ref()) {
            Ok(url) => self.routers.push(url),
            Err(error) => {
                self.wrong.get_or_insert(error);
            }
        }
        self
    }

    /// Sets who joins, and how that is shown. Default: [`Auth::anonymous`].
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Sets who makes connections to routers at `wss://` safe, and with that whom they trust: with the feature `http`,
    /// `xerus_rpc::http::Tls`. Default: nobody, and such a router is refused before anything is sent.
    pub fn tls(mut self, secure: impl Secure) -> Self {
        self.secure = Some(Arc::new(secure));
        self
    }

    /// Sets how messages are written. Default: [`Serializer::Json`].
    pub fn serializer(mut self, serializer: Serializer) -> Self {
        self.serializer = serializer;
        self
    }

    /// Sets what procedures begin with that are made from the names of the IDL: with `com.example`, the method `getState` of the
    /// interface `pdumodel.Outlet` is `com.example.pdumodel.outlet.get_state`. Default: nothing.
    pub fn prefix(self, prefix: &str) -> Self {
        self.binding(super::binding(prefix))
    }

    /// Sets how procedures are called and what error codes mean. Default: [`binding`](super::binding) without a prefix. How
    /// arguments and results are laid out is said by [`layout`](Self::layout).
    pub fn binding(mut self, binding: Binding) -> Self {
        self.binding = binding;
        self
    }

    /// Sets how arguments are laid out. Default: by position.
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// Sets how the object is said that a call is for. Default: not at all, and only the targets `""` and `/` are accepted, so that
    /// a call does not reach another object than it names.
    pub fn objects(mut self, objects: Objects) -> Self {
        self.objects = objects;
        self
    }

    /// Sets how methods are called to which no answer comes. Default: as calls whose answer is dropped.
    pub fn one_way(mut self, one_way: OneWay) -> Self {
        self.one_way = one_way;
        self
    }

    /// Sets the time for a whole call made through [`Wamp::agent`]. Default: 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long it may take to get a session from one router, all its addresses together. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect = timeout;
        self
    }

    /// Sets how long a router may take no bytes until its session is given up. Default: 10 s.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.limits.write = timeout;
        self
    }

    /// Sets how often it is looked whether the router has said anything. After one to two such intervals of silence it is asked whether it is
    /// still there, one later again, and after three to four it counts as gone. Default: 10 s. At least 10 ms.
    pub fn ping(mut self, interval: Duration) -> Self {
        self.limits.ping = interval.max(Duration::from_millis(10));
        self
    }

    /// Sets the pauses before routers that gave no session are tried again: the first, which is doubled each time, and the longest.
    /// Default: 200 ms and 30 s. The first is at least 1 ms. Pauses vary by a quarter. After a session that worked it is tried
    /// again within the first; after one that the router ended on purpose, after the longest.
    pub fn reconnect(mut self, first: Duration, longest: Duration) -> Self {
        let first = first.max(Duration::from_millis(1));
        self.pause = (first, longest.max(first));
        self
    }

    /// Sets the size of the largest message that is sent, in bytes. Default: 1 MiB, which is what many callees take at most: one that
    /// gets more is thrown out by its own connection. A call that is larger fails before anything is sent.
    pub fn max_request_bytes(mut self, bytes: usize) -> Self {
        self.limits.outgoing = bytes;
        self
    }

    /// Sets the size of the largest message that is taken, in bytes. Default: 16 MiB. A larger one ends the session.
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.limits.incoming = bytes;
        self
    }

    /// Sets how many values that a call reports wait for who reads them, at least 1 and never more than 16 MiB, and what happens to
    /// more. Default: 64, of which the oldest are dropped. For one call [`ProgressCall::room`](crate::ProgressCall::room) sets it.
    pub fn progress_room(mut self, values: usize, overflow: Overflow) -> Self {
        self.progress_room = Room::new(values, overflow);
        if overflow == Overflow::Wait {
            self.wrong.get_or_insert_with(super::error::no_waiting);
        }
        self
    }

    /// Sets what is done each time a session begins, when what stood on the one before is put back. It ends when the session does.
    /// A hook that panics is reported by `tracing` where the feature `http` is on, and the session goes on; so it is with all hooks.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), xerus_rpc::Error> {
    /// use xerus_rpc::wamp::Wamp;
    ///
    /// let wamp = Wamp::builder("ws://localhost:18080/ws", "com.example.realm")
    ///     .on_join(|joined| async move { println!("session {}", joined.session) })
    ///     .on_leave(|left| println!("left: {:?}", left.reason))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_join<F, T>(mut self, hook: F) -> Self
    where
        F: Fn(Joined) -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        self.hooks.on_join = Some(Arc::new(move |joined| Box::pin(hook(joined))));
        self
    }

    /// Sets what is done each time a session ends. It must not block.
    pub fn on_leave(mut self, hook: impl Fn(Left) + Send + Sync + 'static) -> Self {
        self.hooks.on_leave = Some(Arc::new(hook));
        self
    }

    /// Sets what is done each time an attempt to join gives no session, at the first as later: [`Wamp::join`] and
    /// [`Callee::serve`](super::Callee::serve) wait for a router that is down as long as it takes, and only this and
    /// [`Wamp::status`] say why. With the feature `http`, `tracing` has the same as a warning. It must not block.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), xerus_rpc::Error> {
    /// use xerus_rpc::wamp::Wamp;
    ///
    /// let wamp = Wamp::builder("ws://localhost:18080/ws", "com.example.realm")
    ///     .on_not_joined(|why| eprintln!("{why}"))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_not_joined(mut self, hook: impl Fn(NotJoined) + Send + Sync + 'static) -> Self {
        self.hooks.on_not_joined = Some(Arc::new(hook));
        self
    }

    /// The client. It joins at the first call, or by [`Wamp::join`], which need a tokio runtime.
    ///
    /// # Errors
    ///
    /// `Config.BadUrl` for a URL that is none of a router, `Config.OutOfRange` for a realm that no router takes.
    pub fn build(mut self) -> Result<Wamp, Error> {
        if let Some(error) = self.wrong.take() {
            return Err(error);
        }
        if super::uri::check(&self.realm).is_err() {
            return Err(ConfigError::OutOfRange {
                setting: "realm",
                expected: "a URI, such as com.example.realm: parts between dots, without blanks and #",
            }
            .into());
        }
        Ok(Wamp::new(self))
    }

    /// What sessions are made of.
    pub(super) fn plan(&self) -> Plan {
        Plan {
            routers: self.routers.clone().into(),
            realm: self.realm.as_str().into(),
            auth: self.auth.clone(),
            serializer: self.serializer,
            secure: self.secure.clone(),
            connect: self.connect,
            pause: self.pause,
            limits: self.limits,
        }
    }
}

impl fmt::Debug for WampBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routers: Vec<_> = self.routers.iter().map(RouterUrl::as_str).collect();
        f.debug_struct("WampBuilder")
            .field("routers", &routers)
            .field("realm", &self.realm)
            .field("auth", &self.auth)
            .field("serializer", &self.serializer)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
