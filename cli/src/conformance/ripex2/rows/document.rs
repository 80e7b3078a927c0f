//! What stands in a call, and in its answer.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::rows;
use crate::conformance::ripex2::Unit;
use crate::conformance::ripex2::connection::Request;
use crate::conformance::ripex2::unit::RPC;
use crate::conformance::{Notes, Outcome, not_tried, told};

const NO_REQUEST: &str = "rpc_invalid_request";
const NO_PARAMETER: &str = "rpc_invalid_parameter";
const NO_METHOD: &str = "rpc_method_not_found";

/// How long a unit may look for another one over the radio.
const RADIO: Duration = Duration::from_secs(60);

rows! {
    "call", "a method that there is not", "rpc_method_not_found, or HTTP status 401 without a session", no_method;
    "R10", "the error of that", "code and message_id, which are texts", error;
    "call", "a call without a method", "rpc_invalid_request or rpc_method_not_found, or HTTP status 401 without a session", |unit| no_call(unit, json!({"params": {}}));
    "call", "a method that is a number", "rpc_invalid_request or rpc_method_not_found, or HTTP status 401 without a session", |unit| no_call(unit, json!({"method": 7}));
    "call", "params: null", "no error", |unit| good(unit, json!({"method": "device_ping", "params": null}));
    "call", "params: {}", "no error", |unit| good(unit, json!({"method": "device_ping", "params": {}}));
    "call", "params that are a list", "rpc_invalid_request or rpc_invalid_parameter", |unit| bad_params(unit, json!([1]));
    "call", "params that are a text", "rpc_invalid_request or rpc_invalid_parameter", |unit| bad_params(unit, json!("text"));
    "call", "a parameter that there is not", "no error, or rpc_invalid_parameter", more_params;
    "call", "a body that is no JSON", "rpc_invalid_request, or HTTP status 400 or 401", |unit| bad_body(unit, "no json!");
    "call", "a body that is a list", "rpc_invalid_request, or HTTP status 400 or 401", |unit| bad_body(unit, "[]");
    "call", "an empty body", "rpc_invalid_request, or HTTP status 400 or 401", |unit| bad_body(unit, "");
    "call", "members that there are not: id, version, jsonrpc, xerus", "no error", |unit| good(unit, json!({
        "method": "device_ping", "id": 7, "version": "1", "jsonrpc": "2.0", "xerus": {"a": [null]}
    }));
    "call", "language_code", "no error", |unit| good(unit, json!({"method": "device_ping", "language_code": "en"}));
    "call", "language-code, as a page of the vendor has it", "no error", |unit| good(unit, json!({"method": "device_ping", "language-code": "en"}));
    "R14", "a text with \" ' \\ ; and $, one at a time", "an answer to each, refused or not", forbidden;
    "call", "a target that is no address", "an error with a code, or HTTP status 401 without a session", bad_target;
    "R31", "a target that cannot be reached", "remote_call_error", far_target;
    "R37", "device.tstamp", "seconds, a whole number", clock;
    "R7", "a result and an error in one answer", "both can be read", both;
}

/// Whether this is what an unknown caller gets.
fn is_unknown(unit: &Unit<'_>, status: u16) -> bool {
    status == 401 && !unit.is_login_possible()
}

async fn good(unit: &Unit<'_>, document: Value) -> Outcome {
    let answer = unit.call(&document).await?;
    told(answer.is_good(), answer.text())
}

async fn no_method(unit: &Unit<'_>) -> Outcome {
    let answer = unit
        .call_as_known(&json!({"method": "xerus_no_such_method"}))
        .await?;
    let is_right = answer.is_refused(&[NO_METHOD]) || is_unknown(unit, answer.status);
    told(is_right, answer.text())
}

async fn error(unit: &Unit<'_>) -> Outcome {
    let answer = unit
        .call_as_known(&json!({"method": "xerus_no_such_method"}))
        .await?;
    let error = &answer.document()["error"];
    if error.is_null() {
        let why = if unit.setup.login.is_some() {
            "there was no error"
        } else {
            "it needs a session: give --user"
        };
        return Err(not_tried(format!("{}; {why}", answer.text())));
    }
    let mut notes = Notes::default();
    for name in ["code", "message_id"] {
        let seen = match &error[name] {
            Value::String(_) => "a text",
            Value::Null => "not there",
            _ => "no text",
        };
        notes.note(seen == "a text", format!("{name} is {seen}"));
    }
    notes.outcome()
}

