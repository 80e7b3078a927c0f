//! Why the device does not do what it is asked to. What number that has is up to the interface of a firmware.

/// Why an outlet is not switched or set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutletRefusal {
    /// There is no such outlet, or it has no relay.
    NotSwitchable,
    /// Its inlet is disabled.
    Disabled,
    /// Load shedding keeps it off.
    LoadShedding,
    /// The settings of the device forbid switching.
    RelayControlInhibited,
    /// A setting is out of range, or a name is longer than 64 characters.
    Invalid,
}

/// Why the device as a whole is not set, or does not switch outlets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PduRefusal {
    /// A setting is out of range, or there is no outlet with such a number.
    Invalid,
    /// The first outlet that refused. The others were switched nevertheless.
    Outlet(OutletRefusal),
}

impl From<OutletRefusal> for PduRefusal {
    fn from(refusal: OutletRefusal) -> Self {
        Self::Outlet(refusal)
    }
}

/// The name of a part is longer than 64 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameTooLong;

/// Why a slot for peripheral devices is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlotRefusal {
    /// The name is longer than 64 characters, or the description longer than 256.
    Invalid,
}

/// Why a sensor does not take thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ThresholdRefusal {
    /// An active threshold is outside of what the sensor can measure.
    OutOfRange,
    /// The sensor does not have an active threshold.
    NotSupported,
    /// The active thresholds are not in order, or a delay or hysteresis is negative.
    Invalid,
}

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordRefusal {
    /// It is the one that is there.
    Unchanged,
    /// There is none.
    Empty,
    /// It has fewer than 8 characters.
    TooShort,
    /// It has more than 64 characters.
    TooLong,
    /// It has control characters.
    ControlCharacters,
}
