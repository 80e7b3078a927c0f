//! What became of a call.

use std::fmt;
use std::time::Instant;

use bytes::Bytes;

use super::meaning::rpc_error;
use super::refusal::Called;
use crate::codec::Writer;
use crate::error::text::DeviceText;
use crate::error::{Error, ErrorKind, ErrorMeaning, Outcome, TimeoutError, TimeoutPhase};
use crate::meta::Meta;
use crate::wamp::message::{Object, Payload, object};
use crate::wamp::session::{Answered, Failed, lost};
use crate::wire::{Arguments, Binding, Reply, Request};

/// The attribute with which a call without bindings gets its results as they came.
const WHOLE: &str = "wamp.results";

/// What an answer means for the call.
pub(super) fn settle(
    binding: &Binding,
    request: &Request,
    called: Called<'_>,
    answer: Answered,
    start: Instant,
) -> Result<Reply, Error> {
    match answer {
        Answered::Result { details, payload } => {
            let bytes = size(&payload);
            if bytes > request.max_response_bytes() {
                let error = Error::response_too_large(request.max_response_bytes(), bytes);
                // There was a result.
                return Err(error.with_outcome(Outcome::Executed));
            }
            Ok(reply(request, &payload).with_meta(meta(&details, &payload, start)))
        }
        Answered::Error {
            details,
            uri,
            payload,
        } => {
            let meta = meta(&details, &Payload::NONE, start);
            let error = error(binding, request, called, &details, uri, &payload);
            Err(error.with_meta(meta))
        }
        Answered::Done { .. } => {
            let what = "a call was answered with what belongs to another request";
            Err(crate::error::ProtocolError::new(what).into())
        }
    }
}

/// A value that was reported before the result.
pub(super) fn report(details: &Object, payload: &Payload, start: Instant) -> Reply {
    let reply = if payload.has_args() || !payload.has_kwargs() {
        Reply::by_position(payload.args())
    } else {
        Reply::bare(payload.kwargs())
    };
    reply.with_meta(meta(details, &Payload::NONE, start))
}

fn size(payload: &Payload) -> usize {
    let bytes = |part: &Option<Bytes>| part.as_ref().map_or(0, Bytes::len);
    bytes(&payload.args) + bytes(&payload.kwargs)
}

/// The results, in the form in which they came.
fn reply(request: &Request, payload: &Payload) -> Reply {
    let (args, kwargs) = (payload.has_args(), payload.has_kwargs());
    let Some(method) = request.method() else {
        return untyped(request, payload);
    };
    match (method.results, args, kwargs) {
        ([], _, _) => Reply::nothing(),
        (_, false, true) => Reply::by_name(payload.kwargs()),
        (names, true, true) => match together(names, payload) {
            Some(object) => Reply::by_name(object),
            None => Reply::by_position(payload.args()),
        },
        _ => Reply::by_position(payload.args()),
    }
}

/// Some results in order, more by name: all by name. Nothing when all stand in order.
fn together(names: &[&str], payload: &Payload) -> Option<Bytes> {
    let (args, kwargs) = (payload.args(), payload.kwargs());
    let args = Arguments::parse(std::str::from_utf8(&args).ok()?).ok()?;
    if args.len() >= names.len() {
        return None;
    }
    let mut object = Writer::new();
    object.byte(b'{');
    for (name, (_, value)) in names.iter().zip(args.iter()) {
        object.string(name);
        object.byte(b':');
        object.raw(value);
        object.byte(b',');
    }
    // Behind the comma goes what is in the other object.
    object.raw_bytes(kwargs.trim_ascii().strip_prefix(b"{")?);
    Some(object.into_bytes())
}

