//! Many calls in one request (`docs/protocol/bulk.md`).

use crate::support::device;
use serde_json::{Value, json};

fn item(rid: &str, call: Value) -> Value {
    json!({"rid": rid, "json": call})
}

#[tokio::test]
async fn every_item_has_its_own_status() {
    let (_device, mut client) = device().await;
    let requests = json!([
        item(
            "/model/pdu/0/outlet/0",
            json!({"jsonrpc": "2.0", "method": "getState", "params": {}, "id": "outlet"})
        ),
        item(
            "/model/pdu/0/outlet/99",
            json!({"jsonrpc": "2.0", "method": "getState", "params": {}, "id": 12})
        ),
        item("/model/pdu/0", json!({"method": "noSuchMethod", "id": 13})),
        item(
            "/model/pdu/0",
            json!({"method": "cancelOutletSequence", "id": 14})
        ),
        item(
            "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.0",
            json!({"method": "setPowerState", "params": {"pstate": 0}, "id": 0})
        ),
        item(
            "/model/pdu/0/outlet/0",
            json!({"method": "getState", "id": 15})
        ),
    ]);
    let result = client
        .result("/bulk", "performBulk", json!({"requests": requests}))
        .await;
    let responses = result["responses"].as_array().unwrap();
    let status = |index: usize| responses[index]["statcode"].as_i64();
    let body = |index: usize| &responses[index]["json"];
    assert_eq!(responses.len(), 6);
    assert_eq!(status(0), Some(200));
    assert_eq!(
        (&body(0)["result"]["_ret_"]["powerState"], &body(0)["id"]),
        (&json!(1), &json!("outlet"))
    );
    // The official client reads the id of failures, too.
    assert_eq!(
        (status(1), &body(1)["id"], &body(1)["jsonrpc"]),
        (Some(404), &json!(12), &json!("2.0"))
    );
    assert_eq!(
        (status(2), &body(2)["error"]["code"]),
        (Some(200), &json!(-32601))
    );
    assert_eq!(
        body(3),
        &json!({"jsonrpc": "2.0", "result": null, "id": 14})
    );
    assert_eq!(
        (&body(4)["result"]["_ret_"], &body(4)["id"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(body(5)["result"]["_ret_"]["powerState"], 0);
}

#[tokio::test]
async fn the_old_form_carries_texts() {
    let (_device, mut client) = device().await;
    let inner = r#"{"method":"getVersion","id":5}"#;
    let params = json!({"requests": [{"rid": "/firmware", "json": inner}]});
    let result = client.result("/bulk", "performRequest", params).await;
    let response: Value =
        serde_json::from_str(result["responses"][0]["json"].as_str().unwrap()).unwrap();
    assert_eq!(
        (&response["id"], &result["responses"][0]["statcode"]),
        (&json!(5), &json!(200))
    );
    assert!(response["result"]["_ret_"].is_string());
}

#[tokio::test]
async fn a_hundred_readings_in_order() {
    let (device, mut client) = device().await;
    let requests: Vec<Value> = (0..100)
        .map(|id| {
            item(
                &format!("/model/pdu/0/outlet/{}/voltage", id % 8),
                json!({"method": "getReading", "id": id}),
            )
        })
        .collect();
    let result = client
        .result("/bulk", "performBulk", json!({"requests": requests}))
        .await;
    let ids: Vec<_> = result["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["json"]["id"].clone())
        .collect();
    assert_eq!(ids, (0..100).map(Value::from).collect::<Vec<_>>());
    assert_eq!(device.device().make_up().outlets, 8);
}

#[tokio::test]
async fn an_empty_list_is_no_error() {
    let (_device, mut client) = device().await;
    assert_eq!(
        client
            .result("/bulk", "performBulk", json!({"requests": []}))
            .await,
        json!({"responses": []})
    );
}
