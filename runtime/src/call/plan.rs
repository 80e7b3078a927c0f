//! Everything of a call but the type of its result.

use std::sync::Arc;
use std::time::Duration;

use super::results::{Callee, Form};
use super::untyped;
use crate::agent::Agent;
use crate::attributes::Attributes;
use crate::codec::{self, Encode, Reader, ReaderOptions, Writer};
use crate::error::{EncodeError, EnvelopeError, Error};
use crate::json_text::Json;
use crate::jsonrpc::answer::{self, Sink};
use crate::method::Method;
use crate::wire::{Called, Reply, Request, ResultStyle, Results, Values};

/// Everything of a call but the type of its result.
#[derive(Clone)]
pub struct Plan {
    pub(crate) agent: Agent,
    pub(crate) target: Arc<str>,
    pub(crate) method: Called,
    /// The arguments, or why the call must not be sent.
    pub(crate) args: Result<Values, Error>,
    /// Time that this call may take, where it says so itself.
    pub(crate) timeout: Option<Duration>,
    pub(crate) repeatable: bool,
    pub(crate) long_poll: bool,
    /// Whether an automatic bulk takes it, where the caller says so.
    pub(crate) auto_bulk: Option<bool>,
    pub(crate) attributes: Attributes,
}

impl Plan {
    pub(super) fn new(
        agent: &Agent,
        target: Arc<str>,
        method: &'static Method,
        args: Result<&[&dyn Encode], Error>,
    ) -> Self {
        Self {
            agent: agent.clone(),
            target,
            method: Called::Described(method),
            args: args.and_then(|args| Ok(encode_arguments(method, args)?)),
            timeout: None,
            repeatable: method.marks.repeatable,
            long_poll: method.marks.long_poll,
            auto_bulk: None,
            attributes: Attributes::NONE,
        }
    }

    /// A call without bindings.
    pub(super) fn untyped(agent: &Agent, target: &str, method: &str, params: &Json) -> Self {
        Self {
            agent: agent.clone(),
            target: target.into(),
            method: Called::Name(method.into()),
            args: untyped::arguments(params),
            timeout: None,
            repeatable: untyped::is_repeatable(method),
            long_poll: untyped::is_long_poll(method),
            auto_bulk: None,
            attributes: Attributes::NONE,
        }
    }

    /// A request on its way, as a call of an agent, in the time that it has left.
    pub(crate) fn of_request(agent: &Agent, request: &Request, time: Duration) -> Self {
        Self {
            agent: agent.clone(),
            target: Arc::clone(request.shared_target()),
            method: request.called().clone(),
            args: Ok(request.args().clone()),
            timeout: Some(time),
            repeatable: request.is_repeatable(),
            long_poll: request.is_long_poll(),
            auto_bulk: None,
            attributes: Attributes::NONE,
        }
    }

    /// The time for the whole call.
    pub(crate) fn time(&self) -> Duration {
        let own = self
            .method
            .method()
            .and_then(|method| method.marks.timeout());
        self.timeout
            .unwrap_or_else(|| self.agent.settings().time_for(own, self.long_poll))
    }

    /// The arguments of a call that can be sent.
    pub(crate) fn check(&self) -> Result<&Values, Error> {
        let args = match &self.args {
            Ok(args) => args,
            Err(error) => return Err(self.blame(error.clone())),
        };
        match self.agent.transport().check_target(&self.target) {
            Ok(()) => Ok(args),
            Err(reason) => Err(self.blame(Error::bad_rid(reason))),
        }
    }

    /// The request to be sent.
    pub(crate) fn request(&self) -> Result<Request, Error> {
        let args = self.check()?.clone();
        Ok(
            Request::made(Arc::clone(&self.target), self.method.clone(), args)
                .with_timeout(self.time())
                .with_own_timeout(self.timeout.is_some())
                .with_repeatable(self.repeatable)
                .with_long_poll(self.long_poll)
                .with_auto_bulk_as(self.auto_bulk)
                .with_max_response_bytes(self.agent.settings().max_response_bytes)
                .with_attributes(self.attributes.clone()),
        )
    }

