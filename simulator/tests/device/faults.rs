//! Misbehaviour on demand.

use std::time::{Duration, Instant};

use crate::support::{Answer, Client, admin, device, request};
use serde_json::json;
use xerus_sim::{Fault, FaultRule, Power, Running};

const OUTLET: &str = "/model/pdu/0/outlet/0";
const SWITCH_OFF: &str = r#"{"method":"setPowerState","params":{"pstate":0},"id":7}"#;

/// What a fresh connection gets for switching outlet 0 off.
async fn switch_off(device: &Running) -> Option<Answer> {
    let mut client = Client::connect(device.address()).await;
    client
        .raw(request(OUTLET, &[&admin()], SWITCH_OFF).as_bytes())
        .await
}

fn is_on(device: &Running) -> bool {
    device.device().outlet_state(0).unwrap().power == Power::On
}

#[tokio::test]
async fn closing_before_and_after_the_act() {
    let (device, _client) = device().await;
    device
        .faults()
        .inject(FaultRule::new(Fault::CloseUnanswered).times(1));
    assert!(switch_off(&device).await.is_none());
    assert!(is_on(&device));
    device
        .faults()
        .inject(FaultRule::new(Fault::CloseAfterExecution).times(1));
    assert!(switch_off(&device).await.is_none());
    assert!(!is_on(&device));
    assert_eq!(switch_off(&device).await.unwrap().status, 200);
}

#[tokio::test]
async fn truncated_bodies_announce_their_full_length() {
    let (device, mut client) = device().await;
    device
        .faults()
        .inject(FaultRule::new(Fault::TruncateBody).times(1));
    assert!(switch_off(&device).await.is_none());
    assert_eq!(
        client.result(OUTLET, "getState", json!({})).await["_ret_"]["powerState"],
        0
    );
}

#[tokio::test]
async fn wrong_ids() {
    let (device, mut client) = device().await;
    device.faults().inject(Fault::WrongId);
    let answer = client.post(OUTLET, &[&admin()], SWITCH_OFF).await.json();
    assert_eq!(
        (&answer["result"]["_ret_"], &answer["id"]),
        (&json!(0), &json!("nobody sent this"))
    );
}

#[tokio::test]
async fn statuses_and_redirects_do_not_execute() {
    let (device, mut client) = device().await;
    for code in [401, 403, 404, 408, 451, 500, 503] {
        device.faults().inject(
            FaultRule::new(Fault::Status {
                code,
                body: "<h1>no</h1>".to_owned(),
            })
            .times(1),
        );
        let answer = client.post(OUTLET, &[&admin()], SWITCH_OFF).await;
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (code, b"<h1>no</h1>".as_slice())
        );
    }
    let location = "https://pdu.example.com/model/pdu/0".to_owned();
    device.faults().inject(
        FaultRule::new(Fault::Redirect {
            code: 302,
            location: location.clone(),
        })
        .times(1),
    );
    let answer = client.post(OUTLET, &[&admin()], SWITCH_OFF).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (302, Some(location.as_str()))
    );
    assert!(is_on(&device));
}

#[tokio::test]
async fn rewritten_answers() {
    let (device, mut client) = device().await;
    device.faults().inject(
        FaultRule::new(Fault::Rewrite {
            from: "pdumodel.Outlet:3.".to_owned(),
            to: "pdumodel.Outlet:4.".to_owned(),
        })
        .on("/model/pdu/0"),
    );
    let outlets = client.result("/model/pdu/0", "getOutlets", json!({})).await;
    assert_eq!(outlets["_ret_"][0]["type"], "pdumodel.Outlet:4.0.4");
    device.faults().clear();
    let outlets = client.result("/model/pdu/0", "getOutlets", json!({})).await;
    assert_eq!(outlets["_ret_"][0]["type"], "pdumodel.Outlet:3.0.4");
}

#[tokio::test]
async fn delays() {
    let (device, mut client) = device().await;
    let delay = Duration::from_millis(300);
    device
        .faults()
        .inject(FaultRule::new(Fault::Delay(delay)).after(1).times(1));
    let mut took = Vec::new();
    for _ in 0..3 {
        let began = Instant::now();
        client.result(OUTLET, "getState", json!({})).await;
        took.push(began.elapsed());
    }
    assert!(took[1] >= delay, "{took:?}");
    // However busy the computer is: the others did not wait.
    assert!(took[0] < took[1] && took[2] < took[1], "{took:?}");
}
