//! Members by name, and the objects among them.

use xerus_rpc::rt::{ReaderOptions, decode, encode};
use xerus_rpc::value::Encode;
use xerus_rpc::{Compatibility, Interface, Members, Time, Value};

use crate::aids::{answering, lenient};
use crate::support::misc::{Kitchen, Node};
use crate::support::pdumodel::outlet::{PowerState, Settings, State, sparse_};
use crate::support::sensors::{NumericSensor, Sensor, numeric_sensor::Reading};

const KITCHEN: &str = r#"{"flag":true,"small":7,"number":-3,"long":4,"ratio":0.5,"value":1.25,"text":"t","time":9,
    "code":"a.B:1.0.0","state":1,"list":["x"],"map":[{"key":5,"value":"five"}],
    "object":{"rid":"/o","type":"m.Other:1.0.0"},"outlet":{"rid":"/outlet/1","type":"pdumodel.Outlet:3.0.1"},
    "event":{"type":"idl.Event:1.0.0","value":{"source":{"rid":"/s","type":"m.Source:1.0.0"}}},
    "blob":{"rid":"/no","type":"m.No:1.0.0"},
    "newSensor":{"rid":"/new/1","type":"sensors.NumericSensor:4.0.9"},
    "newPoles":[{"line":1,"voltage":{"rid":"/new/2","type":"sensors.NumericSensor:5.0.0"}},null],
    "newText":"none"}"#;

