//! URLs of routers.

use std::sync::Arc;

use tokio_tungstenite::tungstenite::http::Uri;

use crate::error::{ConfigError, Error};

/// `ws://host:port/path` or `wss://…`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::wamp) struct RouterUrl(Arc<Inner>);

#[derive(Debug, PartialEq, Eq)]
struct Inner {
    text: String,
    uri: Uri,
    host: String,
    port: u16,
    secure: bool,
}

impl RouterUrl {
    pub(in crate::wamp) fn parse(text: &str) -> Result<Self, Error> {
        let bad = |why| Error::from(ConfigError::BadUrl(why));
        let uri: Uri = text
            .parse()
            .map_err(|_| bad("the URL of a router is like ws://host:8080/ws"))?;
        let (secure, default) = match uri.scheme_str() {
            Some("ws") => (false, 80),
            Some("wss") => (true, 443),
            _ => return Err(bad("the URL of a router begins with ws:// or wss://")),
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(bad(
                "the URL of a router has no user name: give it to WampBuilder::auth",
            ));
        }
        let host = uri.host().unwrap_or("");
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(bad("the URL of a router needs a host"));
        }
        // A port that is no number reads as none.
        let port = match uri.port_u16() {
            Some(0) => return Err(bad("the port of a router is 1 to 65535")),
            Some(port) => port,
            None if authority
                .rsplit_once(':')
                .is_some_and(|(_, port)| !port.ends_with(']')) =>
            {
                return Err(bad("the port of a router is 1 to 65535"));
            }
            None => default,
        };
        let host = host.to_owned();
        Ok(Self(Arc::new(Inner {
            // A query may hold a token, and this is shown.
            text: text.split(['?', '#']).next().unwrap_or(text).to_owned(),
            uri,
            host,
            port,
            secure,
        })))
    }

    pub(in crate::wamp) fn as_str(&self) -> &str {
        &self.0.text
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.0.uri
    }

    /// Without the brackets of an IPv6 address.
    pub(super) fn host(&self) -> &str {
        &self.0.host
    }

    pub(super) fn port(&self) -> u16 {
        self.0.port
    }

    pub(super) fn is_secure(&self) -> bool {
        self.0.secure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_say_where_to_connect() {
        let at = |text: &str| {
            let url = RouterUrl::parse(text).expect(text);
            (url.host().to_owned(), url.port(), url.is_secure())
        };
        assert_eq!(
            at("ws://localhost:18080/ws"),
            ("localhost".to_owned(), 18080, false)
        );
        assert_eq!(
            at("wss://r.example.com"),
            ("r.example.com".to_owned(), 443, true)
        );
        assert_eq!(at("ws://[::1]/ws"), ("::1".to_owned(), 80, false));
        assert_eq!(at("ws://[::1]:9/ws"), ("::1".to_owned(), 9, false));
        let token = RouterUrl::parse("ws://host/ws?token=s3cret").expect("a URL");
        assert_eq!(token.as_str(), "ws://host/ws");
        assert_eq!(token.uri().query(), Some("token=s3cret"));
        for bad in [
            "",
            "localhost:18080",
            "http://localhost/",
            "ws://",
            "ws:///ws",
            "ws://host:0/",
            "ws://host:99999/",
            "ws://user:s3cret@host/",
            "ws://ho st/",
        ] {
            let error = RouterUrl::parse(bad).expect_err(bad);
            assert_eq!(error.code(), "Config.BadUrl");
            assert!(!error.to_string().contains("s3cret"));
        }
    }
}
