//! With the simulated PDU, over HTTP.

use std::time::Duration;

use futures_util::StreamExt;
use xerus_api::pdumodel::Outlet;
use xerus_api::pdumodel::outlet::{PowerState, StateChangedEvent};
use xerus_device::events::{Events, GapReason, Item};
use xerus_rpc::{Agent, Object};
use xerus_sim::{Fault, FaultRule, Firmware, Power, Running, Simulator};

use super::reading::{next, started};

#[tokio::test]
async fn switching_an_outlet_is_an_event_of_that_outlet() {
    let device = Simulator::builder().start().await.unwrap();
    let agent = Agent::builder(device.url()).build().unwrap();
    let fourth = Outlet::well_known(&agent, 0, 3);
    let mut events = Events::of(&agent)
        .demand_from::<StateChangedEvent>(&fourth)
        .stream();
    started(&mut events).await;
    for outlet in [2, 3] {
        // The poll that waits blocks no call.
        assert!(
            tokio::time::timeout(Duration::from_millis(50), events.next())
                .await
                .is_err()
        );
        Outlet::well_known(&agent, 0, outlet)
            .set_power_state(PowerState::PsOff)
            .await
            .unwrap();
    }
    let changed = next(&mut events)
        .await
        .downcast::<StateChangedEvent>()
        .unwrap();
    assert_eq!(changed.new_state.power_state, PowerState::PsOff);
    events.close().await.unwrap();
}

/// The channel that was told last what is wanted.
fn channel_of(device: &Running) -> String {
    let mut requests = device.requests();
    requests.retain(|request| request.body.contains("demandEventTypes"));
    requests.pop().unwrap().rid
}

#[tokio::test]
async fn a_spoilt_poll_is_a_gap_and_the_events_go_on() {
    for fault in [
        Fault::CloseAfterExecution,
        Fault::CloseUnanswered,
        Fault::TruncateBody,
        Fault::WrongId,
    ] {
        let device = Simulator::builder().record(100).start().await.unwrap();
        let mut events = Events::of(&Agent::builder(device.url()).build().unwrap())
            .demand::<StateChangedEvent>()
            .stream();
        started(&mut events).await;
        device.faults().inject(
            FaultRule::new(fault.clone())
                .on(channel_of(&device))
                .times(1),
        );
        device.device().switch_outlet(0, Power::Off).unwrap();
        let gap = loop {
            match next(&mut events).await {
                Item::Gap(gap) => break gap,
                Item::Trouble(_) => {}
                item => panic!("{fault:?}: {item:?}"),
            }
        };
        assert!(
            matches!(gap.reason, GapReason::AnswerLost(_)),
            "{fault:?}: {gap}"
        );
        device.device().switch_outlet(0, Power::On).unwrap();
        let changed = next(&mut events)
            .await
            .downcast::<StateChangedEvent>()
            .unwrap();
        assert_eq!(changed.new_state.power_state, PowerState::PsOn);
    }
}

#[tokio::test]
async fn older_firmware_gets_its_own_versions_and_its_events_are_read() {
    for firmware in [Firmware::V3_6_80, Firmware::V4_0_20, Firmware::V4_4_1] {
        let device = Simulator::builder()
            .firmware(firmware)
            .record(100)
            .start()
            .await
            .unwrap();
        let agent = Agent::builder(device.url()).build().unwrap();
        let outlet = Object::at(&agent, "/model/pdu/0/outlet/0");
        let version = outlet.get_type_info().await.unwrap().wire_id().version();
        let mut events = Events::of(&agent)
            .demand_from::<StateChangedEvent>(&outlet)
            .stream();
        started(&mut events).await;
        let interface = format!(
            "pdumodel.Outlet_{}_{}_{}.StateChangedEvent",
            version.major, version.submajor, version.minor
        );
        assert!(device.requests().iter().any(|request| {
            request.body.contains("demandEvents") && request.body.contains(&interface)
        }));
        device.device().switch_outlet(0, Power::Off).unwrap();
        let item = next(&mut events).await;
        let changed = item.downcast::<StateChangedEvent>();
        assert_eq!(
            changed.unwrap().new_state.power_state,
            PowerState::PsOff,
            "{firmware:?}"
        );
        events.close().await.unwrap();
    }
}
