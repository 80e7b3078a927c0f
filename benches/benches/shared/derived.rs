//! The same shapes with serde derive.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Status {
    above_upper_critical: bool,
    above_upper_warning: bool,
    below_lower_warning: bool,
    below_lower_critical: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reading {
    timestamp: i64,
    available: bool,
    status: Status,
    valid: bool,
    value: f64,
}

#[derive(Deserialize)]
struct Document {
    jsonrpc: String,
    result: Responses,
    id: u64,
}

#[derive(Deserialize)]
struct Responses {
    responses: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    json: Answer,
    statcode: i32,
}

#[derive(Deserialize)]
struct Answer {
    jsonrpc: String,
    result: Return,
    id: u64,
}

#[derive(Deserialize)]
struct Return {
    _ret_: Reading,
}

#[derive(Serialize)]
struct Params<'a> {
    requests: Vec<Asked<'a>>,
}

#[derive(Serialize)]
struct Asked<'a> {
    rid: &'a str,
    json: Call<'a>,
}

#[derive(Serialize)]
struct Call<'a> {
    jsonrpc: &'a str,
    method: &'a str,
    params: NoParams,
    id: u64,
}

#[derive(Serialize)]
struct NoParams {}

/// The parameters of a bulk request for one reading of each object.
pub(crate) fn request(rids: &[String]) -> String {
    let requests = (1..).zip(rids).map(|(id, rid)| Asked {
        rid,
        json: Call {
            jsonrpc: "2.0",
            method: "getReading",
            params: NoParams {},
            id,
        },
    });
    let params = Params {
        requests: requests.collect(),
    };
    let mut out = String::from(r#"{"jsonrpc":"2.0","method":"performBulk","params":"#);
    out.push_str(&serde_json::to_string(&params).expect("JSON"));
    let _ = write!(out, r#","id":1}}"#);
    out
}

/// The readings of a bulk answer.
pub(crate) fn answer(body: &[u8]) -> Vec<Reading> {
    let document: Document = serde_json::from_slice(body).expect("an answer");
    assert!(document.jsonrpc == "2.0" && document.id == 1);
    let mut items = document.result.responses.into_iter();
    let mut last = None;
    items
        .by_ref()
        .map(|item| {
            assert!(
                item.statcode == 200 && item.json.jsonrpc == "2.0" && Some(item.json.id) > last
            );
            last = Some(item.json.id);
            item.json.result._ret_
        })
        .collect()
}
