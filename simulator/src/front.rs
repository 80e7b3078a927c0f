//! What stands in front of objects, whatever they are: listener, accounts, limits, faults, records.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use xerus_rpc::error::Fingerprint;

use crate::authenticator::Authenticator;
use crate::door::{Certificate, Door, Keys, Listening, Scheme, Site, Tls};
use crate::error::StartError;
use crate::fault::Faults;
use crate::firmware::Routes;
use crate::limits::Limits;
use crate::model::{Accounts, Role};
use crate::record::{Recorded, Recorder};

/// The settings of a server, whatever it serves.
pub(crate) struct Front {
    pub(crate) accounts: Vec<(String, String, Role)>,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) address: String,
    pub(crate) record: Option<usize>,
    /// A second listener, without encryption.
    pub(crate) plain: Option<Plain>,
    pub(crate) site: Option<Arc<dyn Site>>,
}

/// What a listener without encryption is for, beside one with it, and where it listens.
pub(crate) enum Plain {
    Serves(String),
    LeadsToHttps(String),
}

impl Default for Front {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            limits: Limits::default(),
            faults: Faults::default(),
            certificate: None,
            address: "127.0.0.1:0".to_owned(),
            record: None,
            plain: None,
            site: None,
        }
    }
}

/// The methods that every builder has which keeps a [`Front`] in its field `front`.
macro_rules! front_settings {
    () => {
        /// Adds an administrator. As soon as there is an account, callers must log in.
        pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
            let account = (
                name.into(),
                password.into(),
                $crate::model::Role::Administrator,
            );
            self.front.accounts.push(account);
            self
        }

        /// Encrypts, with a fresh self-signed certificate unless [`certificate`](Self::certificate) set another.
        /// Default: plain HTTP.
        pub fn https(mut self, https: bool) -> Self {
            self.front.certificate = https.then(|| self.front.certificate.unwrap_or_default());
            self
        }

        /// Encrypts, with this certificate.
        pub fn certificate(mut self, certificate: $crate::door::Certificate) -> Self {
            self.front.certificate = Some(certificate);
            self
        }

        /// Where to listen: host and port, port 0 for a free one. Default `127.0.0.1:0`.
        pub fn listen(mut self, address: impl Into<String>) -> Self {
            self.front.address = address.into();
            self
        }

        /// Serves plain HTTP on this address, too. See `http_url` of what [`start`](Self::start) gives.
        pub fn http_also(mut self, address: impl Into<String>) -> Self {
            self.front.plain = Some($crate::front::Plain::Serves(address.into()));
            self
        }

        /// Answers plain HTTP on this address with status 302 and the HTTPS address, as devices do that insist on HTTPS.
        /// Needs [`https`](Self::https). See `http_url` of what [`start`](Self::start) gives.
        pub fn http_redirect(mut self, address: impl Into<String>) -> Self {
            self.front.plain = Some($crate::front::Plain::LeadsToHttps(address.into()));
            self
        }

        /// What the server puts up with.
        pub fn limits(mut self, limits: $crate::limits::Limits) -> Self {
            self.front.limits = limits;
            self
        }

        /// Misbehaves from the start. More can be added at run time, see `faults` of what
        /// [`start`](Self::start) gives.
        pub fn fault(self, rule: impl Into<$crate::fault::FaultRule>) -> Self {
            self.front.faults.inject(rule);
            self
        }

        /// Keeps the latest requests and calls, this many of each, to be looked at with `requests` and, of a simulated PDU,
        /// `calls` of what [`start`](Self::start) gives. Default: none. A device in the same process keeps 10 000 calls.
        pub fn record(mut self, requests: usize) -> Self {
            self.front.record = Some(requests);
            self
        }
    };
}
pub(crate) use front_settings;

impl Front {
    /// Puts the accounts of the settings where the authenticator looks for them.
    pub(crate) fn open_accounts(&mut self, accounts: &Accounts) {
        for (user, password, role) in self.accounts.drain(..) {
            accounts.set(user, password, role);
        }
    }

    /// Listeners, and how to speak on them.
    pub(crate) async fn listen(&self) -> Result<Bound, StartError> {
        let identity = self
            .certificate
            .as_ref()
            .map(Certificate::issue)
            .transpose()?;
        let tls = identity
            .as_ref()
            .map(|identity| Arc::new(Tls::new(identity)));
        let (listener, address) = bind(&self.address).await?;
        let scheme = match &tls {
            Some(tls) => Scheme::Https(Arc::clone(tls)),
            None => Scheme::Http,
        };
        let mut listeners = vec![(listener, scheme)];
        let mut plain_address = None;
        if let Some(plain) = &self.plain {
            let (wanted, scheme) = match plain {
                Plain::Serves(wanted) => (wanted, Scheme::Http),
                Plain::LeadsToHttps(_) if tls.is_none() => {
                    return Err(StartError::RedirectToNowhere);
                }
                Plain::LeadsToHttps(wanted) => {
                    let port = address.port();
                    (wanted, Scheme::Redirect { port })
                }
            };
            let (listener, address) = bind(wanted).await?;
            listeners.push((listener, scheme));
            plain_address = Some(address);
        }
        Ok(Bound {
            address,
            plain_address,
            listeners,
            tls,
            key_pem: identity.as_ref().map(|identity| identity.key_pem.clone()),
            certificate: identity.map(|identity| (identity.pem, identity.sha256)),
        })
    }

