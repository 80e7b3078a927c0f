//! Making and ending simulators.

use std::net::SocketAddr;
use std::sync::Arc;

use xerus_rpc::Agent;
use xerus_rpc::error::Fingerprint;

use crate::authenticator::Authenticator;
use crate::calls::{CallLog, Calls};
use crate::device_site;
use crate::error::StartError;
use crate::fault::Faults;
use crate::firmware::{Routes, Served};
use crate::front::{Front, Serving, front_settings};
use crate::in_process::InProcess;
use crate::model::update::UpdatePlan;
use crate::model::{
    Clock, Device, FACTORY_PASSWORD, FACTORY_USER, Firmware, MakeUp, Profile, Role,
};
use crate::record::Recorded;
use crate::scenario::Scenario;

/// Calls that a device in the same process keeps.
const CALLS_IN_PROCESS: usize = 10_000;

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
            updates: UpdatePlan::default(),
            scenario: Scenario::default(),
            #[cfg(feature = "mdns")]
            announce: None,
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
    updates: UpdatePlan,
    scenario: Scenario,
    #[cfg(feature = "mdns")]
    announce: Option<crate::Announce>,
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

    /// A device as it is sold. It replaces everything that was said about the parts before, but not the firmware.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.make_up = MakeUp {
            firmware: self.make_up.firmware,
            ..profile.make_up()
        };
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

    /// Announces the device in the local network, until it ends. Default: it does not.
    #[cfg(feature = "mdns")]
    pub fn announce(mut self, announce: crate::Announce) -> Self {
        self.announce = Some(announce);
        self
    }

    /// How firmware updates go, and how long the device is away when it restarts. Default: updates succeed in 48 s.
    pub fn updates(mut self, plan: UpdatePlan) -> Self {
        self.updates = plan;
        self
    }

    /// The device's source of time. Default: this computer's clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// What happens to the device, and when, counted from its start by the [`clock`](Self::clock).
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = scenario;
        self
    }

    /// Listens and serves, in the background of the tokio runtime that this is awaited in.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on, the certificate cannot be made, the scenario names a part that the device has
    /// not, or the device cannot be announced.
    pub async fn start(self) -> Result<Running, StartError> {
        let bound = self.front.listen().await?;
        let scenario = self.scenario.clone();
        #[cfg(feature = "mdns")]
        let announce = self.announce.clone();
        let (inside, mut front) = self.device(0);
        device_site::put_behind(inside.device(), &mut front, &bound);
        if let Some(part) = scenario.missing(inside.device()) {
            return Err(StartError::Scenario { part });
        }
        scenario.play(inside.device(), &front.faults);
        let device = Arc::clone(inside.device());
        let routes: Arc<dyn Routes> = Arc::<Served>::clone(inside.served());
        let authenticator: Arc<dyn Authenticator> = device;
        let serving = front.serve(bound, routes, authenticator);
        Ok(Running {
            #[cfg(feature = "mdns")]
            _announced: match announce {
                Some(announce) => Some(announce.start(inside.device(), serving.address()).await?),
                None => None,
            },
            serving,
            inside,
        })
    }

    /// A device without a server, to be called in this process: for unit tests of a program. Settings of the server (address,
    /// certificate, faults) mean nothing to it. What a scenario does to parts that the device has not does not happen.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime, which the device needs for what happens later: the end of a power cycle, say.
    #[must_use]
    pub fn in_process(self) -> InProcess {
        let scenario = self.scenario.clone();
        let (inside, front) = self.device(CALLS_IN_PROCESS);
        scenario.play(inside.device(), &front.faults);
        inside
    }

    /// The device, and what stands in front of it; `calls` of its calls are kept unless the program says how many.
    fn device(mut self, calls: usize) -> (InProcess, Front) {
        let device = Device::new(self.make_up, self.clock, &self.front.limits);
        device.set_update_plan(self.updates);
        let accounts = device.accounts();
        self.front.open_accounts(accounts);
        if self.factory {
            accounts.set(FACTORY_USER, FACTORY_PASSWORD, Role::Administrator);
            accounts.demand_password_change(FACTORY_USER);
        }
        let calls = CallLog::keeping(self.front.record.unwrap_or(calls));
        let inside = InProcess::new(device, &self.front.limits, calls);
        (inside, self.front)
    }
}

/// A simulated device that answers. Dropping it closes the listener and all connections.
pub struct Running {
    /// First, so that nobody is sent to a device that has ended.
    #[cfg(feature = "mdns")]
    _announced: Option<Arc<crate::door::Announced>>,
    serving: Serving,
    inside: InProcess,
}

impl Running {
    /// Scheme, address and port, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        self.serving.url()
    }

    /// The address without encryption that [`http_also`](SimulatorBuilder::http_also) or
    /// [`http_redirect`](SimulatorBuilder::http_redirect) asked for.
    #[must_use]
    pub fn http_url(&self) -> Option<&str> {
        self.serving.http_url()
    }

    /// Stops listening, lets calls in flight end within [`Limits::grace`](crate::Limits::grace), then cuts the rest.
    pub async fn shutdown(mut self) {
        self.serving.end().await;
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

    /// The SHA-256 fingerprint of the certificate that the device shows now, which clients can pin; `None` without HTTPS.
    #[must_use]
    pub fn certificate_sha256(&self) -> Option<Fingerprint> {
        let started_with = self.serving.certificate_sha256()?;
        let now = self.device().certificate();
        Some(now.map_or(started_with, |pair| Fingerprint::from_bytes(pair.sha256())))
    }

    /// The device from inside. The handle stays readable after the server has ended.
    #[must_use]
    pub fn device(&self) -> &Arc<Device> {
        self.inside.device()
    }

    /// An agent that calls the device in this process, past server and login; see [`InProcess::agent`].
    #[must_use]
    pub fn agent(&self) -> Agent {
        self.inside.agent()
    }

    /// The latest calls that came to the device's objects, also those in bulk requests and of [`agent`](Self::agent); as many as
    /// [`record`](SimulatorBuilder::record) asked for.
    ///
    /// # Panics
    ///
    /// When the device was started without [`record`](SimulatorBuilder::record): a test would find that nothing was called.
    #[must_use]
    pub fn calls(&self) -> Calls {
        self.inside.calls()
    }

    /// The resource ids of all objects that there are now, sorted.
    #[must_use]
    pub fn resource_ids(&self) -> Vec<String> {
        self.inside.resource_ids()
    }

    /// What goes wrong with requests, changed at run time.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        self.serving.faults()
    }

    /// The latest HTTP requests that came to the device's objects, oldest first; as many as
    /// [`record`](SimulatorBuilder::record) asked for.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.serving.requests()
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running")
            .field("url", &self.url())
            .field("device", self.device())
            .finish_non_exhaustive()
    }
}
