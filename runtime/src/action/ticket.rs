//! What is needed to ask after an action from another process.

mod form;
mod moment;
mod read;
mod since;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

pub(super) use self::since::Since;
use super::plan::Plan;
use crate::agent::Agent;
use crate::error::{ConfigError, Error, ErrorKind};
use crate::time::Time;

/// What is needed to ask after an action from another process: text that people can read, to be kept in a file.
///
/// It holds no credentials. It has the [id](Plan::id) and [notes](Plan::note) of the plan, so these must not be secrets.
///
/// A ticket stays good however long ago it was taken: the process that took it may have asked on until it was killed, so
/// whoever [resumes](super::Action::resume) it waits for one interval first, unless the time of the next check that stands
/// in it is still ahead. The clock of the computer only tells how much time passed in between; where it went backwards,
/// none did.
///
/// ```
/// use std::sync::Arc;
/// use xerus_rpc::action::{Plan, Ticket};
/// use xerus_rpc::{Agent, MemoryTransport, server::Router};
///
/// # fn main() -> Result<(), xerus_rpc::Error> {
/// let agent = Agent::with_transport(Arc::new(MemoryTransport::new(Router::new())));
/// let ticket = Ticket::new(&agent, "/firmware", "firmware update", Plan::new().id("4711"));
/// let text = ticket.to_string();
/// assert!(text.contains("action: firmware update"));
/// let read: Ticket = text.parse()?;
/// assert_eq!(read.id(), "4711");
/// # Ok(())
/// # }
/// ```
///
/// With the feature `serde` it is `Serialize` and `Deserialize`, as that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub(super) origin: String,
    pub(super) target: String,
    pub(super) action: String,
    pub(super) plan: Plan,
    pub(super) started: Time,
    /// When the following was so.
    pub(super) written: Time,
    /// Time that was left of the whole.
    pub(super) rest: Duration,
    /// Time until the next check.
    pub(super) next: Duration,
    /// Time between that check and the one after it.
    pub(super) interval: Duration,
    /// Checks that were made.
    pub(super) checks: u32,
}

impl Ticket {
    /// The ticket of an action that begins now: to be kept before the call that begins it is made, should this process not
    /// live to see the answer.
    #[must_use]
    pub fn new(
        agent: &Agent,
        target: impl Into<String>,
        action: impl Into<String>,
        mut plan: Plan,
    ) -> Self {
        // Who resumes it asks as this says; there is nobody yet to tell what was replaced.
        plan.settle();
        let now = Time::now();
        Self {
            origin: agent.origin().to_owned(),
            target: target.into(),
            action: action.into(),
            started: now,
            written: now,
            rest: plan.timeout,
            next: plan.delay,
            interval: plan.interval,
            checks: 0,
            plan,
        }
    }

    /// Where the device is.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The resource id of the object that was called, or what else the action is about.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What is going on: the name of the method that began it, unless it was given another.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// What the device calls the action; empty where it does not matter.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.plan.id
    }

    /// What was [noted](Plan::note) under a name.
    #[must_use]
    pub fn note(&self, name: &str) -> Option<&str> {
        let found = self.plan.notes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// When the action began, by the clock of the computer that began it.
    #[must_use]
    pub fn started(&self) -> Time {
        self.started
    }

    /// How much time was left for the action when the ticket was taken.
    #[must_use]
    pub fn rest(&self) -> Duration {
        self.rest
    }

    /// How many checks had been made when the ticket was taken.
    #[must_use]
    pub fn checks(&self) -> u32 {
        self.checks
    }

    /// The ticket with this much time left from now on, at most seven days: to wait on for an action that took longer than
    /// was planned.
    #[must_use]
    pub fn with_rest(mut self, rest: Duration) -> Self {
        let since = Since::written(&self);
        self.written = Time::now();
        self.next = since.wait;
        self.interval = since.interval;
        self.rest = rest.min(super::plan::MAX_TIMEOUT);
        self
    }

    /// The ticket with one more [note](Plan::note), or another text of one that it has: for what becomes known while the action
    /// goes on. It must not be a secret. Checks that are under way have the notes of the ticket that they began with.
    #[must_use]
    pub fn with_note(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.plan = self.plan.note(name, value);
        self
    }

    /// The ticket for an agent with another origin: for a device that has a new address, or is reached another way.
    #[must_use]
    pub fn with_origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = origin.into();
        self
    }

    /// # Errors
    ///
    /// The agent leads elsewhere.
    pub(super) fn check_origin(&self, agent: &Agent) -> Result<(), Error> {
        if self.origin == agent.origin() {
            return Ok(());
        }
        const OTHER: &str = "it is for a device with another address than this agent; use an agent for that one, or with_origin if the address is new";
        Err(bad(OTHER).with_origin(agent.origin()))
    }
}

fn bad(reason: &'static str) -> Error {
    ErrorKind::Config(ConfigError::BadTicket(reason)).into()
}

impl fmt::Display for Ticket {
    /// A line for each thing, as `name: value`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        form::write(self, f)
    }
}

impl FromStr for Ticket {
    type Err = Error;

    /// Reads a ticket. Blank lines, lines that begin with `#`, the order and things of a later version do not matter.
    ///
    /// # Errors
    ///
    /// `Config.BadTicket`: what is missing or makes no sense.
    fn from_str(text: &str) -> Result<Self, Error> {
        read::read(text).map_err(bad)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Ticket {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Ticket {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
