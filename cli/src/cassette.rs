//! VCR-style cassettes: what other programs recorded of their HTTP, as YAML.
//!
//! The YAML parser is here and not in the runtime: a cassette is converted once, by a person, and programs that replay
//! need none of it.

mod exporter;
mod raw;
mod yaml;

use std::collections::BTreeMap;

use base64::Engine as _;
use serde_json::Value;
use xerus_rpc::Json;
use xerus_rpc::recording::{Entry, Recording, Redaction};

use exporter::Exporter;
use raw::{Response, elements, inside};
use yaml::Node;

/// What a cassette holds.
#[derive(Debug)]
pub(crate) struct Cassette {
    /// A recording for each device, in the order in which they come.
    pub(crate) recordings: Vec<Recording>,
    /// What could not be used, each with its line.
    pub(crate) left_out: Vec<String>,
}

/// One call, found again.
pub(crate) struct Found {
    pub(crate) rid: String,
    pub(crate) method: &'static str,
}

/// One exchange of a cassette.
struct Exchange {
    line: usize,
    /// Scheme, host and port.
    origin: String,
    path: String,
    /// The request, where it was recorded.
    request: Option<Value>,
    status: u16,
    response: String,
    /// Who logged in.
    login: Option<(String, String)>,
}

/// One device of a cassette.
struct Device {
    recording: Recording,
    exporter: Exporter,
    redaction: Redaction,
    bulks: u64,
}

/// Reads a cassette.
///
/// # Errors
///
/// What is wrong with it, and in which line.
pub(crate) fn read(text: &str) -> Result<Cassette, String> {
    let document = yaml::parse(text)?;
    let interactions = document
        .get("interactions")
        .and_then(Node::as_list)
        .ok_or("no cassette: the list `interactions` is missing")?;
    let mut left_out = Vec::new();
    let mut order: Vec<String> = Vec::new();
    let mut devices: BTreeMap<String, Device> = BTreeMap::new();
    for interaction in interactions {
        let exchange = match Exchange::read(interaction) {
            Ok(exchange) => exchange,
            Err(why) => {
                left_out.push(format!("line {}: {why}", interaction.line));
                continue;
            }
        };
        let device = devices.entry(exchange.origin.clone()).or_insert_with(|| {
            order.push(exchange.origin.clone());
            Device {
                recording: Recording::new(&exchange.origin),
                exporter: Exporter::default(),
                redaction: Redaction::new(),
                bulks: 0,
            }
        });
        if let Err(why) = device.add(&exchange) {
            left_out.push(format!("line {}: {why}", exchange.line));
        }
    }
    let recordings = order
        .iter()
        .filter_map(|origin| devices.remove(origin))
        .map(|device| device.recording.redacted(device.redaction))
        .collect();
    Ok(Cassette {
        recordings,
        left_out,
    })
}

impl Exchange {
    fn read(node: &Node) -> Result<Self, String> {
        let request = node.get("request").ok_or("no `request`")?;
        let response = node.get("response").ok_or("no `response`")?;
        let uri = request.get("uri").and_then(Node::as_text);
        let uri = uri.ok_or("the request has no `uri`")?;
        let (scheme, rest) = uri.split_once("://").ok_or("the `uri` is none")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        // Passwords in a URL are not carried on.
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let body = response.get("body");
        let text = body
            .and_then(|body| body.get("string"))
            .or(body)
            .and_then(Node::as_text);
        let status = response.get("status");
        let status = status
            .and_then(|status| status.get("code"))
            .or(status)
            .and_then(Node::as_text)
            .and_then(|code| code.parse().ok());
        let sent = request.get("body").and_then(Node::as_text);
        let sent = match sent.map(serde_json::from_str) {
            None => None,
            Some(Ok(request)) => Some(request),
            Some(Err(_)) => return Err("the body of the request is no JSON".to_owned()),
        };
        Ok(Self {
            line: node.line,
            origin: format!("{scheme}://{host}"),
            path: format!("/{}", path.split(['?', '#']).next().unwrap_or(path)),
            request: sent,
            status: status.ok_or("the response has no `status`")?,
            response: text
                .ok_or("the body of the response is not kept as text; record with decode_compressed_response=True")?
                .to_owned(),
            login: login(request),
        })
    }
}

