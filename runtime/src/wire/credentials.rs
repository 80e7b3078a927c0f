//! User names, passwords and session tokens, for all wires.

use std::fmt;

use zeroize::Zeroizing;

/// How a user is known to a device. Never shown, and wiped when the last copy is dropped.
///
/// ```
/// use xerus_rpc::Credentials;
///
/// let credentials = Credentials::basic("admin", "secret");
/// assert_eq!(format!("{credentials:?}"), "user name and password (redacted)");
/// ```
#[derive(Clone, Default)]
pub struct Credentials(Secret);

/// What is in credentials.
#[derive(Clone, Default)]
enum Secret {
    #[default]
    Nobody,
    Basic {
        user: String,
        password: Zeroizing<String>,
    },
    Token(Zeroizing<String>),
}

impl Credentials {
    /// A user name and a password.
    ///
    /// What a wire cannot carry (HTTP no `:` in the name) it refuses when they are given to it.
    #[must_use]
    #[doc(alias = "set_auth_basic")]
    pub fn basic(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self(Secret::Basic {
            user: user.into(),
            password: Zeroizing::new(password.into()),
        })
    }

    /// The token of a session that was opened before.
    #[must_use]
    #[doc(alias = "set_auth_token")]
    pub fn token(token: impl Into<String>) -> Self {
        Self(Secret::Token(Zeroizing::new(token.into())))
    }

    /// No credentials: what an agent has before a login and after a logout.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether these are the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.as_basic() == other.as_basic() && self.as_token() == other.as_token()
    }

    /// User name and password, for transports.
    #[must_use]
    pub fn as_basic(&self) -> Option<(&str, &str)> {
        match &self.0 {
            Secret::Basic { user, password } => Some((user, password)),
            Secret::Nobody | Secret::Token(_) => None,
        }
    }

    /// The session token, for transports.
    #[must_use]
    pub fn as_token(&self) -> Option<&str> {
        match &self.0 {
            Secret::Token(token) => Some(token),
            Secret::Nobody | Secret::Basic { .. } => None,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Secret::Nobody => "none",
            Secret::Basic { .. } => "user name and password (redacted)",
            Secret::Token(_) => "session token (redacted)",
        })
    }
}
