//! Bulk requests and answers.

use bytes::Bytes;
use serde_json::{Value, json};
use xerus_rpc::rt::Method;
use xerus_rpc::{Interface as _, rt};

use crate::compare::numbers_by_value;
use crate::expression;
use crate::method;
use crate::observed::{Fault, Observed, Seen};
use crate::slot::{self, Slot};
use crate::table::{self, Boxed, Caller, Trouble};
use crate::transport;
use crate::value::tree;
use crate::vector::{Direction, Vector};
use crate::world::World;

/// The id of the outer request.
const OUTER: u64 = 1;

/// The answer to a bulk of N calls (`bulk(3 x getVersion, ids 11,12,13)`), or the parameters of a bulk request (`bulk`).
pub(crate) fn run(
    world: &World,
    words: Option<&str>,
    vector: &Vector,
    strict: bool,
) -> Option<Observed> {
    match (words, vector.direction) {
        (Some(words), _) => {
            let (calls, ids) = words.split_once(',')?;
            let (count, name) = calls.split_once(" x ")?;
            let count: usize = count.trim().parse().ok()?;
            let ids = ids
                .trim()
                .strip_prefix("ids ")?
                .split(',')
                .map(|id| id.trim().parse().ok());
            answer(
                world,
                name.trim(),
                &ids.collect::<Option<Vec<u64>>>()?,
                count,
                &vector.bytes,
                strict,
            )
        }
        (None, Direction::Decode) => {
            let ids = ids_of(&vector.json()?);
            answer(world, "getVersion", &ids, ids.len(), &vector.bytes, strict)
        }
        (None, Direction::Encode | Direction::Both) => request(vector),
    }
}

fn answer(
    world: &World,
    name: &str,
    ids: &[u64],
    count: usize,
    bytes: &[u8],
    strict: bool,
) -> Option<Observed> {
    let operation = table::METHODS
        .iter()
        .find(|op| op.name == name && op.parameters.is_empty())?;
    let (_, declared) = method::find(world, &format!("{}.{name}", operation.interface))?;
    let results = method::results(declared);
    let [(_, ty)] = results.as_slice() else {
        return None;
    };
    let described: &'static Method = Box::leak(Box::new(Method::new(
        "idl.Object:1.0.0",
        operation.name,
        &[],
        &["_ret_"],
    )));

    let (result, ids) = (bytes.to_vec(), ids.to_vec());
    let (agent, _) = transport::agent(strict, OUTER, move |request| {
        let asked: Value = serde_json::from_slice(request.args().by_name()).unwrap_or_default();
        let asked = asked["requests"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let asked: Vec<_> = asked.iter().map(|one| one["json"]["id"].clone()).collect();
        transport::document(OUTER, &renumber(&result, &ids, &asked))
    });
    let proxy = crate::api::firmware::Firmware::at(&agent, "/object");
    let calls = (0..count).map(|_| rt::single::<Slot>(proxy.as_object(), described, &[]));
    let shape = expression::shape(world, ty, true)?;
    Some(
        match slot::with(&shape, || transport::block_on(agent.bulk(calls))) {
            Err(error) => Observed::Error(Fault::from(&error)),
            Ok(items) => {
                let items = items.into_iter().map(|item| match item {
                    Ok(value) => Observed::Value(Seen::typed(tree(&table::text(&value)), ty)),
                    Err(error) => Observed::Error(Fault::from(&error)),
                });
                Observed::Value(Seen {
                    items: Some(items.collect()),
                    ..Seen::default()
                })
            }
        },
    )
}

/// Gives the responses the ids that were really asked for: the n-th id of the vector becomes the n-th id of the request,
/// any other stays apart from all of them.
fn renumber(result: &[u8], ids: &[u64], asked: &[Value]) -> Vec<u8> {
    let Ok(mut result) = serde_json::from_slice::<Value>(result) else {
        return result.to_vec();
    };
    let new = |id: &Value| match ids.iter().position(|known| Some(*known) == id.as_u64()) {
        Some(at) => asked.get(at).cloned().unwrap_or(Value::Null),
        None => id
            .as_u64()
            .map_or_else(|| id.clone(), |id| json!(id + 1_000_000)),
    };
    let responses = result.get_mut("responses").and_then(Value::as_array_mut);
    for response in responses.into_iter().flatten() {
        if let Some(text) = response["json"].as_str() {
            // The old form carries the document as text.
            let Ok(mut document) = serde_json::from_str::<Value>(text) else {
                continue;
            };
            document["id"] = new(&document["id"]);
            response["json"] = json!(document.to_string());
        } else if let Some(id) = response
            .get_mut("json")
            .and_then(|document| document.get_mut("id"))
        {
            *id = new(id);
        }
    }
    result.to_string().into_bytes()
}

