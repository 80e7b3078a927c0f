//! The client: a session that is kept up, and what stands on it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::builder::WampBuilder;
use super::callee::Procedures;
use super::caller::Uris;
use super::hooks::{Joined, NotJoined};
use super::link::{Condition, Link, Task};
use super::session::{Part, Session};
use super::topics::Topics;
use crate::Agent;
use crate::error::{Error, TimeoutError, TimeoutPhase};
use crate::settings::Settings;

/// How long the router may take to answer a goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// A client of a WAMP router: [calls](crate::wire::Transport) over one session, which is joined when it is first needed and joined
/// again when it ends. Cheap to clone; clones share the session.
///
/// A call is never sent twice: one that was under way when the session ended fails at once, with an error whose
/// [outcome](Error::outcome) is unknown. Answers that nobody waits for are counted and dropped. When the last clone is dropped the
/// connection ends without a goodbye; [`leave`](Self::leave) says it.
#[derive(Clone)]
pub struct Wamp(Arc<Inner>);

/// What the clones share.
pub(super) struct Inner {
    pub(super) setup: WampBuilder,
    pub(super) origin: String,
    pub(super) uris: Uris,
    procedures: Arc<Procedures>,
    topics: Arc<Topics>,
    parts: Arc<[Arc<dyn Part>]>,
    link: Mutex<Option<Arc<Link>>>,
}

/// How a client does.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WampStatus {
    /// The id of the session on the router; none while there is no session.
    pub session: Option<u64>,
    /// Why there is none: how the last attempt to join ended. None while there is a session, until the first attempt has ended, and after
    /// [`leave`](Wamp::leave).
    pub not_joined: Option<NotJoined>,
    /// Requests that wait for their answers.
    pub waiting: usize,
    /// Messages of this session that nobody waited for: late, doubled or unasked ones.
    pub dropped: u64,
}

impl Wamp {
    /// Sets up a client of the router at this URL (`ws://` or `wss://`), in this realm.
    pub fn builder(router: impl Into<String>, realm: impl Into<String>) -> WampBuilder {
        WampBuilder::new(router.into(), realm.into())
    }

    pub(super) fn new(setup: WampBuilder) -> Self {
        let routers: Vec<&str> = setup
            .routers
            .iter()
            .map(super::connect::RouterUrl::as_str)
            .collect();
        let (procedures, topics) = (Procedures::new(), Topics::new());
        Self(Arc::new(Inner {
            origin: routers.join(","),
            uris: Uris::default(),
            setup,
            parts: Arc::new([Arc::clone(&procedures) as _, Arc::clone(&topics) as _]),
            procedures,
            topics,
            link: Mutex::new(None),
        }))
    }

    pub(super) fn from_inner(inner: Arc<Inner>) -> Self {
        Self(inner)
    }

    pub(super) fn inner(&self) -> &Inner {
        &self.0
    }

    /// What is served on its sessions.
    pub(super) fn procedures(&self) -> &Arc<Procedures> {
        &self.0.procedures
    }

    /// What is subscribed to on its sessions.
    pub(super) fn topics(&self) -> &Arc<Topics> {
        &self.0.topics
    }

    /// An agent that calls over this client, with the time for a call that was set up.
    #[must_use]
    pub fn agent(&self) -> Agent {
        let settings = Settings {
            timeout: self.0.setup.timeout,
            ..Settings::default()
        };
        Agent::with_settings(Arc::new(self.clone()), settings)
    }

    /// Joins the realm, and waits for the session: at once where there is one. After this the session is kept up until
    /// [`leave`](Self::leave); routers that are down are tried again as long as it takes. Calls join on their own; this is for
    /// programs that serve or subscribe, and for those that want to know at once whether they may.
    ///
    /// It says nothing while it waits: [`on_not_joined`](WampBuilder::on_not_joined) and [`WampStatus::not_joined`] tell why, and
    /// `tokio::time::timeout` around it ends the waiting. The client goes on trying all the same, until it is dropped or left.
    ///
    /// # Errors
    ///
    /// Why the router will not let us in, however often we try: the kind of a wrong realm, user or secret, of TLS that trusts nobody there, with
    /// [`NoRouter`](super::NoRouter) as the source. Needs a tokio runtime.
    pub async fn join(&self) -> Result<Joined, Error> {
        let mut link = self.link_anew();
        loop {
            tokio::select! {
                biased;
                () = link.settled() => {}
                () = link.home.rests(self.0.setup.timeout) => return Err(self.resting()),
            }
            match link.condition() {
                Condition::Up(session) => {
                    return Ok(Joined::new(session.welcome(), Arc::clone(&self.0)));
                }
                Condition::Refused(refused) => return Err(refused.error),
                // Somebody left meanwhile, or its runtime is gone.
                _ => link = self.link_anew(),
            }
        }
    }

