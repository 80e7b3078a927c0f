//! Actions whose beginning and check are calls: those that an interface description marks with `@action`.

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use super::check::Check;
use super::plan::{Plan, Told};
use super::start::{Begin, Start, StartError};
use super::ticket::Ticket;
use super::watch::Action;
use crate::agent::Agent;
use crate::call::results::Read;
use crate::call::{self, Call, Plain};
use crate::error::{DecodeError, Error, ErrorKind, ErrorMeaning, Outcome};
use crate::json_text::Json;
use crate::meta::SESSION_RENEWED;
use crate::wire::{Arguments, BoxFuture, Meta, Reply, Results};

type MakeCheck<T> = Arc<dyn Fn(&Agent, &Ticket) -> Call<T> + Send + Sync>;

/// A call that begins an action, and knows the call that asks after it. Generated for methods that are marked with `@action`
/// ([marks](https://github.com/xerus-rs/xerus-rs/blob/main/docs/idl-marks.md)).
///
/// Awaiting it sends the call, once, and gives the [`Action`], which is asked after as the device told in its answer: `delay`, `interval`,
/// `interval_increase` and `timeout` in seconds, and `session_id`. It ends with what the check answers.
///
/// A check means what its answer says: results are the end, and so are the errors that stand for a failure, or for a success with something
/// small beside it, whose results are then those that [stand beside the error](crate::error::RpcError::result). "In progress" goes on, "not now" and
/// a unit that is not reached are waited for, and any other refusal ends the checks with a ticket.
///
/// ```
/// # use xerus_rpc::{ActionCall, Error, Json};
/// # fn settings_save_init() -> ActionCall<(), Json> { unimplemented!() }
/// # async fn example() -> Result<(), Error> {
/// let mut action = settings_save_init().await?; // as a generated method
/// println!("{}", action.ticket()); // to be kept, for the case that this process ends
/// let saved = action.wait().await?;
/// for warning in action.warnings() {
///     println!("{warning}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing begins before it is awaited"]
pub struct ActionCall<S, T, K = Plain> {
    call: Call<S, K>,
    by_id: bool,
    check: MakeCheck<T>,
    check_timeout: Option<Duration>,
}

/// What a device answered to a call that began an action.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Begun {
    /// The answer: when to ask, and under which id.
    pub answer: Json,
    /// What the wire knows beside it.
    pub meta: Meta,
}

impl<S, T: 'static, K> ActionCall<S, T, K> {
    pub(crate) fn new<C: 'static>(
        call: Call<S, K>,
        by_id: bool,
        check: impl Fn(&Agent, &Ticket) -> Call<T, C> + Send + Sync + 'static,
    ) -> Self {
        Self {
            call,
            by_id,
            check: Arc::new(move |agent, ticket| check(agent, ticket).without_kind()),
            check_timeout: None,
        }
    }

    /// Sets the time for the call that begins the action; see [`Call::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call = self.call.timeout(timeout);
        self
    }

    /// Sets the time for one check; see [`Plan::check_timeout`]. Default: 10 s, and 60 s for a RipEX2 behind another one (what
    /// [`remote_timeout`](crate::ripex2::Ripex2Builder::remote_timeout) says), never more than is left of the whole.
    pub fn check_timeout(mut self, timeout: Duration) -> Self {
        self.check_timeout = Some(timeout);
        self
    }

    /// Adds arguments to the call that begins the action; see [`Call::extra_arguments`]. The checks do not have them.
    pub fn extra_arguments(mut self, arguments: &Json) -> Self {
        self.call = self.call.extra_arguments(arguments);
        self
    }

    /// Adds an attribute to the call that begins the action; see [`Call::attribute`]. The checks do not have it.
    pub fn attribute(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.call = self.call.attribute(name, value);
        self
    }

    /// The call alone: for programs that ask after the action in a way of their own.
    pub fn without_action(self) -> Call<S, K> {
        self.call
    }
}

impl<S: 'static, T: Send + 'static, K: 'static> ActionCall<S, T, K> {
    /// The action before its beginning: to say how to log in again, or to begin it without async.
    pub fn begin(self) -> Begin<Begun, (), T> {
        let Self {
            call,
            by_id,
            check,
            check_timeout,
        } = self;
        let call = call.repeatable(false);
        let (target, action) = (call.rid().to_owned(), call.method().to_owned());
        let (plan, _) = call.clone().into_parts();
        let agent = plan.agent;
        let check_timeout = check_timeout.or_else(|| agent.transport().default_timeout(&target));
        let raw = call.raw();
        let sent = async move {
            let blamed = raw.clone();
            let (answer, meta) = raw.with_meta().await?;
            if by_id && id(&answer).is_none() {
                let error = Error::in_the_result(DecodeError::missing("session_id", 0));
                return Err(blamed.blame(error).with_meta(meta));
            }
            Ok(Begun { answer, meta })
        };
        Start::new(agent, target, action, sent)
            .plan(move |begun: &Begun| match check_timeout {
                Some(time) => begun.plan().check_timeout(time),
                None => begun.plan(),
            })
            .check(move |agent, ticket| found(check(&agent, &ticket)))
    }

    /// Begins the action and blocks the thread until the device has answered. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it, without the way to [watch](StartError::watch) what may have begun.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Action<(), T>, Error> {
        self.begin().send_blocking()
    }
}

impl<S: 'static, T: Send + 'static, K: 'static> IntoFuture for ActionCall<S, T, K> {
    type Output = Result<Action<(), T>, StartError<(), T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.begin().into_future()
    }
}

