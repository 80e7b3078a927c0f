//! Facts about devices of firmware 4.0, from recorded traffic with real ones: each is a test, on a device like the recorded ones
//! (one inlet of three phases, 36 outlets, 64 slots).

use serde_json::{Value, json};
use xerus_sim::{Firmware, MakeUp, Running};

use crate::support::{Answer, Client, admin, builder};

const PDU: &str = "/model/pdu/0";

async fn recorded() -> (Running, Client) {
    let mut make_up = MakeUp::default();
    (make_up.three_phase, make_up.outlets, make_up.slots) = (true, 36, 64);
    make_up.overcurrent_protectors = 6;
    let device = builder()
        .make_up(make_up)
        .firmware(Firmware::V4_0_20)
        .start()
        .await
        .unwrap();
    let client = Client::connect(device.address()).await;
    (device, client)
}

/// A call written as the exporter of that day wrote it.
async fn answer(client: &mut Client, rid: &str, method: &str) -> Answer {
    let body = json!({"jsonrpc": "2.0", "method": method, "id": 0}).to_string();
    let media_type = "Content-Type: application/json-rpc";
    client.post(rid, &[&admin(), media_type], &body).await
}

/// The text of an answer.
async fn text(client: &mut Client, rid: &str, method: &str) -> String {
    String::from_utf8(answer(client, rid, method).await.body).unwrap()
}

/// What a method returns.
async fn returned(client: &mut Client, rid: &str, method: &str) -> Value {
    let text = text(client, rid, method).await;
    let mut answer: Value = serde_json::from_str(&text).unwrap();
    assert!(answer["result"].get("_ret_").is_some(), "{text}");
    answer["result"]["_ret_"].take()
}

/// The text of a bulk answer to these calls.
async fn bulk(client: &mut Client, calls: &[(&str, &str, Value)]) -> String {
    let requests: Vec<Value> = calls
        .iter()
        .map(|(rid, method, id)| {
            json!({"rid": rid, "json": {"jsonrpc": "2.0", "method": method, "id": id}})
        })
        .collect();
    let body = json!({"jsonrpc": "2.0", "method": "performBulk", "id": 0,
        "params": {"requests": requests}});
    let answer = client.post("/bulk", &[&admin()], &body.to_string()).await;
    String::from_utf8(answer.body).unwrap()
}

/// The members of an object in the order of the text.
fn members(object: &str) -> Vec<String> {
    let (mut found, mut depth, mut rest) = (Vec::new(), 0, object);
    while let Some(position) = rest.find(['{', '[', ']', '}', '"']) {
        let (character, after) = (&rest[position..=position], &rest[position + 1..]);
        rest = after;
        match character {
            "{" | "[" => depth += 1,
            "}" | "]" => depth -= 1,
            _ => {
                // No text here has a backslash.
                let end = after.find('"').unwrap();
                if depth == 1 && after[end + 1..].starts_with(':') {
                    found.push(after[..end].to_owned());
                }
                rest = &after[end + 1..];
            }
        }
    }
    found
}

/// The object behind a member of a text.
fn object_of<'a>(text: &'a str, member: &str) -> &'a str {
    let start = text.find(&format!("\"{member}\":{{")).unwrap() + member.len() + 3;
    let mut depth = 0;
    let end = text[start..].find(|character| {
        depth += match character {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        depth == 0
    });
    &text[start..=start + end.unwrap()]
}

#[tokio::test]
async fn an_answer_has_a_length_and_a_media_type() {
    let (_device, mut client) = recorded().await;
    let answer = answer(&mut client, PDU, "getMetaData").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=UTF-8")
    );
    assert_eq!(answer.header("transfer-encoding"), None);
    let length = answer.body.len().to_string();
    assert_eq!(answer.header("content-length"), Some(length.as_str()));
}

#[tokio::test]
async fn the_connection_stays_and_nothing_is_stored() {
    let (_device, mut client) = recorded().await;
    let answer = answer(&mut client, PDU, "getMetaData").await;
    assert_eq!(answer.header("connection"), Some("keep-alive"));
    assert_eq!(answer.header("cache-control"), Some("no-cache, no-store"));
    assert_eq!(answer.header("vary"), Some("accept-encoding"));
}

