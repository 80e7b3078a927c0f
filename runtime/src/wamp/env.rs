//! A client as the environment says.

use std::env::{self, VarError};

use super::auth::Auth;
use super::builder::WampBuilder;
use crate::error::{ConfigError, Error};

/// Where a router is expected when nothing is said.
const URL: &str = "ws://localhost:18080/ws";
/// The realm when nothing is said.
const REALM: &str = "com.example.realm";

impl WampBuilder {
    /// Sets up a client as the environment says:
    ///
    /// | variable | is | default |
    /// |---|---|---|
    /// | `BONDY_URL` | the URL of the router | `ws://localhost:18080/ws` |
    /// | `REALM` | the realm | `com.example.realm` |
    /// | `AUTHMETHOD` | `anonymous`, `ticket`, `wampcra` or `cryptosign` | `anonymous` |
    /// | `AUTHID` | who joins; needed unless anonymous | |
    /// | `AUTHSECRET` | the ticket, the secret, or the private key in hexadecimal digits; needed unless anonymous | |
    ///
    /// # Errors
    ///
    /// `Config.NoCredentials` when a variable is missing that the method needs, or the method is none of these.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| match env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(missing(format!("{name} is no text"))),
        })
    }

    fn from_variables(
        read: impl Fn(&'static str) -> Result<Option<String>, Error>,
    ) -> Result<Self, Error> {
        let or = |name, default: &str| Ok::<_, Error>(read(name)?.unwrap_or(default.to_owned()));
        let needed = |name: &'static str, method: &str| {
            read(name)?.ok_or_else(|| {
                missing(format!(
                    "{name} is not set, which AUTHMETHOD={method} needs"
                ))
            })
        };
        let method = or("AUTHMETHOD", "anonymous")?;
        let auth = match method.as_str() {
            "anonymous" => Auth::anonymous(),
            "ticket" => Auth::ticket(needed("AUTHID", &method)?, needed("AUTHSECRET", &method)?),
            "wampcra" => Auth::wampcra(needed("AUTHID", &method)?, needed("AUTHSECRET", &method)?),
            "cryptosign" => {
                Auth::cryptosign(needed("AUTHID", &method)?, needed("AUTHSECRET", &method)?)?
            }
            _ => {
                return Err(missing(
                    "AUTHMETHOD is none of anonymous, ticket, wampcra, cryptosign".to_owned(),
                ));
            }
        };
        Ok(Self::new(or("BONDY_URL", URL)?, or("REALM", REALM)?).auth(auth))
    }
}

fn missing(text: String) -> Error {
    ConfigError::NoCredentials(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_up(variables: &[(&str, &str)]) -> Result<String, Error> {
        let read = |name: &'static str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        };
        WampBuilder::from_variables(read).map(|builder| format!("{builder:?}"))
    }

    #[test]
    fn the_environment_says_where_and_who() {
        let plain = set_up(&[]).expect("nothing is needed");
        for part in [URL, REALM, "auth: anonymous"] {
            assert!(plain.contains(part), "{plain}");
        }
        let said = set_up(&[
            ("BONDY_URL", "ws://router:1/x"),
            ("REALM", "other.realm"),
            ("AUTHMETHOD", "wampcra"),
            ("AUTHID", "carl"),
            ("AUTHSECRET", "s3cret"),
        ])
        .expect("all is there");
        for part in ["ws://router:1/x", "other.realm", "wampcra for carl"] {
            assert!(said.contains(part), "{said}");
        }
        assert!(!said.contains("s3cret"));
    }

    #[test]
    fn what_is_missing_is_named() {
        for (variables, named) in [
            (&[("AUTHMETHOD", "ticket")][..], "AUTHID"),
            (
                &[("AUTHMETHOD", "ticket"), ("AUTHID", "tess")][..],
                "AUTHSECRET",
            ),
            (&[("AUTHMETHOD", "scram")][..], "AUTHMETHOD"),
        ] {
            let error = set_up(variables).expect_err(named);
            assert_eq!(error.code(), "Config.NoCredentials");
            assert!(error.to_string().contains(named), "{error}");
        }
    }
}
