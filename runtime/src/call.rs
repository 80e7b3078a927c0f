//! Calls: values that say what to send, and send it when awaited.

use std::borrow::Cow;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;

use crate::agent::Agent;
use crate::encode::Encode;
use crate::envelope::{self, Sink};
use crate::error::{EnvelopeError, Error};
use crate::json::{Reader, ReaderOptions, Writer};
use crate::json_text::Json;
use crate::method::Method;
use crate::object::Object;
use crate::results::{Callee, Read};
use crate::transport::{BoxFuture, Request, Response};

/// A method call that has not been sent.
///
/// Generated methods return one. `.await` sends it and gives the typed result;
/// [`Agent::bulk`](crate::Agent::bulk) sends many in one request. Nothing happens to a call that is dropped.
///
/// ```
/// # use std::sync::Arc;
/// # use xerus_rpc::{Agent, Json, MemoryTransport, server::Router};
/// # async fn example() -> Result<(), xerus_rpc::Error> {
/// # let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
/// use std::time::Duration;
///
/// let call = agent.call("/firmware", "getVersion", Json::EMPTY_OBJECT);
/// let answer = call.timeout(Duration::from_secs(5)).await?;
/// println!("{answer}");
/// # Ok(())
/// # }
/// ```
///
/// A call can be cloned to make it more than once, say in a loop that watches a value. The copies share the parameters,
/// which are not encoded again; each is sent on its own.
#[must_use = "a call is sent when it is awaited"]
pub struct Call<T> {
    plan: Plan,
    read: Read<T>,
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self {
            plan: self.plan.clone(),
            read: self.read,
        }
    }
}

/// Everything of a call but the type of its result.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) agent: Agent,
    pub(crate) rid: Arc<str>,
    pub(crate) method: Cow<'static, str>,
    pub(crate) results: &'static [&'static str],
    /// The parameters, or why the call must not be sent.
    pub(crate) params: Result<Bytes, Error>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) repeatable: bool,
}

impl<T> Call<T> {
    pub(crate) fn new(
        object: &Object,
        method: &'static Method,
        args: &[&dyn Encode],
        read: Read<T>,
    ) -> Self {
        Self {
            plan: Plan::new(object, method, args),
            read,
        }
    }

    pub(crate) fn into_parts(self) -> (Plan, Read<T>) {
        (self.plan, self.read)
    }

    /// Sets the time that the whole call may take, from connecting to the last byte of the answer.
    /// Default: that of the agent.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.plan.timeout = Some(timeout);
        self
    }

    /// Says whether the call may be sent again when nobody knows whether the first attempt arrived.
    /// Default: [by the name of the method](crate::is_repeatable).
    pub fn repeatable(mut self, repeatable: bool) -> Self {
        self.plan.repeatable = repeatable;
        self
    }

    /// The resource id of the object called.
    #[must_use]
    pub fn rid(&self) -> &str {
        &self.plan.rid
    }

    /// The name of the method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.plan.method
    }

    /// The parameters as they will be sent.
    ///
    /// # Errors
    ///
    /// Why the call cannot be sent.
    pub fn params(&self) -> Result<&[u8], &Error> {
        self.plan.params.as_deref()
    }

    /// Sends the call; the same as awaiting it.
    pub fn send(self) -> CallFuture<T> {
        self.into_future()
    }

    /// Sends the call as a notification: no answer comes, and nobody learns what became of it.
    ///
    /// # Errors
    ///
    /// When the transport has no notifications (HTTP has none) or the request could not be sent.
    pub fn notify(self) -> BoxFuture<'static, Result<(), Error>> {
        let plan = self.plan;
        Box::pin(async move {
            let request = plan.request()?;
            plan.agent
                .transport()
                .notify(&request)
                .await
                .map_err(|error| plan.blame(error))
        })
    }

    /// Sends the call and blocks the thread until the result is there. Not for use inside async code.
    ///
    /// # Errors
    ///
    /// As awaiting the call.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<T, Error> {
        crate::agent::blocking::block_on(self.into_future())
    }
}

impl Plan {
    fn new(object: &Object, method: &'static Method, args: &[&dyn Encode]) -> Self {
        let params = object.check_callable().and_then(|()| {
            let mut writer = Writer::new();
            writer.members(method.params, args);
            Ok(Bytes::from(writer.finish()?))
        });
        Self {
            agent: object.agent().clone(),
            rid: object.shared_rid().clone(),
            method: Cow::Borrowed(method.name),
            results: method.results,
            params,
            timeout: None,
            repeatable: method.is_repeatable(),
        }
    }

