//! User names, passwords and session tokens, kept as short and as closed as possible.

use std::fmt;
use std::sync::{PoisonError, RwLock};

use ::http::HeaderValue;
use ::http::header::{AUTHORIZATION, HeaderName};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use zeroize::Zeroizing;

use crate::error::{ConfigError, Error};
use crate::wire::Credentials;

/// The header that carries a session token.
pub(crate) const SESSION_TOKEN: HeaderName = HeaderName::from_static("x-sessiontoken");

/// The header that carries the token of a session of a RipEX2.
pub(super) const API_KEY: HeaderName = HeaderName::from_static("apikey");

/// Longest session token taken from anywhere; real ones have 32 characters.
const MAX_TOKEN_BYTES: usize = 4096;

/// How requests identify the user: a ready header, built once.
///
/// The text behind the header is wiped when the last clone is dropped. Copies that the HTTP and TLS libraries make in
/// their output buffers are out of reach.
#[derive(Clone, Default)]
pub(crate) struct Authorization(Option<(HeaderName, HeaderValue)>);

/// Bytes that are wiped on drop.
struct Wiped(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Authorization {
    /// The header for these credentials.
    ///
    /// # Errors
    ///
    /// When a header cannot carry them.
    pub(super) fn new(credentials: &Credentials) -> Result<Self, Error> {
        match (credentials.as_basic(), credentials.as_token()) {
            (Some((user, password)), _) => Self::basic(user, password),
            (None, Some(token)) => Self::token(token),
            (None, None) => Ok(Self::default()),
        }
    }

    /// HTTP Basic: `base64(user ":" password)` in UTF-8.
    ///
    /// # Errors
    ///
    /// A `:` would end the user name early and log in as somebody else, so it is refused, as are control characters.
    fn basic(user: &str, password: &str) -> Result<Self, Error> {
        if user.chars().any(|c| c == ':' || c.is_control()) {
            return Err(ConfigError::BadUserName.into());
        }
        // Sized up front: growing would leave unwiped copies behind.
        let mut plain = Zeroizing::new(Vec::with_capacity(user.len() + 1 + password.len()));
        plain.extend_from_slice(user.as_bytes());
        plain.push(b':');
        plain.extend_from_slice(password.as_bytes());
        // Encoded in place, so that no other buffer holds a copy.
        const SCHEME: &[u8] = b"Basic ";
        let length = SCHEME.len() + plain.len().div_ceil(3) * 4;
        let mut value = Zeroizing::new(vec![0; length]);
        let (scheme, encoded) = value.split_at_mut(SCHEME.len());
        scheme.copy_from_slice(SCHEME);
        STANDARD
            .encode_slice(&*plain, encoded)
            .expect("four digits for every three bytes begun");
        Self::header(AUTHORIZATION, value, "Authorization")
    }

    /// A session token.
    ///
    /// # Errors
    ///
    /// The token must be 1 to 4096 visible ASCII characters, since it travels in a header.
    fn token(token: &str) -> Result<Self, Error> {
        Self::token_in(SESSION_TOKEN, token, "X-SessionToken")
    }

    /// The token of a session of a RipEX2.
    ///
    /// # Errors
    ///
    /// As for [`token`](Self::token).
    #[cfg(feature = "ripex2")]
    pub(crate) fn api_key(token: &str) -> Result<Self, Error> {
        Self::token_in(API_KEY, token, "apikey")
    }

    fn token_in(name: HeaderName, token: &str, shown: &'static str) -> Result<Self, Error> {
        let token = Zeroizing::new(token.as_bytes().to_vec());
        let visible = token.iter().all(u8::is_ascii_graphic);
        if !visible || token.is_empty() || token.len() > MAX_TOKEN_BYTES {
            return Err(ConfigError::BadHeaderValue(shown).into());
        }
        Self::header(name, token, shown)
    }

    fn header(
        name: HeaderName,
        value: Zeroizing<Vec<u8>>,
        shown: &'static str,
    ) -> Result<Self, Error> {
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(Wiped(value)))
            .map_err(|_| ConfigError::BadHeaderValue(shown))?;
        value.set_sensitive(true);
        Ok(Self(Some((name, value))))
    }

    /// The header to send, if there is anything to send.
    pub(super) fn as_header(&self) -> Option<(&HeaderName, &HeaderValue)> {
        self.0.as_ref().map(|(name, value)| (name, value))
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            None => "none",
            Some((name, _)) if *name == AUTHORIZATION => "basic (redacted)",
            Some(_) => "session token (redacted)",
        })
    }
}

/// Credentials that can be replaced while calls are running: each call uses the old ones or the new ones, never a mix.
#[derive(Debug, Default)]
pub(super) struct SharedAuthorization(RwLock<Authorization>);

impl SharedAuthorization {
    pub(super) fn new(credentials: Authorization) -> Self {
        Self(RwLock::new(credentials))
    }

    pub(super) fn get(&self) -> Authorization {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn set(&self, credentials: Authorization) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = credentials;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(credentials: &Authorization) -> (String, String) {
        let (name, value) = credentials.as_header().expect("a header");
        (
            name.to_string(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    }

    #[test]
    fn basic_is_base64_of_utf8() {
        for (user, password, expected) in [
            ("admin", "raritan", "Basic YWRtaW46cmFyaXRhbg=="),
            ("a", "b", "Basic YTpi"),
            ("a", "bc", "Basic YTpiYw=="),
            ("a", "", "Basic YTo="),
            ("müller", "pä:ß€", "Basic bcO8bGxlcjpww6Q6w5/igqw="),
        ] {
            let credentials = Authorization::basic(user, password).expect("valid");
            assert_eq!(
                header(&credentials),
                ("authorization".to_owned(), expected.to_owned())
            );
        }
    }

    #[test]
    fn what_a_header_cannot_carry_is_refused() {
        assert_eq!(
            Authorization::basic("ad:min", "")
                .expect_err("colon")
                .code(),
            "Config.BadUserName"
        );
        assert_eq!(
            Authorization::basic("a\nb", "")
                .expect_err("newline")
                .code(),
            "Config.BadUserName"
        );
        for token in ["", "a\r\nX-Evil: 1", "a b", "ä", &"x".repeat(5000)] {
            let error = Authorization::token(token).expect_err("refused");
            assert_eq!(error.code(), "Config.BadHeaderValue");
            assert!(
                token.is_empty() || !error.to_string().contains(token),
                "the token is echoed"
            );
        }
    }

    #[test]
    fn debug_shows_nothing_secret() {
        let basic = Authorization::basic("admin", "s3cret").expect("valid");
        let token = Authorization::token("0123456789abcdef").expect("valid");
        let shown = format!(
            "{basic:?} {token:?} {:?} {:?}",
            SharedAuthorization::new(basic.clone()),
            basic.as_header()
        );
        assert!(
            !shown.contains("s3cret") && !shown.contains("YWRtaW4") && !shown.contains("0123"),
            "{shown}"
        );
    }
}
