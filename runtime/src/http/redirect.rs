//! Where a redirect may lead: nowhere, or with permission one step up to https on the same host
//! (`docs/protocol/http.md`, Redirects).

use url::Url;

use super::url::Base;
use crate::error::{RedirectError, RedirectReason};

/// Longest `Location` looked at.
const MAX_LOCATION: usize = 2048;

/// The permission to follow a redirect from http to https.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Upgrade {
    /// Whether it is given at all.
    pub(crate) enabled: bool,
    /// An https port other than 443 that is permitted as well.
    pub(crate) port: Option<u16>,
}

/// What to do about a redirect.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Repeat the request at this address of the same device.
    Follow(Base),
    /// Report it.
    Refuse(RedirectError),
}

/// Judges the answer `status` with `location` to a request to `asked`, a URL of `base`.
pub(super) fn judge(
    base: &Base,
    asked: &Url,
    status: u16,
    location: Option<&[u8]>,
    upgrade: Upgrade,
) -> Verdict {
    let from = asked.origin().ascii_serialization();
    let refuse = |reason, to| Verdict::Refuse(RedirectError::new(reason, status, from.clone(), to));
    let Some(location) = location.filter(|location| !location.trim_ascii().is_empty()) else {
        return refuse(RedirectReason::MissingLocation, None);
    };
    let Some(location) = std::str::from_utf8(location)
        .ok()
        .filter(|location| location.len() <= MAX_LOCATION)
    else {
        return refuse(RedirectReason::InvalidLocation, None);
    };
    let location = location.trim();
    let target = match Url::parse(location) {
        Ok(target) => target,
        // A path, or a host without a scheme: joining is harmless, since the result is only looked at.
        Err(_) => match asked.join(location) {
            Ok(target) => target,
            Err(_) => return refuse(RedirectReason::InvalidLocation, None),
        },
    };
    if !matches!(target.scheme(), "http" | "https")
        || !target.username().is_empty()
        || target.password().is_some()
    {
        return refuse(RedirectReason::InvalidLocation, None);
    }
    let to = target.origin().ascii_serialization();
    if target.host() != asked.host() {
        return refuse(RedirectReason::CrossHost, Some(to));
    }
    match (asked.scheme(), target.scheme()) {
        ("http", "https") => {
            let port = target.port_or_known_default();
            let default_to_default = asked.port().is_none() && port == Some(443);
            let permitted = default_to_default || (upgrade.port.is_some() && port == upgrade.port);
            let moved = port
                .filter(|_| permitted)
                .and_then(|port| base.upgraded(port));
            match moved {
                None => refuse(RedirectReason::CrossHost, Some(to)),
                Some(_) if !upgrade.enabled => refuse(RedirectReason::UpgradeNotEnabled, Some(to)),
                // 303 asks for a GET, which no call can be.
                Some(_) if !matches!(status, 301 | 302 | 307 | 308) => {
                    refuse(RedirectReason::NotRpc, Some(to))
                }
                Some(base) => Verdict::Follow(base),
            }
        }
        ("https", "http") => refuse(RedirectReason::Downgrade, Some(to)),
        _ if target.port_or_known_default() != asked.port_or_known_default() => {
            refuse(RedirectReason::CrossHost, Some(to))
        }
        _ if target.path() == asked.path() => refuse(RedirectReason::Loop, Some(to)),
        _ => refuse(
            RedirectReason::NotRpc,
            Some(format!("{to}{}", target.path())),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWED: Upgrade = Upgrade {
        enabled: true,
        port: None,
    };

    fn verdict(device: &str, status: u16, location: Option<&str>, upgrade: Upgrade) -> Verdict {
        let base = Base::parse(device).expect("valid");
        let asked = base.url_of(&base.path("/model/pdu/0").expect("valid"));
        judge(&base, &asked, status, location.map(str::as_bytes), upgrade)
    }

    fn reason(device: &str, location: &str) -> RedirectReason {
        match verdict(device, 307, Some(location), ALLOWED) {
            Verdict::Refuse(error) => error.reason,
            Verdict::Follow(base) => panic!("followed to {}", base.as_str()),
        }
    }

    #[test]
    fn only_the_upgrade_on_the_same_host_is_followed() {
        for status in [301, 302, 307, 308] {
            for location in [
                "https://pdu.example/model/pdu/0",
                "https://PDU.example:443/",
                "https://pdu.example",
            ] {
                let followed =
                    verdict("http://pdu.example/link/2", status, Some(location), ALLOWED);
                assert_eq!(
                    followed,
                    Verdict::Follow(Base::parse("https://pdu.example/link/2").expect("valid"))
                );
            }
        }
        let port = Upgrade {
            enabled: true,
            port: Some(8443),
        };
        let followed = verdict(
            "http://pdu.example:8080",
            307,
            Some("https://pdu.example:8443/x"),
            port,
        );
        assert_eq!(
            followed,
            Verdict::Follow(Base::parse("https://pdu.example:8443").expect("valid"))
        );
    }

    #[test]
    fn nothing_is_followed_without_permission() {
        let refused = verdict(
            "http://pdu.example",
            307,
            Some("https://pdu.example/model/pdu/0"),
            Upgrade::default(),
        );
        let Verdict::Refuse(error) = refused else {
            panic!("followed")
        };
        assert_eq!(error.reason, RedirectReason::UpgradeNotEnabled);
        assert_eq!(
            (error.from.as_str(), error.to.as_deref()),
            ("http://pdu.example", Some("https://pdu.example"))
        );
    }

    #[test]
    fn everything_else_has_its_reason() {
        use RedirectReason::{CrossHost, Downgrade, InvalidLocation, Loop, NotRpc};
        let http = "http://pdu.example";
        let https = "https://pdu.example";
        for (device, location, expected) in [
            (http, "https://other.example/model/pdu/0", CrossHost),
            (http, "https://pdu.example:8443/model/pdu/0", CrossHost),
            (
                "http://pdu.example:8080",
                "https://pdu.example/model/pdu/0",
                CrossHost,
            ),
            (http, "https://pdu.example.evil.example/", CrossHost),
            (http, "http://localhost/model/pdu/0", CrossHost),
            (http, "//other.example/model/pdu/0", CrossHost),
            (http, "\\\\other.example\\x", CrossHost),
            (https, "http://pdu.example/x", Downgrade),
            (https, "https://pdu.example/model/pdu/0", Loop),
            (https, "", RedirectReason::MissingLocation),
            (https, "/login", NotRpc),
            (https, "login?next=1", NotRpc),
            (https, "ftp://pdu.example/x", InvalidLocation),
            (https, "file:///etc/passwd", InvalidLocation),
            (https, "data:text/plain,x", InvalidLocation),
            (https, "javascript:alert(1)", InvalidLocation),
            (http, "https://user:pw@pdu.example/", InvalidLocation),
            (http, "https://[", InvalidLocation),
            (
                http,
                &format!("https://pdu.example/{}", "x".repeat(100_000)),
                InvalidLocation,
            ),
        ] {
            assert_eq!(reason(device, location), expected, "{device} -> {location}");
        }
    }

    #[test]
    fn refusals_show_no_credentials() {
        let Verdict::Refuse(error) = verdict(
            "http://pdu.example",
            302,
            Some("https://u:hunter2@x/"),
            ALLOWED,
        ) else {
            panic!("followed")
        };
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}
