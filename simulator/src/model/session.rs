//! Sessions: a token instead of user and password.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::accounts::Actor;

/// A session ends after so many seconds without a call, unless the device is told otherwise.
const IDLE: i32 = 600;
/// Ended and running sessions that the history remembers.
const HISTORY: usize = 64;

/// A session of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Session {
    /// Its number; 0 for one that is not to be.
    pub id: i32,
    /// Whose it is.
    pub user: String,
    /// Where the user is.
    pub address: String,
    /// What the client calls itself.
    pub client: String,
    /// When it began, in seconds since 1970.
    pub created: i64,
    /// After how many seconds without a call it ends.
    pub timeout: i32,
    /// Seconds since the last call.
    pub idle: i32,
    /// Seconds since the last call that somebody made by hand.
    pub user_idle: i32,
}

/// A session that was begun, whether it has ended or not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// When it began, in seconds since 1970.
    pub created: i64,
    /// Where the user was.
    pub address: String,
    /// What the client called itself.
    pub client: String,
}

/// The sessions of a device.
pub(crate) struct Sessions {
    inner: Mutex<Inner>,
    most: usize,
}

#[derive(Default)]
struct Inner {
    opened: i32,
    by_token: BTreeMap<String, Open>,
    /// With the users that they belong to.
    history: VecDeque<(String, HistoryEntry)>,
    rules: SessionRules,
}

/// How long sessions last, and how many a user may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionRules {
    /// After how many seconds without a call a session ends.
    pub(crate) idle: i32,
    /// Whether a user can have one session only.
    pub(crate) single: bool,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self {
            idle: IDLE,
            single: false,
        }
    }
}

/// What came of the wish for a session.
pub(crate) enum Opened {
    /// The session and its token.
    Granted(Session, String),
    /// There are too many, or the user has one already and may have only one; the session that is not to be.
    Denied(Session),
    /// The system gives no random numbers, of which tokens are made.
    NoToken,
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
    fn describe(&self, now: Duration, timeout: i32) -> Session {
        // The member has no room for more than 68 years: then it stays at that.
        let seconds = |since: Duration| {
            i32::try_from(now.saturating_sub(since).as_secs()).unwrap_or(i32::MAX)
        };
        Session {
            id: self.id,
            user: self.user.clone(),
            address: self.address.clone(),
            client: self.client.clone(),
            created: self.created,
            timeout,
            idle: seconds(self.used),
            user_idle: seconds(self.user_active),
        }
    }
}

impl Sessions {
    pub(crate) fn new(most: usize) -> Self {
        Self {
            inner: Mutex::default(),
            most,
        }
    }

    /// The user of a session, which counts as used now. `None`: there is no such session.
    pub(crate) fn user(&self, token: &str, now: Duration) -> Option<String> {
        let mut inner = self.lock(now);
        let session = inner.by_token.get_mut(token)?;
        session.used = now;
        Some(session.user.clone())
    }

    /// Ends all sessions; the answer says how many there were.
    pub(crate) fn end_all(&self, now: Duration) -> usize {
        std::mem::take(&mut self.lock(now).by_token).len()
    }

    /// A new session and its token.
    pub(crate) fn open(&self, actor: Actor, client: &str, created: i64, now: Duration) -> Opened {
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
        let SessionRules { idle, single } = inner.rules;
        let mut sessions = inner.by_token.values();
        let second = single && sessions.any(|other| other.user == session.user);
        if second || inner.by_token.len() >= self.most {
            return Opened::Denied(session.describe(now, idle));
        }
        let Some(token) = token() else {
            return Opened::NoToken;
        };
        inner.opened = inner.opened.wrapping_add(1);
        session.id = inner.opened;
        if inner.history.len() == HISTORY {
            inner.history.pop_front();
        }
        let entry = HistoryEntry {
            created: session.created,
            address: session.address.clone(),
            client: session.client.clone(),
        };
        inner.history.push_back((session.user.clone(), entry));
        let described = session.describe(now, idle);
        inner.by_token.insert(token.clone(), session);
        Opened::Granted(described, token)
    }

    /// Notes that somebody works in a session, not only a program. `None`: there is no such session.
    pub(crate) fn touch(&self, token: &str, now: Duration) -> Option<()> {
        self.lock(now).by_token.get_mut(token)?.user_active = now;
        Some(())
    }

    /// Description of the session of a token; `None` when there is none.
    pub(crate) fn get(&self, token: &str, now: Duration) -> Option<Session> {
        let inner = self.lock(now);
        Some(inner.by_token.get(token)?.describe(now, inner.rules.idle))
    }

    pub(crate) fn all(&self, now: Duration) -> Vec<Session> {
        let inner = self.lock(now);
        let sessions = inner.by_token.values();
        let mut all: Vec<_> = sessions
            .map(|session| session.describe(now, inner.rules.idle))
            .collect();
        // Tokens are random: their order says nothing.
        all.sort_unstable_by_key(|session| session.id);
        all
    }

    pub(crate) fn close(&self, id: i32, now: Duration) {
        let mut inner = self.lock(now);
        inner.by_token.retain(|_, session| session.id != id);
    }

    /// Ends all sessions of a user.
    pub(crate) fn end_user(&self, user: &str, now: Duration) {
        let mut inner = self.lock(now);
        inner.by_token.retain(|_, session| session.user != user);
    }

    pub(crate) fn rules(&self, now: Duration) -> SessionRules {
        self.lock(now).rules
    }

    /// Sessions that have been idle for longer than is allowed from now on end at once.
    pub(crate) fn set_rules(&self, rules: SessionRules, now: Duration) {
        self.lock(now).rules = rules;
    }

    /// The sessions of a user, oldest first.
    pub(crate) fn history(&self, user: &str, now: Duration) -> Vec<HistoryEntry> {
        let inner = self.lock(now);
        let own = inner.history.iter().filter(|(owner, _)| owner == user);
        own.map(|(_, entry)| entry.clone()).collect()
    }

    /// Sessions whose time has passed are gone.
    fn lock(&self, now: Duration) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = Duration::from_secs(u64::try_from(inner.rules.idle).unwrap_or_default());
        inner
            .by_token
            .retain(|_, session| now.saturating_sub(session.used) < idle);
        inner
    }
}

/// 128 random bits as 32 hexadecimal digits. `None`: the system gives none.
fn token() -> Option<String> {
    let mut bytes = [0; 16];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut bytes)
        .ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
