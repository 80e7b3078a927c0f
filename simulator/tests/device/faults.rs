//! Misbehaviour on demand.

use std::time::{Duration, Instant};

use crate::support::{Answer, Client, admin, device, request};
use serde_json::json;
use xerus_api::pdumodel::{Pdu, outlet::PowerState};
use xerus_rpc::Agent;
use xerus_sim::{Fault, FaultRule, Firmware, Power, Running, Simulator};

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

#[tokio::test]
async fn a_rule_is_for_an_object_whatever_it_is_called() {
    for rule in [
        FaultRule::new(Fault::CloseAfterExecution).on("/model/pdu/0/outlet/2"),
        FaultRule::new(Fault::CloseAfterExecution).on("model/outlet/2/"),
        FaultRule::new(Fault::CloseAfterExecution).on("/tfwopaque/pdumodel.Outlet:3.0.4/outlet.2"),
        FaultRule::new(Fault::CloseAfterExecution)
            .below("//model/pdu/1/outlet/2")
            .method("setPowerState"),
    ] {
        let device = Simulator::builder().record(99).start().await.unwrap();
        let agent = Agent::builder(device.url()).build().unwrap();
        // A program that takes outlets as it gets them.
        let outlets = Pdu::at(&agent, "/model/pdu/0").get_outlets().await.unwrap();
        let lost = device.faults().inject(rule.clone());
        outlets[1].set_power_state(PowerState::PsOff).await.unwrap();
        assert_eq!(lost.hits(), 0, "{rule:?}");
        let answer = outlets[2].set_power_state(PowerState::PsOff).await;
        assert!(answer.is_err(), "{rule:?}");
        assert_eq!(lost.hits(), 1, "{rule:?}");
        let state = device.device().outlet_state(2).unwrap();
        assert_eq!(state.power, Power::Off, "{rule:?}");
        assert_eq!(device.faults().hits(), [(rule, 1)]);
    }
}

#[tokio::test]
async fn names_are_those_of_the_firmware() {
    // What keeps a record stands before the objects.
    let older = Simulator::builder().firmware(Firmware::V4_0_20).record(1);
    let device = older.start().await.unwrap();
    let rule = FaultRule::new(Fault::WrongId).on(OUTLET);
    assert_eq!(device.check_fault(&rule.clone().method("getState")), Ok(()));
    let wrong = device.faults().inject(rule);
    let mut client = Client::connect(device.address()).await;
    let rid = "/tfwopaque/pdumodel.Outlet:3.0.1/outlet.0";
    let body = r#"{"method":"getState","id":1}"#;
    let answer = client.post(rid, &[], body).await.json();
    assert_eq!(answer["id"], "nobody sent this");
    assert_eq!(wrong.hits(), 1);
}

/// A bulk that switches outlets 0 and 1 off.
fn bulk() -> String {
    let part = |outlet: i64| {
        json!({
            "rid": format!("/tfwopaque/pdumodel.Outlet:3.0.4/outlet.{outlet}"),
            "json": {"method": "setPowerState", "params": {"pstate": 0}, "id": outlet},
        })
    };
    let requests = [part(0), part(1)];
    json!({"method": "performBulk", "params": {"requests": requests}, "id": 7}).to_string()
}

#[tokio::test]
async fn a_call_in_a_bulk_makes_the_bulk_go_wrong() {
    let one = FaultRule::new(Fault::CloseUnanswered).on("/model/outlet/1");
    for (rule, executed) in [
        (
            FaultRule::new(Fault::CloseAfterExecution).method("setPowerState"),
            true,
        ),
        (FaultRule::new(Fault::TruncateBody).on(OUTLET), true),
        (one.method("setPowerState"), false),
    ] {
        let (device, mut client) = device().await;
        let cut = device.faults().inject(rule.clone().times(1));
        let other = FaultRule::new(Fault::CloseUnanswered).on(OUTLET);
        let other = device.faults().inject(other.method("getState"));
        let sent = request("/bulk", &[&admin()], &bulk());
        assert!(client.raw(sent.as_bytes()).await.is_none(), "{rule:?}");
        assert_eq!((cut.hits(), other.hits()), (1, 0), "{rule:?}");
        assert_eq!(is_on(&device), !executed, "{rule:?}");
        let mut client = Client::connect(device.address()).await;
        let answer = client.post("/bulk", &[&admin()], &bulk()).await;
        assert_eq!(answer.status, 200, "it was once: {rule:?}");
    }
}

