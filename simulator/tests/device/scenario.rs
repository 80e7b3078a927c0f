//! Scenarios happen by the device's clock.

use std::time::Duration;

use xerus_api::pdumodel::Pdu;
use xerus_sim::{Clock, Place, Quantity, Scenario, SensorId, Simulator};

/// Lets the tasks run that wait for the clock.
async fn advance(clock: &Clock, seconds: u64) {
    assert!(clock.advance(Duration::from_secs(seconds)));
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_a_scenario_says_happens_in_its_time() {
    let scenario: Scenario = "
        at 30s firmware 3.6.80
        at 10s read inlet 1 voltage 207.5
        at 20s read inlet 1 voltage measured
        at 5s  outlet 1 off
        at 6s  outlet 2 off
        at 7s  outlet 2 on
        at 8s  trip 1
        at 9s  reset 1
    "
    .parse()
    .unwrap();
    let clock = Clock::frozen_at(1_700_000_000);
    let device = Simulator::builder()
        .clock(clock.clone())
        .scenario(scenario)
        .in_process();
    let is_on = |outlet| device.device().outlet_state(outlet).unwrap().power.is_on();
    let volts = || {
        let id = SensorId::new(Place::Inlet(0), Quantity::Voltage);
        device.device().reading(id).value
    };
    advance(&clock, 4).await;
    assert!(is_on(0) && is_on(1));
    advance(&clock, 2).await;
    assert!(!is_on(0) && !is_on(1));
    advance(&clock, 2).await;
    assert!(!is_on(0) && is_on(1));
    advance(&clock, 3).await;
    assert_eq!(volts(), 207.5);
    advance(&clock, 10).await;
    assert!(volts() > 220.0, "{}", volts());
    let version = || async {
        let pdu = Pdu::at(&device.agent(), "/model/pdu/0");
        pdu.get_meta_data().await.unwrap().fw_revision
    };
    assert!(version().await.starts_with("4.4.1"));
    advance(&clock, 20).await;
    assert!(version().await.starts_with("3.6.80"));
}

#[tokio::test]
async fn parts_that_are_not_there_are_named_at_the_start() {
    for (text, part) in [
        ("at 1s outlet 9 off", "no outlet 9"),
        ("at 1s trip 3", "no ocp 3"),
        ("at 1s read pole 1 L3 current 1", "no current at pole 1 L3"),
        (
            "at 1s read outlet 1 temperature 1",
            "no temperature at outlet 1",
        ),
    ] {
        let scenario: Scenario = text.parse().unwrap();
        let error = Simulator::builder()
            .scenario(scenario)
            .start()
            .await
            .unwrap_err();
        assert!(error.to_string().contains(part), "{text}: {error}");
    }
}

#[tokio::test]
async fn calls_are_told_with_who_made_them_and_what_came_of_it() {
    let device = Simulator::builder()
        .user("admin", "pass")
        .account("guest", "pass", xerus_sim::Role::Viewer)
        .record(50)
        .in_process();
    for (user, outlet) in [("admin", 1), ("guest", 2)] {
        let agent = device.agent_as(user);
        let rid = format!("/model/outlet/{outlet}");
        let outlet = xerus_api::pdumodel::Outlet::at(&agent, &rid);
        let power = xerus_api::pdumodel::outlet::PowerState::PsOff;
        let call = outlet.set_power_state(power).await;
        assert_eq!(call.is_ok(), user == "admin", "{call:?}");
    }
    let switched = device.calls().of("setPowerState");
    assert_eq!((switched.count(), switched.let_go()), (2, 0));
    // Any name of an object will do.
    let known = device.resource_ids();
    let opaque = known.iter().find(|rid| rid.ends_with("/outlet.1")).unwrap();
    for name in ["/model/outlet/1", "/model/pdu/1/outlet/1", opaque] {
        assert_eq!(switched.on(name).count(), 1, "{name}");
    }
    assert_eq!(
        switched
            .accepted()
            .by("admin")
            .on("/model/pdu/0/outlet/1")
            .count(),
        1
    );
    assert_eq!(switched.by("guest").accepted().count(), 0);
    let refused = switched.by("guest").into_iter().next().unwrap();
    assert!(
        matches!(
            refused.answer,
            xerus_sim::Answered::Error { code: -32_001, .. }
        ),
        "{refused:?}"
    );
}

#[tokio::test]
#[should_panic(expected = "record(1_000)")]
async fn calls_that_nobody_kept_cannot_be_counted() {
    let device = Simulator::builder().start().await.unwrap();
    let _ = device.calls();
}
