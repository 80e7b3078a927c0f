//! Building an agent for HTTP.

mod check;

use std::sync::Arc;
use std::time::Duration;

use check::{client_type, in_range, takes_time};

use super::connect::{Proxy, Route};
use super::credentials::Authorization;
use super::redirect::Upgrade;
use super::tls::Trust;
use super::transport::{HttpTransport, Options};
use super::url::Base;
use crate::agent::Agent;
use crate::bulk::AutoBulk;
use crate::error::{ConfigError, Error};
use crate::layer::Sessions;
use crate::settings::{MAX_BULK_CALLS, MAX_DEPTH, Settings};
use crate::wire::{Credentials, Transport};

/// Devices have few connections to give.
const MAX_CONNECTIONS: usize = 6;

/// Builds an [`Agent`] for a device behind HTTP or HTTPS.
///
/// Only the URL is needed. Faults in the values are kept until [`build`](Self::build), so that calls can be chained.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use xerus_rpc::Agent;
///
/// let agent = Agent::builder("https://pdu.example.com")
///     .basic_auth("admin", std::env::var("XERUS_PASSWORD")?)
///     .root_certificate_pem(std::fs::read("ca.pem")?)
///     .timeout(Duration::from_secs(10))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "an agent exists only after `build`"]
pub struct AgentBuilder {
    /// Not shown before it is checked: it may hold a password.
    url: Hidden,
    credentials: Credentials,
    connect_timeout: Duration,
    trust: Trust,
    client_type: String,
    max_connections: usize,
    upgrade: Upgrade,
    route: Route,
    settings: Settings,
    layers: Vec<MakeLayer>,
    auto_bulk: Option<AutoBulk>,
    sessions: Option<Sessions>,
    /// The first fault found.
    fault: Option<Error>,
}

/// Wraps the transport.
#[derive(Clone)]
struct MakeLayer(Arc<Wrap>);

type Wrap = dyn Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync;

impl std::fmt::Debug for MakeLayer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("layer")
    }
}

impl Agent {
    /// Starts an agent for the device at `url`: `https://` or `http://`, a host name or address, an optional port, and an
    /// optional path prefix such as `/link/2` for a device behind another one. A link-local IPv6 address has its zone, the
    /// interface of this machine: `https://[fe80::20d:5dff:fe01:2345%25eth0]`.
    ///
    /// Nothing is checked before [`build`](AgentBuilder::build) and nothing is sent before the first call.
    ///
    /// Needs the feature `http`, which is on by default.
    #[doc(alias("proto", "host", "rpc.Agent"))]
    pub fn builder(url: impl Into<String>) -> AgentBuilder {
        AgentBuilder::new(url.into())
    }
}

#[derive(Clone)]
struct Hidden(String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match Base::parse(&self.0) {
            Ok(base) => base.as_str().fmt(f),
            Err(_) => f.write_str("(unusable)"),
        }
    }
}

impl AgentBuilder {
    fn new(url: String) -> Self {
        Self {
            url: Hidden(url),
            credentials: Credentials::default(),
            connect_timeout: Duration::from_secs(10),
            trust: Trust::default(),
            client_type: "Rust RPC".to_owned(),
            max_connections: 1,
            upgrade: Upgrade::default(),
            route: Route::default(),
            settings: Settings::default(),
            layers: Vec::new(),
            auto_bulk: None,
            sessions: None,
            fault: None,
        }
    }

