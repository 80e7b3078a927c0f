//! The parts of a device, as the published bindings see them.

mod groups;
mod racks;
mod servers;
mod switching;
mod users;

use std::time::Duration;

use xerus_rpc::Agent;
use xerus_sim::{Clock, Profile, Running, Simulator, SimulatorBuilder};

/// A device whose clock stands still, and an administrator who talks to it.
async fn device(profile: Profile) -> (Agent, Running, Clock) {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = start(Simulator::builder().profile(profile).clock(clock.clone())).await;
    (agent(&device, "admin", "secret"), device, clock)
}

async fn start(builder: SimulatorBuilder) -> Running {
    let builder = builder.user("admin", "secret");
    builder.start().await.expect("a device")
}

fn agent(device: &Running, user: &str, password: &str) -> Agent {
    Agent::builder(device.url())
        .basic_auth(user, password)
        .build()
        .expect("an agent")
}

/// Waits for what happens in the background when the clock has moved.
async fn until(done: impl Fn() -> bool) {
    tokio::time::timeout(Duration::from_secs(10), async {
        while !done() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it never happens");
}
