//! How a transport to a RipEX2 is set up.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::session::{BusyLogins, Session};
use super::transport::{Ripex2, check_language};
use super::unit;
use crate::agent::Agent;
use crate::error::Error;
use crate::http::AgentBuilder;
use crate::wire::Credentials;

/// What a transport is told.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub(super) unit: Option<IpAddr>,
    pub(super) language: Option<String>,
    /// The time for a call that has none of its own.
    pub(super) timeout: Duration,
    /// The same, for a unit behind the one that is connected.
    pub(super) remote_timeout: Duration,
}

/// Sets up a [`Ripex2`].
///
/// ```
/// use xerus_rpc::ripex2::Ripex2;
///
/// let agent = Ripex2::builder("https://192.0.2.7")
///     .login("admin", "secret")
///     .pin_certificate_sha256("0f".repeat(32))
///     .build()?;
/// # Ok::<(), xerus_rpc::Error>(())
/// ```
#[must_use = "an agent exists only after `build`"]
pub struct Ripex2Builder {
    http: AgentBuilder,
    credentials: Credentials,
    unit: String,
    language: Option<String>,
    remote_timeout: Duration,
    busy: BusyLogins,
}

impl Ripex2Builder {
    pub(super) fn new(url: String) -> Self {
        Self {
            http: Agent::builder(url),
            credentials: Credentials::none(),
            unit: String::new(),
            language: None,
            remote_timeout: Duration::from_secs(60),
            busy: BusyLogins {
                attempts: 3,
                pause: Duration::from_secs(2),
            },
        }
    }

    /// Who is logged in, at the first call that needs it. Neither text may have one of the characters `"` `'` `\` `;` `$`. The password is
    /// never shown, and wiped when it is replaced or the agent is dropped.
    pub fn login(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Credentials::basic(user, password);
        self
    }

    /// The token of a session that is open. It is used as long as the unit knows it; nobody is logged in here, nor logged out.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.credentials = Credentials::token(token);
        self
    }

    /// The IP address of the unit behind the one that is connected, to which calls with an empty target go. Default: the one that is
    /// connected.
    pub fn unit(mut self, address: impl Into<String>) -> Self {
        self.unit = address.into();
        self
    }

    /// The language of the texts that the unit answers with: `en`. Default: none is asked for.
    pub fn language(mut self, code: impl Into<String>) -> Self {
        self.language = Some(code.into());
        self
    }

    /// Time for a whole call, a login before it included. Default: 30 s. A login that takes longer goes on, and the next call has it.
    pub fn timeout(mut self, time: Duration) -> Self {
        self.http = self.http.timeout(time);
        self
    }

    /// The same for a unit that is reached over the radio; [`timeout`](Self::timeout) where that is longer. Default: 60 s. A call
    /// with a [time of its own](crate::Call::timeout), or from an agent whose [settings](crate::Settings) have another time than
    /// [`timeout`](Self::timeout), keeps that. A check of an action that an [`ActionCall`](crate::action::ActionCall) began there has
    /// as long.
    pub fn remote_timeout(mut self, time: Duration) -> Self {
        self.remote_timeout = time;
        self
    }

    /// How often a login is made while the unit says that it is busy, or blocks logins (status 503), and the pause after the first, which is
    /// doubled each time. Default: 3 times, 2 s. At least once. That is for all calls together, which then fail with the same error; a later
    /// call waits for the end of the last pause and makes one login, or fails at once where its time is over before that. A login that ends
    /// otherwise is not made again for the same call.
    pub fn busy_logins(mut self, attempts: u32, pause: Duration) -> Self {
        self.busy = BusyLogins {
            attempts: attempts.max(1),
            pause,
        };
        self
    }

    /// Trusts the one certificate with this SHA-256 fingerprint: see [`AgentBuilder::pin_certificate_sha256`]. Units come with
    /// certificates that they signed themselves, which nothing else trusts.
    pub fn pin_certificate_sha256(mut self, fingerprint: impl AsRef<str>) -> Self {
        self.http = self.http.pin_certificate_sha256(fingerprint);
        self
    }

    /// Trusts the certificates in a PEM text: see [`AgentBuilder::root_certificate_pem`].
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.http = self.http.root_certificate_pem(pem);
        self
    }

    /// Sets what is said of the connection: pins, proxies, limits. User and password, sessions, bulks and layers of that builder have no
    /// effect here.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xerus_rpc::ripex2::Ripex2;
    ///
    /// let agent = Ripex2::builder("https://192.0.2.7")
    ///     .connection(|http| http.connect_timeout(Duration::from_secs(3)).proxy("socks5h://127.0.0.1:1080"))
    ///     .build()?;
    /// # Ok::<(), xerus_rpc::Error>(())
    /// ```
    pub fn connection(mut self, set: impl FnOnce(AgentBuilder) -> AgentBuilder) -> Self {
        self.http = set(self.http);
        self
    }

    /// Makes the agent. Nothing is sent.
    ///
    /// # Errors
    ///
    /// Kind `Config` for the first value that cannot be used.
    pub fn build(self) -> Result<Agent, Error> {
        let settings = self.http.settings().clone();
        let transport = self.build_transport()?;
        Ok(Agent::with_settings(Arc::new(transport), settings))
    }

    /// Makes only the transport; see [`Agent::with_settings`].
    ///
    /// # Errors
    ///
    /// As for [`build`](Self::build).
    pub fn build_transport(self) -> Result<Ripex2, Error> {
        let timeout = self.http.settings().timeout;
        let unit = unit::named(&self.unit).map_err(Error::bad_rid)?;
        self.language.as_deref().map_or(Ok(()), check_language)?;
        let http = Arc::new(self.http.anonymous().build_transport()?);
        let session = Session::new(
            Arc::clone(&http),
            self.credentials,
            self.language.clone(),
            self.busy,
        );
        let setup = Setup {
            unit,
            language: self.language,
            timeout,
            remote_timeout: self.remote_timeout,
        };
        Ok(Ripex2::new(http, session, setup))
    }
}

impl fmt::Debug for Ripex2Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ripex2Builder")
            .field("http", &self.http)
            .field("credentials", &self.credentials)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}
