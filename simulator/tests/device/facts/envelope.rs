//! The text of answers: members, ids, nulls.

use serde_json::{Value, json};

use super::{PDU, bulk, members, object_of, recorded, returned, text};

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
