//! The bindings of firmware 4.4.1 against devices with 4.0.20 and 3.6.80.

use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_api::peripheral::DeviceManager;
use xerus_api::sensors::NumericSensor;
use xerus_rpc::{Agent, Compatibility, Error, Interface as _, Outcome};
use xerus_sim::{Firmware, Power, Running, Simulator};

const PDU: &str = "/model/pdu/0";

async fn device() -> (Agent, Running) {
    device_with(Firmware::V4_0_20).await
}

async fn device_with(firmware: Firmware) -> (Agent, Running) {
    let device = Simulator::builder()
        .firmware(firmware)
        .outlets(4)
        .user("admin", "secret")
        .start()
        .await
        .expect("a device");
    let agent = Agent::builder(device.url())
        .basic_auth("admin", "secret")
        .build()
        .expect("an agent");
    (agent, device)
}

#[tokio::test]
async fn what_both_know_works() {
    let (agent, device) = device().await;
    let outlets = Pdu::at(&agent, PDU).get_outlets().await.expect("outlets");
    assert_eq!(outlets.len(), 4);
    let reported = outlets[0].wire_id().expect("a type").version();
    assert!(reported < Outlet::VERSION, "{reported}");
    assert_eq!(outlets[0].compatibility(), Compatibility::OlderMinor);

    let switched = outlets[0].set_power_state(PowerState::PsOff).await;
    switched.expect("an answer that is no refusal");
    let switched = device.device().outlet_state(0).expect("an outlet");
    assert_eq!(switched.power, Power::Off);
    let states = agent
        .bulk(outlets.iter().map(Outlet::get_state))
        .await
        .expect("states");
    let off = states
        .into_iter()
        .filter(|state| state.as_ref().expect("a state").power_state == PowerState::PsOff);
    assert_eq!(off.count(), 1);
}

#[tokio::test]
async fn sensors_of_another_module_can_be_read() {
    let (agent, _device) = device().await;
    let outlets = Pdu::at(&agent, PDU).get_outlets().await.expect("outlets");
    let sensors = outlets[1].get_sensors().await.expect("sensors");
    let voltage: NumericSensor = sensors.voltage.clone().expect("a voltage");
    let reading = voltage.get_reading().await.expect("a reading");
    assert!(reading.valid && reading.value > 100.0, "{reading:?}");
    // Sensors that only newer firmware has.
    assert!(!sensors.extra_.missing().is_empty(), "{:?}", sensors.extra_);
}

#[tokio::test]
async fn a_method_that_the_device_lacks_is_told_by_kind() {
    let (agent, _device) = device().await;
    let error = Pdu::at(&agent, PDU)
        .get_power_shelf_manager()
        .await
        .expect_err("a method of newer firmware");
    assert!(error.is_method_not_found(), "{error}");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}

#[tokio::test]
async fn another_major_version_is_refused_before_anything_is_sent() {
    let (agent, _device) = device().await;
    let manager = DeviceManager::at(&agent, "/model/peripheraldevicemanager");
    let slots = manager.get_device_slots().await.expect("slots");
    let slot = slots.first().expect("a slot");
    assert_eq!(slot.wire_id().expect("a type").version().major, 4);
    assert_eq!(slot.compatibility(), Compatibility::MajorMismatch);
    let error = slot
        .get_settings()
        .await
        .expect_err("another major version");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(
        error.to_string().contains("peripheral.DeviceSlot:4.0.2"),
        "{error}"
    );
}

/// What is said when the device has another major version.
fn refused<T: std::fmt::Debug>(result: Result<T, Error>, kind: &str) {
    let error = result.expect_err("another major version");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(error.to_string().contains(kind), "{error}");
}

#[tokio::test]
async fn what_3_6_has_in_other_major_versions_is_refused_until_the_program_takes_it_for_the_same() {
    let (agent, device) = device_with(Firmware::V3_6_80).await;
    let pdu = Pdu::at(&agent, PDU);
    let outlets = pdu.get_outlets().await.expect("outlets");
    let inlets = pdu.get_inlets().await.expect("inlets");
    let protectors = pdu.get_over_current_protectors().await.expect("protectors");
    refused(outlets[1].get_settings().await, "pdumodel.Outlet:2.1.9");
    refused(inlets[0].get_settings().await, "pdumodel.Inlet:2.0.7");
    refused(
        protectors[0].get_settings().await,
        "pdumodel.OverCurrentProtector:3.0.8",
    );
    let switched = outlets[1].set_power_state(PowerState::PsOff).await;
    refused(switched, "pdumodel.Outlet:2.1.9");
    let state = device.device().outlet_state(1).expect("an outlet");
    assert_eq!(state.power, Power::On);

    let outlet: Outlet = outlets[1].as_object().assume();
    let switched = outlet.set_power_state(PowerState::PsOff).await;
    switched.expect("an answer that is no refusal");
    let state = outlet.get_state().await.expect("a state");
    assert_eq!(state.power_state, PowerState::PsOff);
    // What this firmware does not send has a default and is said.
    assert!(!state.extra_.missing().is_empty(), "{state:?}");
    let sensors = outlet.get_sensors().await.expect("sensors");
    let current = sensors.current.expect("a current");
    assert!(current.get_reading().await.expect("a reading").value.abs() < 1e-9);
}
