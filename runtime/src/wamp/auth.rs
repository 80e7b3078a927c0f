//! How a client shows the router who it is.

mod cra;
mod cryptosign;
mod key;

use std::fmt;

use zeroize::Zeroizing;

use super::message::{AUTHENTICATE, Compose, Object};
use crate::Json;
use crate::error::{ConfigError, Error};
use key::SigningKey;

/// Who joins a realm, and how that is shown. Never shown itself, and wiped when the last copy is dropped.
///
/// ```
/// use xerus_rpc::wamp::Auth;
///
/// let auth = Auth::ticket("tess", "ticket-of-tess");
/// assert_eq!(format!("{auth:?}"), "ticket for tess (redacted)");
/// # Ok::<(), xerus_rpc::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Auth(Method);

#[derive(Clone, Default)]
enum Method {
    #[default]
    Anonymous,
    Ticket {
        authid: String,
        ticket: Zeroizing<String>,
    },
    Cra {
        authid: String,
        secret: Zeroizing<String>,
    },
    Cryptosign {
        authid: String,
        key: SigningKey,
    },
}

impl Auth {
    /// Nobody in particular.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// A ticket, which the router gets as it is: over `wss://` only, where the network is not trusted.
    #[must_use]
    pub fn ticket(authid: impl Into<String>, ticket: impl Into<String>) -> Self {
        Self(Method::Ticket {
            authid: authid.into(),
            ticket: Zeroizing::new(ticket.into()),
        })
    }

    /// A secret that both sides know and that does not go over the wire (`wampcra`). Where the router keeps it salted, it sends
    /// the salt.
    #[must_use]
    pub fn wampcra(authid: impl Into<String>, secret: impl Into<String>) -> Self {
        Self(Method::Cra {
            authid: authid.into(),
            secret: Zeroizing::new(secret.into()),
        })
    }

    /// A private Ed25519 key: the 64 hexadecimal digits of its 32 bytes. The router knows the public one (`cryptosign`).
    ///
    /// ```
    /// use xerus_rpc::wamp::Auth;
    ///
    /// let auth = Auth::cryptosign("kim", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")?;
    /// assert_eq!(
    ///     auth.public_key().as_deref(),
    ///     Some("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"),
    /// );
    /// # Ok::<(), xerus_rpc::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `Config.NoCredentials` when it is no such key.
    pub fn cryptosign(
        authid: impl Into<String>,
        private_key: impl Into<String>,
    ) -> Result<Self, Error> {
        let digits = Zeroizing::new(private_key.into());
        let key = SigningKey::from_hex(&digits).ok_or_else(|| {
            Error::from(ConfigError::NoCredentials(
                "the private key for cryptosign must be 64 hexadecimal digits".to_owned(),
            ))
        })?;
        Ok(Self(Method::Cryptosign {
            authid: authid.into(),
            key,
        }))
    }

