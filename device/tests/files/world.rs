//! A simulated device behind HTTPS whose time runs fast.

use std::time::Duration;

use xerus_api::pdumodel::Outlet;
use xerus_rpc::{Agent, AgentBuilder};
use xerus_sim::{Clock, Firmware, Profile, Running, Simulator, SimulatorBuilder};

pub(crate) struct World {
    pub(crate) device: Running,
    pub(crate) agent: Agent,
    time: tokio::task::JoinHandle<()>,
}

/// A second of the device.
const SECOND: Duration = Duration::from_millis(20);

pub(crate) async fn world(firmware: Firmware) -> World {
    build(firmware, |builder| builder).await
}

pub(crate) async fn build(
    firmware: Firmware,
    change: impl FnOnce(SimulatorBuilder) -> SimulatorBuilder,
) -> World {
    let clock = Clock::frozen_at(1_700_000_000);
    let builder = Simulator::builder()
        .profile(Profile::Px4_48)
        .firmware(firmware)
        .user("admin", "pa:ss wörd")
        .https(true)
        .clock(clock.clone())
        .record(1_000);
    let device = change(builder).start().await.unwrap();
    let time = tokio::spawn(async move {
        loop {
            tokio::time::sleep(SECOND).await;
            clock.advance(Duration::from_secs(1));
        }
    });
    World {
        agent: pinned(&device).build().unwrap(),
        device,
        time,
    }
}

/// An agent that accepts the certificate that the device shows now, and no other.
pub(crate) fn pinned(device: &Running) -> AgentBuilder {
    let pin = device.certificate_sha256().unwrap().to_string();
    Agent::builder(device.url())
        .basic_auth("admin", "pa:ss wörd")
        .pin_certificate_sha256(pin)
}

impl World {
    pub(crate) async fn name(&self, outlet: u32) -> String {
        let outlet = Outlet::well_known(&self.agent, 0, outlet);
        outlet.get_settings().await.unwrap().name
    }

    pub(crate) async fn rename(&self, outlet: u32, name: &str) {
        let outlet = Outlet::well_known(&self.agent, 0, outlet);
        let mut settings = outlet.get_settings().await.unwrap();
        name.clone_into(&mut settings.name);
        outlet.set_settings(&settings).await.unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.time.abort();
    }
}
