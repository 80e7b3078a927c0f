//! Sessions: a token instead of user and password.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use xerus_rpc::Time;
use xerus_rpc::server::{Context, Fault, Reply};

use super::Device;
use super::accounts::Actor;
use crate::api::server::session as traits;
use crate::api::session::session_manager::CloseReason;
use crate::api::session::{HistoryEntry, Session, SessionManager};

/// Attribute of a call's context: the token that it came with.
pub(crate) const SESSION_TOKEN: &str = "session-token";
/// Attribute of a call's context: what the client calls itself.
pub(crate) const CLIENT_TYPE: &str = "client-type";

/// A session ends after so much time without a call.
const IDLE: Duration = Duration::from_secs(600);
/// Ended and running sessions that the history remembers.
const HISTORY: usize = 64;

/// The sessions of a device.
pub(super) struct Sessions {
    inner: Mutex<Inner>,
    most: usize,
}

#[derive(Default)]
struct Inner {
    opened: i32,
    by_token: BTreeMap<String, Running>,
    history: VecDeque<HistoryEntry>,
}

struct Running {
    id: i32,
    user: String,
    address: String,
    client: String,
    created: i64,
    used: Duration,
    user_active: Duration,
}

impl Running {
    fn describe(&self, now: Duration) -> Session {
        let seconds = |since: Duration| {
            i32::try_from(now.saturating_sub(since).as_secs()).unwrap_or(i32::MAX)
        };
        Session {
            session_id: self.id,
            username: self.user.clone(),
            remote_ip: self.address.clone(),
            client_type: self.client.clone(),
            creation_time: Time::from_unix_seconds(self.created),
            timeout: i32::try_from(IDLE.as_secs()).unwrap_or(i32::MAX),
            idle: seconds(self.used),
            user_idle: seconds(self.user_active),
            extra_: Default::default(),
        }
    }
}

impl Sessions {
    pub(super) fn new(most: usize) -> Self {
        Self {
            inner: Mutex::default(),
            most,
        }
    }

    fn lock(&self, now: Duration) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .by_token
            .retain(|_, session| now.saturating_sub(session.used) < IDLE);
        inner
    }
}

impl Device {
    /// The user of a session, which counts as used now. `None`: there is no such session.
    pub(crate) fn session_user(&self, token: &str) -> Option<String> {
        let now = self.clock().now();
        let mut inner = self.sessions.lock(now);
        let session = inner.by_token.get_mut(token)?;
        session.used = now;
        Some(session.user.clone())
    }

    /// Ends all sessions, as a restart does; the answer says how many there were.
    pub fn end_sessions(&self) -> usize {
        let mut inner = self.sessions.lock(self.clock().now());
        std::mem::take(&mut inner.by_token).len()
    }

    fn open_session(&self, actor: Actor, client: &str) -> Result<(i32, Session, String), Fault> {
        let now = self.clock().now();
        let mut inner = self.sessions.lock(now);
        let mut session = Running {
            id: 0,
            user: actor.user,
            address: actor.address,
            client: client.to_owned(),
            created: self.clock().unix_seconds(),
            used: now,
            user_active: now,
        };
        if inner.by_token.len() >= self.sessions.most {
            // The official client decodes the session even when it was denied one.
            let code = SessionManager::ERR_ACTIVE_SESSION_EXCLUSIVE_FOR_USER;
            return Ok((code, session.describe(now), String::new()));
        }
        let token = token()?;
        inner.opened = inner.opened.wrapping_add(1);
        session.id = inner.opened;
        if inner.history.len() == HISTORY {
            inner.history.pop_front();
        }
        inner.history.push_back(HistoryEntry {
            creation_time: Time::from_unix_seconds(session.created),
            remote_ip: session.address.clone(),
            client_type: session.client.clone(),
            extra_: Default::default(),
        });
        let described = session.describe(now);
        inner.by_token.insert(token.clone(), session);
        Ok((0, described, token))
    }
}

/// 128 random bits as 32 hexadecimal digits.
fn token() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| Fault::internal("no random numbers"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Serves `/session`.
pub(super) struct SessionServant(pub(super) Arc<Device>);

impl SessionServant {
    /// Does `act` with the session of this call.
    fn current<T>(
        &self,
        context: &Context,
        act: impl FnOnce(&mut Running, Duration) -> T,
    ) -> Result<T, Fault> {
        let now = self.0.clock().now();
        let mut inner = self.0.sessions.lock(now);
        context
            .attribute(SESSION_TOKEN)
            .and_then(|token| inner.by_token.get_mut(token))
            .map(|session| act(session, now))
            .ok_or_else(|| Fault::internal("this call does not belong to a session"))
    }
}

impl traits::SessionManager for SessionServant {
    fn new_session<'a>(&'a self, context: &'a Context) -> Reply<'a, (i32, Session, String)> {
        let client = context.attribute(CLIENT_TYPE).unwrap_or_default();
        self.0.open_session(Actor::of(context), client).into()
    }

    fn get_current_session<'a>(&'a self, context: &'a Context) -> Reply<'a, Session> {
        self.current(context, |session, now| session.describe(now))
            .into()
    }

    fn get_sessions<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Session>> {
        let now = self.0.clock().now();
        Reply::ok(
            self.0
                .sessions
                .lock(now)
                .by_token
                .values()
                .map(|session| session.describe(now))
                .collect(),
        )
    }

    fn close_session<'a>(
        &'a self,
        context: &'a Context,
        session_id: i32,
        _: CloseReason,
    ) -> Reply<'a, ()> {
        let may = self.0.accounts().may_change(context);
        may.map(|()| {
            self.0
                .sessions
                .lock(self.0.clock().now())
                .by_token
                .retain(|_, session| session.id != session_id);
        })
        .into()
    }

    fn close_current_session<'a>(&'a self, context: &'a Context, _: CloseReason) -> Reply<'a, ()> {
        let id = self.current(context, |session, _| session.id);
        id.map(|id| {
            self.0
                .sessions
                .lock(self.0.clock().now())
                .by_token
                .retain(|_, session| session.id != id);
        })
        .into()
    }

    fn touch_current_session<'a>(
        &'a self,
        context: &'a Context,
        user_activity: bool,
    ) -> Reply<'a, ()> {
        self.current(context, |session, now| {
            if user_activity {
                session.user_active = now;
            }
        })
        .into()
    }

    fn get_session_history<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<HistoryEntry>> {
        Reply::ok(
            self.0
                .sessions
                .lock(self.0.clock().now())
                .history
                .iter()
                .cloned()
                .collect(),
        )
    }
}
