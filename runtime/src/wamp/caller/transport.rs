//! Requests over a session.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use super::layout::{Layout, Objects, OneWay};
use super::refusal::Called;
use super::uris::Uri;
use super::{options, outcome, stream};
use crate::error::{Error, TimeoutError};
use crate::method::{GET_TYPE_INFO, Method};
use crate::wamp::client::Wamp;
use crate::wamp::message::{CALL, Compose, PUBLISH};
use crate::wamp::session::{FAR, Failed, Session};
use crate::wire::{BoxFuture, BoxStream, Capabilities, Item, Reply, Request, Transport, Values};

/// How often a call that never left is tried on another session.
const ATTEMPTS: u32 = 3;

/// A request as it will go out.
pub(super) struct Outgoing<'r> {
    procedure: Uri<'r>,
    arguments: &'r Values,
    layout: Layout,
    object: Option<&'r str>,
    pub(super) times: Times,
}

/// When a call began, and when its time is over.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) start: Instant,
    pub(super) deadline: tokio::time::Instant,
}

impl<'r> Outgoing<'r> {
    /// # Errors
    ///
    /// What must not be sent.
    pub(super) fn new(wamp: &Wamp, request: &'r Request) -> Result<Self, Error> {
        let procedure = procedure(wamp, request)?;
        let setup = &wamp.inner().setup;
        let object = match setup.objects {
            Objects::Argument => Some(request.target()),
            Objects::None | Objects::Part => None,
        };
        let start = tokio::time::Instant::now();
        Ok(Self {
            procedure,
            arguments: request.args(),
            layout: setup.layout.of(request)?,
            object,
            times: Times {
                start: start.into_std(),
                deadline: start + request.timeout().min(FAR),
            },
        })
    }

    /// What an answer on this session is for.
    pub(super) fn called(&self, session: &Session) -> Called<'_> {
        Called {
            procedure: &self.procedure,
            session: session.welcome().session,
        }
    }

    /// The message of a call under this id.
    pub(super) fn call(&self, id: u64, options: &str) -> bytes::Bytes {
        self.message(CALL, id, options)
    }

    fn publication(&self, id: u64, options: &str) -> bytes::Bytes {
        self.message(PUBLISH, id, options)
    }

    fn message(&self, kind: u64, id: u64, options: &str) -> bytes::Bytes {
        let room = self.arguments.by_name().len() + options.len();
        let message = Compose::with_room(kind, room)
            .number(id)
            .object(options)
            .text(&self.procedure);
        if self.layout.is_in_order(self.object) {
            message.in_order(self.arguments).finish()
        } else {
            let payload = self.layout.payload(self.arguments, self.object);
            message.payload(&payload).finish()
        }
    }

    /// A session, within the time of the call.
    pub(super) async fn session(
        &self,
        wamp: &Wamp,
        request: &Request,
    ) -> Result<Arc<Session>, Error> {
        if let Some(session) = wamp.session_at_hand() {
            return Ok(session);
        }
        match Box::pin(wamp.session_until(self.times.deadline)).await {
            Ok(session) => session,
            Err(phase) => {
                let error = TimeoutError::new(phase, request.timeout());
                Err(Error::from(error).with_sent(false, request.is_repeatable()))
            }
        }
    }
}

/// The URI of what is called.
fn procedure<'r>(wamp: &Wamp, request: &'r Request) -> Result<Uri<'r>, Error> {
    let inner = wamp.inner();
    let setup = &inner.setup;
    let Some(method) = request.method() else {
        return Uri::new(request.name().into());
    };
    let object = match setup.objects {
        Objects::Part => request.target().trim_start_matches('/'),
        Objects::None | Objects::Argument if asks_for_type(method) => {
            // It would be one procedure for all objects of all callees, so that nobody registers it.
            return Err(Error::unsupported(
                "procedures name no objects here, so that none can be asked for its type (WampBuilder::objects says how they do)",
            ));
        }
        Objects::None | Objects::Argument => "",
    };
    let name = || setup.binding.method_name(method);
    if object.is_empty() || method.marks.wire.is_some() {
        return inner.uris.of(method, name);
    }
    let name = name();
    Uri::new(Cow::Owned(match name.rsplit_once('.') {
        Some((before, method)) => format!("{before}.{object}.{method}"),
        None => format!("{object}.{name}"),
    }))
}

fn asks_for_type(method: &Method) -> bool {
    method.name == GET_TYPE_INFO.name && method.interface_name() == GET_TYPE_INFO.interface_name()
}

impl Wamp {
    async fn send(&self, request: &Request) -> Result<Reply, Error> {
        let outgoing = Outgoing::new(self, request)?;
        let mut attempt = 1;
        loop {
            let session = outgoing.session(self, request).await?;
            let options = options::of_call(request, session.welcome(), false);
            let called = session
                .call(outgoing.times.deadline, |id| outgoing.call(id, &options))
                .await;
            match called {
                Ok(answer) => {
                    let binding = &self.inner().setup.binding;
                    let called = outgoing.called(&session);
                    return outcome::settle(binding, request, called, answer, outgoing.times.start);
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
            match session.send_in_turn(outgoing.times.deadline, message).await {
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
            .with_room(true)
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