fn ids_of(result: &Value) -> Vec<u64> {
    let responses = result["responses"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let id = |response: &Value| match response["json"].as_str() {
        Some(text) => serde_json::from_str::<Value>(text).ok()?["id"].as_u64(),
        None => response["json"]["id"].as_u64(),
    };
    responses.iter().filter_map(id).collect()
}

/// The parameters of a bulk request: sent by the generated proxy of the bulk service, and, in the present form, by the
/// agent's own bulk as well.
fn request(vector: &Vector) -> Option<Observed> {
    let params = vector.json()?;
    let name = vector.expect["ok"].as_str()?.strip_prefix("params of ")?;
    let operation = table::METHODS
        .iter()
        .find(|op| op.interface == "bulkrpc.BulkRequest" && op.name == name)?;
    let (agent, seen) = transport::agent(false, OUTER, |_| {
        transport::document(OUTER, br#"{"responses":[]}"#)
    });
    let caller = Caller {
        agent: &agent,
        rid: "/bulk",
        arguments: &params,
    };
    if let Err(Trouble::Argument) = (operation.call)(&caller) {
        return None;
    }
    let sent = seen.lock().ok()?.take()?;
    if sent.method != name || !numbers_by_value(&sent.params, &params) {
        return Some(Observed::Value(Seen::plain(sent.params)));
    }
    if name == "performBulk"
        && let Some(difference) = by_agent(&params)
    {
        return Some(Observed::Value(Seen::plain(difference)));
    }
    Some(Observed::Value(Seen::plain(json!(format!(
        "params of {name}"
    )))))
}

/// What the agent's bulk sends instead of these requests, if it is anything else; its ids are its own.
fn by_agent(params: &Value) -> Option<Value> {
    let (agent, seen) = transport::agent(false, OUTER, |_| {
        Bytes::from_static(br#"{"jsonrpc":"2.0","result":{"responses":[]},"id":1}"#)
    });
    let mut calls = Vec::new();
    for request in params["requests"].as_array()? {
        let Some((described, arguments)) = describe(&request["json"]) else {
            return Some(json!({"unknown method": request}));
        };
        let proxy = crate::api::firmware::Firmware::at(&agent, request["rid"].as_str()?);
        let arguments: Vec<&dyn xerus_rpc::value::Encode> = arguments
            .iter()
            .map(|a| &**a as &dyn xerus_rpc::value::Encode)
            .collect();
        calls.push(rt::void(proxy.as_object(), described, &arguments));
    }
    let _ = transport::block_on(agent.bulk(calls));
    let mut sent = seen.lock().ok()?.take()?.params;
    let originals = params["requests"].as_array()?;
    let requests = sent.get_mut("requests").and_then(Value::as_array_mut);
    for (request, original) in requests.into_iter().flatten().zip(originals) {
        if request["json"]["id"].is_u64() {
            request["json"]["id"] = original["json"]["id"].clone();
        }
    }
    (!numbers_by_value(&sent, params)).then_some(sent)
}

/// A description of the method that a request document calls, and its parameters as typed values.
fn describe(document: &Value) -> Option<(&'static Method, Vec<Boxed>)> {
    let name = document["method"].as_str()?;
    let params = document["params"].as_object()?;
    table::METHODS
        .iter()
        .filter(|op| op.name == name && op.parameters.len() == params.len())
        .find_map(|operation| {
            let mut names = Vec::new();
            let mut values = Vec::new();
            for (name, decode) in operation.parameters {
                let text = params.get(*name)?.to_string();
                values.push(decode(&mut xerus_rpc::rt::Reader::new(&text)).ok()?);
                names.push(*name);
            }
            let method = Method::new("idl.Object:1.0.0", operation.name, names.leak(), &[]);
            Some((&*Box::leak(Box::new(method)), values))
        })
}
