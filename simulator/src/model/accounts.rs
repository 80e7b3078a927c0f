//! Who may log in, and what they may do.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::refusal::PasswordRefusal;

/// What an account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// Everything.
    Administrator,
    /// Reading only: whatever changes the device is refused with error -32001.
    Viewer,
}

struct Account {
    password: String,
    role: Role,
    /// Whether the user must change the password before anything else.
    must_change: bool,
}

/// The account of a device that comes from the factory.
pub const FACTORY_USER: &str = "admin";
/// The password of that account, which must be changed before anything else.
pub const FACTORY_PASSWORD: &str = "legrand";

/// Lengths of passwords that devices take unless they are told otherwise.
const PASSWORD_LENGTHS: std::ops::RangeInclusive<usize> = 8..=64;

/// The accounts of a device. Without any, the device lets everybody do everything.
#[derive(Default)]
pub struct Accounts(Mutex<BTreeMap<String, Account>>);

impl Accounts {
    /// Adds an account, or changes password and role of one that is there.
    pub fn set(&self, user: impl Into<String>, password: impl Into<String>, role: Role) {
        self.lock().insert(
            user.into(),
            Account {
                password: password.into(),
                role,
                must_change: false,
            },
        );
    }

    /// Demands that the user changes the password: until then, everything else is refused with status 451. The answer says
    /// whether there is such an account.
    pub fn demand_password_change(&self, user: &str) -> bool {
        let mut accounts = self.lock();
        let account = accounts.get_mut(user);
        account.map(|account| account.must_change = true).is_some()
    }

    /// Whether the user has to change the password before anything else.
    #[must_use]
    pub fn must_change_password(&self, user: &str) -> bool {
        self.lock()
            .get(user)
            .is_some_and(|account| account.must_change)
    }

    /// The users that have an account.
    pub(crate) fn users(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// Changes a password as a call of `setAccountPassword` does. `None`: there is no such account.
    pub(crate) fn change_password(
        &self,
        user: &str,
        new: String,
    ) -> Option<Result<(), PasswordRefusal>> {
        let mut accounts = self.lock();
        let account = accounts.get_mut(user)?;
        let length = new.chars().count();
        let refused = if length == 0 {
            PasswordRefusal::Empty
        } else if new == account.password {
            PasswordRefusal::Unchanged
        } else if new.chars().any(char::is_control) {
            PasswordRefusal::ControlCharacters
        } else if length < *PASSWORD_LENGTHS.start() {
            PasswordRefusal::TooShort
        } else if length > *PASSWORD_LENGTHS.end() {
            PasswordRefusal::TooLong
        } else {
            account.password = new;
            account.must_change = false;
            return Some(Ok(()));
        };
        Some(Err(refused))
    }

    /// All accounts with their roles.
    pub(crate) fn roles(&self) -> Vec<(String, Role)> {
        let accounts = self.lock();
        let roles = accounts.iter();
        roles
            .map(|(name, account)| (name.clone(), account.role))
            .collect()
    }

    /// Gives an account another role; the answer says whether there is such an account.
    pub(crate) fn set_role(&self, user: &str, role: Role) -> bool {
        let mut accounts = self.lock();
        let account = accounts.get_mut(user);
        account.map(|account| account.role = role).is_some()
    }

    /// Removes an account; the answer says whether it was there.
    pub fn remove(&self, user: &str) -> bool {
        self.lock().remove(user).is_some()
    }

    /// Whether no login is needed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.lock().is_empty()
    }

    pub(crate) fn login(&self, user: &str, password: &str) -> bool {
        let accounts = self.lock();
        accounts.is_empty()
            || accounts
                .get(user)
                .is_some_and(|account| account.password == password)
    }

    /// Whether a caller may do more than read. `None`: nobody is logged in.
    #[must_use]
    pub fn may_change(&self, user: Option<&str>) -> bool {
        let accounts = self.lock();
        match user.and_then(|user| accounts.get(user)) {
            Some(account) => account.role == Role::Administrator,
            None => accounts.is_empty(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Account>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn roles_decide_who_may_change() {
        let accounts = Accounts::default();
        accounts.set("admin", "secret", Role::Administrator);
        accounts.set("guest", "guest", Role::Viewer);
        assert!(accounts.login("admin", "secret"));
        assert!(!accounts.login("admin", "guest"));
        assert!(accounts.may_change(Some("admin")));
        for who in [Some("guest"), Some("nobody"), None] {
            assert!(!accounts.may_change(who), "{who:?}");
        }
        assert!(accounts.remove("guest"));
        assert!(!accounts.login("guest", "guest"));
    }

    #[test]
    fn a_new_password_must_be_one() {
        let accounts = Accounts::default();
        accounts.set("admin", "old password", Role::Administrator);
        assert!(accounts.demand_password_change("admin"));
        assert!(!accounts.demand_password_change("nobody"));
        let change = |new: &str| accounts.change_password("admin", new.to_owned());
        for (new, refused) in [
            ("", PasswordRefusal::Empty),
            ("old password", PasswordRefusal::Unchanged),
            ("7 chars", PasswordRefusal::TooShort),
            ("control\u{7}characters", PasswordRefusal::ControlCharacters),
            (&"x".repeat(65), PasswordRefusal::TooLong),
        ] {
            assert_eq!(change(new), Some(Err(refused)), "{new}");
            assert!(accounts.must_change_password("admin"));
        }
        assert_eq!(change("8 chars."), Some(Ok(())));
        assert!(!accounts.must_change_password("admin"));
        assert!(accounts.login("admin", "8 chars.") && !accounts.login("admin", "old password"));
        assert_eq!(
            accounts.change_password("nobody", "8 chars.".to_owned()),
            None
        );
    }
}
