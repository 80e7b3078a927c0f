//! Replies of a wire as answers of a recording, and back.

use std::time::Duration;

use super::entry::Answer;
use super::failure;
use super::json::Node;
use crate::error::{Error, TimeoutError, TimeoutPhase};
use crate::id::RequestId;
use crate::wire::{Binding, Reply, ResultStyle, Results};

impl Answer {
    /// What came back.
    pub(super) fn of(reply: &Result<Reply, Error>) -> Self {
        match reply {
            Ok(reply) => of_reply(reply),
            Err(error) => Self::Failure(failure::of(error)),
        }
    }
}

fn of_reply(reply: &Reply) -> Answer {
    let form: fn(Node) -> Answer = match reply.results() {
        Results::Nothing => return Answer::Nothing,
        Results::Envelope { body, id } => {
            let node = Node::parse_bytes(body);
            let style = reply.binding().map_or(ResultStyle::ByName, style);
            return node
                .and_then(|node| of_envelope(&node, *id, style))
                .unwrap_or_else(|| unreadable(body));
        }
        Results::ByName(_) => Answer::Result,
        Results::ByPosition(_) => Answer::ByPosition,
        Results::Bare(_) => Answer::Bare,
    };
    let body = reply.results().body();
    Node::parse_bytes(body).map_or_else(|| unreadable(body), form)
}

fn style(binding: &Binding) -> ResultStyle {
    binding.results
}

/// The result or the error of an answer, if the runtime reads it as one to this request.
fn of_envelope(node: &Node, id: RequestId, style: ResultStyle) -> Option<Answer> {
    let version = node.get("jsonrpc");
    if version.is_some_and(|version| version.as_text() != Some("2.0")) {
        return None;
    }
    let says = |name: &str| node.get(name).filter(|value| !value.is_null());
    let its_id = node.get("id")?;
    let is_its = its_id.as_number() == Some(id.get());
    match (says("error"), node.get("result")) {
        (Some(error), _) if says("result").is_none() => {
            (is_its || its_id.is_null()).then(|| Answer::Error(error.clone()))
        }
        (None, Some(result)) if is_its => {
            // Of two nulls neither says anything.
            if result.is_null() && node.get("error").is_some() {
                return None;
            }
            let result = result.clone();
            Some(match style {
                ResultStyle::ByName => Answer::Result(result),
                ResultStyle::ByPosition => Answer::ByPosition(result),
                ResultStyle::Bare => Answer::Bare(result),
            })
        }
        _ => None,
    }
}

fn unreadable(body: &[u8]) -> Answer {
    Answer::Body(String::from_utf8_lossy(body).into_owned())
}

/// The reply for a call that was recorded with this answer; for the call with this id, which may take `timeout`.
///
/// # Errors
///
/// `Err(Ok(error))` is the error that was recorded, `Err(Err(what))` says why there is none that can be made again.
pub(super) fn reply(
    answer: &Answer,
    id: RequestId,
    took: Duration,
    repeatable: bool,
) -> Result<Reply, Result<Error, String>> {
    let envelope = |name: &str, value: &Node| {
        let value = value.compact();
        let id = id.get();
        Reply::envelope(
            format!(r#"{{"jsonrpc":"2.0","{name}":{value},"id":{id}}}"#),
            id_of(id),
        )
    };
    let reply = match answer {
        Answer::Result(node) => envelope("result", node),
        Answer::Error(node) => envelope("error", node),
        Answer::ByPosition(node) => Reply::by_position(node.compact()),
        Answer::Bare(node) => Reply::bare(node.compact()),
        Answer::Nothing => Reply::nothing(),
        Answer::Body(text) => Reply::envelope(text.clone(), id),
        Answer::Progress(_, end) => return reply_of_end(end, id, took, repeatable),
        Answer::Failure(node) => return Err(failure::again(node, took, repeatable)),
        Answer::GivenUp => return Err(Ok(given_up(took, repeatable))),
        Answer::File(_) | Answer::Uploaded(_) => {
            return Err(Err(
                "the entry is of a call and its answer of a file".to_owned()
            ));
        }
    };
    Ok(reply.with_attempts(1).with_elapsed(took))
}

fn reply_of_end(
    end: &Answer,
    id: RequestId,
    took: Duration,
    repeatable: bool,
) -> Result<Reply, Result<Error, String>> {
    match end {
        // Text nests no answers.
        Answer::Progress(..) => Err(Err("an answer in an answer".to_owned())),
        _ => reply(end, id, took, repeatable),
    }
}

fn id_of(id: u64) -> RequestId {
    RequestId::new(id)
}

/// Nobody knows what would have come; a caller that waits longer gets no answer.
pub(super) fn given_up(limit: Duration, repeatable: bool) -> Error {
    Error::from(TimeoutError::new(TimeoutPhase::FirstByte, limit)).with_sent(true, repeatable)
}
