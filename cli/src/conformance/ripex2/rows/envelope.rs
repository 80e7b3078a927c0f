//! Calls without a session, and how they travel.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::rows;
use crate::conformance::ripex2::Unit;
use crate::conformance::ripex2::answer::Answer;
use crate::conformance::ripex2::connection::{Connection, Request};
use crate::conformance::ripex2::unit::RPC;
use crate::conformance::{Notes, Outcome, told};

const PING: &str = r#"{"method":"device_ping"}"#;

rows! {
    "public", "device_ping without a session", "no error", |unit| public(unit, "device_ping", None);
    "public", "device_info_get_public without a session", "a result", info;
    "public", "device_ping with an apikey that there is not", "no error, or HTTP status 401", |unit| public(unit, "device_ping", Some("xerus"));
    "R4", "a method that needs a session, without an apikey", "HTTP status 401", |unit| unauthorized(unit, None);
    "R4", "the same with an apikey that there is not", "HTTP status 401", |unit| unauthorized(unit, Some("xerus"));
    "HTTP", "GET in the place of POST", "an HTTP error, or an error", get;
    "HTTP", "a call whose content type is text/plain", "an answer", |unit| content_type(unit, Some("text/plain"));
    "HTTP", "a call without a content type", "an answer", |unit| content_type(unit, None);
    "HTTP", "two calls on one connection", "two answers, or closed after the first", two;
    "R17", "a call in gzip", "no error", gzip;
    "R17", "accept-encoding: gzip", "no error, in gzip or not", accepted;
}

async fn public(unit: &Unit<'_>, method: &str, token: Option<&str>) -> Outcome {
    let mut request = Request::post(RPC, json!({"method": method}).to_string());
    if let Some(token) = token {
        request = request.header("apikey", token);
    }
    let answer = unit.ask(request).await?;
    let is_right = answer.is_good() || token.is_some() && answer.status == 401;
    told(is_right, answer.text())
}

async fn info(unit: &Unit<'_>) -> Outcome {
    let answer = unit
        .call(&json!({"method": "device_info_get_public"}))
        .await?;
    told(
        answer.is_good() && answer.document()["result"].is_object(),
        answer.text(),
    )
}

async fn unauthorized(unit: &Unit<'_>, token: Option<&str>) -> Outcome {
    let answer = unit.protected(token).await?;
    told(answer.status == 401, answer.text())
}

async fn get(unit: &Unit<'_>) -> Outcome {
    let request = Request {
        method: "GET",
        script: RPC,
        headers: Vec::new(),
        body: Vec::new(),
    };
    let answer = unit.ask(request).await?;
    told(
        answer.status != 200 || answer.code().is_some(),
        answer.text(),
    )
}

async fn content_type(unit: &Unit<'_>, content_type: Option<&str>) -> Outcome {
    let mut request = Request::post(RPC, PING);
    request.headers.clear();
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    // Whether it is refused is the unit's affair.
    unit.ask(request)
        .await
        .map(|answer| answer.text())
        .map_err(Into::into)
}

async fn two(unit: &Unit<'_>) -> Outcome {
    let mut connection = Connection::open(&unit.place, unit.patience()).await?;
    let request = Request::post(RPC, PING);
    let first = connection.ask(&unit.place, &request).await?;
    let second = connection.ask(&unit.place, &request).await;
    connection.close().await;
    let mut notes = Notes::default();
    notes.note(first.is_good(), first.text());
    match second {
        Ok(second) => notes.note(second.is_good(), second.text()),
        Err(seen) => notes.note(seen.starts_with("closed"), seen),
    }
    notes.outcome()
}

async fn gzip(unit: &Unit<'_>) -> Outcome {
    let mut packing = GzEncoder::new(Vec::new(), Compression::default());
    // A vector takes everything.
    let _ = packing.write_all(PING.as_bytes());
    let body = packing.finish().unwrap_or_default();
    let request = Request::post(RPC, body).header("content-encoding", "gzip");
    let answer = unit.ask(request).await?;
    told(answer.is_good(), answer.text())
}

async fn accepted(unit: &Unit<'_>) -> Outcome {
    let request = Request::post(RPC, r#"{"method":"device_info_get_public"}"#);
    let answer = unit.ask(request.header("accept-encoding", "gzip")).await?;
    let how = |answer: &Answer| {
        if answer.is_gzip() {
            "in gzip"
        } else {
            "not in gzip"
        }
    };
    told(
        answer.is_good(),
        format!("{}, {}", answer.text(), how(&answer)),
    )
}