    /// Joins, keeps the session up, and leaves when `until` is done: Ctrl-C, say, as `tokio::signal::ctrl_c()` gives it. A router that is
    /// down is waited for, as by [`join`](Self::join).
    ///
    /// # Errors
    ///
    /// As [`join`](Self::join), also later, when the router changes its mind.
    pub async fn run<F: Future>(&self, until: F) -> Result<(), Error> {
        let kept = async {
            loop {
                self.join().await?;
                let link = self.link();
                link.over().await;
                match link.condition() {
                    Condition::Left => return Ok(()),
                    Condition::Refused(refused) => return Err(refused.error),
                    // The runtime on which it was started is gone.
                    _ => {}
                }
            }
        };
        let ended = tokio::select! {
            ended = kept => ended,
            _ = until => Ok(()),
        };
        self.leave().await;
        ended
    }

    /// Leaves the realm after the requests under way, with a goodbye, and ends the connection. Whatever is called after that joins
    /// anew.
    pub async fn leave(&self) {
        let link = self.lock().take();
        let Some(link) = link else { return };
        link.leave();
        if let Condition::Up(session) = link.condition() {
            let _ = tokio::time::timeout(self.0.setup.timeout, session.drained()).await;
            session.leave(GOODBYE).await;
            // Nobody says so where its runtime rests.
            tokio::select! {
                () = link.over() => {}
                () = link.home.rests(GOODBYE) => {}
            }
        }
    }

    /// How it does.
    #[must_use]
    pub fn status(&self) -> WampStatus {
        let link = self.lock().clone();
        let (session, not_joined) = match link.map(|link| link.condition()) {
            Some(Condition::Up(session)) if session.is_open() => (Some(session), None),
            Some(Condition::Down(why) | Condition::Refused(why)) => (None, Some(why)),
            _ => (None, None),
        };
        WampStatus {
            not_joined,
            session: session.as_ref().map(|session| session.welcome().session),
            waiting: session.as_ref().map_or(0, |session| session.waiting()),
            dropped: session.as_ref().map_or(0, |session| session.dropped()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Link>>> {
        self.0.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The link, started where there is none.
    pub(super) fn link(&self) -> Arc<Link> {
        self.link_unless(|link| {
            !link.is_kept() && !matches!(link.condition(), Condition::Refused(_))
        })
    }

    /// The link, started where there is none or where it was given up.
    fn link_anew(&self) -> Arc<Link> {
        self.link_unless(|link| !link.is_kept())
    }

    fn link_unless(&self, is_old: impl FnOnce(&Link) -> bool) -> Arc<Link> {
        let mut slot = self.lock();
        if slot.as_deref().is_some_and(is_old) {
            *slot = None;
        }
        let link = slot.get_or_insert_with(|| {
            Arc::new(Link::start(Task {
                plan: self.0.setup.plan(),
                parts: Arc::clone(&self.0.parts),
                hooks: self.0.setup.hooks.clone(),
                owner: Arc::downgrade(&self.0),
            }))
        });
        Arc::clone(link)
    }

    /// The runtime of the link does nothing.
    fn resting(&self) -> Error {
        let time = TimeoutError::new(TimeoutPhase::Runtime, self.0.setup.timeout);
        Error::from(time).with_sent(false, false)
    }

    /// The session, where there is one.
    pub(super) fn session_at_hand(&self) -> Option<Arc<Session>> {
        let link = self.lock();
        match link.as_ref()?.condition() {
            Condition::Up(session) if session.is_open() => Some(session),
            _ => None,
        }
    }

    /// The session, as soon as it is known whether there is one, or why there is none; or what was being done when the time was over.
    pub(super) async fn session_until(
        &self,
        until: Instant,
    ) -> Result<Result<Arc<Session>, Error>, TimeoutPhase> {
        let home = self.link().home.clone();
        let session = home.in_time(until, self.session()).await;
        session.map_err(|late| late.phase(TimeoutPhase::Connect))
    }

    /// The same, however long it takes.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub(super) async fn session(&self) -> Result<Arc<Session>, Error> {
        // A session that ended just now: what comes of it is known in a moment.
        for _ in 0..3 {
            let link = self.link();
            link.decided().await;
            match link.condition() {
                Condition::Up(session) if session.is_open() => return Ok(session),
                Condition::Up(_) => link.noticed().await,
                Condition::Down(refused) | Condition::Refused(refused) => {
                    return Err(refused.error);
                }
                Condition::Connecting | Condition::Left => {}
            }
        }
        Err(super::session::lost().with_sent(false, false))
    }
}

impl fmt::Debug for Wamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wamp")
            .field("origin", &self.0.origin)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
