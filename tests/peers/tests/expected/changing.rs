//! Steps that change the device, and those that it refuses.

use serde_json::{Value, json};
use xerus_rpc::{Time, ValueObject as _};
use xerus_sim::api::pdumodel::Outlet;
use xerus_sim::api::pdumodel::outlet::{PowerControlEvent, PowerState, StateChangedEvent};
use xerus_sim::api::sensors::state_sensor;
use xerus_sim::api::session::Session;
use xerus_sim::{Device, Place, Quantity, SensorId};

use super::{Step, reading_of, reference, step, value};

/// What the client makes of a resource id that the device does not have.
pub(crate) const UNKNOWN_RID: &str = "HttpException: HTTP Error 404";
/// What the client makes of a method that the object does not have.
pub(crate) const UNKNOWN_METHOD: &str =
    "JsonRpcErrorException: JSON RPC returned error: code = -32601, msg = Method not found";

/// Steps that change the device, from a device that has just been changed by them.
pub(crate) fn changing(device: &Device) -> Vec<Step> {
    let mut steps = settings(device);
    steps.extend(thresholds(device));
    steps.extend(power(device));
    steps.extend(events(device));
    steps.extend(sessions(device));
    steps
}

fn settings(device: &Device) -> Vec<Step> {
    let outlet = device.outlet_settings(1).unwrap();
    assert_eq!(
        (outlet.name.as_str(), outlet.cycle_delay),
        ("driven ü 🔌", 7)
    );
    let pdu = device.pdu_settings();
    assert_eq!(
        (pdu.name.as_str(), pdu.outlet_power_state_sequence[0]),
        ("driven", 7)
    );
    vec![
        step("outlet.1.set_settings", json!(0)),
        step("outlet.1.new_settings", value(&outlet)),
        step("pdu.set_settings", json!(0)),
        step("pdu.new_settings", value(&pdu)),
    ]
}

fn thresholds(device: &Device) -> Vec<Step> {
    let voltage = SensorId::new(Place::Outlet(0), Quantity::Voltage);
    let thresholds = device.thresholds(voltage);
    assert_eq!(
        (thresholds.upper_warning_active, thresholds.upper_warning),
        (true, 100.0)
    );
    assert!(device.reading(voltage).status.above_upper_warning);
    vec![
        step("voltage.set_thresholds", json!(0)),
        step("voltage.new_thresholds", value(&thresholds)),
        step("voltage.warned_reading", value(&device.reading(voltage))),
        step("voltage.bad_thresholds", json!(1)),
    ]
}

fn power(device: &Device) -> Vec<Step> {
    for outlet in [2, 3] {
        assert_eq!(
            device.outlet_state(outlet).unwrap().power_state,
            PowerState::PsOff
        );
    }
    vec![
        step("outlet.2.set_power_state", json!(0)),
        step("outlet.2.new_state", value(&device.outlet_state(2))),
        step(
            "outlet.2.new_current",
            reading_of(device, Place::Outlet(2), Quantity::Current),
        ),
        step("outlet.3.set_power_state", json!(0)),
    ]
}

/// The events of switching outlet 3, as the device remembers them.
fn events(device: &Device) -> Vec<Step> {
    let outlet = reference::<Outlet>("outlet.3")["rid"].take();
    let latest = device.latest_events();
    let raised = |id: &str, source: &str| -> Value {
        let mut found = latest
            .iter()
            .filter(|event| event.wire_id().as_str() == id)
            .map(value)
            .filter(|event| {
                event["value"]["source"]["rid"]
                    .as_str()
                    .unwrap()
                    .ends_with(source)
            });
        let event = found.next().unwrap();
        assert_eq!(found.next(), None, "raised twice: {id}");
        event
    };
    let control = raised(PowerControlEvent::TYPE_ID, outlet.as_str().unwrap());
    assert_eq!(control["value"]["actUserName"], "admin");
    let changed = raised(StateChangedEvent::TYPE_ID, outlet.as_str().unwrap());
    let sensed = raised(state_sensor::StateChangedEvent::TYPE_ID, "/O3OutletState");
    vec![
        step("events.by_type", json!([false, [sensed, changed]])),
        step("events.by_source", json!([false, [control, changed]])),
        step("events.by_base", json!([false, [control]])),
        step("events.none", json!([false, []])),
        step("events.destroyed", json!(0)),
        step("events.destroyed_again", json!(1)),
        step("events.after", json!(UNKNOWN_RID)),
    ]
}

fn sessions(device: &Device) -> Vec<Step> {
    let session = value(&Session {
        session_id: 1,
        username: "admin".to_owned(),
        remote_ip: "127.0.0.1".to_owned(),
        creation_time: Time::from_unix_seconds(device.clock().unix_seconds()),
        timeout: 600,
        ..Default::default()
    });
    vec![
        step("session.new", json!([0, session, 32])),
        step("session.current", session.clone()),
        step("session.all", json!([session])),
        step("session.version", json!(device.make_up().firmware)),
        step("session.after", json!("HttpException: HTTP Error 401")),
    ]
}

/// Steps that the device refuses.
pub(crate) fn refusals() -> Vec<Step> {
    vec![
        step("unknown_rid", json!(UNKNOWN_RID)),
        step("unknown_method", json!(UNKNOWN_METHOD)),
        step("wrong_password", json!("HttpException: HTTP Error 401")),
    ]
}
