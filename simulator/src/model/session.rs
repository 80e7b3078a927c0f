//! Sessions: a token instead of user and password.

mod servant;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use xerus_rpc::Time;
use xerus_rpc::server::Fault;

pub(super) use self::servant::SessionServant;

use super::accounts::Actor;
use crate::api::session::{HistoryEntry, Session};

/// Attribute of a call's context: the token that it came with.
pub(crate) const SESSION_TOKEN: &str = "session-token";
/// Attribute of a call's context: what the client calls itself.
pub(crate) const CLIENT_TYPE: &str = "client-type";

/// A session ends after so many seconds without a call.
const IDLE: u16 = 600;
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
    by_token: BTreeMap<String, Open>,
    history: VecDeque<HistoryEntry>,
}

/// What came of the wish for a session.
enum Opened {
    /// The session and its token.
    Granted(Session, String),
    /// There are too many; the session that is not to be.
    Denied(Session),
}

/// A session that has not ended.
struct Open {
    id: i32,
    user: String,
    address: String,
    client: String,
    created: i64,
    used: Duration,
    user_active: Duration,
}

impl Open {
    fn describe(&self, now: Duration) -> Session {
        // The member has no room for more than 68 years: then it stays at that.
        let seconds = |since: Duration| {
            i32::try_from(now.saturating_sub(since).as_secs()).unwrap_or(i32::MAX)
        };
        Session {
            session_id: self.id,
            username: self.user.clone(),
            remote_ip: self.address.clone(),
            client_type: self.client.clone(),
            creation_time: Time::from_unix_seconds(self.created),
            timeout: IDLE.into(),
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

    /// The user of a session, which counts as used now. `None`: there is no such session.
    pub(super) fn user(&self, token: &str, now: Duration) -> Option<String> {
        let mut inner = self.lock(now);
        let session = inner.by_token.get_mut(token)?;
        session.used = now;
        Some(session.user.clone())
    }

    /// Ends all sessions; the answer says how many there were.
    pub(super) fn end_all(&self, now: Duration) -> usize {
        std::mem::take(&mut self.lock(now).by_token).len()
    }

    /// A new session and its token.
    fn open(
        &self,
        actor: Actor,
        client: &str,
        created: i64,
        now: Duration,
    ) -> Result<Opened, Fault> {
        let mut inner = self.lock(now);
        let mut session = Open {
            id: 0,
            user: actor.user,
            address: actor.address,
            client: client.to_owned(),
            created,
            used: now,
            user_active: now,
        };
        if inner.by_token.len() >= self.most {
            return Ok(Opened::Denied(session.describe(now)));
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
        Ok(Opened::Granted(described, token))
    }

    /// Notes that somebody works in a session, not only a program. `None`: there is no such session.
    fn touch(&self, token: &str, now: Duration) -> Option<()> {
        self.lock(now).by_token.get_mut(token)?.user_active = now;
        Some(())
    }

    /// Description of the session of a token; `None` when there is none.
    fn get(&self, token: &str, now: Duration) -> Option<Session> {
        let inner = self.lock(now);
        Some(inner.by_token.get(token)?.describe(now))
    }

    fn all(&self, now: Duration) -> Vec<Session> {
        let inner = self.lock(now);
        let sessions = inner.by_token.values();
        sessions.map(|session| session.describe(now)).collect()
    }

    fn close(&self, id: i32, now: Duration) {
        let mut inner = self.lock(now);
        inner.by_token.retain(|_, session| session.id != id);
    }

    /// Oldest first.
    fn history(&self, now: Duration) -> Vec<HistoryEntry> {
        self.lock(now).history.iter().cloned().collect()
    }

    /// Sessions whose time has passed are gone.
    fn lock(&self, now: Duration) -> MutexGuard<'_, Inner> {
        let idle = Duration::from_secs(IDLE.into());
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .by_token
            .retain(|_, session| now.saturating_sub(session.used) < idle);
        inner
    }
}

/// 128 random bits as 32 hexadecimal digits.
fn token() -> Result<String, Fault> {
    let mut bytes = [0; 16];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| {
            Fault::internal(
                "the system gave no random numbers for a token; log in with a password instead",
            )
        })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
