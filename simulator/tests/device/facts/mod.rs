//! Facts about devices of firmware 4.0, from recorded traffic with real ones: each is a test, on a device like the recorded ones
//! (one inlet of three phases, 36 outlets, 64 slots).

mod envelope;
mod http;
mod names;
mod numbers;
mod shapes;

use serde_json::{Value, json};
use xerus_sim::{Clock, Firmware, MakeUp, Running};

use crate::support::{Answer, Client, admin, builder};

const PDU: &str = "/model/pdu/0";

async fn recorded() -> (Running, Client) {
    recorded_by(Clock::running()).await
}

async fn recorded_by(clock: Clock) -> (Running, Client) {
    let mut make_up = MakeUp::default();
    (make_up.three_phase, make_up.outlets, make_up.slots) = (true, 36, 64);
    make_up.overcurrent_protectors = 6;
    let device = builder()
        .make_up(make_up)
        .firmware(Firmware::V4_0_20)
        .clock(clock)
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
