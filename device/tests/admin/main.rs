//! Administration of simulated devices, with every firmware.

#![allow(clippy::unwrap_used)] // helpers of tests

mod access;
mod clock;
mod losses;
mod network;
mod roles;
mod router;
mod secrets;
mod sessions;
mod users;

use xerus_rpc::Agent;
use xerus_rpc::layer::Sessions;
use xerus_sim::{Firmware, Running, Simulator};

const PASSWORD: &str = "the first password";

/// A device with this firmware, and its administrator.
async fn device(firmware: Firmware) -> (Running, Agent) {
    let device = Simulator::builder()
        .firmware(firmware)
        .user("admin", PASSWORD)
        .record(10_000)
        .start()
        .await
        .unwrap();
    let agent = agent(&device, "admin", PASSWORD);
    (device, agent)
}

/// Somebody who signs in with each call.
fn agent(device: &Running, user: &str, password: &str) -> Agent {
    Agent::builder(device.url())
        .basic_auth(user, password)
        .build()
        .unwrap()
}

/// Somebody with a session.
fn in_session(device: &Running, user: &str, password: &str) -> Agent {
    Agent::builder(device.url())
        .basic_auth(user, password)
        .sessions(Sessions::new())
        .build()
        .unwrap()
}
