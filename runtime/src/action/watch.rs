//! An action that goes on, and how it is asked after.

mod judge;

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, IntoFuture};

use futures_core::Stream;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::check::{Check, CheckFuture, How, RenewFuture};
use super::events::ActionEvent;
use super::failure::ActionError;
use super::pace::{Next, Pace};
use super::plan::Plan;
use super::start::Start;
use super::ticket::Ticket;
use crate::agent::Agent;
use crate::call::Call;
use crate::error::Error;
use crate::time::Time;
use crate::wire::BoxFuture;

/// An action that a call has begun: something that goes on after the answer. `P` is how far it is, `T` what it ends with.
///
/// Nothing runs in the background: the device is asked while [`next`](Self::next), [`wait`](Self::wait), or the stream of
/// [`progress`](Self::progress) is awaited. Each can be dropped at any moment and another be begun, and nothing is lost by
/// that. The device is never asked faster than the [`Plan`] says, also not after a pause.
#[must_use = "nobody asks after the action unless it is awaited"]
pub struct Action<P, T> {
    agent: Agent,
    how: How<P, T>,
    /// Without the moment, which is added when it is asked for.
    ticket: Ticket,
    pace: Pace,
    doing: Option<Doing<P, T>>,
    events: VecDeque<ActionEvent<P, T>>,
    away: Option<Away>,
    last: Option<P>,
    last_error: Option<Error>,
    unknown: u32,
    /// What was told as a warning.
    warnings: Vec<String>,
    ended: bool,
}

/// What is under way.
enum Doing<P, T> {
    /// A check, until when, and whether it is made again after a login.
    Check(CheckFuture<P, T>, Instant, bool),
    Login(RenewFuture, Instant),
}

/// Since when nobody answers, and how many checks were in vain.
struct Away {
    since: Instant,
    attempts: u32,
}

impl Action<(), ()> {
    /// An action that this call begins. The call is sent once and never again, be it repeatable or not.
    pub fn start<S: 'static, K: 'static>(call: Call<S, K>) -> Start<S> {
        let call = call.repeatable(false);
        let (target, method) = (call.rid().to_owned(), call.method().to_owned());
        let (plan, _) = call.clone().into_parts();
        Start::new(plan.agent, target, method, call.into_future())
    }

    /// An action that something else than a call begins: an upload, several calls in order. `target` and `action` say in the
    /// ticket what it is. It is awaited once.
    pub fn start_with<S, F>(
        agent: &Agent,
        target: impl Into<String>,
        action: impl Into<String>,
        begin: F,
    ) -> Start<S>
    where
        S: 'static,
        F: Future<Output = Result<S, Error>> + Send + 'static,
    {
        Start::new(agent.clone(), target.into(), action.into(), begin)
    }
}

impl<P, T> Action<P, T> {
    /// Asks on for an action with a ticket of it, which another process may have written. `check` is that of
    /// [`Start::check`]. At least one check is made, also when the time of the action is over.
    ///
    /// # Errors
    ///
    /// `Config.BadTicket` when the agent is one for another device than the ticket; [`Ticket::with_origin`] says that it
    /// is the same.
    pub fn resume<C, F>(agent: &Agent, ticket: Ticket, check: C) -> Result<Self, Error>
    where
        C: Fn(Agent, Ticket) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Check<P, T>, Error>> + Send + 'static,
    {
        ticket.check_origin(agent)?;
        let pace = Pace::resumed(&ticket, Instant::now());
        Ok(Self::new(agent.clone(), How::new(check), ticket, pace))
    }

    pub(super) fn begun(
        agent: Agent,
        target: String,
        action: String,
        how: How<P, T>,
        mut plan: Plan,
        now: Instant,
    ) -> Self {
        let warnings = plan.settle();
        let pace = Pace::begun(&plan, now);
        let ticket = Ticket::new(&agent, target, action, plan);
        let mut action = Self::new(agent, how, ticket, pace);
        action.warnings.clone_from(&warnings);
        action
            .events
            .extend(warnings.into_iter().map(ActionEvent::Warning));
        action
    }

    fn new(agent: Agent, how: How<P, T>, ticket: Ticket, pace: Pace) -> Self {
        Self {
            agent,
            how,
            ticket,
            pace,
            doing: None,
            events: VecDeque::from([ActionEvent::Started]),
            away: None,
            last: None,
            last_error: None,
            unknown: 0,
            warnings: Vec::new(),
            ended: false,
        }
    }

