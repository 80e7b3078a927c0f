//! Bulk requests, served by sending their parts through the router again.

use std::time::{Duration, Instant};

use bytes::Bytes;
use xerus_wire_id::WireId;

use super::caps::Caps;
use super::context::Context;
use super::fault::Fault;
use super::incoming::Incoming;
use super::outcome::{OK, Outcome};
use crate::bulk::BULK_RID;
use crate::codec::{Decode, Reader, ReaderOptions, Writer};
use crate::error::{DecodeError, RpcError};
use crate::json::{NON_EMPTY, duplicate};
use crate::jsonrpc::request::Request;
use crate::jsonrpc::{answer, id};
use crate::type_info::TypeInfo;
use crate::wire::BoxFuture;

/// The three methods of `bulkrpc.BulkRequest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// `performBulk`: documents as objects.
    Objects,
    /// `performBulkTimeout`: the same, ending early when time is up.
    ObjectsInTime,
    /// `performRequest`: documents as strings, from before firmware 3.1.
    Strings,
}

impl Method {
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "performBulk" => Some(Self::Objects),
            "performBulkTimeout" => Some(Self::ObjectsInTime),
            "performRequest" => Some(Self::Strings),
            _ => None,
        }
    }
}

/// The type of the object that answers them: the version with these methods.
pub(super) fn type_info() -> TypeInfo {
    let id = WireId::new("bulkrpc.BulkRequest:1.0.2").expect("it is one");
    TypeInfo::new(id, [])
}

/// What answers requests: a [`Router`](super::Router), or something that stands in front of one.
///
/// [`Router::handle_through`](super::Router::handle_through) gives it the requests in a bulk, one by one.
pub trait PartHandler: Sync {
    /// Answers a JSON-RPC request.
    fn handle<'a>(
        &'a self,
        rid: &'a str,
        body: &'a [u8],
        context: Context,
    ) -> BoxFuture<'a, Outcome>;
}