/// One result stands alone, several are an array, those by name an object; both are an object of both, and so is everything when
/// that was asked for.
fn untyped(request: &Request, payload: &Payload) -> Reply {
    let whole = request.attribute(WHOLE) == Some("whole");
    match (payload.has_args(), payload.has_kwargs()) {
        (false, false) if !whole => Reply::nothing(),
        (false, true) if !whole => Reply::bare(payload.kwargs()),
        (true, false) if !whole => {
            let args = payload.args();
            let only = std::str::from_utf8(&args)
                .ok()
                .and_then(|text| Arguments::parse(text).ok())
                .filter(|all| all.len() == 1)
                .and_then(|all| {
                    all.get(0, "")
                        .map(|one| Bytes::copy_from_slice(one.as_bytes()))
                });
            Reply::bare(only.unwrap_or(args))
        }
        _ => {
            let mut both = Writer::new();
            both.raw(r#"{"args":"#);
            both.raw_bytes(&payload.args());
            both.raw(r#","kwargs":"#);
            both.raw_bytes(&payload.kwargs());
            both.byte(b'}');
            Reply::bare(both.into_bytes())
        }
    }
}

/// Who answered, after how long.
fn meta(details: &Object, payload: &Payload, start: Instant) -> Meta {
    let mut meta = Meta::default();
    meta.attempts = 1;
    meta.elapsed = Some(start.elapsed());
    let mut session = None;
    details.each(|name, value| match name {
        "callee" => session = object::number(value),
        "callee_authid" => {
            if let Some(authid) = object::text(value) {
                meta.peer = Some(authid.as_str().into());
                meta.set_attribute("wamp.callee_authid", authid);
            }
        }
        "callee_authrole" => {
            if let Some(role) = object::text(value) {
                meta.set_attribute("wamp.callee_authrole", role);
            }
        }
        _ => {}
    });
    if let Some(session) = session {
        let session = session.to_string();
        meta.peer.get_or_insert_with(|| session.as_str().into());
        meta.set_attribute("wamp.callee", session);
    }
    if payload.has_args() && payload.has_kwargs() {
        let text = String::from_utf8_lossy(&payload.kwargs()).into_owned();
        meta.set_attribute("wamp.kwargs", text);
    }
    meta
}

/// What an error that came back means for the call.
fn error(
    binding: &Binding,
    request: &Request,
    called: Called<'_>,
    details: &Object,
    uri: String,
    payload: &Payload,
) -> Error {
    let told = rpc_error(uri.clone(), payload);
    let was_not_begun = called.was_not_begun(details, &uri, &told.message, payload);
    let timed_out = || {
        let timeout = TimeoutError::new(TimeoutPhase::FirstByte, request.timeout());
        Error::from(timeout)
            .with_sent(true, request.is_repeatable())
            .with_source(Ended::new(&uri, &told.message))
    };
    match &*uri {
        "wamp.error.timeout" => timed_out(),
        "wamp.error.canceled" | "wamp.error.cancelled" if told.message.contains("timeout") => {
            timed_out()
        }
        "wamp.error.unavailable" if was_not_begun => {
            ErrorKind::Rpc(told.with_meaning(ErrorMeaning::Unavailable)).into()
        }
        // Nobody here cancels a call and then waits for it.
        "wamp.error.canceled"
        | "wamp.error.cancelled"
        | "wamp.error.no_eligible_callee"
        | "wamp.error.no_available_callee"
        | "wamp.error.unavailable"
        | "wamp.error.network_failure" => lost()
            .with_sent(true, request.is_repeatable())
            .with_outcome(Outcome::Unknown)
            .with_source(Ended::new(&uri, &told.message)),
        _ => {
            let error = Error::from(ErrorKind::Rpc(binding.error(told)));
            if was_not_begun {
                // Whatever the URI: nothing is registered where the call came to, say.
                error.with_outcome(Outcome::NotExecuted)
            } else {
                // It may be what the callee got from another, with half of its work done.
                error
                    .with_sent(true, request.is_repeatable())
                    .with_outcome(Outcome::Unknown)
            }
        }
    }
}

/// Why there is no answer.
pub(super) fn failed(request: &Request, failed: Failed) -> Error {
    let repeatable = request.is_repeatable();
    match failed {
        Failed::NotSent(why) => why,
        Failed::Ended { why, sent } => {
            let error = why.with_sent(sent, repeatable);
            if sent {
                error
            } else {
                error.with_outcome(Outcome::NotExecuted)
            }
        }
        Failed::TimedOut { phase, sent } => {
            Error::from(TimeoutError::new(phase, request.timeout())).with_sent(sent, repeatable)
        }
    }
}

/// The router ended the call in the place of the callee.
#[derive(Debug)]
struct Ended {
    uri: String,
    message: String,
}

impl Ended {
    fn new(uri: &str, message: &str) -> Self {
        Self {
            uri: uri.to_owned(),
            message: message.to_owned(),
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the router ended the call: {}", DeviceText(&self.uri))?;
        if self.message.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", DeviceText(&self.message))
    }
}

impl std::error::Error for Ended {}
