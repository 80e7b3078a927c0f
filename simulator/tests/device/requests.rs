//! Requests as the known clients write them (`docs/protocol/http.md`, `docs/protocol/envelope.md`).

use crate::support::{admin, device};
use serde_json::{Value, json};

const OUTLET: &str = "/tfwopaque/pdumodel.Outlet:3.0.4/outlet.2";
const GET_STATE: &str = r#"{"jsonrpc":"2.0","method":"getState","params":{},"id":1}"#;

#[tokio::test]
async fn paths() {
    let (_device, mut client) = device().await;
    for path in [
        OUTLET.to_owned(),
        OUTLET.replace(':', "%3A"),
        OUTLET.replace(':', "%3a"),
        format!("/{OUTLET}"),
        format!("{OUTLET}/"),
        format!("{OUTLET}?session=1"),
        "/model/pdu/0/outlet/2".to_owned(),
        "//model/pdu/1/outlet/2".to_owned(),
        "/model/outlet/2".to_owned(),
        format!("http://pdu{OUTLET}"),
    ] {
        let answer = client.post(&path, &[&admin()], GET_STATE).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.json()["result"]["_ret_"]["powerState"], 1, "{path}");
    }
}

#[tokio::test]
async fn unknown_resources() {
    let (_device, mut client) = device().await;
    for path in [
        "/",
        "/model/pdu/0/outlet/99",
        "/model/pdu/0/outlet",
        "/tfwopaque/pdumodel.Outlet:3.0.1/outlet.2",
    ] {
        assert_eq!(
            client.post(path, &[&admin()], GET_STATE).await.status,
            404,
            "{path}"
        );
    }
    assert_eq!(
        client.post("/a%zz", &[&admin()], GET_STATE).await.status,
        400
    );
}

#[tokio::test]
async fn content_types() {
    let (_device, mut client) = device().await;
    for header in [
        "Content-Type: application/json",
        "Content-Type: application/json; charset=UTF-8",
        "Content-Type: application/json-rpc",
        "Content-Type: application/x-www-form-urlencoded",
        "Accept: */*",
    ] {
        let answer = client.post(OUTLET, &[&admin(), header], GET_STATE).await;
        assert_eq!(answer.status, 200, "{header}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/json; charset=UTF-8")
        );
    }
}

#[tokio::test]
async fn bodies_without_what_is_optional() {
    let (_device, mut client) = device().await;
    for body in [
        r#"{"method":"getState","params":{},"id":1}"#,
        r#"{"method":"getState","params":null,"id":1}"#,
        r#"{"method":"getState","params":[],"id":1}"#,
        r#"{"method":"getState","id":1}"#,
        r#"{"id":1,"params":{"unasked":1},"method":"getState","jsonrpc":"2.0","extra":[]}"#,
        " {\n \"method\" : \"get\\u0053tate\" , \"id\" : 1 } ",
    ] {
        let answer = client.post(OUTLET, &[&admin()], body).await.json();
        assert_eq!(
            answer["result"]["_ret_"]["available"], true,
            "{body}: {answer}"
        );
    }
}

#[tokio::test]
async fn ids_come_back_as_they_went() {
    let (_device, mut client) = device().await;
    for id in [
        json!(0),
        json!(1),
        json!(-7),
        json!("inlet"),
        json!("ü\n"),
        json!(9_007_199_254_740_993_i64),
    ] {
        let body = json!({"method": "getState", "id": id}).to_string();
        let answer = client.post(OUTLET, &[&admin()], &body).await;
        assert_eq!(answer.json()["id"], id);
        // The members stand in the order of real devices.
        let text = String::from_utf8(answer.body).unwrap();
        assert!(
            text.starts_with(r#"{"jsonrpc":"2.0","result":{"_ret_":{"available":true,"#),
            "{text}"
        );
    }
}

#[tokio::test]
async fn results_by_signature() {
    let (_device, mut client) = device().await;
    let value = client.result(OUTLET, "getSettings", json!({})).await;
    assert_eq!(value["_ret_"]["startupState"], 3);
    let void = client
        .call("/model/pdu/0", "cancelOutletSequence", json!({}))
        .await;
    assert_eq!(void, json!({"jsonrpc": "2.0", "result": null, "id": 1}));
    let outs = client.result(OUTLET, "getIOP", json!({})).await;
    assert_eq!(outs["i"]["type"], "pdumodel.Inlet:3.0.4");
    assert_eq!(outs["p"][0]["line"], 0);
    assert!(outs.get("_ret_").is_none());
    let both = client.result("/firmware", "getImageInfo", json!({})).await;
    assert_eq!(
        (&both["_ret_"], &both["info"]["valid"]),
        (&json!(false), &json!(false))
    );
    let null = client
        .result("/model/peripheraldeviceslot/3", "getDevice", json!({}))
        .await;
    assert_eq!(null, json!({"_ret_": null}));
}

#[tokio::test]
async fn errors() {
    let (_device, mut client) = device().await;
    let code = |answer: &Value| answer["error"]["code"].as_i64();
    for (body, expected) in [
        (r#"{"method":"getStat","id":1}"#, -32601),
        (r#"{"method":"setPowerState","params":{},"id":1}"#, -32602),
        (
            r#"{"method":"setPowerState","params":{"pstate":"on"},"id":1}"#,
            -32602,
        ),
        (r#"{"method":"setPowerState","params":[],"id":1}"#, -32602),
        (
            r#"{"method":"setPowerState","params":["on"],"id":1}"#,
            -32602,
        ),
    ] {
        let answer = client.post(OUTLET, &[&admin()], body).await;
        assert_eq!(answer.status, 200, "{body}");
        let answer = answer.json();
        assert_eq!(code(&answer), Some(expected), "{body}: {answer}");
        assert_eq!(answer["id"], 1, "{body}");
        assert!(answer.get("result").is_none(), "{body}");
    }
    for body in ["", "{", "getState", "\u{feff}"] {
        let answer = client.post(OUTLET, &[&admin()], body).await.json();
        assert_eq!(
            (code(&answer), &answer["id"]),
            (Some(-32700), &Value::Null),
            "{body:?}"
        );
    }
}

#[tokio::test]
async fn only_posts_are_calls() {
    let (_device, mut client) = device().await;
    let request = format!("GET {OUTLET} HTTP/1.1\r\nHost: pdu\r\n{}\r\n\r\n", admin());
    let answer = client.raw(request.as_bytes()).await.unwrap();
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
}

#[tokio::test]
async fn numbers_are_written_as_devices_write_them() {
    let (_device, mut client) = device().await;
    let body = r#"{"method":"getMetaData","id":1}"#;
    let answer = client
        .post("/model/pdu/0/outlet/0/current", &[&admin()], body)
        .await;
    let text = String::from_utf8(answer.body).unwrap();
    assert!(
        text.contains(
            r#""type":{"readingtype":0,"type":2,"unit":2},"decdigits":3,"accuracy":0.0,"#
        ),
        "{text}"
    );
    assert!(text.contains(r#""upper":64.0"#), "{text}");
}
