//! Calls: through authentication and faults to the objects.

use std::sync::OnceLock;

use bytes::Bytes;
use hyper::body::{Body as _, Incoming};
use hyper::header::HeaderMap;
use hyper::{Response, StatusCode};
use xerus_rpc::server::{Context, Outcome, PartHandler, Router};
use xerus_rpc::wire::BoxFuture;

use super::answer;
use super::auth::{Presented, presented};
use super::body::{AnswerBody, TornDown};
use super::caller::{NotLetIn, anybody, changes_own_password, method_of};
use super::connection::Link;
use super::listen::Door;
use crate::fault::{self, Before, Call, Fault, Generation, Subject, spelled};

/// The body of a request is read before anybody looks who sends it, if it announces no more than this: a client that writes head and body apart
/// reads no answer in between.
const SMALL: u64 = 64 * 1024;

impl Door {
    /// The answer to a call. `open`: to everybody. `Err` tears the connection down without an answer.
    pub(super) async fn object(
        &self,
        rid: &str,
        open: bool,
        headers: &HeaderMap,
        body: Incoming,
        link: &Link,
    ) -> Result<Response<AnswerBody>, TornDown> {
        let caller = match open {
            true => Ok(anybody(headers, link)),
            false => self.caller(headers, None, link),
        };
        let small = body.size_hint().upper().is_some_and(|most| most <= SMALL);
        if caller.is_err() && !small {
            return Ok(self.turned_away(body).await);
        }
        let body = match self.whole(body).await {
            Ok(body) => body,
            Err(status) => return Ok(answer::plain(status)),
        };
        link.watch.work();
        let faults = self
            .faults
            .take(|| Subject::of_call(self.seen(rid, &body), &body, |rid| self.names(rid)));
        let token = self.token(headers);
        let reused = link.is_reused();
        let generation = self.memory.generation(&faults);
        let before = fault::before(faults, token.as_deref(), &self.memory, reused, link).await?;
        let after = match before {
            Before::Execute(after) => after,
            Before::Answer(answer) => return Ok(answer),
        };
        let answer = match caller {
            Ok(context) => match generation {
                Some(now) => self.called_with_stale(now, rid, &body, context).await,
                None => self.called(rid, &body, context).await,
            },
            Err(NotLetIn) => answer::unauthorized(),
        };
        after.finish(answer, link)
    }

    /// A call on a device whose references to sensors grow stale.
    async fn called_with_stale(
        &self,
        now: Generation,
        rid: &str,
        body: &Bytes,
        context: Context,
    ) -> Response<AnswerBody> {
        let known = match std::str::from_utf8(body) {
            Ok(text) => Bytes::from(now.incoming(text)),
            Err(_) => body.clone(),
        };
        let answer = self.called(&now.known(rid), &known, context).await;
        let (parts, body) = answer.into_parts();
        let body = match body.into_bytes() {
            Ok(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => AnswerBody::bytes(now.outgoing(text).into()),
                Err(_) => AnswerBody::bytes(bytes),
            },
            Err(stream) => stream,
        };
        Response::from_parts(parts, body)
    }

    async fn called(&self, rid: &str, body: &Bytes, context: Context) -> Response<AnswerBody> {
        if self.must_change_password(&context) && !changes_own_password(&context, rid, body) {
            return answer::password_change_required();
        }
        self.recorder.note(rid, body);
        // One router for the whole of a bulk request, whatever happens to the device meanwhile.
        let router = self.router();
        let parts = Parts {
            door: self,
            router: &router,
            rid,
            body,
            bulk: OnceLock::new(),
        };
        let outcome = router.handle_through(&parts, rid, body, context).await;
        match StatusCode::from_u16(outcome.status) {
            Ok(StatusCode::OK) => answer::json(outcome.body.into()),
            // The router's document is for items of a bulk request; alone, a status speaks for itself.
            Ok(status) => answer::plain(status),
            Err(_) => answer::plain(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// A call as the rules of faults look at it.
    fn seen(&self, rid: &str, body: &[u8]) -> Call {
        Call {
            names: self.names(&spelled(rid)),
            method: method_of(body),
        }
    }

    /// The session token of a request.
    pub(super) fn token(&self, headers: &HeaderMap) -> Option<String> {
        match presented(headers, None) {
            Presented::Token(token) => Some(token),
            _ => None,
        }
    }
}

/// The calls in a bulk, each with its faults.
struct Parts<'d> {
    door: &'d Door,
    router: &'d Router,
    /// Those of the bulk.
    rid: &'d str,
    body: &'d [u8],
    /// The bulk itself, once somebody wants to know.
    bulk: OnceLock<Call>,
}

impl PartHandler for Parts<'_> {
    fn handle<'a>(
        &'a self,
        rid: &'a str,
        body: &'a [u8],
        context: Context,
    ) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let faults = self.door.faults.take_part(|| {
                let bulk = || self.door.seen(self.rid, self.body);
                (self.bulk.get_or_init(bulk), self.door.seen(rid, body))
            });
            let mut changes = Vec::new();
            for fault in faults {
                match fault {
                    Fault::PartDelay(delay) => tokio::time::sleep(delay).await,
                    Fault::PartStatus(status) => return Outcome::new(status, b"{}".to_vec()),
                    change => changes.push(change),
                }
            }
            let mut outcome = self.router.handle(rid, body, context).await;
            if outcome.status == StatusCode::OK.as_u16() {
                outcome.body = changes.iter().fold(outcome.body, fault::changed);
            }
            outcome
        })
    }
}
