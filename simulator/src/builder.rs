//! Making and ending simulators.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::device::{self, Device, MakeUp, Role};
use crate::error::StartError;
use crate::faults::{FaultRule, Faults};
use crate::http::{Listening, Server, Transport};
use crate::limits::Limits;
use crate::tls::Certificate;

/// Where simulators come from.
#[derive(Debug)]
pub struct Simulator(());

impl Simulator {
    /// A device to be described: 8 outlets, 1 inlet, HTTP on a free port of 127.0.0.1, open to everybody.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder {
            make_up: MakeUp::default(),
            accounts: Vec::new(),
            clock: Clock::default(),
            limits: Limits::default(),
            faults: Faults::default(),
            certificate: None,
            address: "127.0.0.1:0".to_owned(),
        }
    }
}

/// What a simulated device will be like.
#[must_use]
pub struct SimulatorBuilder {
    make_up: MakeUp,
    accounts: Vec<(String, String, Role)>,
    clock: Clock,
    limits: Limits,
    faults: Faults,
    certificate: Option<Certificate>,
    address: String,
}

impl SimulatorBuilder {
    /// Number of outlets, at most 500. Default 8.
    pub fn outlets(mut self, outlets: usize) -> Self {
        self.make_up.outlets = outlets;
        self
    }

    /// Number of inlets, 1 to 8. Default 1.
    pub fn inlets(mut self, inlets: usize) -> Self {
        self.make_up.inlets = inlets;
        self
    }

    /// Everything about the parts of the device at once; it replaces what was set before.
    pub fn make_up(mut self, make_up: MakeUp) -> Self {
        self.make_up = make_up;
        self
    }

    /// Adds an administrator. As soon as there is an account, callers must log in.
    pub fn user(self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.account(name, password, Role::Administrator)
    }

    /// Adds an account with a role of its own.
    pub fn account(
        mut self,
        name: impl Into<String>,
        password: impl Into<String>,
        role: Role,
    ) -> Self {
        self.accounts.push((name.into(), password.into(), role));
        self
    }

    /// Encrypts, with a fresh self-signed certificate unless [`certificate`](Self::certificate) set another. Default:
    /// plain HTTP.
    pub fn https(mut self, https: bool) -> Self {
        self.certificate = https.then(|| self.certificate.unwrap_or_default());
        self
    }

    /// Encrypts, with this certificate.
    pub fn certificate(mut self, certificate: Certificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// Where to listen: host and port, port 0 for a free one. Default `127.0.0.1:0`.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// The device's source of time. Default: this computer's clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What the server puts up with.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Misbehaves from the start. More can be added while the device runs, see [`Running::faults`].
    pub fn fault(self, rule: impl Into<FaultRule>) -> Self {
        self.faults.inject(rule);
        self
    }

    /// Listens and serves, in the background of the tokio runtime that this is awaited in.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on, or the certificate cannot be made.
    pub async fn start(self) -> Result<Running, StartError> {
        let identity = self
            .certificate
            .as_ref()
            .map(Certificate::issue)
            .transpose()?;
        let (transport, pem) = match identity {
            Some(identity) => (Transport::Https(identity.config), Some(identity.pem)),
            None => (Transport::Http, None),
        };
        let refused = |error| StartError::Listen {
            address: self.address.clone(),
            error,
        };
        let listener = TcpListener::bind(&self.address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let device = Device::new(self.make_up, self.clock, &self.limits);
        for (user, password, role) in self.accounts {
            device.accounts().set(user, password, role);
        }
        let scheme = transport.scheme();
        let server = Server {
            router: device::router(&device),
            device: Arc::clone(&device),
            faults: self.faults.clone(),
            limits: self.limits,
            transport,
        };
        tracing::debug!(%address, scheme, "simulated device ready");
        Ok(Running {
            url: format!("{scheme}://{address}"),
            address,
            certificate_pem: pem,
            faults: self.faults,
            device,
            _listening: server.listen(listener),
        })
    }
}

/// A simulated device that answers. Dropping it closes the listener and all connections.
pub struct Running {
    url: String,
    address: SocketAddr,
    certificate_pem: Option<String>,
    faults: Faults,
    device: Arc<Device>,
    _listening: Listening,
}

impl Running {
    /// Scheme, address and port, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the device listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The self-signed certificate as PEM text; `None` without HTTPS.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.certificate_pem.as_deref()
    }

    /// The device from inside. The handle stays readable after the server has ended.
    #[must_use]
    pub fn device(&self) -> &Arc<Device> {
        &self.device
    }

    /// What goes wrong with requests, changed at run time.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.device.stop();
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("url", &self.url)
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}
