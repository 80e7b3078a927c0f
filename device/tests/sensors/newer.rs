//! What only a newer firmware has.

use serde_json::{Value, json};
use xerus_device::sensors::{Kind, Quantity, Topology, Unit};
use xerus_sim::{Firmware, Profile, Simulator};

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
            // A reference to something that is no sensor is none.
            let inlet = json!({ "rid": "/model/pdu/0/inlet/0", "type": "pdumodel.Inlet:3.1.0" });
            members.insert("upstream".to_owned(), inlet);
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
    assert_eq!(topology.sensors().len(), before.sensors().len() + 1);
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

/// Firmware between those that are simulated, and firmware of times to come: other versions of the same interfaces.
#[tokio::test]
async fn other_versions_of_the_interfaces_are_walked_and_read() {
    let versions: [(&str, &[(&str, &str)]); 2] = [
        (
            "4.0.10",
            &[
                ("sensors.NumericSensor", "4.0.5"),
                ("sensors.StateSensor", "4.0.5"),
                ("sensors.AccumulatingNumericSensor", "2.0.5"),
                ("pdumodel.Inlet", "3.0.0"),
                ("pdumodel.Outlet", "3.0.0"),
                ("peripheral.DeviceSlot", "4.0.1"),
                ("peripheral.Device", "6.0.0"),
                ("pdumodel.TypeBResidualCurrentNumericSensor", "1.0.4"),
            ],
        ),
        (
            "of times to come",
            &[
                ("sensors.NumericSensor", "7.0.0"),
                ("sensors.StateSensor", "7.0.0"),
                ("sensors.AccumulatingNumericSensor", "7.0.0"),
                ("pdumodel.Inlet", "7.0.0"),
                ("pdumodel.Outlet", "7.0.0"),
                ("pdumodel.OverCurrentProtector", "7.0.0"),
                ("peripheral.DeviceSlot", "7.0.0"),
                ("peripheral.Device", "12.0.0"),
            ],
        ),
    ];
    let device = Simulator::builder()
        .profile(Profile::Px3ThreePhase)
        .firmware(Firmware::V4_0_20)
        .in_process();
    let plain = Topology::walk(&device.agent()).await.unwrap();
    for (name, versions) in versions {
        let agent = altered(&device.agent(), move |_, _, result| {
            set_versions(result, versions);
        });
        let topology = Topology::walk(&agent).await.unwrap();
        let paths = |topology: &Topology| {
            let sensors = topology.sensors().iter();
            sensors
                .map(|sensor| (sensor.path(), sensor.kind(), sensor.unit()))
                .collect::<Vec<_>>()
        };
        assert_eq!(paths(&topology), paths(&plain), "{name}");
        assert!(
            topology.missing().is_empty(),
            "{name}: {:?}",
            topology.missing()
        );
        let readings = topology.read().await.unwrap();
        for (sensor, reading) in readings.iter() {
            assert!(reading.value.is_some(), "{name}: {sensor}: {reading:?}");
        }
    }
}

/// Gives every reference and value object of these interfaces another version.
fn set_versions(value: &mut Value, versions: &[(&str, &str)]) {
    match value {
        Value::Array(elements) => elements
            .iter_mut()
            .for_each(|value| set_versions(value, versions)),
        Value::Object(members) => {
            if let Some(Value::String(id)) = members.get_mut("type") {
                let known = versions
                    .iter()
                    .find(|(name, _)| id.split(':').next() == Some(name));
                if let Some((name, version)) = known {
                    *id = format!("{name}:{version}");
                }
            }
            members
                .values_mut()
                .for_each(|value| set_versions(value, versions));
        }
        _ => {}
    }
}

#[tokio::test]
async fn walking_and_reading_can_be_spawned() {
    let device = Simulator::builder().outlets(2).in_process();
    let agent = device.agent();
    let read = tokio::spawn(async move {
        let mut topology = Topology::walk(&agent).await?;
        topology.read_or_walk().await
    });
    assert!(!read.await.unwrap().unwrap().is_empty());
}
