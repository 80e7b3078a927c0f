//! From a resource id to a URL (`docs/protocol/http.md`, Calls).

use ::http::HeaderValue;
use ::http::uri::{PathAndQuery, Uri};
use bytes::Bytes;
use rustls::pki_types::ServerName;
use url::{Host, Url};

use crate::error::{ConfigError, Error};

/// Longest zone of an address; names of interfaces have at most 15 characters.
const MAX_ZONE: usize = 64;

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
    let plain = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~' | b'/')
    };
    let mut rest = rid;
    while !rest.is_empty() {
        let run = rest.bytes().take_while(plain).count();
        let (text, odd) = rest.split_at(run);
        path.push_str(text);
        let mut chars = odd.chars();
        if let Some(odd) = chars.next() {
            for &byte in odd.encode_utf8(&mut [0; 4]).as_bytes() {
                path.push('%');
                path.push(hex_digit(byte >> 4));
                path.push(hex_digit(byte & 15));
            }
        }
        rest = chars.as_str();
    }
    Ok(path)
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(value & 15)])
}

/// The URL of a call: the device URL with the path of the resource id behind it.
///
/// # Errors
///
/// `Config.BadUrl` or `Config.BadRid`.
pub fn request_url(device: &str, rid: &str) -> Result<String, Error> {
    let base = Base::parse(device)?;
    // The text of the base has the zone of its address.
    Ok(format!("{}{}", base.as_str(), rid_path(rid)?))
}

/// A device URL, checked: http or https, host, optional port and path prefix, nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    /// Without the zone, which means nothing to anybody else.
    url: Url,
    /// The interface through which a link-local IPv6 address is reached.
    zone: Option<String>,
    /// The path in front of every resource id, without a trailing slash.
    prefix: String,
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
        let (plain, zone) = without_zone(text).map_err(bad)?;
        let text = plain.as_deref().unwrap_or(text);
        let mut url = Url::parse(text).map_err(|error| {
            bad(match error {
                url::ParseError::InvalidPort => "the port must be a number up to 65535",
                _ => "expected https://host or http://host",
            })
        })?;
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
        let mut origin = url.origin().ascii_serialization();
        if let Some(zone) = &zone {
            origin = origin.replacen(']', &format!("%25{zone}]"), 1);
        }
        Ok(Self {
            text: format!("{origin}{prefix}"),
            url,
            zone,
            prefix,
        })
    }

    /// The origin and prefix, as errors show it.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The origin alone: link units behind prefixes of one device are at the same one.
    pub(crate) fn origin(&self) -> &str {
        self.text.strip_suffix(&*self.prefix).unwrap_or(&self.text)
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The URL of a path, without a zone.
    pub(super) fn url_of(&self, path: &Path) -> Url {
        let mut url = self.url.clone();
        url.set_path(path.as_str());
        url
    }

    /// The path of an object, with the prefix before it.
    pub(super) fn path(&self, rid: &str) -> Result<Path, Error> {
        // Concatenation, never a join: a join would let a hostile id replace the host.
        Path::new(&self.prefix, &rid_path(rid)?)
    }

    /// What the device is called in the header `Host`.
    pub(super) fn host_header(&self) -> Result<HeaderValue, Error> {
        let host = self.connect_host();
        let text = match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        HeaderValue::try_from(text).map_err(|_| ConfigError::BadUrl("unusable host").into())
    }

    /// The name that the certificate of the device must have.
    pub(super) fn server_name(&self) -> Result<ServerName<'static>, Error> {
        let name = match self.url.host() {
            Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).ok(),
            Some(Host::Ipv4(address)) => Some(ServerName::from(std::net::IpAddr::from(address))),
            Some(Host::Ipv6(address)) => Some(ServerName::from(std::net::IpAddr::from(address))),
            None => None,
        };
        name.ok_or_else(|| {
            ConfigError::BadUrl(
                "the host is neither a DNS name nor an address, so no certificate can be for it",
            )
            .into()
        })
    }

    /// The host, an IPv6 address in brackets and without its zone.
    pub(super) fn connect_host(&self) -> &str {
        self.url.host_str().expect("checked when it was parsed")
    }

    /// The port, also where the scheme implies it.
    pub(super) fn port(&self) -> u16 {
        self.url
            .port_or_known_default()
            .expect("http and https have one")
    }

    pub(super) fn has_zone(&self) -> bool {
        self.zone.is_some()
    }

    /// The address with its zone, as the operating system reads it.
    pub(super) fn zoned_address(&self) -> Option<String> {
        let zone = self.zone.as_ref()?;
        let address = self
            .connect_host()
            .trim_start_matches('[')
            .trim_end_matches(']');
        Some(format!("{address}%{zone}"))
    }

    /// The same device over https on the given port.
    pub(crate) fn upgraded(&self, port: u16) -> Option<Self> {
        let mut url = self.url.clone();
        url.set_scheme("https").ok()?;
        url.set_port(Some(port)).ok()?;
        let mut upgraded = Self::parse(url.as_str()).ok()?;
        if let Some(zone) = &self.zone {
            upgraded.text = upgraded.text.replacen(']', &format!("%25{zone}]"), 1);
            upgraded.zone = Some(zone.clone());
        }
        Some(upgraded)
    }
}

