use std::time::Duration;

use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::transfer_switch::TransferReason;
use xerus_api::pdumodel::{Outlet, Pdu, TransferSwitch};
use xerus_sim::{Power, Profile, Running};

use crate::{device, until};

const PDU: &str = "/model/pdu/0";

fn on(device: &Running) -> usize {
    let outlets = 0..device.device().make_up().outlets;
    let state = |outlet| device.device().outlet_state(outlet).expect("an outlet");
    outlets
        .filter(|&outlet| state(outlet).power == Power::On)
        .count()
}

#[tokio::test]
async fn a_sequence_can_be_watched_and_cancelled() {
    let (agent, device, clock) = device(Profile::Px4_48).await;
    let pdu = Pdu::at(&agent, PDU);
    let off = pdu.set_all_outlet_power_states(PowerState::PsOff).await;
    off.expect("all off");
    assert_eq!(on(&device), 0);
    let all_on = pdu.set_all_outlet_power_states(PowerState::PsOn).await;
    all_on.expect("all on");
    let state = pdu.get_outlet_sequence_state().await.expect("a state");
    assert!(state.sequence_running);
    assert_eq!(state.next_outlet_to_switch, 1);
    assert_eq!(state.time_until_next_switch, 200);
    assert_eq!(
        (state.outlets_remaining, state.cancelable_outlets_remaining),
        (47, 47)
    );
    let waiting = Outlet::at(&agent, "/model/outlet/9").get_state().await;
    assert!(waiting.expect("a state").switch_on_in_progress);

    clock.advance(Duration::from_millis(2_000));
    until(|| on(&device) == 11).await;
    pdu.cancel_outlet_sequence().await.expect("cancelled");
    clock.advance(Duration::from_secs(60));
    let state = pdu.get_outlet_sequence_state().await.expect("a state");
    assert!(!state.sequence_running);
    assert_eq!(state.next_outlet_to_switch, -1);
    assert_eq!(on(&device), 11);
}

#[tokio::test]
async fn the_transfer_switch_changes_its_source() {
    let (agent, device, _) = device(Profile::TransferSwitch).await;
    let switches = Pdu::at(&agent, PDU).get_transfer_switches().await;
    let switches = switches.expect("transfer switches");
    let [switch] = &switches[..] else {
        panic!("there is one: {switches:?}");
    };
    let sensors = switch.get_sensors().await.expect("sensors");
    let selected = sensors.selected_source.expect("a sensor");
    let overload = sensors.overload_alarm.expect("a sensor");
    let values = agent
        .bulk([selected.get_state(), overload.get_state()])
        .await
        .expect("states")
        .all()
        .expect("no refusal");
    assert_eq!(
        values.iter().map(|state| state.value).collect::<Vec<_>>(),
        [0, 0]
    );

    let gone = switch.transfer_to_source(2, false).code().await;
    assert_eq!(gone.expect("a code"), TransferSwitch::ERR_INVALID_PARAM);
    device.device().set_transfer_overload(true);
    let prevented = switch.transfer_to_source(1, false).code().await;
    assert_eq!(
        prevented.expect("a code"),
        TransferSwitch::ERR_SWITCH_PREVENTED
    );
    let done = switch.transfer_to_source(1, true).await;
    done.expect("a transfer");
    assert_eq!(selected.get_state().await.expect("a state").value, 1);
    let reason = switch.get_last_transfer_reason().await;
    assert_eq!(
        reason.expect("a reason"),
        TransferReason::ReasonManualTransfer
    );

    device.device().set_source_power(0, false);
    let failed = switch.transfer_to_source(0, true).code().await;
    assert_eq!(failed.expect("a code"), TransferSwitch::ERR_SWITCH_FAILED);
    let log = switch.get_transfer_log().await.expect("a log");
    assert_eq!((log.len(), log[0].old_inlet, log[0].new_inlet), (1, 0, 1));
    assert_eq!(
        switch
            .get_statistics()
            .await
            .expect("counters")
            .transfer_count,
        1
    );
}

#[tokio::test]
async fn an_inline_meter_and_a_gateway_have_nothing_to_switch() {
    for (profile, inlets, ports) in [(Profile::InlineMeter, 1, 0), (Profile::Gateway, 0, 1)] {
        let (agent, _device, _) = device(profile).await;
        let pdu = Pdu::at(&agent, PDU);
        assert_eq!(pdu.get_outlets().await.expect("outlets").len(), 0);
        assert_eq!(pdu.get_inlets().await.expect("inlets").len(), inlets);
        assert_eq!(pdu.get_feature_ports().await.expect("ports").len(), ports);
        let data = pdu.get_meta_data().await.expect("a description");
        assert_eq!(data.is_inline_meter, profile == Profile::InlineMeter);
        assert!(!data.has_switchable_outlets);
    }
}
