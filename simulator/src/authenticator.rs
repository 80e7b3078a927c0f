//! Whether a caller is who it says it is.

use crate::model::{Accounts, Device};

/// Knows the passwords and session tokens that the server finds in requests.
pub(crate) trait Authenticator: Send + Sync {
    /// Whether calls need no login.
    fn is_open(&self) -> bool;
    /// Whether these are user name and password of an account.
    fn login(&self, user: &str, password: &str) -> bool;
    /// Whether this user has to change the password before anything else.
    fn must_change_password(&self, user: &str) -> bool;
    /// The user of a session token; `None` for an unknown token.
    fn session_user(&self, token: &str) -> Option<String>;
}

impl Authenticator for Device {
    fn is_open(&self) -> bool {
        self.accounts().is_open()
    }

    fn login(&self, user: &str, password: &str) -> bool {
        self.accounts().login(user, password)
    }

    fn must_change_password(&self, user: &str) -> bool {
        self.accounts().must_change_password(user)
    }

    fn session_user(&self, token: &str) -> Option<String> {
        Self::session_user(self, token)
    }
}

/// Accounts without sessions: what is in front of objects that we know nothing of.
impl Authenticator for Accounts {
    fn is_open(&self) -> bool {
        Self::is_open(self)
    }

    fn login(&self, user: &str, password: &str) -> bool {
        Self::login(self, user, password)
    }

    fn must_change_password(&self, user: &str) -> bool {
        Self::must_change_password(self, user)
    }

    fn session_user(&self, _: &str) -> Option<String> {
        None
    }
}