/// The path of an object on a device.
#[derive(Clone, Debug)]
pub(super) struct Path(Uri);

impl Path {
    fn new(prefix: &str, path: &str) -> Result<Self, Error> {
        let bytes = Bytes::from([prefix, path].concat());
        let path = PathAndQuery::from_maybe_shared(bytes);
        Ok(Self(Uri::from(
            path.map_err(|_| Error::bad_rid("not usable in a URL"))?,
        )))
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.path()
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }
}

/// A URL without the zone of its IPv6 address (`https://[fe80::1%25eth0]`, and `%eth0` as people type it), and the zone.
fn without_zone(text: &str) -> Result<(Option<String>, Option<String>), &'static str> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok((None, None));
    };
    let Some((address, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
    else {
        return Ok((None, None));
    };
    let Some((address, zone)) = address.split_once('%') else {
        return Ok((None, None));
    };
    let zone = match zone.strip_prefix("25") {
        Some(zone) if !zone.is_empty() => zone,
        _ => zone,
    };
    let known =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~');
    if zone.is_empty() || zone.len() > MAX_ZONE || !zone.bytes().all(known) {
        return Err("expected the zone of the address as in https://[fe80::1%25eth0]");
    }
    Ok((
        Some(format!("{scheme}://[{address}]{after}")),
        Some(zone.to_owned()),
    ))
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
    fn zones_stay_with_the_address_and_out_of_the_host() {
        for (device, text, zoned) in [
            (
                "https://[fe80::20d:5dff%25eth0]",
                "https://[fe80::20d:5dff%25eth0]",
                "fe80::20d:5dff%eth0",
            ),
            (
                "http://[FE80::1%eth0.7]:8080/link/2/",
                "http://[fe80::1%25eth0.7]:8080/link/2",
                "fe80::1%eth0.7",
            ),
            (
                "https://[fe80::1%25]",
                "https://[fe80::1%2525]",
                "fe80::1%25",
            ),
            ("https://[fe80::1%3]", "https://[fe80::1%253]", "fe80::1%3"),
        ] {
            let base = Base::parse(device).expect(device);
            assert_eq!(base.as_str(), text);
            assert_eq!(base.zoned_address().as_deref(), Some(zoned));
            assert!(
                !base
                    .host_header()
                    .expect("a header")
                    .to_str()
                    .expect("ASCII")
                    .contains('%')
            );
            assert_eq!(Base::parse(base.as_str()).expect("its own text"), base);
            let upgraded = base.upgraded(443).expect("https");
            assert_eq!(upgraded.zoned_address().as_deref(), Some(zoned));
            assert!(upgraded.as_str().contains("%25"), "{}", upgraded.as_str());
        }
        for device in [
            "https://[fe80::1%]",
            "https://[fe80::1%25a b]",
            "https://[fe80::1%eth0%25]",
            "https://[%25eth0]",
        ] {
            assert_eq!(
                Base::parse(device).expect_err(device).code(),
                "Config.BadUrl",
                "{device}"
            );
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