    /// The name of the method, as routers know it: `anonymous`, `ticket`, `wampcra`, `cryptosign`.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match &self.0 {
            Method::Anonymous => "anonymous",
            Method::Ticket { .. } => "ticket",
            Method::Cra { .. } => "wampcra",
            Method::Cryptosign { .. } => "cryptosign",
        }
    }

    /// Who it is for; nobody for an anonymous client.
    #[must_use]
    pub fn authid(&self) -> Option<&str> {
        match &self.0 {
            Method::Anonymous => None,
            Method::Ticket { authid, .. }
            | Method::Cra { authid, .. }
            | Method::Cryptosign { authid, .. } => Some(authid),
        }
    }

    /// The public key in hexadecimal digits, as the router has to know it; for `cryptosign`.
    #[must_use]
    pub fn public_key(&self) -> Option<String> {
        match &self.0 {
            Method::Cryptosign { key, .. } => Some(key.public_hex()),
            _ => None,
        }
    }

    /// What shows the router who it is: the signature of AUTHENTICATE for a CHALLENGE with this method and this object of details. For
    /// programs that speak WAMP themselves, such as tests of routers; [`Wamp`](super::Wamp) does it on its own.
    ///
    /// ```
    /// use xerus_rpc::wamp::Auth;
    ///
    /// # async fn example() -> Result<(), xerus_rpc::Error> {
    /// let auth = Auth::wampcra("carl", "a secret");
    /// let signature = auth.signature("wampcra", &r#"{"challenge":"a text"}"#.parse()?).await?;
    /// assert_eq!(signature.len(), 44);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// `Config.NoCredentials` when the router asks for something else than what these credentials answer. Needs a tokio runtime where the
    /// secret is salted.
    pub async fn signature(&self, method: &str, extra: &Json) -> Result<String, Error> {
        let extra = Object::new(extra.get().to_owned().into());
        match self.sign(method, &extra).await {
            Ok(signature) => Ok(String::clone(&signature)),
            Err(why) => Err(ConfigError::NoCredentials(format!(
                "the router {why}; {} was offered, so give what it asks for",
                self.method()
            ))
            .into()),
        }
    }

    /// The answer to a challenge.
    ///
    /// # Errors
    ///
    /// Why there is none, in words that follow "the router ".
    pub(super) async fn answer(
        &self,
        method: &str,
        extra: &Object,
    ) -> Result<bytes::Bytes, &'static str> {
        let signature = self.sign(method, extra).await?;
        let answer = Compose::new(AUTHENTICATE).text(&signature).object("{}");
        Ok(answer.finish())
    }

    async fn sign(&self, method: &str, extra: &Object) -> Result<Zeroizing<String>, &'static str> {
        if method != self.method() {
            return Err("asks for another way to authenticate than that which was offered");
        }
        match &self.0 {
            Method::Anonymous => Err("asks an anonymous client to authenticate"),
            Method::Ticket { ticket, .. } => Ok(ticket.clone()),
            Method::Cra { secret, .. } => cra::sign(secret, extra).await,
            Method::Cryptosign { key, .. } => cryptosign::sign(key, extra),
        }
    }
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method())?;
        match self.authid() {
            Some(authid) => write!(f, " for {} (redacted)", authid.escape_debug()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
        for auth in [
            Auth::ticket("tess", "s3cret"),
            Auth::wampcra("carl", "s3cret"),
            Auth::cryptosign("kim", key).expect("a key"),
        ] {
            let shown = format!("{auth:?}");
            assert!(
                !shown.contains("s3cret") && !shown.contains("1a1b"),
                "{shown}"
            );
        }
        let bad = Auth::cryptosign("kim", "s3cret").expect_err("no key");
        assert!(!format!("{bad:?}").contains("s3cret"));
    }

    #[tokio::test]
    async fn a_program_of_its_own_signs_as_the_client_does() {
        let extra: Json = r#"{"challenge":"a text"}"#.parse().expect("JSON");
        let auth = Auth::wampcra("carl", "a secret");
        let signature = auth.signature("wampcra", &extra).await.expect("signed");
        let answer = auth
            .answer("wampcra", &Object::new(extra.get().to_owned().into()))
            .await;
        assert_eq!(answer, Ok(format!(r#"[5,"{signature}",{{}}]"#).into()));
        let other = auth.signature("ticket", &extra).await.expect_err("other");
        assert_eq!(other.code(), "Config.NoCredentials");
        assert!(!other.to_string().contains("a secret"));
    }

    #[tokio::test]
    async fn w6_another_method_is_not_answered() {
        let auth = Auth::ticket("tess", "t");
        assert!(auth.answer("wampcra", &Object::empty()).await.is_err());
        assert!(
            Auth::anonymous()
                .answer("anonymous", &Object::empty())
                .await
                .is_err()
        );
        assert_eq!(
            auth.answer("ticket", &Object::empty()).await,
            Ok(r#"[5,"t",{}]"#.into())
        );
    }
}
