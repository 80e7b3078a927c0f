//! Why a file is not where it should be.

use std::fmt;

use xerus_rpc::action::{ActionError, Ticket};
use xerus_rpc::{Error, Outcome};

use super::apply::Stage;

/// Why a file did not come, or what was sent is not in force, or not known to be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FilesError {
    /// The device has no such file: its firmware does not know it, or there is none at present. Nothing was changed.
    NotThere {
        /// What was wanted.
        what: &'static str,
        /// What the device answered.
        error: Error,
    },
    /// The device refused. [`response_code`](Self::response_code) or [`names`](Self::names) say why.
    Refused(Error),
    /// What was to be sent cannot be what is wanted, and in words why. Nothing was sent.
    BadFile(String),
    /// The device sent a file without a byte.
    Empty(&'static str),
    /// The device has no filter profile of this name. Nothing was saved.
    NoSuchProfile(String),
    /// The device has something else than what was sent to it, and in words what.
    Differs {
        /// What differs.
        what: String,
        /// Whether the device did what was asked.
        outcome: Outcome,
    },
    /// Nothing is pending that could be installed.
    NothingPending,
    /// The device took the file, and did not say that it is in force: it failed, time is over, or it cannot be asked. The
    /// [ticket](Self::ticket) is for asking on.
    NotInForce(Box<ActionError<Stage>>),
    /// What was sent cannot be read back.
    Unread {
        /// Whether the device did what was asked.
        outcome: Outcome,
        /// Why it cannot be read.
        error: Error,
    },
    /// A call or a transfer failed.
    Call(Error),
}

impl FilesError {
    /// An error of a call or a transfer, sorted.
    pub(super) fn sorted(what: &'static str, error: Error) -> Self {
        if error.is_object_not_found() || error.is_method_not_found() {
            return Self::NotThere { what, error };
        }
        error.into()
    }

    /// Whether the device did what was asked. After [`Unknown`](Outcome::Unknown), look at the device before it is asked again.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::NotThere { .. }
            | Self::BadFile(_)
            | Self::NoSuchProfile(_)
            | Self::NothingPending => Outcome::NotExecuted,
            // What was read changes nothing.
            Self::Empty(_) => Outcome::Executed,
            Self::Refused(error) | Self::Call(error) => error.outcome(),
            Self::Differs { outcome, .. } | Self::Unread { outcome, .. } => *outcome,
            Self::NotInForce(error) => error.outcome(),
        }
    }

    /// The code with which the device refused an upload: [`RawConfigCode`](xerus_rpc::files::RawConfigCode),
    /// [`BulkConfigCode`](xerus_rpc::files::BulkConfigCode) or [`CertificateCode`](xerus_rpc::files::CertificateCode).
    #[must_use]
    pub fn response_code(&self) -> Option<i32> {
        self.as_call()?.response_code()
    }

    /// Why the device refused a call, as the IDL has it: `ERR_INSTALL_KEY_MISSING`. Several, where nothing tells which of them
    /// the method means; none for other errors, and for a code without a name.
    #[must_use]
    pub fn names(&self) -> &'static [&'static str] {
        match self {
            Self::Refused(error) => error.as_application().map_or(&[], |refusal| refusal.names),
            _ => &[],
        }
    }

    /// What to ask on with, where the end is not known: for `resume` of [`RawConfig`](super::RawConfig::resume) or
    /// [`BulkConfig`](super::BulkConfig::resume).
    #[must_use]
    pub fn ticket(&self) -> Option<&Ticket> {
        match self {
            Self::NotInForce(error) => error.ticket(),
            _ => None,
        }
    }

    /// The error of a call or a transfer.
    #[must_use]
    pub fn as_call(&self) -> Option<&Error> {
        match self {
            Self::NotThere { error, .. }
            | Self::Refused(error)
            | Self::Unread { error, .. }
            | Self::Call(error) => Some(error),
            Self::NotInForce(error) => error.error(),
            _ => None,
        }
    }

    /// Stable name for logs, metrics and tests: `Files.NotThere`; that of the error of a call, see [`Error::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotThere { .. } => "Files.NotThere",
            Self::BadFile(_) => "Files.BadFile",
            Self::Empty(_) => "Files.Empty",
            Self::NoSuchProfile(_) => "Files.NoSuchProfile",
            Self::Differs { .. } => "Files.Differs",
            Self::NothingPending => "Files.NothingPending",
            Self::NotInForce(_) => "Files.NotInForce",
            Self::Unread { .. } => "Files.Unread",
            Self::Refused(error) | Self::Call(error) => error.code(),
        }
    }
}

impl From<Error> for FilesError {
    /// [`Refused`](Self::Refused) for a code or return code of the device, else [`Call`](Self::Call).
    fn from(error: Error) -> Self {
        if error.as_application().is_some() || error.as_cgi().is_some() {
            Self::Refused(error)
        } else {
            Self::Call(error)
        }
    }
}

impl From<ActionError<Stage>> for FilesError {
    fn from(error: ActionError<Stage>) -> Self {
        Self::NotInForce(Box::new(error))
    }
}

impl fmt::Display for FilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) | Self::Call(error) => error.fmt(f),
            Self::NotThere { what, error } => write!(
                f,
                "the device has no {what}: its firmware or model may not know it, or there is none at present ({error})"
            ),
            Self::BadFile(why) => write!(f, "{why}; nothing was sent"),
            Self::Empty(what) => write!(
                f,
                "the device sent nothing as {what}: look at its log, and ask again"
            ),
            Self::NoSuchProfile(name) => write!(
                f,
                "the device has no filter profile {name:?}: `profiles` lists those that it has; nothing was saved"
            ),
            Self::Differs { what, .. } => f.write_str(what),
            Self::NothingPending => {
                f.write_str("no certificate is pending: upload one, or let the device make one")
            }
            Self::NotInForce(error) => error.fmt(f),
            Self::Unread { outcome, error } => {
                write!(f, "what was sent could not be read back: {error}; ")?;
                f.write_str(match outcome {
                    Outcome::NotExecuted => "the device did nothing with it: send it again",
                    Outcome::Executed => "the device said that it took it: read it later",
                    Outcome::Unknown => {
                        "it is not known whether the device took it: read it before it is sent again"
                    }
                })
            }
        }
    }
}

impl std::error::Error for FilesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(error) | Self::Call(error) => std::error::Error::source(error),
            Self::NotThere { error, .. } | Self::Unread { error, .. } => Some(error),
            Self::NotInForce(error) => std::error::Error::source(&**error),
            _ => None,
        }
    }
}