    /// Serves the objects of `routes` to whom `authenticator` lets in.
    pub(crate) fn serve(
        self,
        bound: Bound,
        routes: Arc<dyn Routes>,
        authenticator: Arc<dyn Authenticator>,
    ) -> Serving {
        let scheme = match bound.tls {
            Some(_) => "https",
            None => "http",
        };
        let recorder = Arc::new(Recorder::new(self.record.unwrap_or(0)));
        let door = Door::new(
            routes,
            self.site,
            authenticator,
            self.faults.clone(),
            self.limits,
            Arc::clone(&recorder),
        );
        tracing::debug!(address = %bound.address, scheme, "serving");
        let plain_url = bound
            .plain_address
            .map(|address| format!("http://{address}"));
        Serving {
            url: format!("{scheme}://{}", bound.address),
            plain_url,
            address: bound.address,
            certificate: bound.certificate,
            tls: bound.tls,
            faults: self.faults,
            recorder,
            listening: door.open(bound.listeners),
        }
    }
}

async fn bind(address: &str) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |error| StartError::Listen {
        address: address.to_owned(),
        error,
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let bound = listener.local_addr().map_err(refused)?;
    Ok((listener, bound))
}

/// Listeners that nobody serves yet.
pub(crate) struct Bound {
    address: SocketAddr,
    plain_address: Option<SocketAddr>,
    listeners: Vec<(TcpListener, Scheme)>,
    tls: Option<Arc<Tls>>,
    certificate: Option<(String, Fingerprint)>,
    key_pem: Option<String>,
}

impl Bound {
    /// Certificate and key of the HTTPS listener, as PEM.
    pub(crate) fn pair(&self) -> Option<(&str, &str)> {
        let (certificate, _) = self.certificate.as_ref()?;
        Some((certificate, self.key_pem.as_deref()?))
    }

    /// Follows a device that has its own mind about its certificate.
    pub(crate) fn follow(&self, keys: Arc<dyn Keys>) {
        if let Some(tls) = &self.tls {
            tls.follow(keys);
        }
    }
}

/// A server that answers. Dropping it closes the listeners and all connections; [`shutdown`](Self::shutdown) lets calls end first.
pub struct Serving {
    url: String,
    plain_url: Option<String>,
    address: SocketAddr,
    /// As PEM text, and its fingerprint.
    certificate: Option<(String, Fingerprint)>,
    tls: Option<Arc<Tls>>,
    faults: Faults,
    recorder: Arc<Recorder>,
    listening: Listening,
}

impl Serving {
    /// Scheme, address and port, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address without encryption that `http_also` or `http_redirect` asked for.
    #[must_use]
    pub fn http_url(&self) -> Option<&str> {
        self.plain_url.as_deref()
    }

    /// Stops listening, lets calls in flight end within [`Limits::grace`], then cuts the rest.
    pub async fn shutdown(mut self) {
        self.end().await;
    }

    pub(crate) async fn end(&mut self) {
        self.listening.shutdown().await;
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The self-signed certificate as PEM text; `None` without HTTPS.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.certificate.as_ref().map(|(pem, _)| pem.as_str())
    }

    /// The SHA-256 fingerprint of that certificate, which clients can pin; `None` without HTTPS.
    #[must_use]
    pub fn certificate_sha256(&self) -> Option<Fingerprint> {
        self.certificate.as_ref().map(|(_, sha256)| *sha256)
    }

    /// Shows another certificate from the next connection on; connections that exist go on. Nothing happens without HTTPS.
    ///
    /// # Errors
    ///
    /// When the certificate cannot be made or read.
    pub fn install_certificate(&mut self, certificate: &Certificate) -> Result<(), StartError> {
        let Some(tls) = &self.tls else {
            return Ok(());
        };
        let identity = certificate.issue()?;
        tls.install(&identity);
        self.certificate = Some((identity.pem, identity.sha256));
        Ok(())
    }

    /// What goes wrong with requests, changed at run time.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The latest requests that came to the objects, oldest first; as many as `record` asked for when it was built.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.recorder.latest()
    }
}

impl std::fmt::Debug for Serving {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Serving")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
