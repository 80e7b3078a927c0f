//! From a resource id to a URL (`docs/protocol.md`, Calls).

use std::fmt::Write as _;

use reqwest::Url;

use crate::error::{ConfigError, Error};

/// The path of the URL under which the object with this resource id is called.
///
/// One leading slash is added when it is missing; every byte except `A-Z a-z 0-9 _ . - ~ /` is percent-encoded. A
/// resource id is never taken as encoded already: `%` becomes `%25`, and `?` and `#` are data.
///
/// ```
/// # fn main() -> Result<(), xerus_rpc::Error> {
/// use xerus_rpc::http::rid_path;
///
/// assert_eq!(rid_path("/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0")?, "/tfwopaque/pdumodel.Outlet%3A3.0.4/outlet.0");
/// assert_eq!(rid_path("auth/role/50%")?, "/auth/role/50%25");
/// assert!(rid_path("//other.example/x").is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// `Config.BadRid` for ids that could lead a request, credentials included, somewhere else: empty ones, those with two
/// leading slashes, a scheme, control characters, or `.` and `..` segments.
pub fn rid_path(rid: &str) -> Result<String, Error> {
    crate::rid::check(rid).map_err(Error::bad_rid)?;
    let mut path = String::with_capacity(rid.len() + 16);
    if !rid.starts_with('/') {
        path.push('/');
    }
    for &byte in rid.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~' | b'/') {
            path.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
    Ok(path)
}

/// The URL of a call: the device URL with the path of the resource id behind it.
///
/// # Errors
///
/// `Config.BadUrl` or `Config.BadRid`.
pub fn request_url(device: &str, rid: &str) -> Result<String, Error> {
    Ok(Base::parse(device)?.url(rid)?.into())
}

/// A device URL, checked: http or https, host, optional port and path prefix, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    url: Url,
    /// `scheme://host[:port]` and the prefix, without a trailing slash.
    text: String,
}

impl Base {
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        // The text may hold a password, so no message repeats any part of it.
        let bad = |reason| Error::from(ConfigError::BadUrl(reason));
        if text.len() > 2048 || text.chars().any(char::is_control) {
            return Err(bad("too long or with control characters"));
        }
        let text = text.trim();
        let mut url = Url::parse(text).map_err(|_| bad("expected https://host or http://host"))?;
        if !matches!(url.scheme(), "http" | "https") || !text.contains("://") {
            return Err(bad("expected https://host or http://host"));
        }
        if !url.username().is_empty() || url.password().is_some() || has_user_info(text) {
            return Err(bad(
                "user name and password do not belong in the URL; give them to basic_auth",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("a query or fragment has no meaning here"));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(bad("no host"));
        }
        if url.port() == Some(0) {
            return Err(bad("port 0"));
        }
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&prefix);
        let origin = url.origin().ascii_serialization();
        Ok(Self {
            text: format!("{origin}{prefix}"),
            url,
        })
    }

    /// The origin and prefix, as errors show it.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The URL of an object.
    pub(crate) fn url(&self, rid: &str) -> Result<Url, Error> {
        let path = rid_path(rid)?;
        // Concatenation, never a join: a join would let a hostile id replace the host.
        let url = Url::parse(&format!("{}{path}", self.text))
            .map_err(|_| Error::bad_rid("not usable in a URL"))?;
        if url.origin() == self.url.origin() {
            Ok(url)
        } else {
            Err(Error::bad_rid("leads to another host"))
        }
    }

    /// The same device over https on the given port.
    pub(crate) fn upgraded(&self, port: u16) -> Option<Self> {
        let mut url = self.url.clone();
        url.set_scheme("https").ok()?;
        url.set_port(Some(port)).ok()?;
        Self::parse(url.as_str()).ok()
    }
}

/// Whether the authority has a user part, an empty one included (`https://@host`).
fn has_user_info(text: &str) -> bool {
    let authority = text.split_once("://").map_or("", |(_, rest)| rest);
    authority
        .split(['/', '?', '#', '\\'])
        .next()
        .is_some_and(|authority| authority.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_objects() {
        for (rid, path) in [
            ("/model/pdu/0", "/model/pdu/0"),
            ("model/pdu/0", "/model/pdu/0"),
            (
                "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0",
                "/tfwopaque/pdumodel.Outlet%3A3.0.4/outlet.0",
            ),
            ("/auth/user/a b", "/auth/user/a%20b"),
            ("/auth/user/ä€", "/auth/user/%C3%A4%E2%82%AC"),
            ("/x?y#z", "/x%3Fy%23z"),
            ("/auth/role/50%", "/auth/role/50%25"),
            ("/auth/user/a+b@c", "/auth/user/a%2Bb%40c"),
            ("/a/%2e%2e/b", "/a/%252e%252e/b"),
            ("/a\\b", "/a%5Cb"),
            ("/auth/user/a~b-c_d.e", "/auth/user/a~b-c_d.e"),
        ] {
            let url = request_url("https://pdu.example", rid).expect(rid);
            assert_eq!(url, format!("https://pdu.example{path}"));
        }
    }

    #[test]
    fn hostile_ids_are_refused() {
        for rid in [
            "",
            "//evil.example/x",
            "http://evil.example",
            "/a\r\nb",
            "/model/../auth",
            "/./x",
            "/a/..",
            "/a\u{fdd0}b",
        ] {
            assert_eq!(
                request_url("https://pdu.example", rid)
                    .expect_err(rid)
                    .code(),
                "Config.BadRid"
            );
        }
    }

    #[test]
    fn prefixes_ports_and_ipv6_are_kept() {
        for (device, expected) in [
            ("https://pdu.example/", "https://pdu.example/x"),
            ("https://PDU.example:443", "https://pdu.example/x"),
            (
                "http://pdu.example:8080/link/2",
                "http://pdu.example:8080/link/2/x",
            ),
            (
                "https://pdu.example/link/2/",
                "https://pdu.example/link/2/x",
            ),
            ("https://[fe80::1]:8443", "https://[fe80::1]:8443/x"),
            ("  http://10.0.0.1  ", "http://10.0.0.1/x"),
        ] {
            assert_eq!(request_url(device, "/x").expect(device), expected);
        }
    }

    #[test]
    fn bad_device_urls_are_refused_without_an_echo() {
        for device in [
            "",
            "pdu.example",
            "pdu.example:443",
            "ftp://pdu.example",
            "https://",
            "https:pdu.example",
            "https://user:hunter2@pdu.example",
            "https://hunter2@pdu.example",
            "https://@pdu.example",
            "https://pdu.example/?hunter2",
            "https://pdu.example/#hunter2",
            "https://pdu.example:0",
            "https://pdu.example:hunter2",
            "https://pdu.example\r\nX: y",
            "file:///etc/passwd",
        ] {
            let error = Base::parse(device).expect_err(device);
            assert_eq!(error.code(), "Config.BadUrl", "{device}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn upgrading_changes_scheme_and_port_only() {
        let base = Base::parse("http://pdu.example/link/2").expect("valid");
        assert_eq!(
            base.upgraded(443).expect("https").as_str(),
            "https://pdu.example/link/2"
        );
        assert_eq!(
            base.upgraded(8443).expect("https").as_str(),
            "https://pdu.example:8443/link/2"
        );
    }
}
