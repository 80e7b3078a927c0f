//! One request and what it comes to.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use bytes::Bytes;
use futures_util::FutureExt as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::serving::Door;
use super::{NetstringServer, Peer};
use crate::json::{Limits, Text};
use crate::jsonrpc::id::NOBODY;
use crate::jsonrpc::request::{Request, Unreadable};
use crate::jsonrpc::{answer, id};
use crate::server::{Context, Fault, Incoming};
use crate::settings::{DEFAULT_MAX_DEPTH, DEFAULT_MAX_MEMORY};
use crate::wire::{Arguments, Values};

/// The most requests in a batch.
const BATCH: usize = 100;
/// The code of errors of this server itself.
const SERVER: i64 = -32000;

pub(super) fn text(body: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(body).map_err(|_| Fault::parse_error("the text is not UTF-8"))
}

pub(super) fn reader(text: &str) -> Text<'_> {
    Text::new(
        text,
        Limits {
            strict: false,
            depth: DEFAULT_MAX_DEPTH,
            memory: DEFAULT_MAX_MEMORY,
        },
    )
}

/// What a Kamailio wants.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Call(String),
    Notification,
    /// No request, and no id to say so under.
    Nothing,
}

/// Looks what a body asks for.
pub(super) fn look(body: &[u8]) -> Asked {
    let Ok(text) = text(body) else {
        return Asked::Nothing;
    };
    match Request::read(reader(text)) {
        Ok(request) if request.id == NOBODY => Asked::Notification,
        Ok(request) => Asked::Call(request.id.to_owned()),
        Err((_, NOBODY)) => Asked::Nothing,
        Err((_, id)) => Asked::Call(id.to_owned()),
    }
}

/// What a request comes to.
pub(super) enum Outcome {
    Answer(Vec<u8>),
    /// It was a notification.
    Nothing,
    /// The time is over, and no answer is to be sent.
    Late,
    /// Nobody takes an answer any more.
    GivenUp,
}

/// In what servants are called.
pub(super) struct Contexts {
    pub(super) call: Context,
    /// Nobody waits for these, so they go on when the peer has gone.
    pub(super) notification: Context,
    /// Nobody takes answers any more.
    pub(super) gone: CancellationToken,
}

/// A notification that is begun; counted as lost when it is dropped before its end.
struct Begun<'d> {
    door: &'d Door,
    over: bool,
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.door.counts.lost_notifications.add();
        }
    }
}

/// Serves one body.
pub(super) async fn serve(
    door: &Arc<Door>,
    body: &Bytes,
    contexts: &Contexts,
    until: Instant,
) -> Outcome {
    let text = match text(body) {
        Ok(text) => text,
        Err(fault) => return Outcome::Answer(document(&door.setup, Err(fault), NOBODY)),
    };
    let is_batch = text.trim_ascii_start().starts_with('[');
    if is_batch && door.setup.peer == Peer::JsonRpc {
        // Rare, and it makes all others larger.
        return Box::pin(batch(door, text, contexts, until)).await;
    }
    one(door, text, contexts, until).await
}

async fn batch(door: &Arc<Door>, text: &str, contexts: &Contexts, until: Instant) -> Outcome {
    let invalid = |what| {
        Outcome::Answer(document(
            &door.setup,
            Err(Fault::invalid_request(what)),
            NOBODY,
        ))
    };
    let parts = match Arguments::parse(text) {
        Ok(parts) => parts,
        Err(error) => {
            let fault = Fault::parse_error(error);
            return Outcome::Answer(document(&door.setup, Err(fault), NOBODY));
        }
    };
    if parts.is_empty() {
        return invalid("the batch is empty");
    }
    if parts.len() > BATCH {
        return invalid("the batch has more than 100 requests");
    }
    let calls = parts
        .iter()
        .map(|(_, part)| one(door, part, contexts, until));
    let mut all = vec![b'['];
    for outcome in futures_util::future::join_all(calls).await {
        match outcome {
            Outcome::Answer(answer) => {
                if all.len() > 1 {
                    all.push(b',');
                }
                all.extend_from_slice(&answer);
            }
            Outcome::Nothing => {}
            // A part of the answers would say that there are no others.
            Outcome::Late | Outcome::GivenUp => return Outcome::GivenUp,
        }
    }
    if all.len() == 1 {
        return Outcome::Nothing;
    }
    all.push(b']');
    if all.len() > door.setup.answer_bytes {
        door.counts.too_large.add();
        return Outcome::Answer(document(&door.setup, Err(too_large()), NOBODY));
    }
    Outcome::Answer(all)
}

