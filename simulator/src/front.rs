//! What stands in front of objects, whatever they are: listener, accounts, limits, faults, records.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use xerus_rpc::error::Fingerprint;

use crate::authenticator::Authenticator;
use crate::error::StartError;
use crate::faults::Faults;
use crate::firmware::Routes;
use crate::http::{Listening, Scheme, Server};
use crate::limits::Limits;
use crate::model::{Accounts, Role};
use crate::record::{Recorded, Recorder};
use crate::tls::Certificate;

/// The settings of a server, whatever it serves.
pub(crate) struct Front {
    pub(crate) accounts: Vec<(String, String, Role)>,
    pub(crate) limits: Limits,
    pub(crate) faults: Faults,
    pub(crate) certificate: Option<Certificate>,
    pub(crate) address: String,
    pub(crate) record: usize,
}

impl Default for Front {
    fn default() -> Self {
        Self {
            accounts: Vec::new(),
            limits: Limits::default(),
            faults: Faults::default(),
            certificate: None,
            address: "127.0.0.1:0".to_owned(),
            record: 0,
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
        pub fn certificate(mut self, certificate: $crate::tls::Certificate) -> Self {
            self.front.certificate = Some(certificate);
            self
        }

        /// Where to listen: host and port, port 0 for a free one. Default `127.0.0.1:0`.
        pub fn listen(mut self, address: impl Into<String>) -> Self {
            self.front.address = address.into();
            self
        }

        /// What the server puts up with.
        pub fn limits(mut self, limits: $crate::limits::Limits) -> Self {
            self.front.limits = limits;
            self
        }

        /// Misbehaves from the start. More can be added at run time, see `faults` of what
        /// [`start`](Self::start) gives.
        pub fn fault(self, rule: impl Into<$crate::faults::FaultRule>) -> Self {
            self.front.faults.inject(rule);
            self
        }

        /// Keeps the latest requests and calls, this many of each, to be looked at with `requests` and, of a simulated PDU,
        /// `calls` of what [`start`](Self::start) gives. Default 0.
        pub fn record(mut self, requests: usize) -> Self {
            self.front.record = requests;
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

    /// A listener, and how to speak on it.
    pub(crate) async fn listen(&self) -> Result<Bound, StartError> {
        let identity = self
            .certificate
            .as_ref()
            .map(Certificate::issue)
            .transpose()?;
        let (scheme, certificate) = match identity {
            Some(identity) => (
                Scheme::Https(identity.config),
                Some((identity.pem, identity.sha256)),
            ),
            None => (Scheme::Http, None),
        };
        let refused = |error| StartError::Listen {
            address: self.address.clone(),
            error,
        };
        let listener = TcpListener::bind(&self.address).await.map_err(refused)?;
        Ok(Bound {
            address: listener.local_addr().map_err(refused)?,
            listener,
            scheme,
            certificate,
        })
    }

    /// Serves the objects of `routes` to whom `authenticator` lets in.
    pub(crate) fn serve(
        self,
        bound: Bound,
        routes: Arc<dyn Routes>,
        authenticator: Arc<dyn Authenticator>,
    ) -> Serving {
        let scheme = bound.scheme.name();
        let recorder = Arc::new(Recorder::new(self.record));
        let server = Server {
            routes,
            authenticator,
            faults: self.faults.clone(),
            limits: self.limits,
            scheme: bound.scheme,
            recorder: Arc::clone(&recorder),
        };
        tracing::debug!(address = %bound.address, scheme, "serving");
        Serving {
            url: format!("{scheme}://{}", bound.address),
            address: bound.address,
            certificate: bound.certificate,
            faults: self.faults,
            recorder,
            _listening: server.listen(bound.listener),
        }
    }
}

/// A listener that nobody serves yet.
pub(crate) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    scheme: Scheme,
    certificate: Option<(String, Fingerprint)>,
}

/// A server that answers. Dropping it closes the listener and all connections.
pub struct Serving {
    url: String,
    address: SocketAddr,
    /// As PEM text, and its fingerprint.
    certificate: Option<(String, Fingerprint)>,
    faults: Faults,
    recorder: Arc<Recorder>,
    _listening: Listening,
}

impl Serving {
    /// Scheme, address and port, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
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
