//! Requests over a session.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use super::layout::{Objects, OneWay};
use super::{options, outcome, stream};
use crate::error::{Error, TimeoutError, TimeoutPhase};
use crate::method::{GET_TYPE_INFO, Method};
use crate::wamp::client::Wamp;
use crate::wamp::error::bad_uri;
use crate::wamp::message::{CALL, Compose, PUBLISH, Payload};
use crate::wamp::session::{FAR, Failed, Session};
use crate::wamp::uri;
use crate::wire::{BoxFuture, BoxStream, Capabilities, Item, Reply, Request, Transport};

/// How often a call that never left is tried on another session.
const ATTEMPTS: u32 = 3;

/// A request as it will go out.
pub(super) struct Outgoing {
    pub(super) procedure: String,
    pub(super) payload: Payload,
    pub(super) start: Instant,
    pub(super) deadline: tokio::time::Instant,
}

impl Outgoing {
    /// # Errors
    ///
    /// What must not be sent.
    pub(super) fn new(wamp: &Wamp, request: &Request) -> Result<Self, Error> {
        let procedure = procedure(wamp, request)?;
        let setup = &wamp.inner().setup;
        let object = match setup.objects {
            Objects::Argument => Some(request.target()),
            Objects::None | Objects::Part => None,
        };
        let layout = setup.layout.of(request)?;
        Ok(Self {
            procedure,
            payload: layout.payload(request.args(), object),
            start: Instant::now(),
            deadline: tokio::time::Instant::now() + request.timeout().min(FAR),
        })
    }

    /// The message of a call under this id.
    pub(super) fn call(&self, id: u64, options: &str) -> bytes::Bytes {
        let room = self.payload.args.as_ref().map_or(0, bytes::Bytes::len)
            + self.payload.kwargs.as_ref().map_or(0, bytes::Bytes::len);
        Compose::with_room(CALL, room)
            .number(id)
            .object(options)
            .text(&self.procedure)
            .payload(&self.payload)
            .finish()
    }

    fn publication(&self, id: u64, options: &str) -> bytes::Bytes {
        Compose::new(PUBLISH)
            .number(id)
            .object(options)
            .text(&self.procedure)
            .payload(&self.payload)
            .finish()
    }

    /// A session, within the time of the call.
    pub(super) async fn session(
        &self,
        wamp: &Wamp,
        request: &Request,
    ) -> Result<Arc<Session>, Error> {
        match tokio::time::timeout_at(self.deadline, wamp.session()).await {
            Ok(session) => session,
            Err(_) => {
                let error = TimeoutError::new(TimeoutPhase::Connect, request.timeout());
                Err(Error::from(error).with_sent(false, request.is_repeatable()))
            }
        }
    }
}

/// The URI of what is called.
fn procedure(wamp: &Wamp, request: &Request) -> Result<String, Error> {
    let setup = &wamp.inner().setup;
    let asks_for_type = |method: &Method| method.interface_name() == GET_TYPE_INFO.interface_name();
    if setup.objects != Objects::Part && request.method().is_some_and(asks_for_type) {
        // It would be one procedure for all objects of all callees, so that nobody registers it.
        return Err(Error::unsupported(
            "procedures name no objects here, so that none can be asked for its type (WampBuilder::objects says how they do)",
        ));
    }
    let name = setup.binding.name(request);
    let wired = request.marks().wire.is_some();
    let name = match setup.objects {
        Objects::Part if !wired && request.method().is_some() => {
            let object = request.target().trim_start_matches('/');
            match name.rsplit_once('.') {
                _ if object.is_empty() => name,
                Some((before, method)) => Cow::Owned(format!("{before}.{object}.{method}")),
                None => Cow::Owned(format!("{object}.{name}")),
            }
        }
        _ => name,
    };
    uri::check(&name).map_err(|why| bad_uri(&name, why))?;
    Ok(name.into_owned())
}

impl Wamp {
    async fn send(&self, request: &Request) -> Result<Reply, Error> {
        let outgoing = Outgoing::new(self, request)?;
        let mut attempt = 1;
        loop {
            let session = outgoing.session(self, request).await?;
            let options = options::of_call(request, session.welcome(), false);
            let called = session
                .call(outgoing.deadline, |id| outgoing.call(id, &options))
                .await;
            match called {
                Ok(answer) => {
                    let binding = &self.inner().setup.binding;
                    return outcome::settle(binding, request, answer, outgoing.start);
                }
                // It never left.
                Err(Failed::Ended { sent: false, .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(failed) => return Err(outcome::failed(request, failed)),
            }
        }
    }

    async fn send_one_way(&self, request: &Request) -> Result<(), Error> {
        let outgoing = Outgoing::new(self, request)?;
        let mut attempt = 1;
        loop {
            let session = outgoing.session(self, request).await?;
            let id = session.take_id();
            let message = match self.inner().setup.one_way {
                OneWay::DropAnswer => {
                    let options = options::of_call(request, session.welcome(), false);
                    outgoing.call(id, &options)
                }
                OneWay::Publish => outgoing.publication(id, &options::of_publication(request)),
            };
            match session.send_in_turn(outgoing.deadline, message).await {
                Ok(()) => return Ok(()),
                Err(Failed::Ended { sent: false, .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(failed) => return Err(outcome::failed(request, failed)),
            }
        }
    }
}

impl Transport for Wamp {
    fn origin(&self) -> &str {
        &self.inner().origin
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::NONE
            .with_notify(true)
            .with_stream(true)
            .with_pipeline(true)
    }

    fn check_target(&self, target: &str) -> Result<(), &'static str> {
        match (self.inner().setup.objects, target) {
            (Objects::None, "" | "/") => Ok(()),
            (Objects::None, _) => Err(
                "not empty, and procedures name no objects here (WampBuilder::objects says how they do where there are several)",
            ),
            (Objects::Argument, _) => crate::rid::check(target),
            (Objects::Part, "" | "/") => Ok(()),
            (Objects::Part, target) if target.contains(['.', '#']) => {
                Err("one with `.` or `#` in it, which no part of a URI may have")
            }
            (Objects::Part, target) => crate::rid::check(target),
        }
    }

    fn call<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Error>> {
        Box::pin(self.send(request))
    }

    fn notify<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(self.send_one_way(request))
    }

    fn stream(self: Arc<Self>, request: Request) -> BoxStream<'static, Result<Item, Error>> {
        stream::stream((*self).clone(), request)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.leave())
    }
}
