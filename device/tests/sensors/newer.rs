//! What only a newer firmware has.

use serde_json::json;
use xerus_device::sensors::{Kind, Quantity, Topology, Unit};
use xerus_sim::{Profile, Simulator};

use super::altered::altered;

#[tokio::test]
async fn a_sensor_that_only_newer_firmware_has_shows_up_by_itself() {
    let device = Simulator::builder()
        .profile(Profile::InlineMeter)
        .in_process();
    let before = Topology::walk(&device.agent()).await.unwrap();
    let current = before.sensor("inlet I1 / pole L1 / current").unwrap();
    let rid = current.object().rid().to_owned();
    // Under a name and in a structure that the bindings do not know, and of a type that they know or not.
    let agent = altered(&device.agent(), move |_, method, result| match method {
        "getSensors" if result["_ret_"].get("lineFrequency").is_some() => {
            let members = result["_ret_"].as_object_mut().unwrap();
            let known = json!({ "rid": rid, "type": "sensors.NumericSensor:4.1.0" });
            let nowhere = "/tfwopaque/sensors.QuantumSensor:1.0.0/I0Third";
            let unknown = json!({ "rid": nowhere, "type": "sensors.QuantumSensor:1.0.0" });
            members.insert("groundCurrent".to_owned(), known);
            members.insert("harmonics".to_owned(), json!({ "third": [unknown] }));
        }
        _ => {}
    });
    let topology = Topology::walk(&agent).await.unwrap();
    let found = topology.sensor("inlet I1 / groundCurrent").unwrap();
    assert_eq!(
        (found.quantity(), found.unit()),
        (Quantity::Current, Unit::Ampere)
    );
    let readings = topology.read().await.unwrap();
    assert!(readings.value("inlet I1 / groundCurrent").is_some());
    assert_eq!(
        readings.value("inlet I1 / groundCurrent"),
        readings.value("inlet I1 / pole L1 / current")
    );
    assert_eq!(topology.rounds(), 3);
    // What nobody knows is asked; this one is not there.
    let mut missing = topology.missing().iter();
    assert!(
        missing
            .any(|missing| missing.place == "inlet I1 / harmonics.third[0]"
                && missing.is_not_there())
    );
}

#[tokio::test]
async fn a_sensor_of_an_unknown_type_is_asked_what_it_is() {
    let device = Simulator::builder()
        .profile(Profile::InlineMeter)
        .in_process();
    let agent = altered(&device.agent(), |_, _, result| {
        // Every type of a sensor gets a name that nobody knows.
        let text = result.to_string();
        let text = text
            .replace(
                r#""type":"sensors.NumericSensor:"#,
                r#""type":"sensors.QuantumSensor:"#,
            )
            .replace(
                r#""type":"sensors.StateSensor:"#,
                r#""type":"sensors.Oracle:"#,
            );
        *result = serde_json::from_str(&text).unwrap();
    });
    let plain = Topology::walk(&device.agent()).await.unwrap();
    let topology = Topology::walk(&agent).await.unwrap();
    let kinds = |topology: &Topology| {
        let all = topology.sensors().iter();
        all.map(|sensor| {
            (
                sensor.path(),
                sensor.kind() == Kind::State,
                sensor.quantity(),
                sensor.unit(),
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(kinds(&topology), kinds(&plain));
    assert!(topology.sensors().len() > 20);
    assert_eq!(topology.read().await.unwrap().len(), plain.sensors().len());
}

#[tokio::test]
async fn a_quantity_that_only_newer_firmware_has_keeps_its_number() {
    let device = Simulator::builder()
        .profile(Profile::InlineMeter)
        .in_process();
    let agent = altered(&device.agent(), |_, method, result| {
        if method == "getMetaData" && result["_ret_"].get("decdigits").is_some() {
            result["_ret_"]["type"]["type"] = json!(1234);
            result["_ret_"]["type"]["unit"] = json!(987);
        }
    });
    let topology = Topology::walk(&agent).await.unwrap();
    let sensor = topology.sensor("inlet I1 / pole L1 / current").unwrap();
    assert_eq!(sensor.quantity(), Quantity::Other(1234));
    assert_eq!(sensor.unit(), Unit::Other(987));
    assert!(sensor.show(1.0).ends_with("?987"), "{}", sensor.show(1.0));
}

#[tokio::test]
async fn a_part_that_is_no_reference_is_named_and_the_others_keep_their_numbers() {
    let device = Simulator::builder().outlets(3).in_process();
    let agent = altered(&device.agent(), |_, method, result| {
        if method == "getOutlets" {
            result["_ret_"][1] = json!(null);
        }
    });
    let topology = Topology::walk(&agent).await.unwrap();
    assert!(topology.sensor("outlet 3 / current").is_some());
    assert!(topology.sensor("outlet 2 / current").is_none());
    let missing: Vec<_> = topology
        .missing()
        .iter()
        .map(|missing| missing.place.as_str())
        .collect();
    assert!(missing.contains(&"outlet 2"), "{missing:?}");
}
