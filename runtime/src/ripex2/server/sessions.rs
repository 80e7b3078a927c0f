//! Who is logged in.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Role, User};

/// The most sessions at a time; the one that was used longest ago makes room.
const MOST: usize = 256;

/// The sessions of a unit.
pub(super) struct Sessions {
    users: HashMap<String, User>,
    idle: Duration,
    open: Mutex<HashMap<String, Session>>,
}

struct Session {
    user: String,
    role: Role,
    used: Instant,
}

impl Sessions {
    pub(super) fn new(users: HashMap<String, User>, idle: Duration) -> Self {
        Self {
            users,
            idle,
            open: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a session: its token, and the role of the user. `None` for wrong credentials, or when there is no chance for a token.
    pub(super) fn log_in(&self, name: &str, password: &str) -> Option<(String, Role)> {
        let user = self.users.get(name)?;
        if !is_same(user.password.as_bytes(), password.as_bytes()) {
            return None;
        }
        let mut bits = [0; 16];
        crate::http::random(&mut bits).ok()?;
        let token: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut open = self.lock();
        let now = Instant::now();
        open.retain(|_, session| now - session.used <= self.idle);
        if open.len() >= MOST {
            let oldest = open.iter().min_by_key(|(_, session)| session.used);
            let oldest = oldest.map(|(token, _)| token.clone());
            oldest.and_then(|token| open.remove(&token));
        }
        let session = Session {
            user: name.to_owned(),
            role: user.role,
            used: now,
        };
        open.insert(token.clone(), session);
        Some((token, user.role))
    }

    /// The user of a session, which is used by that.
    pub(super) fn user(&self, token: &str) -> Option<(String, Role)> {
        let mut open = self.lock();
        let session = open.get_mut(token)?;
        let now = Instant::now();
        if now - session.used > self.idle {
            open.remove(token);
            return None;
        }
        session.used = now;
        Some((session.user.clone(), session.role))
    }

    /// Closes a session; whether there was one.
    pub(super) fn log_out(&self, token: &str) -> bool {
        self.lock().remove(token).is_some()
    }

    pub(super) fn forget(&self) {
        self.lock().clear();
    }
}

/// Takes as long for a wrong text as for the right one of that length.
fn is_same(left: &[u8], right: &[u8]) -> bool {
    let differs = left.iter().zip(right).fold(0, |all, (a, b)| all | (a ^ b));
    left.len() == right.len() && differs == 0
}