    pub(crate) async fn send(&self) -> Result<Reply, Error> {
        let request = self.request()?;
        let transport = self.agent.transport();
        let reply = if request.marks().one_way && transport.capabilities().notify {
            transport.notify(&request).await.map(|()| Reply::nothing())
        } else {
            transport.call(&request).await
        };
        reply.map_err(|error| self.blame(error))
    }

    /// Checks an answer and hands its results to `sink`.
    pub(crate) fn receive(
        &self,
        reply: &Reply,
        sink: &mut dyn FnMut(&Callee<'_>, &mut Reader<'_>) -> Result<(), crate::error::DecodeError>,
    ) -> Result<(), Error> {
        let limit = self.agent.settings().max_response_bytes;
        let size = reply.results().body().len();
        if size > limit {
            return Err(self.blame(Error::response_too_large(limit, size)));
        }
        let options = ReaderOptions::for_agent(&self.agent);
        let form = match reply.results() {
            Results::ByPosition(_) => Form::ByPosition,
            Results::Bare(_) => Form::Bare,
            Results::Envelope { .. } => self.form_in_envelope(reply),
            Results::ByName(_) | Results::Nothing => Form::ByName,
        };
        let callee = self.callee(form);
        let sink: &mut Sink<'_> = &mut |reader| sink(&callee, reader);
        match reply.results() {
            Results::Envelope { .. } => {
                answer::read_reply(reply, &options, sink).map_err(|error| self.blame(error))
            }
            Results::ByName(body) | Results::ByPosition(body) | Results::Bare(body) => {
                read_results(body, &options, sink).map_err(|error| self.blame(error))
            }
            Results::Nothing => {
                read_results(b"null", &options, sink).map_err(|error| self.blame(error))
            }
        }
    }

    /// How the results stand in the envelope of a reply.
    fn form_in_envelope(&self, reply: &Reply) -> Form {
        let style = reply
            .binding()
            .map_or(ResultStyle::ByName, |binding| binding.results);
        let count = self.method.method().map(|method| method.results.len());
        match (style, count) {
            (ResultStyle::ByPosition, _) => Form::ByPosition,
            (ResultStyle::Bare, Some(0 | 1) | None) => Form::Bare,
            (ResultStyle::ByName | ResultStyle::Bare, _) => Form::ByName,
        }
    }

    /// Whose results are read.
    pub(crate) fn callee(&self, form: Form) -> Callee<'_> {
        Callee {
            target: &self.target,
            method: self.method.method(),
            form,
        }
    }

    /// The error for an answer in which nothing was read.
    pub(crate) fn without_result(&self) -> Error {
        self.blame(EnvelopeError::NeitherResultNorError.into())
    }

    /// Adds what was called to an error.
    pub(crate) fn blame(&self, error: Error) -> Error {
        let error = error
            .with_origin(self.agent.origin())
            .with_call(Arc::clone(&self.target), self.method.shown());
        match self.method.method() {
            Some(method) if !method.marks.errors.is_empty() => {
                error.with_name(|code| method.marks.error_name(code))
            }
            _ => error,
        }
    }
}

fn encode_arguments(method: &'static Method, args: &[&dyn Encode]) -> Result<Values, EncodeError> {
    if args.is_empty() {
        return Ok(Values::none());
    }
    codec::values(method.params, args, Writer::new())
}

fn read_results(body: &[u8], options: &ReaderOptions, sink: &mut Sink<'_>) -> Result<(), Error> {
    let mut reader = Reader::from_bytes(body, options)?;
    reader.expect_document()?;
    sink(&mut reader).map_err(Error::in_the_result)?;
    Ok(reader.finish()?)
}
