//! A simulated device whose time is that of the runtime, which a test holds.

use std::time::Duration;

use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_rpc::Agent;
use xerus_sim::{Clock, Firmware, InProcess, Profile, Simulator};

pub(crate) struct World {
    pub(crate) device: InProcess,
    pub(crate) agent: Agent,
    time: tokio::task::JoinHandle<()>,
}

const TICK: Duration = Duration::from_millis(100);

/// A device with this firmware; with paused time, nothing takes any.
pub(crate) fn world(firmware: Firmware) -> World {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = Simulator::builder()
        .profile(Profile::Px4_48)
        .firmware(firmware)
        .clock(clock.clone())
        .record(10_000)
        .in_process();
    let time = tokio::spawn(async move {
        loop {
            tokio::time::sleep(TICK).await;
            clock.advance(TICK);
        }
    });
    World {
        agent: device.agent(),
        device,
        time,
    }
}

impl World {
    /// The outlets as the device refers to them.
    pub(crate) async fn outlets(&self) -> Vec<Outlet> {
        let pdu = Pdu::well_known(&self.agent, 0);
        pdu.get_outlets().await.unwrap()
    }

    pub(crate) fn is_on(&self, outlet: usize) -> bool {
        self.device
            .device()
            .outlet_state(outlet)
            .unwrap()
            .power
            .is_on()
    }

    /// How often something was switched, by any method.
    pub(crate) fn orders(&self) -> usize {
        let methods = [
            "setPowerState",
            "cyclePowerState",
            "setAllOutletPowerStates",
            "cycleAllOutletPowerStates",
            "setMultipleOutletPowerStates",
            "cycleMultipleOutletPowerStates",
        ];
        let calls = self.device.calls();
        methods.iter().map(|method| calls.of(method).count()).sum()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.time.abort();
    }
}