    /// Whose result is read.
    pub(crate) fn callee(&self) -> Callee<'_> {
        Callee {
            rid: &self.rid,
            results: self.results,
        }
    }

    /// The request to be sent.
    pub(crate) fn request(&self) -> Result<Request, Error> {
        let params = self.params.clone().map_err(|error| self.blame(error))?;
        crate::rid::check(&self.rid).map_err(|reason| self.blame(Error::bad_rid(reason)))?;
        let settings = self.agent.settings();
        Ok(Request::new(self.rid.clone(), self.method.clone(), params)
            .with_timeout(self.timeout.or(settings.timeout))
            .with_repeatable(self.repeatable)
            .with_max_response_bytes(settings.max_response_bytes))
    }

    pub(crate) async fn send(&self) -> Result<Response, Error> {
        let request = self.request()?;
        self.agent
            .transport()
            .call(&request)
            .await
            .map_err(|error| self.blame(error))
    }

    /// Checks an answer and hands its result to `sink`.
    pub(crate) fn receive(&self, response: &Response, sink: &mut Sink<'_>) -> Result<(), Error> {
        let limit = self.agent.settings().max_response_bytes;
        let (Response::Envelope { body, .. } | Response::Result { body }) = response;
        if body.len() > limit {
            return Err(self.blame(Error::response_too_large(limit, body.len())));
        }
        let options = ReaderOptions::for_agent(&self.agent);
        match response {
            Response::Envelope { body, id } => envelope::read_document(body, *id, &options, sink)
                .map_err(|error| self.blame(error.with_request_id(*id))),
            Response::Result { body } => {
                read_bare(body, &options, sink).map_err(|error| self.blame(error))
            }
        }
    }

    /// Adds what was called to an error.
    pub(crate) fn blame(&self, error: Error) -> Error {
        error
            .with_origin(self.agent.origin())
            .with_call(self.rid.clone(), self.method.clone())
    }
}

fn read_bare(body: &[u8], options: &ReaderOptions, sink: &mut Sink<'_>) -> Result<(), Error> {
    let mut reader = Reader::from_bytes(body, options)?;
    reader.expect_document()?;
    sink(&mut reader)?;
    Ok(reader.finish()?)
}

/// A call on its way.
#[must_use = "a call is sent when it is awaited"]
pub struct CallFuture<T> {
    exchange: BoxFuture<'static, (Plan, Result<Response, Error>)>,
    read: Read<T>,
}

impl<T> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let read = self.read;
        self.exchange
            .as_mut()
            .poll(context)
            .map(|(plan, response)| {
                let mut value = None;
                plan.receive(&response?, &mut |reader| {
                    value = Some(read(&plan.callee(), reader)?);
                    Ok(())
                })?;
                // An answer without a result was refused above.
                value.ok_or_else(|| plan.blame(EnvelopeError::NeitherResultNorError.into()))
            })
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture")
    }
}

impl<T> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        let plan = self.plan;
        let exchange = Box::pin(async move {
            let response = plan.send().await;
            (plan, response)
        });
        CallFuture {
            exchange,
            read: self.read,
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters may hold passwords.
        write!(f, "Call({} on {})", self.plan.method, self.plan.rid)
    }
}

impl Agent {
    /// A call without bindings: parameters and result are JSON.
    ///
    /// `params` is an object with the parameters by name; the result is that of the answer, a return
    /// value being its member `_ret_`.
    pub fn call(&self, rid: &str, method: &str, params: Json) -> Call<Json> {
        let text = params.get().trim_start();
        let params = if text.starts_with('{') {
            Ok(Bytes::copy_from_slice(text.as_bytes()))
        } else {
            Err(Error::unsupported(
                "the parameters of a call are a JSON object",
            ))
        };
        let plan = Plan {
            agent: self.clone(),
            rid: rid.into(),
            method: Cow::Owned(method.to_owned()),
            results: &[],
            params,
            timeout: None,
            repeatable: crate::method::is_repeatable(method),
        };
        Call {
            plan,
            read: |_, reader| {
                reader
                    .raw_value()
                    .map(|text| Json::trusted(text.to_owned()))
            },
        }
    }
}
