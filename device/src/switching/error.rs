//! Why an outlet is not as it should be.

use std::fmt;

use xerus_api::pdumodel::outlet::State;
use xerus_rpc::{Error, Outcome};

/// Why an outlet is not as it should be, or is not known to be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SwitchError {
    /// The device refused; [`names`](Self::names) say why.
    Refused(Error),
    /// The outlet is off, and a cycle would switch it on. Nothing was sent.
    NotOn,
    /// The device does not know the state of the outlet. Nothing was sent.
    Unavailable,
    /// The outlet was not as it should be when the deadline was over.
    NotSettled {
        /// Whether the device executed the call.
        outcome: Outcome,
        /// The state that was read last.
        state: Box<State>,
    },
    /// The call was sent, and the state could not be read afterwards.
    Unread {
        /// Whether the device executed the call.
        outcome: Outcome,
        /// Why the state could not be read.
        error: Error,
    },
    /// There is no outlet with this number, from 0.
    NoOutlet(u32),
    /// A call failed, and nothing was switched.
    Call(Error),
}

impl SwitchError {
    /// Whether the device executed the call that switches. After [`Unknown`](Outcome::Unknown), look at the outlet before it is
    /// switched again.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::NotOn | Self::Unavailable | Self::NoOutlet(_) | Self::Call(_) => {
                Outcome::NotExecuted
            }
            Self::Refused(error) => error.outcome(),
            Self::NotSettled { outcome, .. } | Self::Unread { outcome, .. } => *outcome,
        }
    }

    /// Why the device refused, as the IDL has it: `ERR_RELAY_CONTROL_DISABLED`. Several, where nothing tells which of them the
    /// method means; none for other errors, and for a code without a name.
    #[must_use]
    pub fn names(&self) -> &'static [&'static str] {
        match self {
            Self::Refused(error) => error.as_application().map_or(&[], |refusal| refusal.names),
            _ => &[],
        }
    }

    /// The error of a call.
    #[must_use]
    pub fn as_call(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) | Self::Call(error) | Self::Unread { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Stable name for logs, metrics and tests: `Switching.NotSettled`; that of the error of a call, see [`Error::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOn => "Switching.NotOn",
            Self::Unavailable => "Switching.Unavailable",
            Self::NotSettled { .. } => "Switching.NotSettled",
            Self::Unread { .. } => "Switching.Unread",
            Self::NoOutlet(_) => "Switching.NoOutlet",
            Self::Refused(error) | Self::Call(error) => error.code(),
        }
    }
}

impl fmt::Display for SwitchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) | Self::Call(error) => error.fmt(f),
            Self::NotOn => f.write_str(
                "the outlet is off, and a cycle would switch it on: switch it on if that is wanted",
            ),
            Self::Unavailable => f.write_str(
                "the device does not know the state of the outlet: look at the health of the device",
            ),
            Self::NotSettled { outcome, .. } => {
                f.write_str("the outlet was not as it should be when the deadline was over")?;
                sent(*outcome, f)
            }
            Self::Unread { outcome, error } => {
                write!(f, "the state of the outlet could not be read: {error}")?;
                sent(*outcome, f)
            }
            Self::NoOutlet(number) => write!(
                f,
                "there is no outlet with number {number}, counted from 0: ask getOutlets() how many there are"
            ),
        }
    }
}

fn sent(outcome: Outcome, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(match outcome {
        Outcome::NotExecuted => "; nothing was sent: read its state, and switch again if need be",
        Outcome::Executed => {
            "; the call was executed: read its state later, a sequence or a cycle may take longer"
        }
        Outcome::Unknown => {
            "; it is not known whether the call was executed: read its state before it is switched again"
        }
    })
}

impl std::error::Error for SwitchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(error) | Self::Call(error) => std::error::Error::source(error),
            Self::Unread { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for SwitchError {
    /// [`Refused`](Self::Refused) for a return code, else [`Call`](Self::Call).
    fn from(error: Error) -> Self {
        match error.as_application() {
            Some(_) => Self::Refused(error),
            None => Self::Call(error),
        }
    }
}