/// The user in the header `Authorization`.
fn login(request: &Node) -> Option<(String, String)> {
    let headers = request.get("headers")?;
    let header = ["Authorization", "authorization"]
        .iter()
        .find_map(|name| headers.get(name))?;
    let value = match header.as_list() {
        Some(values) => values.first()?,
        None => header,
    };
    let encoded = value.as_text()?.strip_prefix("Basic ")?;
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim());
    let decoded = String::from_utf8(decoded.ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

impl Device {
    fn add(&mut self, exchange: &Exchange) -> Result<(), String> {
        if let Some((user, password)) = &exchange.login {
            let redaction = std::mem::take(&mut self.redaction);
            self.redaction = redaction.value(user, "user").value(password, "password");
        }
        let is_bulk = exchange.path.trim_matches('/') == "bulk";
        match &exchange.request {
            Some(request) if is_bulk => self.bulk_as_sent(exchange, request),
            Some(request) => self.single(exchange, request),
            None if is_bulk && exchange.status == 200 => self.bulk_found(exchange),
            None => Err("the request was not recorded, and the answer does not tell it".to_owned()),
        }
    }

    fn single(&mut self, exchange: &Exchange, request: &Value) -> Result<(), String> {
        let method = request["method"].as_str();
        let method = method.ok_or("the request has no method")?;
        let params = params(&request["params"])?;
        let path = &*exchange.path;
        let entry = if exchange.status == 200 {
            entry(path, method, &params, &exchange.response)?
        } else {
            Entry::turned_away(path, method, &params, exchange.status, false)
        };
        self.recording.push(entry);
        Ok(())
    }

    fn bulk_as_sent(&mut self, exchange: &Exchange, request: &Value) -> Result<(), String> {
        let requests = request["params"]["requests"].as_array();
        let requests = requests.ok_or("the bulk request has no list of requests")?;
        let mut calls = Vec::new();
        for request in requests {
            let rid = request["rid"]
                .as_str()
                .ok_or("a call of the bulk has no rid")?;
            let method = request["json"]["method"].as_str();
            let method = method.ok_or("a call of the bulk has no method")?;
            calls.push((rid, method, &request["json"]["params"]));
        }
        if exchange.status != 200 {
            self.bulks += 1;
            for (rid, method, params) in calls {
                let params = self::params(params)?;
                let entry = Entry::turned_away(rid, method, &params, exchange.status, false);
                self.recording.push(entry.with_bulk(self.bulks));
            }
            return Ok(());
        }
        let responses = responses(&exchange.response)?;
        if responses.len() != calls.len() {
            return Err(format!(
                "{} answers for {} calls",
                responses.len(),
                calls.len()
            ));
        }
        self.push_all(calls.into_iter().zip(&responses))
    }

    /// A bulk whose calls the answers tell.
    fn bulk_found(&mut self, exchange: &Exchange) -> Result<(), String> {
        let responses = responses(&exchange.response)?;
        let found = self.exporter.find(&responses)?;
        let calls = found
            .iter()
            .map(|call| (&*call.rid, call.method, &Value::Null));
        self.push_all(calls.zip(&responses))
    }

    fn push_all<'c>(
        &mut self,
        calls: impl Iterator<Item = ((&'c str, &'c str, &'c Value), &'c Response<'c>)>,
    ) -> Result<(), String> {
        let mut entries = Vec::new();
        for ((rid, method, params), response) in calls {
            let params = self::params(params)?;
            let status = response.value["statcode"].as_u64().unwrap_or(200);
            entries.push(match u16::try_from(status) {
                Ok(200) => {
                    let answer = response.answer().ok_or("an answer of the bulk is none")?;
                    entry(rid, method, &params, answer)?
                }
                Ok(status) => Entry::turned_away(rid, method, &params, status, true),
                Err(_) => return Err(format!("the status {status} does not exist")),
            });
        }
        self.bulks += 1;
        for entry in entries {
            self.recording.push(entry.with_bulk(self.bulks));
        }
        Ok(())
    }
}

fn entry(rid: &str, method: &str, params: &Json, answer: &str) -> Result<Entry, String> {
    let says = |name: &str| inside(answer, &[name]).filter(|text| *text != "null");
    match (says("error"), inside(answer, &["result"])) {
        (Some(error), _) => Ok(Entry::refused(rid, method, params, &json(error)?)),
        (None, Some(result)) => Ok(Entry::answered(rid, method, params, &json(result)?)),
        (None, None) => Err(format!("the answer to {method} on {rid} has no result")),
    }
}

/// The answers in a bulk answer.
fn responses(body: &str) -> Result<Vec<Response<'_>>, String> {
    let list = inside(body, &["result", "responses"]);
    let list = list.ok_or("the answer is none to a bulk request")?;
    let responses = elements(list).into_iter().map(Response::new);
    responses
        .collect::<Option<_>>()
        .ok_or_else(|| "an answer of the bulk cannot be read".to_owned())
}

/// Parameters: none at all are an empty object.
fn params(value: &Value) -> Result<Json, String> {
    match value {
        Value::Null => Ok(Json::EMPTY_OBJECT),
        other => json(&other.to_string()),
    }
}

fn json(text: &str) -> Result<Json, String> {
    text.parse()
        .map_err(|_| "JSON that is nested too deeply".to_owned())
}
