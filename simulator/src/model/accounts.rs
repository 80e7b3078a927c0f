//! Who may log in, and what they may do.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::account::{BlockRules, Login, UserInfo, Users};
use super::clock::Clock;
use super::privilege::Privilege;
use super::role::{self, Roles};

/// What an account may do: one of the roles that a device comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// Everything.
    Administrator,
    /// Switching, setting outlets and sensors, and reading: users, firmware and the like are refused with error -32001.
    Operator,
    /// Reading only: whatever changes the device is refused with error -32001.
    Viewer,
}

impl Role {
    /// The name that clients see.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Administrator => role::ADMIN,
            Self::Operator => role::OPERATOR,
            Self::Viewer => role::VIEWER,
        }
    }
}

/// The account of a device that comes from the factory.
pub const FACTORY_USER: &str = "admin";
/// The password of that account, which must be changed before anything else.
pub const FACTORY_PASSWORD: &str = "legrand";

/// The accounts of a device. Without any, the device lets everybody do everything.
#[derive(Default)]
pub struct Accounts {
    book: Mutex<Book>,
    clock: Clock,
}

/// Users and their roles.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) users: Users,
    pub(crate) roles: Roles,
}

impl Accounts {
    /// No accounts; lock-outs end by this clock.
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            book: Mutex::default(),
            clock,
        }
    }

    /// Adds an account, or changes password and role of one that is there.
    pub fn set(&self, user: impl AsRef<str>, password: impl Into<String>, role: Role) {
        let mut book = self.book();
        let info = UserInfo {
            roles: book.roles.id(role.name()).into_iter().collect(),
            ..UserInfo::default()
        };
        book.users.put(user.as_ref(), password.into(), info);
        if user.as_ref() == FACTORY_USER {
            book.users.lock(FACTORY_USER);
        }
    }

    /// Demands that the user changes the password: until then, everything else is refused with status 451. The answer says
    /// whether there is such an account.
    pub fn demand_password_change(&self, user: &str) -> bool {
        self.book().users.demand_password_change(user)
    }

    /// Whether the user has to change the password before anything else.
    #[must_use]
    pub fn must_change_password(&self, user: &str) -> bool {
        let book = self.book();
        let user = book.users.get(user);
        user.is_some_and(|user| user.info.must_change_password)
    }

    /// Blocks a user for a time after so many wrong passwords within an hour; 0 failures: never, as at the beginning. A
    /// blocked user does not get in with the right password either.
    pub fn set_lock_out(&self, failures: u32, block: Duration) {
        self.book().users.blocking = BlockRules {
            failures,
            block,
            memory: Duration::from_secs(3_600),
        };
    }

    /// Whether a user is blocked at the moment.
    #[must_use]
    pub fn is_blocked(&self, user: &str) -> bool {
        self.book().users.is_blocked(user, self.clock.now())
    }

    /// The users that have an account.
    pub(crate) fn users(&self) -> Vec<String> {
        self.book().users.all().keys().cloned().collect()
    }

    /// All accounts with the roles that a device comes with: the one that allows most counts, and whoever has none may
    /// look.
    pub(crate) fn roles(&self) -> Vec<(String, Role)> {
        let book = self.book();
        let role = |ids: &[i32]| {
            let mut roles = [Role::Administrator, Role::Operator].into_iter();
            let has = |role: &Role| {
                let id = book.roles.id(role.name());
                id.is_some_and(|id| ids.contains(&id))
            };
            roles.find(has).unwrap_or(Role::Viewer)
        };
        let users = book.users.all().iter();
        users
            .map(|(name, user)| (name.clone(), role(&user.info.roles)))
            .collect()
    }

    /// Gives an account another role; the answer says whether there is such an account.
    pub(crate) fn set_role(&self, user: &str, role: Role) -> bool {
        let mut book = self.book();
        let ids = book.roles.id(role.name()).into_iter().collect();
        book.users.set_roles(user, ids)
    }

    /// Removes an account; the answer says whether it was there.
    pub fn remove(&self, user: &str) -> bool {
        self.book().users.take(user)
    }

    /// Whether no login is needed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.book().users.all().is_empty()
    }

    pub(crate) fn login(&self, user: &str, password: &str) -> bool {
        let now = self.clock.now();
        let mut book = self.book();
        if book.users.all().is_empty() {
            return true;
        }
        let login = book.users.login(user, password, now);
        if login == Login::BlockedNow {
            tracing::info!(user, "blocked after wrong passwords");
        }
        login == Login::Accepted
    }

    /// Whether a caller may do everything. `None`: nobody is logged in.
    #[must_use]
    pub fn may_change(&self, user: Option<&str>) -> bool {
        self.may(user, Privilege::Administrator)
    }

    /// Whether a caller may do what needs a privilege, everywhere. `None`: nobody is logged in.
    #[must_use]
    pub fn may(&self, user: Option<&str>, privilege: Privilege) -> bool {
        self.allows(user, privilege, None)
    }

    /// Whether a caller may do what needs a privilege at these parts (from 0).
    pub(crate) fn may_at(&self, user: Option<&str>, privilege: Privilege, parts: &[usize]) -> bool {
        if parts.is_empty() {
            return self.may(user, privilege);
        }
        let mut parts = parts.iter();
        parts.all(|&part| self.allows(user, privilege, Some(part)))
    }

    fn allows(&self, user: Option<&str>, privilege: Privilege, part: Option<usize>) -> bool {
        let book = self.book();
        match user.and_then(|user| book.users.get(user)) {
            Some(user) => {
                let mut grants = book.roles.grants(&user.info.roles);
                user.info.enabled && grants.any(|grant| grant.allows(privilege, part))
            }
            None => book.users.all().is_empty(),
        }
    }

    /// Users and roles; never held across a wait.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The user behind an action, as events report it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Actor {
    /// The name; empty when nobody is logged in.
    pub user: String,
    /// Where the user is; empty when the call did not come over a network.
    pub address: String,
}