#[tokio::test]
async fn browsers_are_told_to_be_careful() {
    let (_device, mut client) = recorded().await;
    let answer = answer(&mut client, PDU, "getMetaData").await;
    for (name, value) in [
        ("strict-transport-security", "max-age=63072000"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "sameorigin"),
        ("x-xss-protection", "1; mode=block"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(answer.header("content-security-policy").is_some());
}

#[tokio::test]
async fn an_answer_names_neither_program_nor_time() {
    let (_device, mut client) = recorded().await;
    let answer = answer(&mut client, PDU, "getMetaData").await;
    assert_eq!(
        (answer.header("server"), answer.header("date")),
        (None, None)
    );
}

#[tokio::test]
async fn text_is_compact_ascii_without_escapes() {
    let (_device, mut client) = recorded().await;
    let text = text(&mut client, PDU, "getOutlets").await;
    assert!(text.is_ascii(), "{text}");
    assert!(!text.contains([' ', '\n', '\\']), "{text}");
}

#[tokio::test]
async fn an_answer_begins_with_its_version_and_ends_with_its_id() {
    let (_device, mut client) = recorded().await;
    let text = text(&mut client, PDU, "getNameplate").await;
    assert_eq!(members(&text), ["jsonrpc", "result", "id"]);
}

#[tokio::test]
async fn an_id_of_zero_is_an_id() {
    let (_device, mut client) = recorded().await;
    let text = text(&mut client, PDU, "getNameplate").await;
    assert!(text.ends_with(",\"id\":0}"), "{text}");
}

#[tokio::test]
async fn a_bulk_item_has_first_the_answer_and_then_the_status() {
    let (_device, mut client) = recorded().await;
    let text = bulk(&mut client, &[(PDU, "getNameplate", json!(5))]).await;
    let item = text
        .strip_prefix("{\"jsonrpc\":\"2.0\",\"result\":{\"responses\":[")
        .unwrap();
    let item = item.strip_suffix("]},\"id\":0}").unwrap();
    assert_eq!(members(item), ["json", "statcode"]);
    assert!(item.ends_with(",\"id\":5},\"statcode\":200}"), "{item}");
    assert_eq!(
        members(object_of(item, "json")),
        ["jsonrpc", "result", "id"]
    );
}

#[tokio::test]
async fn ids_in_a_bulk_keep_their_kind_and_order() {
    let (_device, mut client) = recorded().await;
    let ids = [json!("inlet"), json!(100), json!("outlet"), json!(0)];
    let calls: Vec<(&str, &str, Value)> = ids
        .iter()
        .map(|id| (PDU, "getNameplate", id.clone()))
        .collect();
    let answer: Value = serde_json::from_str(&bulk(&mut client, &calls).await).unwrap();
    let items = answer["result"]["responses"].as_array().unwrap();
    let found: Vec<&Value> = items.iter().map(|item| &item["json"]["id"]).collect();
    assert_eq!(found, ids.iter().collect::<Vec<_>>());
    assert!(
        items.iter().all(|item| item["statcode"] == 200),
        "{items:?}"
    );
}

#[tokio::test]
async fn a_return_value_is_named_even_when_it_is_null() {
    let (_device, mut client) = recorded().await;
    let text = text(&mut client, "/model/peripheraldeviceslot/63", "getDevice").await;
    assert_eq!(text, r#"{"jsonrpc":"2.0","result":{"_ret_":null},"id":0}"#);
}

#[tokio::test]
async fn sensors_that_are_not_there_are_null_and_never_absent() {
    let (_device, mut client) = recorded().await;
    let sensors = returned(&mut client, &format!("{PDU}/inlet/0"), "getSensors").await;
    for name in [
        "peakCurrent",
        "reactivePower",
        "displacementPowerFactor",
        "apparentEnergy",
        "phaseAngle",
        "crestFactor",
        "voltageThd",
        "currentThd",
        "powerQuality",
        "surgeProtectorStatus",
    ] {
        assert_eq!(sensors.get(name), Some(&Value::Null), "{name}");
    }
    assert_eq!(sensors.as_object().unwrap().len(), 25);
}

#[tokio::test]
async fn texts_without_a_value_are_empty() {
    let (_device, mut client) = recorded().await;
    let settings = returned(&mut client, &format!("{PDU}/inlet/0"), "getSettings").await;
    assert_eq!(settings, json!({"name": ""}));
}

#[tokio::test]
async fn a_part_without_a_serial_number_says_so() {
    let (_device, mut client) = recorded().await;
    let outlet = format!("{PDU}/outlet/0");
    let facts = returned(&mut client, &outlet, "getMetaData").await;
    assert_eq!(facts["namePlate"]["serialNumber"], "<not set>");
}

#[tokio::test]
async fn whole_numbers_are_digits_and_may_be_negative() {
    let (_device, mut client) = recorded().await;
    let slot = "/model/peripheraldeviceslot/0";
    let device = text(&mut client, slot, "getDevice").await;
    assert!(device.contains("\"channel\":-1}"), "{device}");
    let outlet = text(&mut client, &format!("{PDU}/outlet/0"), "getMetaData").await;
    assert!(outlet.contains("\"current\":10,"), "{outlet}");
}

#[tokio::test]
async fn other_numbers_always_have_a_decimal_point() {
    let (_device, mut client) = recorded().await;
    let sensor = format!("{PDU}/outlet/0/voltage");
    let facts = text(&mut client, &sensor, "getMetaData").await;
    for member in [
        "accuracy",
        "resolution",
        "tolerance",
        "noiseThreshold",
        "lower",
        "upper",
    ] {
        let (_, rest) = facts.split_once(&format!("\"{member}\":")).unwrap();
        let number = rest.split([',', '}']).next().unwrap();
        assert!(number.contains('.'), "{member}: {number}");
        assert!(!number.contains(['e', 'E']), "{member}: {number}");
    }
}

#[tokio::test]
async fn a_short_float_is_widened_before_it_is_written() {
    let (_device, mut client) = recorded().await;
    let sensor = format!("{PDU}/outlet/0/current");
    let facts = text(&mut client, &sensor, "getMetaData").await;
    let (_, rest) = facts.split_once("\"resolution\":").unwrap();
    let resolution: f64 = rest.split(',').next().unwrap().parse().unwrap();
    assert_eq!(resolution, f64::from(0.001_f32), "{facts}");
}

#[tokio::test]
async fn big_numbers_have_no_exponent() {
    let (_device, mut client) = recorded().await;
    let sensor = format!("{PDU}/outlet/0/activeEnergy");
    let facts = text(&mut client, &sensor, "getMetaData").await;
    let upper = facts.split("\"upper\":").nth(1).unwrap();
    let upper = upper.split(['}', ',']).next().unwrap();
    assert!(
        upper
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.'),
        "{upper}"
    );
}

#[tokio::test]
async fn all_readings_of_a_batch_are_of_one_second() {
    let (_device, mut client) = recorded().await;
    let rids: Vec<String> = (0..36)
        .map(|outlet| format!("{PDU}/outlet/{outlet}/current"))
        .collect();
    let calls: Vec<(&str, &str, Value)> = rids
        .iter()
        .map(|rid| (rid.as_str(), "getReading", json!(1)))
        .collect();
    let answer: Value = serde_json::from_str(&bulk(&mut client, &calls).await).unwrap();
    let times: Vec<i64> = answer["result"]["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            item["json"]["result"]["_ret_"]["timestamp"]
                .as_i64()
                .unwrap()
        })
        .collect();
    assert_eq!(times.len(), 36);
    assert!(
        times
            .iter()
            .all(|time| *time == times[0] && *time > 1_000_000_000),
        "{times:?}"
    );
}

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
        device.starts_with("{\"type\":\"peripheral.Device:6.0."),
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
async fn sensors_tell_kind_and_unit_by_number() {
    let (_device, mut client) = recorded().await;
    for (sensor, kind, unit) in [
        ("voltage", 1, 1),
        ("current", 2, 2),
        ("activePower", 4, 3),
        ("apparentPower", 4, 4),
        ("powerFactor", 5, 0),
        ("activeEnergy", 6, 5),
    ] {
        let rid = format!("{PDU}/outlet/0/{sensor}");
        let facts = returned(&mut client, &rid, "getMetaData").await;
        assert_eq!(
            facts["type"],
            json!({"readingtype": 0, "type": kind, "unit": unit}),
            "{sensor}"
        );
    }
    for (slot, kind, unit) in [(0, 8, 7), (1, 9, 9)] {
        let rid = format!("/model/peripheraldeviceslot/{slot}/device");
        let facts = returned(&mut client, &rid, "getMetaData").await;
        assert_eq!(
            (&facts["type"]["type"], &facts["type"]["unit"]),
            (&json!(kind), &json!(unit))
        );
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

#[tokio::test]
async fn a_hundred_sub_calls_are_one_answer() {
    let (_device, mut client) = recorded().await;
    let rids: Vec<String> = (0..36)
        .map(|outlet| format!("{PDU}/outlet/{outlet}"))
        .chain((0..64).map(|slot| format!("/model/peripheraldeviceslot/{slot}")))
        .collect();
    let calls: Vec<(&str, &str, Value)> = rids
        .iter()
        .enumerate()
        .map(|(id, rid)| (rid.as_str(), "getSettings", json!(id)))
        .collect();
    let text = bulk(&mut client, &calls).await;
    assert_eq!(text.matches("\"statcode\":200").count(), 100);
    assert!((10_000..40_000).contains(&text.len()), "{}", text.len());
}
