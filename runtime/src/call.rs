//! Calls: values that say what to send, and send it when awaited.

#[cfg(feature = "blocking")]
mod blocking;
mod code;
mod plan;
mod polled;
mod progress;
pub(crate) mod results;
mod untyped;

use std::borrow::Cow;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

pub use code::Code;
pub(crate) use plan::Plan;
pub use polled::{Polled, PolledCall};
pub use progress::{CallStream, ProgressCall};
use results::Read;
pub use results::Remaining;
pub(crate) use untyped::is_repeatable;

use crate::agent::Agent;
use crate::codec::Encode;
use crate::codec::Kept;
use crate::error::Error;
use crate::json_text::Json;
use crate::method::Method;
use crate::wire::{BoxFuture, Meta, Reply, Values};

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
///
/// # Return codes
///
/// The `int` that many methods return is a return code. Such a method gives a `Call<_, Checked>`: awaiting it gives what
/// the method returns *beside* the code, and a code other than 0 is an error of kind
/// [`Application`](crate::ErrorKind::Application) with the code and the names of its constants. So a refusal cannot be
/// dropped by accident: not with `?`, not in a bulk, not in a tuple. [`code`](Call::code) gives the code itself.
#[must_use = "a call is sent when it is awaited"]
pub struct Call<T, K = Plain> {
    plan: Plan,
    read: Read<T>,
    kind: PhantomData<fn() -> K>,
}

/// Marks a [`Call`] of a method that returns no return code.
#[derive(Clone, Copy, Debug)]
pub enum Plain {}

/// Marks a [`Call`] of a method that returns a return code, which is checked when the call is awaited.
#[derive(Clone, Copy, Debug)]
pub enum Checked {}

impl<T, K> Clone for Call<T, K> {
    fn clone(&self) -> Self {
        Self {
            plan: self.plan.clone(),
            read: self.read,
            kind: PhantomData,
        }
    }
}

impl<T, K> Call<T, K> {
    /// A call with these arguments, or one that fails for this reason.
    pub(crate) fn new(
        agent: &Agent,
        target: Arc<str>,
        method: &'static Method,
        args: Result<&[&dyn Encode], Error>,
        read: Read<T>,
    ) -> Self {
        Self {
            plan: Plan::new(agent, target, method, args),
            read,
            kind: PhantomData,
        }
    }

    pub(crate) fn into_parts(self) -> (Plan, Read<T>) {
        (self.plan, self.read)
    }

    /// The call without the mark of its kind; a return code is checked as before.
    pub(crate) fn without_kind(self) -> Call<T> {
        Call {
            plan: self.plan,
            read: self.read,
            kind: PhantomData,
        }
    }

    /// The same call, whose results are given as they came.
    pub(crate) fn raw(self) -> Call<Json> {
        Call {
            plan: self.plan,
            read: raw,
            kind: PhantomData,
        }
    }

    /// Adds what was called to an error.
    pub(crate) fn blame(&self, error: Error) -> Error {
        self.plan.blame(error)
    }

    /// The error of a request that carried this call, as the error of the call.
    pub(crate) fn error_inside(&self, error: &Error) -> Error {
        let plan = &self.plan;
        error.of_call_inside(&plan.target, plan.method.shown(), plan.repeatable)
    }

    /// Sets the time that the whole call may take, from waiting for earlier calls to the last byte of the answer.
    ///
    /// Default: that of the method's description, else that of the agent; a long poll gets at least
    /// [`Settings::long_poll_timeout`](crate::Settings::long_poll_timeout) unless it is said here.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.plan.timeout = Some(timeout);
        self
    }

    /// Says whether the call may be sent again when it is not known whether the first attempt arrived.
    ///
    /// Default: what the description of the method says, which is no for all that changes something.
    pub fn repeatable(mut self, repeatable: bool) -> Self {
        self.plan.repeatable = repeatable;
        self
    }

    /// Says whether an [automatic bulk](crate::bulk::AutoBulk) takes the call, on an agent that has one.
    ///
    /// Default: calls that are [repeatable](Self::repeatable) join, those that change something, long polls and calls with
    /// attributes do not. A call that joins shares a request with others, so it may wait until the device has executed
    /// those; `false` is for one that must not. With `true`, calls that change something share requests of their own, which
    /// are sent once.
    pub fn auto_bulk(mut self, join: bool) -> Self {
        self.plan.auto_bulk = Some(join);
        self
    }

    /// Adds the members of a JSON object to the arguments: those of a newer firmware, or of a method whose parameters are not all
    /// known. On a wire by position they come behind the others.
    ///
    /// ```
    /// # fn example(call: xerus_rpc::Call<()>) -> Result<(), Box<dyn std::error::Error>> {
    /// let call = call.extra_arguments(&r#"{"count": 5}"#.parse()?);
    /// # drop(call);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Awaiting the call gives `Config.Unsupported`, with nothing sent, when it is no object or names an argument that is there.
    pub fn extra_arguments(mut self, arguments: &Json) -> Self {
        self.plan.add(arguments);
        self
    }

    /// Adds an attribute that only some wires understand, or replaces it: whether the caller is disclosed, a routing
    /// key, a language. The documentation of the transport has the names. Other wires ignore it.
    pub fn attribute(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.plan.attributes.set(name, value);
        self
    }

    /// The object called: its resource id.
    #[must_use]
    pub fn rid(&self) -> &str {
        &self.plan.target
    }

    /// The name of the method in the IDL.
    #[must_use]
    pub fn method(&self) -> &str {
        self.plan.method.name()
    }

    /// Whether the call may be sent again when it is not known whether the first attempt arrived.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        self.plan.repeatable
    }

    /// The arguments as they will be sent.
    ///
    /// # Errors
    ///
    /// Why the call cannot be sent.
    pub fn args(&self) -> Result<&Values, &Error> {
        self.plan.args.as_ref()
    }

    /// Says that the method reports values of type `P` before its result: for calls without bindings. Bindings know that from the mark
    /// `@progress`.
    ///
    /// ```no_run
    /// # async fn example(agent: xerus_rpc::Agent) -> Result<(), xerus_rpc::Error> {
    /// let count = agent.call("", "com.example.count", r#"{"n": 5}"#.parse()?);
    /// let mut numbers = count.reporting::<i32>().stream();
    /// while let Some(number) = numbers.next().await {
    ///     println!("{}", number?);
    /// }
    /// println!("{}", numbers.finish().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn reporting<P>(self) -> ProgressCall<P, T, K> {
        ProgressCall::new(self)
    }

    /// Sends the call; the same as awaiting it.
    pub fn send(self) -> CallFuture<T> {
        self.into_future()
    }

    /// Sends the call, and gives what the wire knows beside the result: who answered, after how long, with which warnings.
    pub fn with_meta(self) -> CallFuture<T, (T, Meta)> {
        self.future(|value, reply| (value, reply.into_meta()))
    }

    /// Sends the call as a notification: there is no answer, so its outcome stays unknown.
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
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting the call.
    #[cfg(feature = "blocking")]
    #[doc(alias = "sync")]
    pub fn send_blocking(self) -> Result<T, Error> {
        crate::agent::blocking::block_on(self.into_future())
    }

    fn future<O>(self, finish: fn(T, Reply) -> O) -> CallFuture<T, O> {
        let plan = self.plan;
        let exchange = Box::pin(async move {
            let reply = plan.send().await;
            (plan, reply)
        });
        CallFuture {
            exchange,
            read: self.read,
            finish,
        }
    }
}

