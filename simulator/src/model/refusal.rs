//! Why the device does not do what it is asked to. What number that has is up to the interface of a firmware.

use std::fmt;

use super::password::PasswordRefusal;

/// What each refusal says to a person.
macro_rules! told {
    ($($type:ty { $($variant:pat => $text:expr,)+ })+) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $($variant => f.write_str($text),)+
                }
            }
        }

        impl std::error::Error for $type {}
    )+};
}

told! {
    OutletRefusal {
        Self::NotSwitchable => "there is no such outlet with a relay: take a number below that of the outlets",
        Self::Disabled => "the inlet of the outlet is disabled: enable it first",
        Self::LoadShedding => "load shedding keeps the outlet off: end it first",
        Self::RelayControlInhibited => "the settings of the device forbid switching: change inhibit_relay_control first",
        Self::Invalid => "a setting of the outlet is out of range: delays are 0 to 3 600 s, names have at most 64 characters",
    }
    NameTooLong {
        Self => "the name is too long: take at most 64 characters",
    }
    SlotRefusal {
        Self::Invalid => "name or description of the slot is too long: take at most 64 and 256 characters",
    }
    ThresholdRefusal {
        Self::OutOfRange => "a threshold is outside of what the sensor measures: take one of its range",
        Self::NotSupported => "the sensor does not have such a threshold: leave it inactive",
        Self::Invalid => "the thresholds are not in order: none may be below a lower one, nor delay and hysteresis below 0",
    }
    PasswordRefusal {
        Self::Unchanged => "the password is the old one: take another",
        Self::Empty => "the password is empty: take one as long as the rules say",
        Self::TooShort => "the password is too short: take as many characters as the rules say",
        Self::TooLong => "the password is too long: take no more characters than the rules say",
        Self::ControlCharacters => "the password has control characters: leave them out",
        Self::NeedsLower => "the password needs a lower-case letter: add one",
        Self::NeedsUpper => "the password needs an upper-case letter: add one",
        Self::NeedsNumeric => "the password needs a digit: add one",
        Self::NeedsSpecial => "the password needs a character that is neither letter nor digit: add one",
        Self::InHistory => "the password was used before: take another",
        Self::TooShortForSnmp => "the password is too short for SNMPv3: take at least 8 characters",
    }
}

impl fmt::Display for PduRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid => f.write_str("a setting is out of range, or there is no such outlet"),
            Self::Outlet(refusal) => refusal.fmt(f),
        }
    }
}

impl std::error::Error for PduRefusal {}

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