async fn one(door: &Arc<Door>, text: &str, contexts: &Contexts, until: Instant) -> Outcome {
    let setup = &door.setup;
    let request = match Request::read(reader(text)) {
        Ok(request) => request,
        Err((why, id)) => {
            let fault = match why {
                Unreadable::Text(error) => Fault::parse_error(error),
                Unreadable::Form(error) => Fault::invalid_request(error),
                Unreadable::Arguments(error) => Fault::invalid_params(error),
            };
            return Outcome::Answer(document(setup, Err(fault), id));
        }
    };
    // A null id is one that can be answered where that kills nobody.
    let silent =
        request.id == NOBODY && (setup.peer == Peer::Kamailio || id::of_document(text).is_none());
    let (count, context, gone) = if silent {
        (&door.counts.notifications, &contexts.notification, None)
    } else {
        (&door.counts.calls, &contexts.call, Some(&contexts.gone))
    };
    count.add();
    let context = context.clone().with_deadline(until.into_std());
    let mut begun = Begun {
        door,
        over: !silent,
    };
    let performed = pin!(perform(door, &request, &context));
    let ended = within(until, gone, performed).await;
    begun.over = true;
    let result = match ended {
        Ok(result) => result,
        Err(Left::Gone) => return Outcome::GivenUp,
        Err(Left::Late) if silent => {
            door.counts.late.add();
            return Outcome::Nothing;
        }
        Err(Left::Late) if setup.peer == Peer::Kamailio => return Outcome::Late,
        Err(Left::Late) => {
            door.counts.late.add();
            Err(Fault::new(SERVER, "the call took too long"))
        }
    };
    if silent {
        return Outcome::Nothing;
    }
    let mut answer = document(setup, result, request.id);
    if answer.len() > setup.answer_bytes {
        door.counts.too_large.add();
        answer = document(setup, Err(too_large()), request.id);
    }
    Outcome::Answer(answer)
}

/// Why work was left.
enum Left {
    Late,
    Gone,
}

/// What comes of it until then, or until nobody takes it any more. What is there at once costs no timer.
async fn within<F: Future>(
    until: Instant,
    gone: Option<&CancellationToken>,
    mut future: Pin<&mut F>,
) -> Result<F::Output, Left> {
    let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context)));
    if let Poll::Ready(output) = first.await {
        return Ok(output);
    }
    let timed = tokio::time::timeout_at(until, future);
    // Rare, and it makes all others larger.
    let rest = async {
        match gone {
            None => timed.await.map_err(|_| Left::Late),
            Some(gone) => tokio::select! {
                biased;
                output = timed => output.map_err(|_| Left::Late),
                () = gone.cancelled() => Err(Left::Gone),
            },
        }
    };
    Box::pin(rest).await
}

fn perform<'a>(
    door: &'a Door,
    request: &'a Request<'_>,
    context: &'a Context,
) -> impl Future<Output = Result<Values, Fault>> {
    let call = AssertUnwindSafe(find_and_call(door, request, context)).catch_unwind();
    call.map(|result| {
        result.unwrap_or_else(|_| {
            door.counts.panics.add();
            Err(Fault::internal("the servant panicked"))
        })
    })
}

async fn find_and_call(
    door: &Door,
    request: &Request<'_>,
    context: &Context,
) -> Result<Values, Fault> {
    let (router, name) = (&door.setup.router, &*request.method);
    let arguments = &request.arguments;
    let known = door.names.known(router, &door.setup.binding);
    if let Some(found) = known.find(name)? {
        let Some(servant) = found.servant.upgrade() else {
            // Taken out just now.
            return Err(Fault::method_not_found());
        };
        let call = Incoming::new(found.method, arguments, context);
        return servant.call(&call).await;
    }
    for rid in &known.unknown {
        match router.call(rid, name, arguments, context).await {
            Err(fault) if fault.is_method_not_found() => {}
            answer => return answer,
        }
    }
    Err(Fault::method_not_found())
}

/// An error of a call that is refused.
pub(super) fn busy(setup: &NetstringServer, id: &str) -> Vec<u8> {
    document(setup, Err(Fault::new(SERVER, "busy")), id)
}

fn too_large() -> Fault {
    Fault::new(SERVER, "result too large")
}

fn document(setup: &NetstringServer, result: Result<Values, Fault>, id: &str) -> Vec<u8> {
    match result {
        Ok(values) => answer::write_result(id, values.by_name().len(), |writer| {
            if values.is_empty() && setup.peer == Peer::JsonRpc {
                writer.raw("null");
            } else {
                writer.append(|text| setup.binding.write_results(&values, text));
            }
        }),
        Err(fault) => answer::write(Err(&fault.into_numbered()), id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_body_asks_for() {
        for (body, asked) in [
            (
                r#"{"id":2,"method":"a","params":null}"#,
                Asked::Call("2".into()),
            ),
            (r#"{"id":2}"#, Asked::Call("2".into())),
            (r#"{"method":"a"}"#, Asked::Notification),
            (r#"{"method":"a","id":null}"#, Asked::Notification),
            (r#"{"method":"a","id":{}}"#, Asked::Nothing),
            (r#"[{"method":"a","id":1}]"#, Asked::Nothing),
            ("{", Asked::Nothing),
            ("7", Asked::Nothing),
        ] {
            assert_eq!(look(body.as_bytes()), asked, "{body}");
        }
        assert_eq!(look(b"\xff"), Asked::Nothing);
    }
}
