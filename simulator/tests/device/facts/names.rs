//! Resource ids and references.

use super::{PDU, members, recorded, returned, text};

#[tokio::test]
async fn resource_ids_are_made_of_type_and_instance() {
    let (_device, mut client) = recorded().await;
    for (method, instance) in [("getInlets", "inlet.0"), ("getOutlets", "outlet.35")] {
        let references = returned(&mut client, PDU, method).await;
        let last = references.as_array().unwrap().last().unwrap();
        let kind = last["type"].as_str().unwrap();
        assert_eq!(last["rid"], format!("/tfwopaque/{kind}/{instance}"));
    }
    let manager = "/model/peripheraldevicemanager";
    let slots = returned(&mut client, manager, "getDeviceSlots").await;
    assert!(
        slots[63]["rid"].as_str().unwrap().ends_with("/pDevSlot.63"),
        "{slots}"
    );
}

#[tokio::test]
async fn a_reference_has_first_its_id_and_then_its_type() {
    let (_device, mut client) = recorded().await;
    let text = text(&mut client, PDU, "getInlets").await;
    let (_, list) = text.split_once('[').unwrap();
    assert_eq!(members(list), ["rid", "type"]);
}

#[tokio::test]
async fn instances_of_sensors_are_named_by_part_and_quantity() {
    let (_device, mut client) = recorded().await;
    let inlet = returned(&mut client, &format!("{PDU}/inlet/0"), "getSensors").await;
    let outlet = returned(&mut client, &format!("{PDU}/outlet/2"), "getSensors").await;
    for (reference, instance) in [
        (&inlet["voltage"], "I0Voltage"),
        (&inlet["residualCurrentStatus"], "I0ResidualCurrentState"),
        (&outlet["activePower"], "O2ActivePower"),
        (&outlet["outletState"], "O2OutletState"),
    ] {
        let rid = reference["rid"].as_str().unwrap();
        assert_eq!(rid.rsplit('/').next(), Some(instance));
    }
}

#[tokio::test]
async fn indexes_count_from_zero_and_labels_from_one() {
    let (_device, mut client) = recorded().await;
    let outlets = returned(&mut client, PDU, "getOutlets").await;
    let first = outlets[0]["rid"].as_str().unwrap().to_owned();
    assert!(first.ends_with("/outlet.0"), "{first}");
    assert_eq!(
        returned(&mut client, &first, "getMetaData").await["label"],
        "1"
    );
}

#[tokio::test]
async fn a_reference_tells_the_most_derived_type() {
    let (_device, mut client) = recorded().await;
    let inlet = returned(&mut client, &format!("{PDU}/inlet/0"), "getSensors").await;
    let outlet = returned(&mut client, &format!("{PDU}/outlet/0"), "getSensors").await;
    for (reference, kind) in [
        (&inlet["activeEnergy"], "sensors.AccumulatingNumericSensor:"),
        (
            &inlet["residualCurrent"],
            "pdumodel.TypeBResidualCurrentNumericSensor:",
        ),
        (
            &inlet["residualCurrentStatus"],
            "pdumodel.ResidualCurrentStateSensor:",
        ),
        (&outlet["outletState"], "sensors.StateSensor:"),
        (&outlet["current"], "sensors.NumericSensor:"),
    ] {
        let found = reference["type"].as_str().unwrap();
        assert!(found.starts_with(kind), "{found}");
    }
}