    /// Logs in again when the device no longer knows the user; see [`Begin::on_session_gone`](super::Begin::on_session_gone).
    pub fn on_session_gone<R, F>(mut self, renew: R) -> Self
    where
        R: Fn(Agent) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.how.renewed_by(renew);
        self
    }

    /// What another process needs to ask on, as things are now.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        let mut ticket = self.ticket.clone();
        ticket.written = Time::now();
        self.pace.stamp(&mut ticket, Instant::now());
        ticket
    }

    /// Asks no longer, and gives the ticket.
    #[must_use]
    pub fn into_ticket(self) -> Ticket {
        self.ticket()
    }

    /// How far the action was when the device last told this process.
    #[must_use]
    pub fn last(&self) -> Option<&P> {
        self.last.as_ref()
    }

    /// All that was told as [`Warning`](ActionEvent::Warning) until now, also while [`wait`](Self::wait) told nothing.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// How many answers there were from which nothing followed.
    #[must_use]
    pub fn unknown_answers(&self) -> u32 {
        self.unknown
    }
}

impl<P: Clone + Send, T: Send> Action<P, T> {
    /// The next event; `None` after the end.
    ///
    /// Dropping the future loses nothing: what is under way goes on when the next is awaited.
    pub async fn next(&mut self) -> Option<ActionEvent<P, T>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            if self.ended {
                return None;
            }
            // Of the two waits, that for the time belongs to this future, that for the device to the action.
            match &mut self.doing {
                None => match self.pace.next() {
                    Next::Check(at) => {
                        sleep_until(at).await;
                        self.begin_check();
                    }
                    Next::End(at) => {
                        sleep_until(at).await;
                        self.time_out();
                    }
                },
                Some(Doing::Check(check, until, again)) => {
                    let again = *again;
                    let found = timeout_at(*until, check.as_mut()).await;
                    self.doing = None;
                    self.checked(found.unwrap_or_else(|_| Err(self.too_late())), again);
                }
                Some(Doing::Login(login, until)) => {
                    let found = timeout_at(*until, login.as_mut()).await;
                    self.doing = None;
                    self.logged_in(found.unwrap_or_else(|_| Err(self.too_late())));
                }
            }
        }
    }

    /// The events as a stream, which ends after [`ActionEvent::End`]. Dropping it loses nothing.
    pub fn progress(&mut self) -> impl Stream<Item = ActionEvent<P, T>> + Send + '_ {
        futures_util::stream::unfold(self, |action| async move {
            action.next().await.map(|event| (event, action))
        })
    }

    /// Asks until the end, and tells nothing before.
    ///
    /// # Errors
    ///
    /// The device says that the action failed, time is over, or checks are of no use.
    pub async fn wait(&mut self) -> Result<T, ActionError<P>> {
        while let Some(event) = self.next().await {
            if let ActionEvent::End(end) = event {
                return end;
            }
        }
        Err(ActionError::Over)
    }

    /// The same, and blocks the thread meanwhile. Not for use inside async code.
    ///
    /// Needs the feature `blocking`.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait); the source of that of a timeout is the [`Overdue`](super::Overdue) with the ticket. `Config.Unsupported` inside async
    /// code: nothing is asked then, and what became of the action is not known.
    #[cfg(feature = "blocking")]
    pub fn wait_blocking(&mut self) -> Result<T, Error> {
        crate::agent::blocking::block_on_begun(async { self.wait().await.map_err(Error::from) })
    }

    /// Makes one check, as soon as it is due, and tells what it found: [`Progress`](ActionEvent::Progress),
    /// [`Away`](ActionEvent::Away), [`Unknown`](ActionEvent::Unknown) or [`End`](ActionEvent::End). `None` after the end.
    ///
    /// For programs that run now and then: resume, ask once, write the ticket.
    pub async fn check_once(&mut self) -> Option<ActionEvent<P, T>> {
        loop {
            match self.next().await {
                Some(event) if !event.is_finding() => {}
                other => return other,
            }
        }
    }
}

impl<P: Clone + Send + 'static, T: Send + 'static> IntoFuture for Action<P, T> {
    type Output = Result<T, ActionError<P>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    /// As [`wait`](Self::wait). Who drops the future keeps nothing but a ticket taken before.
    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move { self.wait().await })
    }
}

impl<P, T> fmt::Debug for Action<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action")
            .field("origin", &self.ticket.origin)
            .field("target", &self.ticket.target)
            .field("action", &self.ticket.action)
            .field("pace", &self.pace)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
