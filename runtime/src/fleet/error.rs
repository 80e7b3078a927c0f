//! Why there is no result for a device.

use std::fmt;
use std::time::Duration;

use crate::error::{Error, Outcome};

/// Why there is no result for a device.
///
/// ```
/// # use xerus_rpc::{Error, Outcome, fleet::FleetError};
/// fn report(name: &str, error: FleetError<Error>) {
///     match error {
///         FleetError::Failed(error) => eprintln!("{name}: {error}"),
///         FleetError::NotBegun(_) => eprintln!("{name}: left as it was"),
///         other => eprintln!("{name}: {other} ({:?})", other.outcome()),
///     }
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FleetError<E = Error> {
    /// The work on it ended with this error.
    Failed(E),
    /// Its agent could not be made; nothing was sent.
    NoAgent(Error),
    /// The work on it was under way and was dropped: what it had sent may have been executed.
    Dropped(Stop),
    /// The work on it was not begun; nothing was sent.
    NotBegun(Stop),
}

/// Why work is dropped or not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stop {
    /// The time of the device was over: [`Run::device_timeout`](super::Run::device_timeout).
    DeviceTimeout(Duration),
    /// The time of the run was over: [`Run::run_timeout`](super::Run::run_timeout).
    RunTimeout(Duration),
    /// That many devices had failed: [`Run::stop_after`](super::Run::stop_after), [`Run::canary`](super::Run::canary).
    Failures(usize),
}

impl<E> FleetError<E> {
    /// The error that the work ended with.
    #[must_use]
    pub fn failure(&self) -> Option<&E> {
        match self {
            Self::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the work on the device was not begun, so that nothing was sent to it.
    #[must_use]
    pub fn is_not_begun(&self) -> bool {
        matches!(self, Self::NotBegun(_) | Self::NoAgent(_))
    }
}

impl FleetError<Error> {
    /// Whether the device executed what it was asked for: of the call that failed, [`Error::outcome`]; of work that was
    /// dropped, [`Outcome::Unknown`], since some of it may have been sent; else [`Outcome::NotExecuted`].
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Failed(error) => error.outcome(),
            Self::Dropped(_) => Outcome::Unknown,
            Self::NoAgent(_) | Self::NotBegun(_) => Outcome::NotExecuted,
        }
    }
}

impl<E: fmt::Display> fmt::Display for FleetError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::NoAgent(error) => write!(f, "no agent, so nothing was sent: {error}"),
            Self::Dropped(stop) => write!(
                f,
                "stopped under way, {stop}: read what the device now has before you go on"
            ),
            Self::NotBegun(stop) => write!(
                f,
                "not begun, {stop}: nothing was sent to this device; run it later"
            ),
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeviceTimeout(limit) => write!(f, "after the {limit:?} that a device may take"),
            Self::RunTimeout(limit) => write!(f, "since the {limit:?} of the whole run are over"),
            Self::Failures(1) => f.write_str("since a device failed"),
            Self::Failures(count) => write!(f, "since {count} devices failed"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for FleetError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // Their text is that of the error inside.
            Self::Failed(error) => error.source(),
            Self::NoAgent(error) => Some(error),
            Self::Dropped(_) | Self::NotBegun(_) => None,
        }
    }
}