    /// Sends a user name and password with every request (HTTP Basic, UTF-8).
    ///
    /// Default: no credentials. The name must not contain `:` or control characters. The password is kept in memory that
    /// is wiped when it is replaced or the agent is dropped, and is never shown. Replaces a session token.
    #[doc(alias("set_auth_basic", "user", "passwd"))]
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Credentials::basic(user, password);
        self
    }

    /// Sends a session token with every request (`X-SessionToken`) instead of a user name and password.
    ///
    /// Default: no credentials. The token must consist of visible ASCII characters; it is kept and hidden like a
    /// password. Replaces a user name and password.
    #[doc(alias("set_auth_token", "token", "X-SessionToken"))]
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.credentials = Credentials::token(token);
        self
    }

    /// Time to open a connection, address lookup and TLS handshake included.
    ///
    /// Default: 10 s. When it is over, the call fails with `Timeout.Connect`; nothing was sent then. The total of
    /// [`timeout`](Self::timeout) ends earlier if it is shorter.
    pub fn connect_timeout(mut self, time: Duration) -> Self {
        self.connect_timeout = time;
        self
    }

    /// Time for a whole call: waiting for earlier calls, connecting, sending, and the complete answer.
    ///
    /// Default: 30 s. When it is over, the call fails with `Timeout` and the phase it was in, and its connection is
    /// closed; [`Error::outcome`] tells whether the device may have executed the call. Long polls keep the time of
    /// [`long_poll_timeout`](Self::long_poll_timeout), a method whose description has a time of its own keeps that, and a
    /// single call can have its own limit.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.settings.timeout = time;
        self
    }

    /// Time for a long poll, which the device answers only when something happens, or after up to 30 s.
    ///
    /// Default: 45 s. When [`timeout`](Self::timeout) is longer, that counts.
    pub fn long_poll_timeout(mut self, time: Duration) -> Self {
        self.settings.long_poll_timeout = time;
        self
    }

    /// Trusts the certificates in a PEM text: authorities, or the self-signed certificate of a device itself.
    ///
    /// Default: the authorities of the operating system. With one or more calls of this method only the given
    /// certificates are trusted, **instead of** those of the system; add
    /// [`system_root_certificates(true)`](Self::system_root_certificates) to trust both. Host name and dates are still
    /// checked.
    #[doc(alias("ca", "cafile"))]
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        if let Err(error) = self.trust.add_pem(pem.as_ref()) {
            self.note(error);
        }
        self
    }

    /// Whether the authorities of the operating system are trusted beside the certificates given to
    /// [`root_certificate_pem`](Self::root_certificate_pem).
    ///
    /// Default: `false` when such certificates are given; without any, the system's authorities count in either case.
    pub fn system_root_certificates(mut self, trusted: bool) -> Self {
        self.trust.system_roots = Some(trusted);
        self
    }

    /// Trusts the one certificate with this SHA-256 fingerprint (64 hexadecimal digits, colons permitted), whatever
    /// name, issuer and dates it has. May be called more than once, for the time in which a certificate is replaced.
    ///
    /// Default: no pin. This is the way to talk to devices with the certificate they were delivered with, also of an old form
    /// that no authority would sign. The device still has to prove that it has the key. With a pin, authorities no longer
    /// count: any other certificate fails with `Tls.PinMismatch`.
    #[doc(alias = "fingerprint")]
    pub fn pin_certificate_sha256(mut self, fingerprint: impl AsRef<str>) -> Self {
        if let Err(error) = self.trust.add_pin(fingerprint.as_ref()) {
            self.note(error);
        }
        self
    }

    /// Trusts every certificate with the public key of this SHA-256 fingerprint, whatever name, issuer and dates it has: 64
    /// hexadecimal digits (colons permitted), or base64 as in `sha256//…` of other tools. May be called more than once.
    ///
    /// Default: no pin. The fingerprint is that of the `SubjectPublicKeyInfo` in DER form. Such a pin outlives the certificate
    /// when the device renews it with the same key. With pins of certificates as well, either is enough. With any pin,
    /// authorities no longer count, and a certificate that fits none fails with `Tls.PinMismatch`.
    pub fn pin_public_key_sha256(mut self, fingerprint: impl AsRef<str>) -> Self {
        if let Err(error) = self.trust.add_key_pin(fingerprint.as_ref()) {
            self.note(error);
        }
        self
    }

    /// **Dangerous.** Accepts every certificate: expired, for another host, signed by anybody.
    ///
    /// Default: off. Anybody who can answer in place of the device then gets the credentials, and can report and switch
    /// anything. Prefer [`pin_certificate_sha256`](Self::pin_certificate_sha256) or
    /// [`root_certificate_pem`](Self::root_certificate_pem); use this only for a first test in a trusted network.
    /// Pins stay in force beside it.
    #[doc(alias("disable_certificate_verification", "insecure", "verify"))]
    pub fn danger_accept_invalid_certs(mut self) -> Self {
        self.trust.accept_any = true;
        self
    }

    /// The name under which the device lists the sessions of this program (`X-Client-Type`).
    ///
    /// Default: `Rust RPC`. 1 to 128 visible ASCII characters or blanks.
    pub fn client_type(mut self, name: impl Into<String>) -> Self {
        self.client_type = name.into();
        self
    }

    /// Whether decoding refuses what it otherwise accepts: missing members, unknown enumerators, `3.0` for an integer.
    ///
    /// Default: `false`, since most devices have another firmware than the bindings were made for.
    pub fn strict(mut self, strict: bool) -> Self {
        self.settings.strict = strict;
        self
    }

    /// Largest answer that is accepted, in bytes.
    ///
    /// Default: 32 MiB. A larger answer fails with `ResponseTooLarge`, before it is read if its size is declared, and its
    /// connection is closed.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_response_bytes = bytes;
        self
    }

    /// Deepest nesting of arrays and objects in an answer.
    ///
    /// Default: 64; real answers stay below 15. A deeper one fails with `Json.DepthExceeded`. 1 to 512.
    pub fn max_depth(mut self, levels: usize) -> Self {
        self.settings.max_depth = levels;
        self
    }

    /// Calls that one bulk request carries; longer lists are sent as several requests, one after another.
    ///
    /// Default: 100. 1 to 200.
    pub fn bulk_chunk(mut self, calls: usize) -> Self {
        self.settings.bulk_calls = calls;
        self
    }

    /// Logs in once and sends a session token from then on: see [`Sessions`].
    ///
    /// Default: off; user name and password go with each call. Who logs in is said by the source of the sessions, or by
    /// [`basic_auth`](Self::basic_auth). The layer stands inside those of [`layer`](Self::layer), which do not see the calls
    /// that open and close sessions.
    ///
    /// ```
    /// use xerus_rpc::Agent;
    /// use xerus_rpc::layer::Sessions;
    ///
    /// let agent = Agent::builder("https://192.0.2.7")
    ///     .basic_auth("admin", "secret")
    ///     .sessions(Sessions::new())
    ///     .build()?;
    /// # Ok::<(), xerus_rpc::Error>(())
    /// ```
    pub fn sessions(mut self, options: Sessions) -> Self {
        self.sessions = Some(options);
        self
    }

    /// Puts reads that are made at the same time into one bulk request: see [`AutoBulk`].
    ///
    /// Default: off; every call is a request of its own. The layer stands around those of [`layer`](Self::layer), which see
    /// the bulk requests.
    ///
    /// ```
    /// use xerus_rpc::Agent;
    /// use xerus_rpc::bulk::AutoBulk;
    ///
    /// let agent = Agent::builder("https://192.0.2.7")
    ///     .auto_bulk(AutoBulk::new())
    ///     .build()?;
    /// # Ok::<(), xerus_rpc::Error>(())
    /// ```
    pub fn auto_bulk(mut self, options: AutoBulk) -> Self {
        self.auto_bulk = Some(options);
        self
    }

    /// Connections to the device at the same time; further calls queue.
    ///
    /// Default: 1, which devices handle best. A bulk request saves more time than a second connection. 1 to 6.
    /// Long polls do not count: they have up to four connections of their own, opened only when used, so that a
    /// long poll never blocks other calls.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Whether to follow a redirect from `http` to `https` on the same host (both on their usual ports).
    ///
    /// Default: `false`; every redirect fails with kind `Redirect`, which names both addresses. With `true` the call is
    /// repeated once as it was, over https, and the agent stays there. No other redirect is ever followed, and no
    /// credentials are sent anywhere else. Note that the first request has already carried the credentials over the
    /// network in clear text: it is better to use the `https` URL.
    pub fn upgrade_redirects(mut self, follow: bool) -> Self {
        self.upgrade.enabled = follow;
        self
    }

    /// Permits redirects to https on this port as well, for devices that do not use port 443; implies
    /// [`upgrade_redirects(true)`](Self::upgrade_redirects).
    ///
    /// Default: no other port. With such a port the http side may be on any port, too.
    pub fn upgrade_redirects_to_port(mut self, port: u16) -> Self {
        self.upgrade = Upgrade {
            enabled: true,
            port: Some(port),
        };
        self
    }

    /// Reaches the device through a proxy: `http://host:port` (HTTP `CONNECT`), `socks5://host:port` (names are looked up
    /// here) or `socks5h://host:port` (the proxy looks names up), with `user:password@` before the host if it wants a login.
    ///
    /// Default: no proxy. Those of the environment (`HTTPS_PROXY`) are never used: they are for the internet, and over
    /// plain http they would see the password. Management networks are often reached by `ssh -D 1080 jumphost`, which is
    /// `socks5h://127.0.0.1:1080`.
    ///
    /// ```
    /// let agent = xerus_rpc::Agent::builder("https://pdu.mgmt.example")
    ///     .proxy("socks5h://127.0.0.1:1080")
    ///     .build()?;
    /// # Ok::<(), xerus_rpc::Error>(())
    /// ```
    pub fn proxy(mut self, url: impl AsRef<str>) -> Self {
        match Proxy::parse(url.as_ref()) {
            Ok(proxy) => self.route.proxy = Some(proxy),
            Err(error) => self.note(error),
        }
        self
    }

    /// The address of this machine from which connections are opened, for machines with several networks.
    ///
    /// Default: the operating system chooses. The address must be of the same family (IPv4 or IPv6) as that of the device.
    pub fn local_address(mut self, address: std::net::IpAddr) -> Self {
        self.route.local_address = Some(address);
        self
    }

    /// Wraps a layer around the transport: for traces, records, limits. May be called more than once; the last is outermost.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use xerus_rpc::Agent;
    /// use xerus_rpc::wire::{Layer, Transport};
    ///
    /// struct Named(Arc<dyn Transport>, &'static str);
    ///
    /// impl Layer for Named {
    ///     fn inner(&self) -> &Arc<dyn Transport> {
    ///         &self.0
    ///     }
    ///
    ///     fn origin(&self) -> &str {
    ///         self.1
    ///     }
    /// }
    ///
    /// let agent = Agent::builder("https://192.0.2.7")
    ///     .layer(|device| Arc::new(Named(device, "rack 4, left")))
    ///     .build()?;
    /// assert_eq!(agent.origin(), "rack 4, left");
    /// # Ok::<(), xerus_rpc::Error>(())
    /// ```
    pub fn layer(
        mut self,
        make: impl Fn(Arc<dyn Transport>) -> Arc<dyn Transport> + Send + Sync + 'static,
    ) -> Self {
        self.layers.push(MakeLayer(Arc::new(make)));
        self
    }

    /// Logs nobody in: for wires that do so in another way.
    #[cfg(feature = "ripex2")]
    pub(crate) fn anonymous(mut self) -> Self {
        self.credentials = Credentials::none();
        self
    }

    fn note(&mut self, error: Error) {
        self.fault.get_or_insert(error);
    }

    /// Makes the agent. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Kind `Config` for the first value that cannot be used.
    pub fn build(mut self) -> Result<Agent, Error> {
        let settings = self.settings.clone();
        let layers = std::mem::take(&mut self.layers);
        let auto_bulk = self.auto_bulk.take();
        let sessions = self.sessions.take().map(|sessions| {
            // The transport itself then logs nobody in.
            (sessions, std::mem::take(&mut self.credentials))
        });
        if let Some((sessions, user)) = &sessions {
            Authorization::new(user)?;
            takes_time("sessions", sessions.time())?;
        }
        let bare: Arc<dyn Transport> = Arc::new(self.build_transport()?);
        let bare = match sessions {
            Some((sessions, user)) => sessions.around(bare, user),
            None => bare,
        };
        let transport = layers.iter().fold(bare, |inner, layer| (layer.0)(inner));
        let transport = match auto_bulk {
            Some(options) => options.around(transport, &settings),
            None => transport,
        };
        Ok(Agent::with_settings(transport, settings))
    }

    /// The options of the agent that [`build`](Self::build) would make.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Makes only the transport, without its layers; see [`Agent::with_transport`].
    ///
    /// The options of the agent ([`timeout`](Self::timeout), [`strict`](Self::strict), limits, bulk sizes) are not part of
    /// it; [`settings`](Self::settings) has them.
    ///
    /// # Errors
    ///
    /// As for [`build`](Self::build).
    pub fn build_transport(self) -> Result<HttpTransport, Error> {
        if let Some(error) = self.fault {
            return Err(error);
        }
        let base = Base::parse(&self.url.0)?;
        in_range(
            "max_connections",
            self.max_connections,
            1..=MAX_CONNECTIONS,
            "1 to 6",
        )?;
        in_range(
            "bulk_chunk",
            self.settings.bulk_calls,
            1..=MAX_BULK_CALLS,
            "1 to 200",
        )?;
        in_range(
            "max_depth",
            self.settings.max_depth,
            1..=MAX_DEPTH,
            "1 to 512",
        )?;
        in_range(
            "max_response_bytes",
            self.settings.max_response_bytes,
            1..=usize::MAX,
            "1 or more",
        )?;
        takes_time("timeout", self.settings.timeout)?;
        takes_time("long_poll_timeout", self.settings.long_poll_timeout)?;
        takes_time("connect_timeout", self.connect_timeout)?;
        if self.route.proxy.is_some() && base.has_zone() {
            return Err(ConfigError::BadUrl(
                "the zone of an address means nothing to a proxy; leave one of the two out",
            )
            .into());
        }
        HttpTransport::new(Options {
            base,
            credentials: self.credentials,
            connect_timeout: self.connect_timeout,
            trust: self.trust,
            client_type: client_type(&self.client_type)?,
            max_connections: self.max_connections,
            upgrade: self.upgrade,
            route: self.route,
        })
    }
}

#[cfg(test)]
mod tests;
