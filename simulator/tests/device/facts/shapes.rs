//! Which members the values of methods have.

use serde_json::{Value, json};

use super::{PDU, members, object_of, recorded, returned, text};

#[tokio::test]
async fn members_stand_in_the_order_of_the_interface_description() {
    let (_device, mut client) = recorded().await;
    let outlet = text(&mut client, &format!("{PDU}/outlet/0"), "getMetaData").await;
    assert_eq!(
        members(object_of(&outlet, "_ret_")),
        [
            "label",
            "receptacleType",
            "namePlate",
            "rating",
            "isSwitchable",
            "isLatching",
            "maxRelayCycleCnt",
            "hasWaveformSupport"
        ]
    );
    assert_eq!(
        members(object_of(&outlet, "namePlate")),
        [
            "manufacturer",
            "brand",
            "model",
            "partNumber",
            "serialNumber",
            "rating",
            "imageFileURL"
        ]
    );
    let reading = text(
        &mut client,
        &format!("{PDU}/outlet/0/current"),
        "getReading",
    )
    .await;
    assert_eq!(
        members(object_of(&reading, "_ret_")),
        ["timestamp", "available", "status", "valid", "value"]
    );
}

#[tokio::test]
async fn a_peripheral_device_is_a_value_with_its_type() {
    let (_device, mut client) = recorded().await;
    let text = text(&mut client, "/model/peripheraldeviceslot/0", "getDevice").await;
    let device = object_of(&text, "_ret_");
    assert_eq!(members(device), ["type", "value"]);
    assert!(
        device.starts_with("{\"type\":\"peripheral.Device:"),
        "{device}"
    );
    assert_eq!(
        members(object_of(device, "value")),
        ["deviceID", "position", "packageClass", "device"]
    );
    assert_eq!(
        members(object_of(device, "deviceID")),
        ["serial", "type", "isActuator", "channel"]
    );
}

#[tokio::test]
async fn a_map_is_a_list_of_keys_and_values() {
    let (_device, mut client) = recorded().await;
    let manager = "/model/peripheraldevicemanager";
    let settings = returned(&mut client, manager, "getSettings").await;
    let thresholds = settings["defaultThresholdsMap"].as_array().unwrap();
    assert!(!thresholds.is_empty());
    for entry in thresholds {
        let names: Vec<&String> = entry.as_object().unwrap().keys().collect();
        assert_eq!(names, ["key", "value"]);
    }
    let slot = returned(&mut client, "/model/peripheraldeviceslot/63", "getSettings").await;
    assert_eq!(slot["properties"], json!([]));
}

#[tokio::test]
async fn a_neutral_has_only_a_current() {
    let (_device, mut client) = recorded().await;
    let poles = returned(&mut client, &format!("{PDU}/inlet/0"), "getPoles").await;
    let of = |member: &str| -> Vec<Value> {
        let poles = poles.as_array().unwrap();
        poles.iter().map(|pole| pole[member].clone()).collect()
    };
    assert_eq!(of("line"), [0, 1, 2, 3]);
    assert_eq!(of("nodeId"), [1, 2, 3, 4]);
    assert_eq!(of("label"), ["", "", "", ""]);
    let neutral = poles[3].as_object().unwrap();
    let there: Vec<&String> = neutral
        .iter()
        .filter(|(_, value)| value.is_object())
        .map(|(name, _)| name)
        .collect();
    assert_eq!(there, ["current"]);
}

#[tokio::test]
async fn an_outlet_of_4_0_has_nineteen_sensors() {
    let (_device, mut client) = recorded().await;
    let sensors = returned(&mut client, &format!("{PDU}/outlet/0"), "getSensors").await;
    let sensors = sensors.as_object().unwrap();
    assert_eq!(sensors.len(), 19);
    for name in [
        "voltage",
        "current",
        "activePower",
        "apparentPower",
        "powerFactor",
        "activeEnergy",
        "lineFrequency",
        "outletState",
    ] {
        assert!(sensors[name].is_object(), "{name}");
    }
}

#[tokio::test]
async fn an_outlet_of_4_0_starts_as_the_device_does() {
    let (_device, mut client) = recorded().await;
    let settings = text(&mut client, &format!("{PDU}/outlet/0"), "getSettings").await;
    assert_eq!(
        members(object_of(&settings, "_ret_")),
        [
            "name",
            "startupState",
            "usePduCycleDelay",
            "cycleDelay",
            "nonCritical",
            "sequenceDelay"
        ]
    );
    assert!(settings.contains("\"startupState\":3,"), "{settings}");
}
