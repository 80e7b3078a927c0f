//! Why a log cannot be read.

use std::fmt;

use xerus_rpc::Error;

/// Why a log cannot be read to its end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LogError {
    /// The log was begun anew more often than the reader puts up with, while it was read.
    RestartsForEver,
    /// What the device says of its entries leads nowhere: it answers a request for entries with others.
    LeadsNowhere {
        /// The entry that was asked for.
        asked: i32,
    },
    /// A call failed. The error says which, and what to do.
    Call(Error),
}

impl LogError {
    /// The error of a call.
    #[must_use]
    pub fn as_call(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }

    /// Stable name for logs, metrics and tests: `Log.LeadsNowhere`; that of the error of a call, see [`Error::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::RestartsForEver => "Log.RestartsForEver",
            Self::LeadsNowhere { .. } => "Log.LeadsNowhere",
            Self::Call(error) => error.code(),
        }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RestartsForEver => {
                f.write_str("the log is begun anew again and again: read it later, or look at why the device does that")
            }
            Self::LeadsNowhere { asked } => write!(
                f,
                "asked for entry {asked} of the log, the device answers with others: read the log in the other direction, or from another entry"
            ),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}

impl From<Error> for LogError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}
