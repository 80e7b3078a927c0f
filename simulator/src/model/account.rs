//! Users: who may sign in, and what is known of them.

mod book;
mod lock_out;
mod ssh_key;

pub use self::book::AccountChange;

pub(crate) use self::book::{AccountRefusal, Login, Users};
pub(crate) use self::lock_out::BlockRules;
pub(crate) use self::ssh_key::SshKeyRefusal;

use self::lock_out::LockOut;

/// How SNMPv3 messages of a user are protected. The numbers are those of the API.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Snmp {
    pub(crate) enabled: bool,
    /// 0 not at all, 1 authenticated, 2 encrypted as well.
    pub(crate) level: usize,
    /// From MD5 (0) to SHA-512 (5).
    pub(crate) authentication: usize,
    pub(crate) password_authenticates: bool,
    /// The secret for authentication, if there is one besides the password.
    pub(crate) authentication_secret: Option<String>,
    /// From DES (0) to AES-256 (5).
    pub(crate) encryption: usize,
    pub(crate) same_secret: bool,
    /// The secret for encryption, if there is one besides the first.
    pub(crate) encryption_secret: Option<String>,
}

impl Default for Snmp {
    fn default() -> Self {
        Self {
            enabled: false,
            level: 2,
            authentication: 1,
            password_authenticates: true,
            authentication_secret: None,
            encryption: 1,
            same_secret: true,
            encryption_secret: None,
        }
    }
}

impl Snmp {
    fn is_valid(&self) -> bool {
        self.level <= 2 && self.authentication <= 5 && self.encryption <= 5
    }

    /// Whether the password of the user is a secret of SNMPv3, too.
    fn uses_password(&self) -> bool {
        self.enabled && self.level > 0 && self.password_authenticates
    }
}

// Secrets are not shown.
impl std::fmt::Debug for Snmp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snmp")
            .field("enabled", &self.enabled)
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

/// Units that a user likes to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) fahrenheit: bool,
    pub(crate) feet: bool,
    pub(crate) psi: bool,
}

/// What makes up a user, besides name and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserInfo {
    /// Whether the user may sign in.
    pub(crate) enabled: bool,
    /// Whether the user has to choose another password first.
    pub(crate) must_change_password: bool,
    pub(crate) full_name: String,
    pub(crate) telephone: String,
    pub(crate) email: String,
    pub(crate) snmp: Snmp,
    /// A public key for SSH; empty without.
    pub(crate) ssh_key: String,
    pub(crate) preferences: Preferences,
    /// Numbers of roles.
    pub(crate) roles: Vec<i32>,
}

impl Default for UserInfo {
    fn default() -> Self {
        Self {
            enabled: true,
            must_change_password: false,
            full_name: String::new(),
            telephone: String::new(),
            email: String::new(),
            snmp: Snmp::default(),
            ssh_key: String::new(),
            preferences: Preferences::default(),
            roles: Vec::new(),
        }
    }
}

/// A user.
pub(crate) struct User {
    /// The password and former ones, the latest first.
    passwords: Vec<String>,
    /// Whether it belongs to the device and cannot be removed.
    pub(crate) locked: bool,
    pub(crate) info: UserInfo,
    lock_out: LockOut,
}

impl User {
    fn new(password: String, info: UserInfo) -> Self {
        Self {
            passwords: vec![password],
            locked: false,
            info,
            lock_out: LockOut::default(),
        }
    }

    fn has_password(&self, password: &str) -> bool {
        self.passwords.first().is_some_and(|own| own == password)
    }

    fn set_password(&mut self, password: String) {
        self.passwords.insert(0, password);
        self.passwords.truncate(FORMER);
        self.info.must_change_password = false;
    }
}

/// Passwords that are remembered, the current one included.
const FORMER: usize = 13;

// Passwords are not shown.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("locked", &self.locked)
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}
