//! Why there are no readings.

use std::fmt;

use xerus_rpc::Error;

use super::{Readings, Sensor};

/// Why sensors were not found or not read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SensorsError {
    /// Sensors are not there any more: the parts of the device have changed since the walk.
    Stale(Stale),
    /// The device did not answer. The error says which call it was, and what to do.
    Call(Error),
}

/// Sensors that are not there any more, and what the others read.
#[derive(Clone, Debug)]
pub struct Stale(Box<Readings>);

impl Stale {
    pub(super) fn new(readings: Readings) -> Self {
        Self(Box::new(readings))
    }

    /// The sensors that are gone.
    pub fn sensors(&self) -> impl Iterator<Item = &Sensor> {
        self.0.stale()
    }

    /// What was read in spite of it.
    #[must_use]
    pub fn readings(&self) -> &Readings {
        &self.0
    }

    /// The same, without the error.
    #[must_use]
    pub fn into_readings(self) -> Readings {
        *self.0
    }
}

impl SensorsError {
    /// The error of a call.
    #[must_use]
    pub fn as_call(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            Self::Stale(_) => None,
        }
    }

    /// Stable name for logs, metrics and tests: `Sensors.Stale`; that of the error of a call, see [`Error::code`].
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stale(_) => "Sensors.Stale",
            Self::Call(error) => error.code(),
        }
    }
}

impl fmt::Display for SensorsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(stale) => {
                let mut gone = stale.sensors();
                match gone.next() {
                    Some(first) => write!(f, "{first}")?,
                    None => f.write_str("a sensor")?,
                }
                match gone.count() {
                    0 => f.write_str(" is")?,
                    more => write!(f, " and {more} more are")?,
                }
                f.write_str(
                    " not there any more: walk the device again, or read with read_or_walk()",
                )
            }
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SensorsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Stale(_) => None,
            Self::Call(error) => std::error::Error::source(error),
        }
    }
}

impl From<Error> for SensorsError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}