async fn no_call(unit: &Unit<'_>, document: Value) -> Outcome {
    let answer = unit.call_as_known(&document).await?;
    let is_right = answer.is_refused(&[NO_REQUEST, NO_METHOD]) || is_unknown(unit, answer.status);
    told(is_right, answer.text())
}

async fn bad_params(unit: &Unit<'_>, params: Value) -> Outcome {
    let answer = unit
        .call(&json!({"method": "device_ping", "params": params}))
        .await?;
    told(
        answer.is_refused(&[NO_REQUEST, NO_PARAMETER]),
        answer.text(),
    )
}

async fn more_params(unit: &Unit<'_>) -> Outcome {
    let answer = unit
        .call(&json!({"method": "device_ping", "params": {"xerus": 1}}))
        .await?;
    told(
        answer.is_good() || answer.is_refused(&[NO_PARAMETER]),
        answer.text(),
    )
}

async fn bad_body(unit: &Unit<'_>, body: &str) -> Outcome {
    let answer = unit.ask(Request::post(RPC, body)).await?;
    told(
        [400, 401].contains(&answer.status) || answer.is_refused(&[NO_REQUEST]),
        answer.text(),
    )
}

async fn forbidden(unit: &Unit<'_>) -> Outcome {
    let mut seen: Vec<(String, String)> = Vec::new();
    for character in ["\"", "'", "\\", ";", "$"] {
        let params = json!({"xerus": format!("a{character}b")});
        let answer = unit
            .call(&json!({"method": "device_ping", "params": params}))
            .await?;
        let text = answer.text();
        match seen.iter_mut().find(|(known, _)| *known == text) {
            Some((_, characters)) => characters.push_str(&format!(" {character}")),
            None => seen.push((text, character.to_owned())),
        }
    }
    let parts = seen.iter().map(|(text, characters)| match seen.len() {
        1 => format!("{text} for each"),
        _ => format!("{text} for {characters}"),
    });
    Ok(parts.collect::<Vec<_>>().join(", "))
}

async fn bad_target(unit: &Unit<'_>) -> Outcome {
    let answer = unit
        .call_as_known(&json!({"method": "device_ping", "target": "no address"}))
        .await?;
    let is_right =
        answer.status == 200 && answer.code().is_some() || is_unknown(unit, answer.status);
    told(is_right, answer.text())
}

async fn far_target(unit: &Unit<'_>) -> Outcome {
    let Some(target) = &unit.setup.target else {
        return Err(not_tried(
            "it needs the address of a unit that cannot be reached: give --target",
        ));
    };
    let document = json!({"method": "device_ping", "target": target}).to_string();
    let mut request = Request::post(RPC, document);
    if unit.is_login_possible() {
        request = request.header("apikey", unit.session().await?);
    }
    let answer = unit.ask_for(request, unit.patience().max(RADIO)).await?;
    told(answer.is_refused(&["remote_call_error"]), answer.text())
}

async fn clock(unit: &Unit<'_>) -> Outcome {
    let answer = unit.call(&json!({"method": "device_ping"})).await?;
    let document = answer.document();
    let Some(device) = document["device"]["tstamp"].as_i64() else {
        return Err(format!("tstamp is {}", document["device"]["tstamp"]).into());
    };
    let here = SystemTime::now().duration_since(UNIX_EPOCH);
    let here = here
        .ok()
        .and_then(|here| i64::try_from(here.as_secs()).ok());
    let ahead = device.saturating_sub(here.unwrap_or(0));
    Ok(match ahead {
        -60..=60 => "within a minute of the clock here".to_owned(),
        61.. => format!("{ahead} s ahead of the clock here"),
        _ => format!("{} s behind the clock here", ahead.saturating_neg()),
    })
}

async fn both(_: &Unit<'_>) -> Outcome {
    Err(not_tried(
        "only what changes settings answers so, and none of that is called",
    ))
}
