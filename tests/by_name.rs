//! Members by name and `serde`, for every type of the API.

use std::collections::BTreeMap;

use serde_json::json;
use xerus_full_api::pdumodel::inlet;
use xerus_full_api::sensors::{NumericSensor, StateSensor};
use xerus_rpc::Members;
use xerus_rpc::rt::{ReaderOptions, decode};
use xerus_tests::{World, by_name};

#[test]
fn every_type_goes_through_serde_and_back() {
    let world = World::new().expect("the API");
    let seen = by_name::through_serde(&world);
    assert!(seen.count > 1500, "{}", seen.count);
    let first = &seen.faults[..seen.faults.len().min(20)];
    assert!(
        first.is_empty(),
        "{} of {}:\n{}",
        seen.faults.len(),
        seen.count,
        first.join("\n")
    );
}

#[test]
fn every_member_has_the_name_that_the_generator_gave_it() {
    let world = World::new().expect("the API");
    let seen = by_name::names(&world);
    assert!(seen.count > 2000, "{}", seen.count);
    assert!(seen.faults.is_empty(), "{:#?}", seen.faults);
}

#[test]
fn all_sensors_of_an_inlet_and_those_of_newer_firmware() {
    let sensor = |rid: &str, ty: &str| json!({"rid": rid, "type": ty});
    let text = json!({
        "voltage": sensor("/v", "sensors.NumericSensor:4.0.3"),
        "current": null,
        "activeEnergy": sensor("/e", "sensors.AccumulatingNumericSensor:2.0.3"),
        "surgeProtectorStatus": sensor("/s", "sensors.StateSensor:4.0.3"),
        "harmonicDistortion": sensor("/h", "sensors.NumericSensor:4.0.3"),
        "harmonics": [sensor("/h/1", "sensors.NumericSensor:4.0.3")],
    });
    let sensors: inlet::Sensors =
        decode(text.to_string().as_bytes(), &ReaderOptions::default()).expect("sensors");
    let all: BTreeMap<_, _> = sensors
        .references()
        .map(|(name, sensor)| (name.into_owned(), sensor.rid().to_owned()))
        .collect();
    let expected = [
        ("voltage", "/v"),
        ("activeEnergy", "/e"),
        ("surgeProtectorStatus", "/s"),
        ("harmonicDistortion", "/h"),
        ("harmonics[0]", "/h/1"),
    ];
    assert_eq!(
        all,
        expected
            .map(|(name, rid)| (name.to_owned(), rid.to_owned()))
            .into()
    );
    let numeric: Vec<_> = sensors
        .references_to::<NumericSensor>()
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(
        numeric,
        [
            "voltage",
            "activeEnergy",
            "harmonicDistortion",
            "harmonics[0]"
        ]
    );
    assert_eq!(sensors.references_to::<StateSensor>().count(), 1);
    let absent = sensors.member_named("current").expect("declared");
    assert!(absent.value().is_absent() && !absent.is_missing());
}