#[test]
fn every_member_has_its_names_and_its_value() {
    let kitchen: Kitchen = lenient(KITCHEN).unwrap();
    let seen: Vec<_> = kitchen
        .members()
        .map(|member| format!("{member:?}"))
        .collect();
    assert_eq!(
        seen,
        [
            "flag: true",
            "small: 7",
            "number: -3",
            "long: 4",
            "ratio: 0.5",
            "value: 1.25",
            r#"text: "t""#,
            "time: 1970-01-01T00:00:09Z",
            "code: a.B:1.0.0",
            "state: PS_ON",
            r#"list: ["x"]"#,
            r#"map: {5: "five"}"#,
            "object: m.Other:1.0.0(/o)",
            "outlet: pdumodel.Outlet:3.0.1(/outlet/1)",
            r#"event: idl.Event:1.0.0{"source":{"rid":"/s","type":"m.Source:1.0.0"}}"#,
            r#"blob: {"rid":"/no","type":"m.No:1.0.0"}"#,
            r#"newSensor: {"rid":"/new/1","type":"sensors.NumericSensor:4.0.9"}"#,
            r#"newPoles: [{"line":1,"voltage":{"rid":"/new/2","type":"sensors.NumericSensor:5.0.0"}},null]"#,
            r#"newText: "none""#,
        ]
    );
    let state: State =
        lenient(r#"{"available":true,"powerState":7,"lastPowerStateChange":5}"#).unwrap();
    let names: Vec<_> = state
        .members()
        .map(|member| (member.name(), member.rust_name().unwrap().into_owned()))
        .collect();
    assert_eq!(
        names,
        [
            ("available", "available"),
            ("powerState", "power_state"),
            ("lastPowerStateChange", "last_change"),
            ("isSuspended", "is_suspended"),
        ]
        .map(|(wire, rust)| (wire, rust.to_owned()))
    );
    let member = state.member_named("powerState").unwrap();
    assert_eq!(
        (member.value().as_i64(), member.value().as_str()),
        (Some(7), None)
    );
    assert_eq!(format!("{member:?}"), "powerState: 7");
    let suspended = state.member_named("isSuspended").unwrap();
    assert!(suspended.is_missing() && suspended.is_left_out() && suspended.is_known());
    assert_eq!(suspended.value().as_bool(), Some(false));
    assert!(state.member_named("else").is_none());
    let added = kitchen.member_named("newText").unwrap();
    assert!(!added.is_known() && added.rust_name().is_none() && !added.is_missing());
}

#[test]
fn a_structure_shows_what_is_in_it() {
    let reading: Reading =
        lenient(r#"{"timestamp":1,"valid":true,"value":2.5,"status":{}}"#).unwrap();
    let Value::Structure(status) = reading.member_named("status").unwrap().value() else {
        panic!("status is a structure");
    };
    assert_eq!(
        status.wire_id(),
        "sensors.NumericSensor_4_0_3.Reading.Status:1.0.0"
    );
    assert_eq!(status.extra().missing().len(), 4);
    assert_eq!(
        reading.member_named("timestamp").unwrap().value().as_i64(),
        Some(Time::from_unix_seconds(1).unix_seconds())
    );
    let shown = format!("{:?}", reading.as_structure());
    assert!(
        shown.contains("\"value\"") || shown.contains("value: 2.5"),
        "{shown}"
    );
}

#[test]
fn the_references_have_the_names_of_their_places() {
    let agent = answering("{}");
    let options = ReaderOptions::for_agent(&agent);
    let kitchen: Kitchen = decode(KITCHEN.as_bytes(), &options).unwrap();
    let found: Vec<_> = kitchen
        .references()
        .map(|(name, object)| {
            assert_eq!(object.agent().origin(), agent.origin(), "{name}");
            (name.into_owned(), object.rid().to_owned())
        })
        .collect();
    let expected = [
        ("object", "/o"),
        ("outlet", "/outlet/1"),
        ("event.source", "/s"),
        ("newSensor", "/new/1"),
        ("newPoles[0].voltage", "/new/2"),
    ];
    assert_eq!(
        found,
        expected.map(|(name, rid)| (name.to_owned(), rid.to_owned()))
    );
    let none = Kitchen::default();
    assert_eq!(none.references().count(), 0);
    assert!(none.member_named("outlet").unwrap().value().is_absent());
}

#[test]
fn a_reference_as_a_value_is_the_object_itself() {
    let kitchen: Kitchen = lenient(KITCHEN).unwrap();
    let value = kitchen.member_named("object").unwrap().value();
    let Value::Reference(reference) = &value else {
        panic!("{value:?} is no reference")
    };
    assert_eq!(reference.rid(), "/o");
    assert_eq!(reference.wire_id(), "m.Other:1.0.0");
    let object = kitchen.object.as_ref().unwrap();
    assert!(std::ptr::eq(reference.object(), object));
    assert_eq!(value.as_object(), Some(object));
    assert_eq!(
        encode(&value).unwrap().get(),
        r#"{"rid":"/o","type":"m.Other:1.0.0"}"#
    );
    assert_eq!(Value::Text("/o").as_object(), None);

    // Nobody said what it is: it is what it was taken for.
    let agent = answering("null");
    let outlet = xerus_rpc::rt::at::<crate::support::pdumodel::Outlet>(&agent, "/outlet/1");
    let value = outlet.as_object().as_value();
    assert_eq!(format!("{value:?}"), "pdumodel.Outlet:3.0.1(/outlet/1)");
}

#[test]
fn references_to_one_interface() {
    let kitchen: Kitchen = lenient(KITCHEN).unwrap();
    let sensors: Vec<(_, NumericSensor)> = kitchen.references_to().collect();
    let seen: Vec<_> = sensors
        .iter()
        .map(|(name, sensor)| (&**name, sensor.rid(), sensor.compatibility()))
        .collect();
    assert_eq!(
        seen,
        [
            ("newSensor", "/new/1", Compatibility::Compatible),
            (
                "newPoles[0].voltage",
                "/new/2",
                Compatibility::MajorMismatch
            ),
        ]
    );
    assert_eq!(kitchen.references_to::<Sensor>().count(), 2);
}

#[test]
fn a_reference_of_a_type_unknown_to_the_bindings_is_what_it_is_declared_as() {
    let text = KITCHEN.replace("pdumodel.Outlet:3.0.1", "pdumodel.SmartOutlet:1.0.0");
    let kitchen: Kitchen = lenient(&text).unwrap();
    let outlets: Vec<_> = kitchen
        .references_to::<crate::support::pdumodel::Outlet>()
        .collect();
    assert_eq!(outlets.len(), 1);
    assert_eq!(outlets[0].1.compatibility(), Compatibility::UnknownType);
    assert_eq!(
        kitchen
            .references_to::<crate::support::pdumodel::EDevice>()
            .count(),
        1
    );
    assert_eq!(
        kitchen
            .references_to::<crate::support::pdumodel::Inlet>()
            .count(),
        0
    );
}

#[test]
fn nested_structures_and_request_forms() {
    let node: Node = lenient(
        r#"{"name":"a","children":[{"name":"b","children":[],"self":{"rid":"/b","type":"m.N:1.0.0"}}]}"#,
    )
    .unwrap();
    let found: Vec<_> = node
        .references()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(found, ["children[0].self"]);

    let settings = sparse_::Settings {
        startup_state: Some(PowerState::PsOn),
        ..Default::default()
    };
    let sent: Vec<_> = settings
        .members()
        .filter(|member| !member.is_left_out())
        .map(|member| member.name())
        .collect();
    assert_eq!(sent, ["startupState"]);
    let whole = Settings::default();
    assert!(whole.members().all(|member| !member.is_left_out()));
}

#[test]
fn members_may_cross_an_await() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    let reading = Reading::default();
    let structure = assert_send(reading.as_structure());
    assert_eq!(assert_send(structure.members()).count(), 5);
    assert_eq!(assert_send(reading.references()).count(), 0);
}
