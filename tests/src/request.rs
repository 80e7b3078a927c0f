//! Requests: what a proxy sends, and what a servant accepts.

use serde_json::{Value, json};
use xerus_rpc::server::{Context, Router};

use crate::compare::numbers_by_value;
use crate::observed::{Fault, Observed, Seen};
use crate::table::{self, Caller, Operation, Trouble};
use crate::transport;
use crate::vector::{Direction, Vector};
use crate::world::World;

/// Sends the request through the generated proxies, or hands it to generated servants.
pub(crate) fn run(world: &World, vector: &Vector) -> Result<Observed, Missing> {
    let text = String::from_utf8_lossy(&vector.bytes).into_owned();
    let method = serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|v| Some(v["method"].as_str()?.to_owned()));
    let operations: Vec<_> = table::METHODS
        .iter()
        .filter(|op| Some(op.name) == method.as_deref())
        .collect();
    if operations.is_empty() {
        return Err(Missing(method.unwrap_or(text)));
    }
    match vector.direction {
        Direction::Decode => accepted(&operations, &vector.bytes),
        Direction::Encode | Direction::Both => {
            sent(world, &operations, &vector.json().unwrap_or_default())
        }
    }
}

/// The method that this API does not have.
pub(crate) struct Missing(pub(crate) String);

/// The document that goes out when a proxy is called with these parameters. Several interfaces may have such a method;
/// those whose parameters fit must all send the same.
fn sent(world: &World, operations: &[&Operation], document: &Value) -> Result<Observed, Missing> {
    let empty = json!({});
    let params = document
        .get("params")
        .filter(|params| params.is_object())
        .unwrap_or(&empty);
    let mut outcome: Option<Value> = None;
    for operation in operations.iter().filter(|op| same_parameters(op, params)) {
        let caller = Caller {
            agent: world.wiretap().agent(),
            rid: "/object",
            arguments: params,
        };
        match (operation.call)(&caller) {
            Err(Trouble::Argument) => continue,
            Err(Trouble::Call(error)) if error.code() != "Rpc" => {
                return Ok(Observed::Error(Fault::from(&error)));
            }
            Err(Trouble::Call(_)) | Ok(_) => {}
        }
        let body = world
            .wiretap()
            .last()
            .and_then(|body| serde_json::from_slice(&body).ok());
        let Some(mut body): Option<Value> = body else {
            continue;
        };
        if body["id"].is_u64() {
            // The id is the agent's to choose.
            body["id"] = document["id"].clone();
        }
        match &outcome {
            Some(other) if !numbers_by_value(other, &body) => {
                return Ok(Observed::Value(Seen::plain(
                    json!({"one": other, "another": body}),
                )));
            }
            _ => outcome = Some(body),
        }
    }
    match outcome {
        Some(body) => Ok(Observed::Value(Seen::plain(body))),
        None => Err(Missing(format!(
            "{} with these parameters",
            document["method"].as_str().unwrap_or_default()
        ))),
    }
}

fn same_parameters(operation: &Operation, params: &Value) -> bool {
    let given = params.as_object().map_or(0, serde_json::Map::len);
    operation.parameters.len() == given
        && operation
            .parameters
            .iter()
            .all(|(name, _)| params.get(name).is_some())
}

/// Whether servants with such a method and such parameters understand the request. They support no method, so the answer
/// is "method not found"; that the parameters were read is seen from its not being "invalid parameters". Interfaces may
/// have methods of one name with parameters of different types: one that understands is enough.
fn accepted(operations: &[&Operation], body: &[u8]) -> Result<Observed, Missing> {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let params = document.get("params").unwrap_or(&Value::Null);
    let mut refusal = None;
    for operation in operations.iter().filter(|op| same_parameters(op, params)) {
        let interface = table::find(operation.interface).and_then(|ty| ty.kind.interface.as_ref());
        let Some(interface) = interface else { continue };
        let router = Router::new();
        router.insert("/object", (interface.servant)());
        let outcome = transport::block_on(router.handle("/object", body, Context::default()));
        let answer: Value = serde_json::from_slice(&outcome.body).unwrap_or_default();
        let code = answer["error"]["code"].as_i64();
        if outcome.status == 200
            && answer["id"] == document["id"]
            && matches!(code, None | Some(-32601))
        {
            return Ok(Observed::Value(Seen::plain(json!("accepted"))));
        }
        refusal = Some(Fault {
            kind: format!("Refused: {answer}"),
            path: String::new(),
            code,
            meaning: None,
        });
    }
    match refusal {
        Some(fault) => Ok(fault.into()),
        None => {
            let method = document["method"].as_str().unwrap_or_default();
            Err(Missing(format!("{method} with these parameters")))
        }
    }
}
