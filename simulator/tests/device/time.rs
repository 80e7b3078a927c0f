//! The time of the device and the time of the test.

use std::time::Duration;

use xerus_api::pdumodel::Outlet;
use xerus_rpc::Agent;
use xerus_sim::{Clock, Device, Simulator};

fn is_on(device: &Device) -> bool {
    device.outlet_state(2).unwrap().power.is_on()
}

#[tokio::test]
async fn behind_an_advance_one_yield_lets_a_power_cycle_end() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = Simulator::builder().clock(clock.clone()).in_process();
    let outlet = Outlet::well_known(&device.agent(), 0, 2);
    outlet.cycle_power_state().await.unwrap();
    clock.advance(Duration::from_secs(9));
    tokio::task::yield_now().await;
    assert!(!is_on(device.device()));
    clock.advance(Duration::from_secs(1));
    tokio::task::yield_now().await;
    assert!(is_on(device.device()));
}

/// Ten seconds of the program are ten seconds of the device, and none of the test.
async fn cycle(agent: &Agent, device: &Device) {
    Outlet::well_known(agent, 0, 2)
        .cycle_power_state()
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(9)).await;
    assert!(!is_on(device));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert!(is_on(device));
}

#[tokio::test(start_paused = true)]
async fn paused_time_is_the_time_of_the_default_clock_in_process() {
    let device = Simulator::builder().in_process();
    cycle(&device.agent(), device.device()).await;
}

#[tokio::test(start_paused = true)]
async fn paused_time_is_the_time_of_the_default_clock_over_http() {
    let device = Simulator::builder().start().await.unwrap();
    let agent = Agent::builder(device.url()).build().unwrap();
    cycle(&agent, device.device()).await;
}
