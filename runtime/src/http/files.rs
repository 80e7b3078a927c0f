//! Files over HTTP: `GET` to a stream and `POST` of a form from streams (`docs/protocol.md`, Files).
//!
//! They have connections of their own beside that of the calls, with the same trust, credentials, redirect rules and
//! meanings of status codes. Each transfer opens one and closes it: an upload cannot be sent again when an idle connection
//! turns out to be dead, and transfers are rare. The connection is ours down to the socket, since what a device answers
//! while it is sent a file is lost otherwise ([`socket`]).

mod connection;
mod dial;
mod download;
mod fault;
mod form;
mod incoming;
mod queue;
mod refusal;
mod sent;
mod socket;
mod times;
mod trace;
mod upload;

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use ::http::header::{ACCEPT, ACCEPT_ENCODING};
use ::http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;
use rustls::ClientConfig;

use self::queue::Queue;
use super::credentials::SharedAuthorization;
use super::transport::Options;
use super::url::Base;
use crate::error::Error;

/// What files share with the calls of an agent.
#[derive(Clone, Copy)]
pub(super) struct Access<'a> {
    /// Where the device is; an upgrade to https is remembered in it.
    pub(super) base: &'a RwLock<Base>,
    /// The name of the device in errors and traces.
    pub(super) origin: &'a Arc<str>,
    pub(super) credentials: &'a SharedAuthorization,
    pub(super) options: &'a Options,
}

impl Access<'_> {
    fn base(&self) -> Base {
        self.base
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Stays with the https address that the device named.
    fn upgrade(&self, base: Base) {
        *self.base.write().unwrap_or_else(PoisonError::into_inner) = base;
    }

    /// The headers of a request for which the device need not know its user.
    fn anonymous_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(
            HeaderName::from_static("x-client-type"),
            self.options.client_type.clone(),
        );
        headers
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = self.anonymous_headers();
        if let Some((name, value)) = self.credentials.get().as_header() {
            headers.insert(name, value.clone());
        }
        headers
    }
}

/// The files of one device, one at a time.
#[derive(Default)]
pub(super) struct Files {
    /// Made when the first file is wanted.
    tls: OnceLock<Arc<ClientConfig>>,
    queue: Queue,
}

impl Files {
    fn tls(&self, options: &Options) -> Result<Arc<ClientConfig>, Error> {
        if let Some(tls) = self.tls.get() {
            return Ok(Arc::clone(tls));
        }
        let used = options.base.is_https() || options.upgrade.enabled;
        let made = Arc::new(options.trust.client_config(used)?);
        Ok(Arc::clone(self.tls.get_or_init(|| made)))
    }
}

/// The URL of a file: the path on the device, and the parameters encoded so that none can be taken for two.
fn url_of<'a>(
    base: &Base,
    target: &str,
    query: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Url, Error> {
    let mut url = base.url(target)?;
    let mut text = String::new();
    for (name, value) in query {
        if !text.is_empty() {
            text.push('&');
        }
        encode(name, &mut text);
        text.push('=');
        encode(value, &mut text);
    }
    if !text.is_empty() {
        url.set_query(Some(&text));
    }
    Ok(url)
}

/// Percent-encodes a name or value. A comma stays: devices take lists with it.
fn encode(text: &str, out: &mut String) {
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~' | b',') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Base, url_of};

    #[test]
    fn parameters_are_data() {
        let base = Base::parse("https://pdu.example/link/2").expect("valid");
        let url = |target: &str, query: &[(&str, &str)]| {
            url_of(&base, target, query.iter().copied()).map(String::from)
        };
        assert_eq!(
            url("cgi-bin/x.cgi", &[("a", "1,2"), ("b c", "&=#?/+ ä")]).expect("valid"),
            "https://pdu.example/link/2/cgi-bin/x.cgi?a=1,2&b%20c=%26%3D%23%3F%2F%2B%20%C3%A4"
        );
        assert_eq!(
            url("/cgi-bin/x.cgi?a=1#b", &[]).expect("valid"),
            "https://pdu.example/link/2/cgi-bin/x.cgi%3Fa%3D1%23b"
        );
        for target in [
            "",
            "//evil.example/x",
            "https://evil.example/x",
            "/a/../b",
            "/a\r\nb",
        ] {
            assert_eq!(url(target, &[]).expect_err(target).code(), "Config.BadRid");
        }
    }
}