impl<T: Remaining> Call<T, Checked> {
    /// Gives the return code itself instead of an error: `(code, …)`, in the order of the IDL.
    ///
    /// The out-parameters beside a code other than 0 may be placeholders: default values where the device sent none.
    ///
    /// ```
    /// # use xerus_rpc::{Call, Checked, Error};
    /// # async fn example(new_session: Call<(String, i32), Checked>) -> Result<(), Error> {
    /// let (code, token, timeout) = new_session.code().await?;
    /// if code == 1 {
    ///     println!("somebody else is logged in");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "_ret_")]
    pub fn code(self) -> Call<T::WithCode> {
        Call {
            plan: self.plan,
            read: results::coded::<T>,
            kind: PhantomData,
        }
    }
}

/// A call on its way.
#[must_use = "a call is sent when it is awaited"]
pub struct CallFuture<T, O = T> {
    exchange: BoxFuture<'static, (Plan, Result<Reply, Error>)>,
    read: Read<T>,
    finish: fn(T, Reply) -> O,
}

impl<T, O> Future for CallFuture<T, O> {
    type Output = Result<O, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (read, finish) = (self.read, self.finish);
        self.exchange.as_mut().poll(context).map(|(plan, reply)| {
            let mut reply = reply?;
            let value = read_reply(&plan, &mut reply, read)?;
            Ok(finish(value, reply))
        })
    }
}

/// The value that a reply stands for, or why there is none. What could not be read of it is a warning of the reply.
pub(crate) fn read_reply<T>(plan: &Plan, reply: &mut Reply, read: Read<T>) -> Result<T, Error> {
    let mut kept = None;
    let value = take_value(plan, reply, read, &mut kept);
    if let Some(kept) = kept {
        reply.warn(kept.to_string());
    }
    value.map_err(|error| error.with_meta(reply.meta().clone()))
}

/// Reads results as they came.
fn raw(
    _: &results::Callee<'_>,
    reader: &mut crate::codec::Reader<'_>,
) -> Result<Result<Json, results::Refusal>, crate::error::DecodeError> {
    let text = reader.raw_value()?;
    Ok(Ok(Json::trusted(text.to_owned())))
}

fn take_value<T>(
    plan: &Plan,
    reply: &Reply,
    read: Read<T>,
    kept: &mut Option<Box<Kept>>,
) -> Result<T, Error> {
    let mut value = None;
    plan.receive(reply, &mut |callee, reader| {
        // Of what was read before in vain nothing is left.
        reader.take_kept();
        value = Some(read(callee, reader)?.map_err(|refusal| callee.refused(refusal)));
        *kept = reader.take_kept();
        Ok(())
    })?;
    // An answer without a result was refused above.
    let value = value.ok_or_else(|| plan.without_result())?;
    value.map_err(|error| plan.blame(error))
}

impl<T, O> fmt::Debug for CallFuture<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture")
    }
}

impl<T, K> IntoFuture for Call<T, K> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        self.future(|value, _| value)
    }
}

impl<T, K> fmt::Debug for Call<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters may hold passwords.
        write!(f, "Call({} on {})", self.method(), self.rid())
    }
}

impl Agent {
    /// A call without bindings: parameters and result are JSON.
    ///
    /// `params` is an object with the parameters by name; the result is that of the answer, a return value being its
    /// member `_ret_`.
    ///
    /// Only the name of the method is known, so two things are guessed from it: a method whose name starts with `get`, `is`,
    /// `list`, `lookup`, `demand` or `cancelEvent` is [repeatable](Call::repeatable), and `poll…` is a long poll. Say
    /// otherwise where that is wrong. A return code is not checked here: look at `_ret_`.
    #[doc(alias = "json_rpc")]
    pub fn call(&self, rid: &str, method: &str, params: Json) -> Call<Json> {
        Call {
            plan: Plan::untyped(self, rid, method, &params),
            read: raw,
            kind: PhantomData,
        }
    }
}
