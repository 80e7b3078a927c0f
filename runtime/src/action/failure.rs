//! The ends of an action other than success.

use std::fmt;

use super::ticket::Ticket;
use crate::error::{Error, ErrorKind, Outcome, TimeoutError, TimeoutPhase};

/// Why there is no result of an action.
///
/// With `?` it becomes an [`Error`]; that of a timeout has the [`Overdue`] with the ticket as its
/// [`source`](std::error::Error::source).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ActionError<P> {
    /// The device says that the action failed.
    Failed(Error),
    /// Its time is over and the device has not said how it ended. It may still go on.
    TimedOut {
        /// How far it was when the device last told.
        last: Option<P>,
        /// The ticket, and what the last check met with.
        overdue: Box<Overdue>,
    },
    /// Checks are of no use: the device refuses them, or the user. How the action ends is not known.
    Stopped {
        /// Why.
        error: Error,
        /// To ask on when that is remedied.
        ticket: Box<Ticket>,
    },
    /// The end of this action was told before.
    Over,
}

/// An action whose time is over, and that may still go on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Overdue {
    /// To ask on: [`with_rest`](Ticket::with_rest) gives more time, without it one check is made.
    pub ticket: Ticket,
    /// What the last check met with, if it was not answered.
    pub last_error: Option<Error>,
    /// Answers from which nothing followed.
    pub unknown: u32,
}

impl<P> ActionError<P> {
    /// What to ask on with, where the end is not known.
    #[must_use]
    pub fn ticket(&self) -> Option<&Ticket> {
        match self {
            Self::TimedOut { overdue, .. } => Some(&overdue.ticket),
            Self::Stopped { ticket, .. } => Some(ticket),
            Self::Failed(_) | Self::Over => None,
        }
    }

    /// What the device, or the last check, met with.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Failed(error) | Self::Stopped { error, .. } => Some(error),
            Self::TimedOut { overdue, .. } => overdue.last_error.as_ref(),
            Self::Over => None,
        }
    }

    /// Whether the device did what was asked: never [`NotExecuted`](Outcome::NotExecuted), for it had begun.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Failed(error) if error.outcome() == Outcome::Executed => Outcome::Executed,
            _ => Outcome::Unknown,
        }
    }
}

impl<P> From<ActionError<P>> for Error {
    fn from(end: ActionError<P>) -> Self {
        match end {
            // A check may be repeated, and was perhaps not executed; the action must not, and perhaps was.
            ActionError::Failed(error) => error.with_others(true, false),
            ActionError::Stopped { error, ticket } => error
                .with_others(true, false)
                .with_origin(ticket.origin())
                .with_call(ticket.target(), ticket.action().to_owned()),
            ActionError::TimedOut { overdue, .. } => {
                let ticket = &overdue.ticket;
                let timeout = TimeoutError::new(TimeoutPhase::Action, ticket.plan.timeout);
                Self::new(ErrorKind::Timeout(timeout))
                    .with_origin(ticket.origin())
                    .with_call(ticket.target(), ticket.action().to_owned())
                    .with_source(*overdue)
            }
            ActionError::Over => Self::unsupported(OVER).with_outcome(Outcome::Unknown),
        }
    }
}

const OVER: &str = "the end of this action was told before; keep it when it is told";

impl<P> fmt::Display for ActionError<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "the action failed: {error}"),
            Self::TimedOut { overdue, .. } => overdue.fmt(f),
            Self::Stopped { error, .. } => write!(
                f,
                "how the action ends cannot be asked: {error}; remedy that and resume the ticket"
            ),
            Self::Over => f.write_str(OVER),
        }
    }
}

impl<P: fmt::Debug> std::error::Error for ActionError<P> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error().map(|error| error as _)
    }
}

impl fmt::Display for Overdue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ticket = &self.ticket;
        crate::error::text::DeviceText(ticket.action()).fmt(f)?;
        // Wires without objects have no target.
        if !ticket.target().is_empty() {
            write!(f, " on {}", crate::error::text::DeviceText(ticket.target()))?;
        }
        write!(
            f,
            " has not ended in {:?}: it may still go on; read the state of the device, or resume the ticket",
            ticket.plan.timeout,
        )?;
        match &self.last_error {
            Some(error) => write!(f, " (the last check: {error})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Overdue {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.last_error.as_ref().map(|error| error as _)
    }
}
