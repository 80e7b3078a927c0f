//! What a program is told of sessions that begin and end.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::client::{Inner, Wamp};
use super::error::NoRouter;
use super::session::{End, Welcome};
use crate::error::Error;
use crate::error::text::DeviceText;
use crate::wire::BoxFuture;

/// A session that began.
#[derive(Clone)]
#[non_exhaustive]
pub struct Joined {
    /// Its id on the router.
    pub session: u64,
    /// The realm, as the router calls it.
    pub realm: Option<String>,
    /// Who we are there.
    pub authid: Option<String>,
    /// What we may do there.
    pub authrole: Option<String>,
    /// How that was shown.
    pub authmethod: Option<String>,
    /// The program that routes, as it calls itself.
    pub agent: Option<String>,
    /// The URL of the router.
    pub router: String,
    dealer: Vec<String>,
    broker: Vec<String>,
    owner: Arc<Inner>,
}

impl Joined {
    pub(super) fn new(welcome: &Welcome, owner: Arc<Inner>) -> Self {
        Self {
            session: welcome.session,
            realm: welcome.realm.clone(),
            authid: welcome.authid.clone(),
            authrole: welcome.authrole.clone(),
            authmethod: welcome.authmethod.clone(),
            agent: welcome.agent.clone(),
            router: welcome.router.clone(),
            dealer: welcome.dealer.clone(),
            broker: welcome.broker.clone(),
            owner,
        }
    }

    /// The client that joined: to call, to register, to subscribe.
    #[must_use]
    pub fn wamp(&self) -> Wamp {
        Wamp::from_inner(Arc::clone(&self.owner))
    }

    /// Whether the router announced a feature for calls: `call_timeout`, `progressive_call_results`.
    #[must_use]
    pub fn dealer_has(&self, feature: &str) -> bool {
        self.dealer.iter().any(|name| name == feature)
    }

    /// Whether the router announced a feature for publications.
    #[must_use]
    pub fn broker_has(&self, feature: &str) -> bool {
        self.broker.iter().any(|name| name == feature)
    }

    /// The features that the router announced for calls, in order of their names.
    pub fn dealer_features(&self) -> impl ExactSizeIterator<Item = &str> {
        self.dealer.iter().map(String::as_str)
    }
}

impl fmt::Debug for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Joined")
            .field("session", &self.session)
            .field("realm", &self.realm)
            .field("authid", &self.authid)
            .field("authrole", &self.authrole)
            .field("router", &self.router)
            .finish_non_exhaustive()
    }
}

/// A session that ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Left {
    /// Whether this side ended it.
    pub by_us: bool,
    /// The reason that the router gave with its goodbye: a URI.
    pub reason: Option<String>,
    /// Why, where this side did not end it: the error that waiting calls got.
    pub error: Option<Error>,
}

impl Left {
    pub(super) fn new(end: &End) -> Self {
        let reason = match end {
            End::Goodbye { reason, .. } => Some(reason.clone()),
            End::Left | End::Broken(_) => None,
        };
        let by_us = matches!(end, End::Left);
        Self {
            by_us,
            reason,
            error: (!by_us).then(|| end.error()),
        }
    }
}

/// Why there is no session: an attempt to join that came to nothing, on all routers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NotJoined {
    /// What calls that are made meanwhile fail with. Its source is a [`NoRouter`](super::NoRouter), with a cause for each router.
    pub error: Error,
    /// How many attempts in a row gave no session, this one among them. 0 where a session has just ended and joining was not tried again yet.
    pub attempts: u32,
    /// How long after this attempt the next one begins. None where trying again would give the same: then the next one is that of
    /// [`Wamp::join`].
    pub again: Option<Duration>,
}

impl fmt::Display for NotJoined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match std::error::Error::source(&self.error) {
            Some(source) if source.is::<NoRouter>() => DeviceText(&source.to_string()).to_string(),
            _ => self.error.to_string(),
        };
        match self.attempts {
            0 => write!(f, "the session ended: {why}")?,
            1 => write!(f, "not joined: {why}")?,
            attempts => write!(f, "not joined, attempt {attempts}: {why}")?,
        }
        match self.again {
            Some(pause) => write!(f, "; it is tried again in {:.1} s", pause.as_secs_f64()),
            None => f.write_str("; it is not tried again before `join` is called"),
        }
    }
}

type OnJoin = dyn Fn(Joined) -> BoxFuture<'static, ()> + Send + Sync;
type OnLeave = dyn Fn(Left) + Send + Sync;
type OnNotJoined = dyn Fn(NotJoined) + Send + Sync;

/// What the program wants to be told.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) on_join: Option<Arc<OnJoin>>,
    pub(super) on_leave: Option<Arc<OnLeave>>,
    pub(super) on_not_joined: Option<Arc<OnNotJoined>>,
}

impl Hooks {
    pub(super) async fn join(&self, joined: Joined) {
        if let Some(hook) = &self.on_join {
            // It may panic before there is a future.
            let told = AssertUnwindSafe(async { hook(joined).await });
            if told.catch_unwind().await.is_err() {
                panicked("on_join");
            }
        }
    }

    pub(super) fn leave(&self, left: Left) {
        if let Some(hook) = &self.on_leave {
            guarded("on_leave", || hook(left));
        }
    }

    pub(super) fn not_joined(&self, why: NotJoined) {
        #[cfg(feature = "http")]
        tracing::warn!(target: "xerus_rpc::wamp", attempts = why.attempts, "{why}");
        if let Some(hook) = &self.on_not_joined {
            guarded("on_not_joined", || hook(why));
        }
    }
}

/// Calls a hook: a panic ends it and nothing else.
pub(super) fn guarded(name: &'static str, hook: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(hook)).is_err() {
        panicked(name);
    }
}

fn panicked(hook: &'static str) {
    #[cfg(feature = "http")]
    tracing::error!(target: "xerus_rpc::wamp", hook, "a hook panicked");
    #[cfg(not(feature = "http"))]
    let _ = hook;
}