/// Executes the requests one after the other; the `result` of the answer.
///
/// The answer never holds more than the cap and one part: it is counted while it is written.
pub(super) async fn perform(
    parts_to: &dyn PartHandler,
    method: Method,
    call: &Incoming<'_>,
    caps: &Caps,
) -> Result<Bytes, Fault> {
    let context = call.context();
    let parts: Vec<Part> = call.argument(0, "requests")?;
    if parts.len() > caps.bulk_parts {
        return Err(too_many(parts.len(), caps.bulk_parts));
    }
    let deadline = match method {
        Method::ObjectsInTime => {
            let limit: i32 = call.argument(1, "timeoutMs")?;
            let limit =
                u64::try_from(limit).map_err(|_| Fault::invalid_params("timeoutMs is negative"))?;
            Some(Duration::from_millis(limit))
        }
        _ => None,
    };
    let start = Instant::now();
    // A part that waits, for an event say, learns how long the caller does.
    let in_time = deadline.and_then(|limit| start.checked_add(limit));
    let in_time = in_time.map(|limit| context.deadline.map_or(limit, |known| known.min(limit)));
    let limited = in_time.map(|limit| context.clone().with_deadline(limit));
    let context = limited.as_ref().unwrap_or(context);
    let mut writer = Writer::new();
    writer.raw(r#"{"responses":["#);
    for (index, part) in parts.iter().enumerate() {
        if deadline.is_some_and(|limit| start.elapsed() >= limit) {
            // The caller learns from the length how far it came.
            break;
        }
        if index > 0 {
            writer.byte(b',');
        }
        let before = writer.len();
        let outcome = execute(parts_to, part, context).await;
        write_part(&mut writer, method, &outcome);
        if writer.len() > caps.answer_bytes {
            let executed = index + 1;
            if deadline.is_none() {
                return Err(too_long(executed, parts.len(), caps.answer_bytes));
            }
            // A list that ends early says "not executed" of what is missing, and this one was: it gets an answer, a short one.
            let error = RpcError::from(left_out(caps.answer_bytes));
            writer.truncate(before);
            let body = answer::write(Err(&error), part.id());
            write_part(&mut writer, method, &Outcome { status: OK, body });
            break;
        }
    }
    writer.raw("]}");
    Ok(Bytes::from(writer.finish()?))
}

/// One element of the list of responses.
fn write_part(writer: &mut Writer, method: Method, outcome: &Outcome) {
    writer.raw(r#"{"json":"#);
    match (method, std::str::from_utf8(&outcome.body)) {
        (Method::Strings, Ok(text)) => writer.string(text),
        _ => writer.raw_bytes(&outcome.body),
    }
    writer.raw(r#","statcode":"#);
    writer.integer(i64::from(outcome.status));
    writer.byte(b'}');
}

/// Nothing was executed.
fn too_many(parts: usize, cap: usize) -> Fault {
    Fault::invalid_params(format_args!(
        "{parts} requests in one bulk, and {cap} is the most that is taken; none was executed: send them in several bulks"
    ))
}

fn too_long(executed: usize, parts: usize, cap: usize) -> Fault {
    Fault::new(
        TOO_LONG,
        format!(
            "The answer to this bulk is longer than {cap} bytes, the most that is sent. The first {executed} of {parts} requests were \
             executed, the others were not: send fewer in one bulk"
        ),
    )
}

fn left_out(cap: usize) -> Fault {
    Fault::new(
        TOO_LONG,
        format!(
            "The request was executed, and the answer is left out: with it, that of the bulk is longer than {cap} bytes, the most that \
             is sent. Send fewer requests in one bulk"
        ),
    )
}

/// The answer of a single call is too long.
pub(super) fn single_too_long(bytes: usize, cap: usize) -> Fault {
    Fault::new(
        TOO_LONG,
        format!(
            "The call was executed, and the answer has {bytes} bytes, more than the {cap} that are sent: ask for less at a time"
        ),
    )
}

/// The first of the codes that servers define for themselves.
const TOO_LONG: i64 = -32000;

async fn execute(parts_to: &dyn PartHandler, part: &Part, context: &Context) -> Outcome {
    if part.rid.trim_matches('/') == BULK_RID.trim_matches('/') && is_bulk(&part.document) {
        // A bulk inside a bulk could be nested without end.
        let error = RpcError::from(Fault::invalid_request("bulk inside bulk"));
        let body = answer::write(Err(&error), part.id());
        return Outcome { status: OK, body };
    }
    parts_to
        .handle(&part.rid, part.document.as_bytes(), context.clone())
        .await
}

/// Whether a document calls one of the three methods. What cannot be read does not.
fn is_bulk(document: &str) -> bool {
    let options = ReaderOptions::default();
    let Ok(reader) = Reader::from_bytes(document.as_bytes(), &options) else {
        return false;
    };
    Request::read(reader.into_text()).is_ok_and(|request| Method::of(&request.method).is_some())
}

/// One request of a bulk: a resource id and a document, given as an object or as a string.
struct Part {
    rid: String,
    document: String,
}

impl Part {
    /// The id to answer under; what cannot be read has none.
    fn id(&self) -> &str {
        id::of_document(&self.document)
            .filter(|id| id::can_be_echoed(id))
            .unwrap_or(id::NOBODY)
    }
}

impl Decode for Part {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (mut rid, mut document) = (None, None);
        reader.peek();
        let start = reader.offset();
        if reader.open_object("an object")? == NON_EMPTY {
            loop {
                reader.peek();
                let at = reader.offset();
                let name = reader.key()?;
                match &*name {
                    "rid" if rid.is_none() => {
                        rid = Some(reader.value().map_err(|error| error.member("rid"))?);
                    }
                    "json" if document.is_none() => {
                        document = Some(if reader.peek() == Some(b'"') {
                            reader.value()?
                        } else {
                            reader.raw_value()?.to_owned()
                        });
                    }
                    "rid" | "json" => return Err(duplicate(at).member(name.into_owned())),
                    _ => reader.skip_value()?,
                }
                if !reader.more_members()? {
                    break;
                }
            }
        }
        match (rid, document) {
            (Some(rid), Some(document)) => Ok(Self { rid, document }),
            (None, _) => Err(DecodeError::missing("rid", start)),
            (_, None) => Err(DecodeError::missing("json", start)),
        }
    }
}
