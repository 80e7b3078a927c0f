//! Proxies on the way to a device: HTTP `CONNECT` and SOCKS5.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use ::http::{HeaderValue, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;
use url::Url;
use zeroize::Zeroizing;

use crate::error::{ConfigError, ConnectError, Error};

/// A proxy, checked.
#[derive(Clone)]
pub(crate) struct Proxy {
    kind: Kind,
    host: String,
    port: u16,
    login: Option<Arc<Login>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Http,
    Socks { names: bool },
}

struct Login {
    user: String,
    password: Zeroizing<String>,
}

impl Proxy {
    /// Reads `http://host:port`, `socks5://host:port` or `socks5h://host:port`, with or without user name and password.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        // The text may hold a password, so no message repeats any part of it.
        let bad = || Error::from(ConfigError::BadUrl(FORMS));
        let url = Url::parse(text.trim()).map_err(|_| bad())?;
        let (kind, usual_port) = match url.scheme() {
            "http" => (Kind::Http, 80),
            "socks5" => (Kind::Socks { names: false }, 1080),
            "socks5h" => (Kind::Socks { names: true }, 1080),
            _ => return Err(bad()),
        };
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or_else(bad)?;
        let extra =
            !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some();
        let port = url.port().unwrap_or(usual_port);
        if extra || port == 0 {
            return Err(bad());
        }
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some(Arc::new(Login::parse(user, password.unwrap_or(""), kind)?)),
        };
        Ok(Self {
            kind,
            host: host.to_owned(),
            port,
            login,
        })
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Whether the proxy is given names, and not addresses that were looked up here.
    pub(super) fn looks_up_names(&self) -> bool {
        self.kind != Kind::Socks { names: false }
    }

    /// Asks the proxy behind `stream` to lead on to the device.
    pub(super) async fn lead(
        &self,
        stream: TokioIo<TcpStream>,
        device: Uri,
    ) -> Result<TokioIo<TcpStream>, Error> {
        // Neither is used to find the proxy, which is connected already.
        let unused = Uri::from_static("http://proxy");
        let opened = Opened(Some(stream));
        let refused = || Error::from(ConnectError::ProxyRefused);
        match self.kind {
            Kind::Http => {
                let mut tunnel = Tunnel::new(unused, opened);
                if let Some(login) = &self.login {
                    tunnel = tunnel.with_auth(login.header()?);
                }
                let led = tunnel.call(device).await;
                led.map_err(|error| refused().with_source(error))
            }
            Kind::Socks { .. } => {
                let mut socks = SocksV5::new(unused, opened);
                if let Some(login) = &self.login {
                    socks = socks.with_auth(login.user.clone(), login.password.to_string());
                }
                socks.call(device).await.map_err(|_| refused())
            }
        }
    }
}

const FORMS: &str = "expected a proxy as http://host:port, socks5://host:port (names are looked up here) or socks5h://host:port \
                     (the proxy looks them up), with user:password@ before the host if it wants a login";

impl Login {
    fn parse(user: &str, password: &str, kind: Kind) -> Result<Self, Error> {
        let plain = |text: &str| {
            let bytes = percent_encoding::percent_decode_str(text);
            bytes.decode_utf8().map(std::borrow::Cow::into_owned)
        };
        let bad = || Error::from(ConfigError::BadUrl(FORMS));
        let user = plain(user).map_err(|_| bad())?;
        let password = Zeroizing::new(plain(password).map_err(|_| bad())?);
        let unusable = match kind {
            // A colon would end the name early.
            Kind::Http => user.chars().any(|c| c == ':' || c.is_control()),
            Kind::Socks { .. } => user.len() > 255 || password.len() > 255,
        };
        if unusable {
            Err(bad())
        } else {
            Ok(Self { user, password })
        }
    }

    fn header(&self) -> Result<HeaderValue, Error> {
        let plain = Zeroizing::new(format!("{}:{}", self.user, *self.password));
        let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(plain.as_bytes())));
        HeaderValue::from_str(&text)
            .map_err(|_| ConfigError::BadHeaderValue("Proxy-Authorization").into())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.kind {
            Kind::Http => "http",
            Kind::Socks { names: false } => "socks5",
            Kind::Socks { names: true } => "socks5h",
        };
        let login = self.login.as_ref().map_or("", |_| "(redacted)@");
        write!(f, "{scheme}://{login}{}:{}", self.host, self.port)
    }
}

/// Gives the library the connection that is open already, so that what went wrong on the way to the proxy is known apart from
/// what went wrong behind it.
struct Opened(Option<TokioIo<TcpStream>>);

impl Service<Uri> for Opened {
    type Response = TokioIo<TcpStream>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(Ok(self.0.take().expect("asked once")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_read_and_their_passwords_are_not_shown() {
        for (text, shown) in [
            ("http://proxy:3128", "http://proxy:3128"),
            ("http://proxy", "http://proxy:80"),
            ("socks5://127.0.0.1:9050/", "socks5://127.0.0.1:9050"),
            ("socks5h://[::1]", "socks5h://[::1]:1080"),
            ("socks5://u:hunter2@proxy", "socks5://(redacted)@proxy:1080"),
            ("http://u%40x:hunter2@proxy", "http://(redacted)@proxy:80"),
        ] {
            let proxy = Proxy::parse(text).expect(text);
            assert_eq!(format!("{proxy:?}"), shown);
        }
        let login = Proxy::parse("http://u%40x:p%3Aw@proxy")
            .expect("valid")
            .login;
        let header = login.expect("a login").header().expect("a header");
        assert_eq!(header.to_str().expect("ASCII"), "Basic dUB4OnA6dw==");
    }

    #[test]
    fn names_and_passwords_may_be_as_long_as_socks_has_room_for() {
        let long = "x".repeat(255);
        let text = format!("socks5://{long}:{long}@proxy");
        let login = Proxy::parse(&text).expect("valid").login.expect("a login");
        assert_eq!((login.user.len(), login.password.len()), (255, 255));
        assert!(Proxy::parse(&format!("socks5://u:{long}x@proxy")).is_err());
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_an_echo() {
        for text in [
            "",
            "proxy:3128",
            "https://hunter2@proxy",
            "socks4://proxy",
            "http://proxy:0",
            "http://proxy/hunter2",
            "http://proxy?hunter2",
            "http://a%3Ab:hunter2@proxy",
            "socks5://",
            &format!("socks5://{}:hunter2@proxy", "u".repeat(256)),
        ] {
            let error = Proxy::parse(text).expect_err(text);
            assert_eq!(error.code(), "Config.BadUrl", "{text}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{text}");
        }
    }
}