impl<S, T, K> fmt::Debug for ActionCall<S, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}

impl<T: Send + 'static> Action<(), T> {
    /// Asks on for an action with a ticket of it, by the call that asks after it: what an [`ActionCall`] does, in another process.
    ///
    /// ```no_run
    /// use xerus_rpc::action::{Action, Ticket};
    /// use xerus_rpc::{Agent, Error, Json};
    ///
    /// # async fn example(agent: &Agent, ticket: Ticket) -> Result<(), Error> {
    /// let action = Action::follow(agent, ticket, |agent, ticket| {
    ///     let id = format!("{{\"session_id\":\"{}\"}}", ticket.id()).parse().unwrap_or(Json::EMPTY_OBJECT);
    ///     agent.call(ticket.target(), "settings_save_reconnect", id)
    /// })?;
    /// let saved = action.await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`resume`](Self::resume).
    pub fn follow<K: 'static>(
        agent: &Agent,
        ticket: Ticket,
        check: impl Fn(&Agent, &Ticket) -> Call<T, K> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        Self::resume(agent, ticket, move |agent, ticket| {
            found(check(&agent, &ticket).without_kind())
        })
    }
}

/// Where the members of an answer stand: in it, or in the return value.
fn members(answer: &Json) -> Arguments<'_> {
    let all = Arguments::parse(answer.get()).unwrap_or_default();
    match all.get(usize::MAX, "_ret_") {
        Some(value) => Arguments::parse(value).unwrap_or_default(),
        None => all,
    }
}

/// The id of an action: a text that is not empty, or a number as it was written.
fn id(answer: &Json) -> Option<String> {
    let members = members(answer);
    let value = members.get(usize::MAX, "session_id")?;
    let text = match value.as_bytes().first()? {
        b'"' => crate::codec::decode(value.as_bytes(), &Default::default()).ok()?,
        b'0'..=b'9' => value.to_owned(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

impl Begun {
    /// When to ask after the action.
    fn plan(&self) -> Plan {
        let members = members(&self.answer);
        let seconds = |name| {
            let value = members.get(usize::MAX, name)?;
            // What is no number makes no sense, which is told.
            (value != "null").then(|| value.parse().unwrap_or(f64::NAN))
        };
        let mut plan = Plan::from(Told {
            delay: seconds("delay"),
            interval: seconds("interval"),
            interval_increase: seconds("interval_increase"),
            timeout: seconds("timeout"),
        });
        plan.warnings.extend(self.meta.warnings.iter().cloned());
        plan.id(id(&self.answer).unwrap_or_default())
    }
}

/// Makes a check, and says what its answer means.
async fn found<T>(call: Call<T>) -> Result<Check<(), T>, Error> {
    // A check that was lost is made again after the interval, as any other.
    let (plan, read) = call.repeatable(false).into_parts();
    let error = match plan.send().await {
        Ok(mut reply) => match call::read_reply(&plan, &mut reply, read) {
            Ok(result) => {
                let warnings = reply.meta().warnings.clone();
                return Ok(match warnings.is_empty() {
                    true => Check::Done(result),
                    false => Check::DoneWith(result, warnings),
                });
            }
            // A result that cannot be read is one all the same: nothing else comes. An answer with nothing in it says nothing.
            Err(error)
                if matches!(error.kind(), ErrorKind::Decode(_))
                    && !matches!(reply.results(), Results::Nothing) =>
            {
                return Ok(Check::Failed(error.with_outcome(Outcome::Executed)));
            }
            Err(error) => error,
        },
        Err(error) => error,
    };
    let renewed = |meta: &Meta| meta.attribute(SESSION_RENEWED).is_some();
    if error.http_status() == Some(401) && error.meta().is_some_and(renewed) {
        // A device that starts may refuse the session that it has just opened.
        return Ok(Check::Unknown(error.to_string()));
    }
    let Some(told) = error.as_rpc() else {
        return Err(error);
    };
    match told.meaning {
        Some(ErrorMeaning::ActionRunning) => {
            let warnings = error.meta().map(|meta| meta.warnings.clone());
            Ok(match warnings.filter(|warnings| !warnings.is_empty()) {
                Some(warnings) => Check::PendingWith((), warnings),
                None => Check::Pending(()),
            })
        }
        Some(ErrorMeaning::ActionDone) => Ok(match beside(&plan, read, told.result.as_ref()) {
            Some(result) => {
                let mut warnings = vec![told.to_string()];
                warnings.extend(error.meta().iter().flat_map(|meta| meta.warnings.clone()));
                Check::DoneWith(result, warnings)
            }
            None => Check::Failed(error.with_outcome(Outcome::Executed)),
        }),
        Some(ErrorMeaning::ActionFailed | ErrorMeaning::ActionLost) => Ok(Check::Failed(error)),
        Some(ErrorMeaning::Unavailable | ErrorMeaning::UnitUnreachable) => Ok(Check::Away(error)),
        // A refusal of the check has none.
        _ if told.result.is_some() => Ok(Check::Failed(error)),
        _ => Err(error),
    }
}

/// The results that stand beside an error.
fn beside<T>(plan: &call::Plan, read: Read<T>, result: Option<&Json>) -> Option<T> {
    let text = |json: &Json| json.get().to_owned();
    let forms = match result {
        None => vec![Reply::nothing()],
        Some(json) => vec![Reply::by_name(text(json)), Reply::bare(text(json))],
    };
    forms
        .into_iter()
        .find_map(|mut reply| call::read_reply(plan, &mut reply, read).ok())
}