#[tokio::test]
async fn answers_of_calls_in_a_bulk_are_changed_one_by_one() {
    let (device, mut client) = device().await;
    let wrong = FaultRule::new(Fault::WrongId).on("/model/pdu/0/outlet/1");
    let wrong = device.faults().inject(wrong);
    let missing = FaultRule::new(Fault::MissingId).method("performBulk");
    let missing = device.faults().inject(missing);
    let answer = client.post("/bulk", &[&admin()], &bulk()).await.json();
    let responses = &answer["result"]["responses"];
    assert_eq!(responses[0]["json"]["id"], 0);
    assert_eq!(responses[1]["json"]["id"], "nobody sent this");
    assert!(answer.get("id").is_none(), "{answer}");
    assert_eq!((wrong.hits(), missing.hits()), (1, 1));
}

#[tokio::test]
async fn rules_that_can_hit_nothing_are_told() {
    let (device, _client) = device().await;
    for rule in [
        "wrong-id",
        "wrong-id,rid=/model/outlet/7",
        "wrong-id,rid=model/pdu/0/outlet/7/,method=setPowerState",
        "wrong-id,rid=/model/outlet/*,method=getTypeInfo",
        "wrong-id,rid=/model/outletgroup/*",
        "wrong-id,rid=/auth/user/*",
        "wrong-id,rid=/tfwopaque/event.Channel:*",
        "wrong-id,rid=/bulk,method=performBulk",
        "wrong-id,rid=/*,method=performBulk",
        "status=503,rid=/cgi-bin/fwupload.cgi",
        "status=503,rid=/link/2/cgi-bin/*",
        "wrong-id,method=getSensors",
    ] {
        let checked = device.check_fault(&rule.parse().unwrap());
        assert_eq!(checked, Ok(()), "{rule}");
    }
    for (rule, parts) in [
        (
            "wrong-id,rid=/model/outlet/99",
            ["no object /model/outlet/99", "such as /model/outlet/0"],
        ),
        (
            "wrong-id,rid=/model/pdu/0/outlets/*",
            ["/model/pdu/0/outlets/", "such as /model/pdu/0/outlet"],
        ),
        (
            "wrong-id,rid=/model/outlet/3,method=switch",
            ["/model/outlet/3 has no method switch", "setPowerState"],
        ),
        (
            "wrong-id,method=getstate",
            ["has a method getstate", "such as getState"],
        ),
        (
            "wrong-id,rid=/bulk,method=bulk",
            ["no method bulk", "performBulk"],
        ),
    ] {
        let told = device.check_fault(&rule.parse().unwrap()).unwrap_err();
        for part in parts {
            assert!(told.to_string().contains(part), "{part}: {told}");
        }
    }
}

async fn status(client: &mut Client, rid: &str, method: &str) -> u16 {
    let body = json!({"jsonrpc": "2.0", "method": method, "id": 1}).to_string();
    client.post(rid, &[&admin()], &body).await.status
}

#[tokio::test]
async fn references_to_sensors_grow_stale() {
    let (device, mut client) = crate::support::device().await;
    let forever = Fault::StaleReferences(Duration::from_secs(3_600));
    let sensors = client
        .result("/model/pdu/0/inlet/0", "getSensors", json!({}))
        .await;
    let old = sensors["_ret_"]["voltage"]["rid"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(status(&mut client, &old, "getReading").await, 200);
    device.faults().inject(forever);
    // What was given before is stale now, and so it says alone and in a bulk; what is given now leads to the sensor.
    assert_eq!(status(&mut client, &old, "getReading").await, 404);
    let sensors = client
        .result("/model/pdu/0/inlet/0", "getSensors", json!({}))
        .await;
    let new = sensors["_ret_"]["voltage"]["rid"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(old, new);
    let part = |rid: &str| json!({"rid": rid, "json": {"jsonrpc": "2.0", "method": "getReading", "params": {}, "id": 1}});
    let bulk = json!({"requests": [part(&old), part(&new)]});
    let answers = client.result("/bulk", "performBulk", bulk).await;
    let codes: Vec<_> = answers["responses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| &answer["statcode"])
        .collect();
    assert_eq!(codes, [404, 200]);
    assert_eq!(
        status(&mut client, "/model/pdu/0/inlet/0/voltage", "getReading").await,
        200
    );
    // Outlets are not concerned.
    let outlets = client.result("/model/pdu/0", "getOutlets", json!({})).await;
    let outlet = outlets["_ret_"][0]["rid"].as_str().unwrap();
    assert_eq!(status(&mut client, outlet, "getState").await, 200);
    device.faults().clear();
    assert_eq!(status(&mut client, &old, "getReading").await, 200);
}
