//! Which firmware a device runs, and what becomes of its objects when that changes.

use serde_json::json;
use xerus_sim::{Event, Firmware, MakeUp, Power, SimulatorBuilder};

use crate::support::{Client, admin, builder};

/// The type of an outlet under each firmware.
const OUTLETS: [(Firmware, &str); 3] = [
    (Firmware::V3_6_80, "pdumodel.Outlet:2.1.9"),
    (Firmware::V4_0_20, "pdumodel.Outlet:3.0.1"),
    (Firmware::V4_4_1, "pdumodel.Outlet:3.0.4"),
];

async fn start(builder: SimulatorBuilder) -> (xerus_sim::Running, Client) {
    let device = builder.start().await.unwrap();
    let client = Client::connect(device.address()).await;
    (device, client)
}

#[tokio::test]
async fn the_newest_unless_another_is_wanted() {
    let (device, mut client) = start(builder()).await;
    assert_eq!(device.device().firmware(), Firmware::V4_4_1);
    let version = client.result("/firmware", "getVersion", json!({})).await;
    assert_eq!(version["_ret_"], "4.4.1.5-53217");

    let mut make_up = MakeUp::default();
    make_up.firmware = Firmware::V3_6_80;
    let (device, _) = start(builder().make_up(make_up)).await;
    assert_eq!(device.device().firmware(), Firmware::V3_6_80);
}

#[tokio::test]
async fn types_and_version_are_those_of_the_firmware() {
    for (firmware, outlet) in OUTLETS {
        let (_device, mut client) = start(builder().firmware(firmware)).await;
        let version = client.result("/firmware", "getVersion", json!({})).await;
        assert_eq!(version["_ret_"], firmware.version_text());
        let data = client
            .result("/model/pdu/0", "getMetaData", json!({}))
            .await;
        assert_eq!(data["_ret_"]["fwRevision"], firmware.version_text());
        let outlets = client.result("/model/pdu/0", "getOutlets", json!({})).await;
        let first = json!({"rid": format!("/tfwopaque/{outlet}/outlet.0"), "type": outlet});
        assert_eq!(outlets["_ret_"][0], first);
        // The reference leads somewhere, and the name service finds the same.
        let rid = first["rid"].as_str().unwrap();
        let state = client.result(rid, "getState", json!({})).await;
        assert_eq!(state["_ret_"]["powerState"], 1);
        for name in [rid, "/model/pdu/0/outlet/0"] {
            let found = client.result("/ns", "lookup", json!({"name": name})).await;
            assert_eq!(found["_ret_"], first);
        }
    }
}

#[tokio::test]
async fn another_firmware_finds_the_device_as_it_was() {
    let (device, mut client) = start(builder().firmware(Firmware::V4_0_20)).await;
    let handle = device.device();
    let session = client.result("/session", "newSession", json!({})).await;
    let token = format!("X-SessionToken: {}", session["token"].as_str().unwrap());
    let channel = client
        .result("/eventservice", "createChannel", json!({}))
        .await;
    let channel = channel["_ret_"]["rid"].as_str().unwrap().to_owned();
    handle.switch_outlet(3, Power::Off).unwrap();

    handle.install_firmware(Firmware::V4_4_1);
    assert_eq!(handle.firmware(), Firmware::V4_4_1);
    assert!(matches!(
        handle.latest_events().last(),
        Some(Event::FirmwareChanged { firmware })
            if (firmware.old, firmware.new) == (Firmware::V4_0_20, Firmware::V4_4_1)
    ));
    // The same connection, the same session, the same outlet.
    let body = r#"{"method":"getState","id":1}"#;
    let outlet = "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.3";
    let answer = client.post(outlet, &[&token], body).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["result"]["_ret_"]["powerState"], 0);
    // What belonged to the old firmware is gone, resource ids and channels.
    for gone in ["/tfwopaque/pdumodel.Outlet:3.0.1/outlet.3", &channel] {
        let answer = client.post(gone, &[&admin()], body).await;
        assert_eq!(answer.status, 404, "{gone}");
    }
    // Events are heard of anew.
    let channel = client
        .result("/eventservice", "createChannel", json!({}))
        .await;
    let channel = channel["_ret_"]["rid"].as_str().unwrap();
    let any = json!({"type": "idl.Event:1.0.0"});
    client.result(channel, "demandEventType", any).await;
    handle.switch_outlet(3, Power::On).unwrap();
    let polled = client.result(channel, "pollEventsNb", json!({})).await;
    assert_eq!(polled["events"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_same_firmware_anew_ends_channels() {
    let (device, mut client) = start(builder()).await;
    let channel = client
        .result("/eventservice", "createChannel", json!({}))
        .await;
    let channel = channel["_ret_"]["rid"].as_str().unwrap();
    device.device().install_firmware(Firmware::V4_4_1);
    let body = r#"{"method":"pollEventsNb","id":1}"#;
    let answer = client.post(channel, &[&admin()], body).await;
    assert_eq!(answer.status, 404);
    // Nothing was changed, so nothing is told.
    assert!(device.device().latest_events().is_empty());
}
