//! Beginning an action: one call, sent once.

use std::fmt;
use std::future::{Future, IntoFuture};

use tokio::time::Instant;

use super::Action;
use super::check::{Check, How};
use super::plan::Plan;
use super::ticket::Ticket;
use crate::agent::Agent;
use crate::error::{Error, Outcome};
use crate::wire::BoxFuture;

type MakePlan<S> = Box<dyn FnOnce(&S) -> Plan + Send>;

/// An action that has not begun; made by [`Action::start`]. What begins it answers `S`.
#[must_use = "nothing begins before the checks are given and it is awaited"]
pub struct Start<S> {
    parts: Parts,
    call: BoxFuture<'static, Result<S, Error>>,
    plan: MakePlan<S>,
}

/// Whom to ask after what.
struct Parts {
    agent: Agent,
    target: String,
    action: String,
}

impl<S: 'static> Start<S> {
    pub(super) fn new<F>(agent: Agent, target: String, action: String, call: F) -> Self
    where
        F: Future<Output = Result<S, Error>> + Send + 'static,
    {
        Self {
            parts: Parts {
                agent,
                target,
                action,
            },
            call: Box::pin(call),
            plan: Box::new(|_| Plan::new()),
        }
    }

    /// Says when to ask, from what the device answered. Default: [`Plan::new`].
    pub fn plan(mut self, plan: impl FnOnce(&S) -> Plan + Send + 'static) -> Self {
        self.plan = Box::new(plan);
        self
    }

    /// Calls the action so in its ticket and in messages. Default: the name of the method.
    pub fn named(mut self, action: impl Into<String>) -> Self {
        self.parts.action = action.into();
        self
    }

    /// Says how to ask what became of it: one call, mostly, and what its answer means.
    ///
    /// It gets the agent and the [ticket](Ticket), and nothing else, so that another process can ask the same way. An error
    /// that it returns is judged like this: when nobody answered (no connection, no answer in time, status 408 or 5xx, no
    /// JSON), the device is away, and the checks go on; so they do after an answer from which nothing follows; when the
    /// device no longer knows the user, [`on_session_gone`](Begin::on_session_gone) is asked; a status 404 counts as away
    /// while the device comes back; anything else ends the checks. A check that knows better gives a [`Check`].
    pub fn check<P, T, C, F>(self, check: C) -> Begin<S, P, T>
    where
        C: Fn(Agent, Ticket) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Check<P, T>, Error>> + Send + 'static,
    {
        Begin {
            start: self,
            how: How::new(check),
        }
    }
}

impl<S> fmt::Debug for Start<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Start({} on {})", self.parts.action, self.parts.target)
    }
}

/// An action that begins when it is awaited: the call is sent once, and never again.
#[must_use = "nothing begins before it is awaited"]
pub struct Begin<S, P, T> {
    start: Start<S>,
    how: How<P, T>,
}

impl<S, P, T> Begin<S, P, T> {
    /// Logs in again when the device no longer knows the user, as after a restart: at most once for each check, which is
    /// made again at once. A login that is refused ends the checks, for a second attempt with a wrong password may lock
    /// the account.
    ///
    /// Without it, a session that is gone ends the checks; an agent that renews sessions by itself needs none.
    pub fn on_session_gone<R, F>(mut self, renew: R) -> Self
    where
        R: Fn(Agent) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.how.renewed_by(renew);
        self
    }

    /// Begins the action and blocks the thread until the device has answered. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As awaiting it, without the way to [watch](StartError::watch) what may have begun.
    #[cfg(feature = "blocking")]
    pub fn send_blocking(self) -> Result<Action<P, T>, Error>
    where
        S: 'static,
        P: Send + 'static,
        T: Send + 'static,
    {
        let begun = self.into_future();
        crate::agent::blocking::block_on(async move { begun.await.map_err(Error::from) })
    }
}

impl<S: 'static, P: Send + 'static, T: Send + 'static> IntoFuture for Begin<S, P, T> {
    type Output = Result<Action<P, T>, StartError<P, T>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { start, how } = self;
        let Start { parts, call, plan } = start;
        Box::pin(async move {
            // What came before the answer has left the answer behind when the next await is reached, so that `S` need not
            // travel between threads.
            let answered = call.await.map(|started| plan(&started));
            let now = Instant::now();
            match answered {
                Ok(plan) => Ok(parts.begun(how, plan, now)),
                Err(error) => Err(StartError(Box::new(Unbegun {
                    error,
                    parts,
                    how,
                    now,
                }))),
            }
        })
    }
}

impl Parts {
    fn begun<P, T>(self, how: How<P, T>, plan: Plan, now: Instant) -> Action<P, T> {
        Action::begun(self.agent, self.target, self.action, how, plan, now)
    }
}

impl<S, P, T> fmt::Debug for Begin<S, P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begin")
            .field("start", &self.start)
            .field("how", &self.how)
            .finish()
    }
}

/// Why an action has not begun, or why it is not known whether it has. With `?` it becomes an [`Error`].
pub struct StartError<P, T>(Box<Unbegun<P, T>>);

struct Unbegun<P, T> {
    error: Error,
    parts: Parts,
    how: How<P, T>,
    /// When the error was known.
    now: Instant,
}

impl<P, T> StartError<P, T> {
    /// What went wrong with the call.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.0.error
    }

    /// Whether the device may have begun all the same.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.error.outcome()
    }

    /// Asks after the action all the same, which the device may have begun: its answer is lost, so `plan` says when to ask
    /// and what the [id](Plan::id) is.
    ///
    /// # Errors
    ///
    /// The error of the call, when the device surely has not begun.
    pub fn watch(self, plan: Plan) -> Result<Action<P, T>, Error> {
        let Unbegun {
            error,
            parts,
            how,
            now,
        } = *self.0;
        if error.may_have_executed() {
            Ok(parts.begun(how, plan, now))
        } else {
            Err(error)
        }
    }
}

impl<P, T> From<StartError<P, T>> for Error {
    fn from(error: StartError<P, T>) -> Self {
        error.0.error
    }
}

impl<P, T> fmt::Debug for StartError<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StartError").field(&self.0.error).finish()
    }
}

impl<P, T> fmt::Display for StartError<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.error.fmt(f)
    }
}

impl<P, T> std::error::Error for StartError<P, T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0.error)
    }
}
