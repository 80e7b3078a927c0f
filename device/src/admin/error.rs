//! Why something is not administered as it should be.

use std::fmt;

use xerus_rpc::error::Difference;
use xerus_rpc::{Error, Outcome, WireId};

use super::{NtpFault, Refusal};

/// Why something was not changed, or not read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AdminError {
    /// The device refused.
    Refused {
        /// Why.
        refusal: Refusal,
        /// The answer of the device.
        error: Error,
    },
    /// The device has no role of this name. Nothing was sent that changes something.
    NoSuchRole(String),
    /// Users have the role, so it was not deleted. Devices delete it all the same, and the users lose what it allows.
    RoleInUse {
        /// The role.
        role: String,
        /// Who has it.
        users: Vec<String>,
    },
    /// The session with this number is that of the caller, so it was not closed.
    OwnSession(i32),
    /// There is no session with this number.
    NoSuchSession(i32),
    /// The caller has no session: it signs in with each call.
    NoSession,
    /// The device has no time zone of this name.
    NoSuchZone(String),
    /// The device cannot use an NTP server.
    NtpUnusable(NtpFault),
    /// More than two NTP servers. Nothing was sent.
    TooManyServers,
    /// The device has no network interface of this name. Nothing was written.
    NoSuchInterface {
        /// The name.
        name: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// The device has no service of this name. Nothing was written.
    NoSuchService(String),
    /// At the new address, another device answers; these are its MAC addresses.
    AnotherDevice(Vec<String>),
    /// The device has other settings than those that were written: from what it has to what was written.
    NotKept(Difference),
    /// The device has a version of this interface that is not known here. Nothing was sent that changes something.
    UnknownVersion(WireId),
    /// Somebody else changed the settings between reading and writing; nothing was written.
    Conflict,
    /// The firmware, or the model, does not have this.
    NotThere(Error),
    /// A call failed.
    Call(Error),
}

impl AdminError {
    /// Whether the device did what was asked for. After [`Unknown`](Outcome::Unknown), read before it is asked again.
    ///
    /// A refusal was executed in so far as the device has looked at it; it changed nothing.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Refused { error, .. } | Self::NotThere(error) | Self::Call(error) => {
                error.outcome()
            }
            // Told of changes that were sent, and whose answer was lost.
            Self::AnotherDevice(_) | Self::NotKept(_) => Outcome::Unknown,
            _ => Outcome::NotExecuted,
        }
    }

    /// Why the device refused.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal),
            _ => None,
        }
    }

    /// Why the device refused, as the IDL has it: `ERR_USER_ALREADY_EXISTS`. Several, where the interface gives a number several
    /// names, and [`refusal`](Self::refusal) says which is meant; none for other errors.
    #[must_use]
    pub fn names(&self) -> &'static [&'static str] {
        let refused = self.as_call().and_then(Error::as_application);
        refused.map_or(&[], |refused| refused.names)
    }

    /// The error of a call.
    #[must_use]
    pub fn as_call(&self) -> Option<&Error> {
        match self {
            Self::Refused { error, .. } | Self::NotThere(error) | Self::Call(error) => Some(error),
            _ => None,
        }
    }

    /// Stable name for logs, metrics and tests: `Admin.RoleInUse`; that of the error of a call, see [`Error::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchRole(_) => "Admin.NoSuchRole",
            Self::RoleInUse { .. } => "Admin.RoleInUse",
            Self::OwnSession(_) => "Admin.OwnSession",
            Self::NoSuchSession(_) => "Admin.NoSuchSession",
            Self::NoSession => "Admin.NoSession",
            Self::NoSuchZone(_) => "Admin.NoSuchZone",
            Self::NtpUnusable(_) => "Admin.NtpUnusable",
            Self::TooManyServers => "Admin.TooManyServers",
            Self::NoSuchInterface { .. } => "Admin.NoSuchInterface",
            Self::NoSuchService(_) => "Admin.NoSuchService",
            Self::AnotherDevice(_) => "Admin.AnotherDevice",
            Self::NotKept(_) => "Admin.NotKept",
            Self::UnknownVersion(_) => "Admin.UnknownVersion",
            Self::Conflict => "Admin.Conflict",
            Self::NotThere(_) => "Admin.NotThere",
            Self::Refused { error, .. } | Self::Call(error) => error.code(),
        }
    }
}

/// With what to do.
impl fmt::Display for AdminError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused {
                refusal: Refusal::Other | Refusal::Network,
                error,
            } => error.fmt(f),
            Self::Refused { refusal, .. } => write!(f, "the device refused: {refusal}"),
            Self::NoSuchRole(name) => write!(f, "there is no role {name:?}: list the roles"),
            Self::RoleInUse { role, users } => write!(
                f,
                "role {role:?} is in use, by {}: take it from them first, or use delete_even_in_use()",
                users.join(", ")
            ),
            Self::OwnSession(id) => write!(
                f,
                "session {id} is the one that this program uses, and was not closed: close_own() does that"
            ),
            Self::NoSuchSession(id) => {
                write!(f, "there is no session {id}: list the sessions, it may have ended")
            }
            Self::NoSession => f.write_str(
                "this program has no session, it signs in with each call: name the sessions that are meant",
            ),
            Self::NoSuchZone(name) => {
                write!(f, "the device has no time zone {name:?}: zones() lists them")
            }
            Self::NtpUnusable(fault) => fault.fmt(f),
            Self::TooManyServers => f.write_str("devices take two NTP servers: choose two"),
            Self::NoSuchInterface { name, known } => write!(
                f,
                "the device has no network interface {name:?}: choose one of {}",
                known.join(", ")
            ),
            Self::NoSuchService(name) => {
                write!(f, "the device has no service {name:?}: read the services")
            }
            Self::AnotherDevice(macs) => write!(
                f,
                "another device answers at that address, with MAC address {}: look where the one that was changed is",
                macs.join(", ")
            ),
            Self::NotKept(found) => write!(
                f,
                "the device answers and has other settings than those that were written: {found}; change them again if that is \
                 wanted"
            ),
            Self::UnknownVersion(id) => write!(
                f,
                "the device has {id}, a version that this program does not know, so nothing was sent: update the program"
            ),
            Self::Conflict => f.write_str(
                "somebody else changed the settings since they were read, so nothing was written: look at them, then change \
                 them again",
            ),
            Self::NotThere(error) => write!(
                f,
                "this firmware or model does not have that: do without it, or update the firmware if a newer one has it: {error}"
            ),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for AdminError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Call(error) => std::error::Error::source(error),
            Self::Refused { error, .. } | Self::NotThere(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for AdminError {
    /// Without a name for a refusal: what the numbers mean, only the method knows.
    fn from(error: Error) -> Self {
        if error.is_method_not_found() {
            Self::NotThere(error)
        } else if error.as_application().is_some() {
            let refusal = Refusal::Other;
            Self::Refused { refusal, error }
        } else {
            Self::Call(error)
        }
    }
}
