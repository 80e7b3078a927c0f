//! Bulk requests taken apart into their calls, and put together again.

use super::entry::{Answer, Called};
use super::failure;
use super::json::Node;
use crate::wire::Request;

/// The object that executes bulk requests, and its method.
const RID: &str = "bulk";
const METHOD: &str = "performBulk";

/// One call of a bulk request.
pub(super) struct Part {
    pub(super) called: Called,
    /// The id, as JSON text.
    pub(super) id: String,
}

/// Whether a call carries others.
pub(super) fn is_bulk(target: &str, method: &str) -> bool {
    method == METHOD && target.trim_matches('/') == RID
}

/// The calls of a request; `None` for one that is no bulk request, or one that cannot be understood.
pub(super) fn parts(request: &Request) -> Option<Vec<Part>> {
    if !is_bulk(request.target(), request.name()) {
        return None;
    }
    parts_of_params(&Node::parse_bytes(request.args().by_name())?)
}

fn parts_of_params(params: &Node) -> Option<Vec<Part>> {
    let requests = params.get("requests")?.as_list()?;
    requests.iter().map(part).collect()
}

fn part(request: &Node) -> Option<Part> {
    let json = request.get("json")?;
    let params = json.get("params").filter(|params| !params.is_null());
    Some(Part {
        called: Called {
            target: request.get("rid")?.as_text()?.to_owned(),
            method: json.get("method")?.as_text()?.to_owned(),
            params: params.cloned().unwrap_or_else(|| Node::Object(Vec::new())),
        },
        id: json.get("id")?.compact(),
    })
}

/// The answers of the calls; `None` for an answer that cannot be divided among them.
pub(super) fn answers(parts: &[Part], answer: &Answer) -> Option<Vec<Answer>> {
    let each = |answer: Answer| Some(vec![answer; parts.len()]);
    match answer {
        Answer::Failure(_) | Answer::GivenUp => each(answer.clone()),
        Answer::Result(result) => {
            let responses = result.get("responses")?.as_list()?;
            if responses.len() > parts.len() {
                return None;
            }
            let mut responses: Vec<Option<&Node>> = responses.iter().map(Some).collect();
            let of_part = |(index, part): (usize, &Part)| {
                let response = take(&mut responses, index, part);
                response.map_or_else(
                    || Some(Answer::Failure(failure::of_missing())),
                    |response| answer_of(response, part),
                )
            };
            parts.iter().enumerate().map(of_part).collect()
        }
        _ => None,
    }
}

/// The response to a part: the one in its place, if it has its id, or another that has.
fn take<'n>(responses: &mut [Option<&'n Node>], index: usize, part: &Part) -> Option<&'n Node> {
    let is_its = |response: &Option<&Node>| {
        let id = response.and_then(|response| response.get("json")?.get("id"));
        id.is_some_and(|id| id.compact() == part.id)
    };
    let in_place = responses.get(index).filter(|response| is_its(response));
    let at = match in_place {
        Some(_) => index,
        None => match responses.iter().position(is_its) {
            Some(at) => at,
            // What has no id belongs where it stands.
            None => {
                Some(index).filter(|index| responses.get(*index).is_some_and(Option::is_some))?
            }
        },
    };
    responses.get_mut(at)?.take()
}

fn answer_of(response: &Node, part: &Part) -> Option<Answer> {
    let status: i64 = response
        .get("statcode")
        .map_or(Some(200), Node::as_number)?;
    if status != 200 {
        return Some(Answer::Failure(failure::of_part(status)));
    }
    let json = response.get("json")?;
    let says = |name: &str| json.get(name).filter(|value| !value.is_null());
    let is_its = json.get("id").is_some_and(|id| id.compact() == part.id);
    match (says("error"), json.get("result")) {
        (Some(error), _) if says("result").is_none() => Some(Answer::Error(error.clone())),
        (None, Some(result)) if is_its => Some(Answer::Result(result.clone())),
        _ => Some(Answer::Body(json.compact())),
    }
}

/// The result of a bulk request whose calls have these answers, or the answer that is one for all of it.
pub(super) fn result(parts: &[Part], answers: &[Answer]) -> Result<Node, Answer> {
    let mut responses = Vec::with_capacity(parts.len());
    for (part, answer) in parts.iter().zip(answers) {
        let envelope = |name: &str, value: Option<&Node>| {
            Node::Object(
                [
                    ("jsonrpc", Some(Node::text("2.0"))),
                    (name, value.cloned()),
                    ("id", Node::parse(&part.id).ok()),
                ]
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect(),
            )
        };
        let (json, status) = match answer {
            Answer::Result(result) => (envelope("result", Some(result)), 200),
            Answer::Error(error) => (envelope("error", Some(error)), 200),
            Answer::Failure(failure) if failure::is_missing(failure) => break,
            Answer::Failure(failure) => match failure::part_status(failure) {
                Some(status) => (envelope("", None), status),
                None => return Err(answer.clone()),
            },
            Answer::Body(text) => match Node::parse(text) {
                Ok(json) => (json, 200),
                Err(_) => return Err(answer.clone()),
            },
            Answer::Nothing => (envelope("result", Some(&Node::null())), 200),
            _ => return Err(answer.clone()),
        };
        responses.push(Node::object([
            ("json", Some(json)),
            ("statcode", Some(Node::number(status))),
        ]));
    }
    Ok(Node::object([("responses", Some(Node::List(responses)))]))
}