impl Actor {
    pub(crate) fn new(user: impl Into<String>, address: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            address: address.into(),
        }
    }

    /// The device itself, or whoever holds its handle.
    pub(crate) fn device() -> Self {
        Self::new("<system>", "127.0.0.1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_account_means_no_lock() {
        let accounts = Accounts::default();
        assert!(accounts.is_open());
        assert!(accounts.login("anybody", "anything"));
        assert!(accounts.may_change(None));
    }

    #[test]
    fn roles_decide_who_may_what() {
        let accounts = Accounts::default();
        accounts.set("admin", "secret", Role::Administrator);
        accounts.set("olga", "olga", Role::Operator);
        accounts.set("guest", "guest", Role::Viewer);
        assert!(accounts.login("admin", "secret"));
        assert!(!accounts.login("admin", "guest"));
        for (user, switch, administrate) in [
            (Some("admin"), true, true),
            (Some("olga"), true, false),
            (Some("guest"), false, false),
            (Some("nobody"), false, false),
            (None, false, false),
        ] {
            let may = accounts.may_at(user, Privilege::SwitchOutlet, &[3]);
            assert_eq!(may, switch, "{user:?}");
            assert_eq!(accounts.may_change(user), administrate, "{user:?}");
        }
        assert!(accounts.remove("guest"));
        assert!(!accounts.login("guest", "guest"));
    }

    #[test]
    fn wrong_passwords_lock_out_by_the_clock() {
        let clock = Clock::frozen_at(1_000);
        let accounts = Accounts::new(clock.clone());
        accounts.set("eve", "right", Role::Viewer);
        accounts.set_lock_out(2, Duration::from_secs(600));
        assert!(!accounts.login("eve", "wrong") && !accounts.login("eve", "wrong"));
        assert!(accounts.is_blocked("eve") && !accounts.login("eve", "right"));
        assert!(clock.advance(Duration::from_secs(600)));
        assert!(!accounts.is_blocked("eve") && accounts.login("eve", "right"));
    }
}
