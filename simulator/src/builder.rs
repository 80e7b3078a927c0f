//! Making and ending simulators.

use std::net::SocketAddr;
use std::sync::Arc;

use xerus_rpc::error::Fingerprint;

use crate::authenticator::Authenticator;
use crate::error::StartError;
use crate::faults::Faults;
use crate::firmware::{Routes, Served};
use crate::front::{Front, Serving, front_settings};
use crate::model::{Clock, Device, FACTORY_PASSWORD, FACTORY_USER, Firmware, MakeUp, Role};
use crate::record::Recorded;

/// Where simulators come from.
#[derive(Debug)]
pub struct Simulator(());

impl Simulator {
    /// A device to be described: 8 outlets, 1 inlet, HTTP on a free port of 127.0.0.1, open to everybody.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder {
            make_up: MakeUp::default(),
            clock: Clock::default(),
            front: Front::default(),
            factory: false,
        }
    }
}

/// What a simulated device will be like.
#[must_use]
pub struct SimulatorBuilder {
    make_up: MakeUp,
    clock: Clock,
    front: Front,
    factory: bool,
}

impl SimulatorBuilder {
    front_settings!();

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

    /// The firmware that the device runs at first. Default: the newest.
    pub fn firmware(mut self, firmware: Firmware) -> Self {
        self.make_up.firmware = firmware;
        self
    }

    /// Everything about the parts of the device at once; it replaces what was set before.
    pub fn make_up(mut self, make_up: MakeUp) -> Self {
        self.make_up = make_up;
        self
    }

    /// Adds an account with a role of its own.
    pub fn account(
        mut self,
        name: impl Into<String>,
        password: impl Into<String>,
        role: Role,
    ) -> Self {
        self.front
            .accounts
            .push((name.into(), password.into(), role));
        self
    }

    /// As it leaves the factory: an administrator [`FACTORY_USER`] with the password [`FACTORY_PASSWORD`], and status 451 for
    /// everything else until that password is changed with `setAccountPassword` on `/auth/user/admin`.
    pub fn factory(mut self) -> Self {
        self.factory = true;
        self
    }

    /// The device's source of time. Default: this computer's clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Listens and serves, in the background of the tokio runtime that this is awaited in.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on, or the certificate cannot be made.
    pub async fn start(mut self) -> Result<Running, StartError> {
        let bound = self.front.listen().await?;
        let device = Device::new(self.make_up, self.clock, &self.front.limits);
        let accounts = device.accounts();
        self.front.open_accounts(accounts);
        if self.factory {
            accounts.set(FACTORY_USER, FACTORY_PASSWORD, Role::Administrator);
            accounts.demand_password_change(FACTORY_USER);
        }
        let routes: Arc<dyn Routes> = Arc::new(Served::new(&device, &self.front.limits));
        let authenticator: Arc<dyn Authenticator> = Arc::<Device>::clone(&device);
        Ok(Running {
            serving: self.front.serve(bound, routes, authenticator),
            device,
        })
    }
}

/// A simulated device that answers. Dropping it closes the listener and all connections.
pub struct Running {
    serving: Serving,
    device: Arc<Device>,
}

impl Running {
    /// Scheme, address and port, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        self.serving.url()
    }

    /// Where the device listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// The self-signed certificate as PEM text; `None` without HTTPS.
    #[must_use]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.serving.certificate_pem()
    }

    /// The SHA-256 fingerprint of that certificate, which clients can pin; `None` without HTTPS.
    #[must_use]
    pub fn certificate_sha256(&self) -> Option<Fingerprint> {
        self.serving.certificate_sha256()
    }

    /// The device from inside. The handle stays readable after the server has ended.
    #[must_use]
    pub fn device(&self) -> &Arc<Device> {
        &self.device
    }

    /// What goes wrong with requests, changed at run time.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        self.serving.faults()
    }

    /// The latest requests that came to the device's objects, oldest first; as many as
    /// [`record`](SimulatorBuilder::record) asked for.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.serving.requests()
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
            .field("url", &self.url())
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}
