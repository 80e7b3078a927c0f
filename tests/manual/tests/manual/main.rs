//! Each sentence of the manual that promises something, as a test: `README.md` of this crate has the list.

#![allow(clippy::unwrap_used)] // helpers of tests

mod agent;
mod bulk;
mod connecting;
mod exceptions;
mod files;
mod list;
mod mapping;
mod structures;

use std::time::Duration;

use manual_tests::{agent, device};
use xerus_api::pdumodel::Pdu;
use xerus_rpc::{Agent, AgentBuilder, Error};
use xerus_sim::Running;

/// A device and its administrator.
async fn at_work() -> (Running, Agent) {
    let device = device().await.unwrap();
    let agent = agent(&device).unwrap();
    (device, agent)
}

/// Builds an agent and asks the device for its name.
async fn asked(builder: AgentBuilder) -> Result<String, Error> {
    let agent = builder.timeout(Duration::from_secs(30)).build()?;
    let settings = Pdu::at(&agent, "/model/pdu/0").get_settings().await?;
    Ok(settings.name)
}

/// The parameters of the latest request that came over HTTP, as text.
fn sent(device: &Running) -> String {
    device.requests().last().unwrap().body.clone()
}
