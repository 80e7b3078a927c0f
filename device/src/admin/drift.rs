//! What the clock of a device shows, and how far it is from ours.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use xerus_api::datetime::date_time::ZoneInfo;
use xerus_rpc::Time;

/// What the clock of a device showed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClockReading {
    /// The time. Devices tell it in whole seconds.
    pub time: Time,
    /// The time zone, named as in the IANA database where the device can.
    pub zone: ZoneInfo,
    /// Whether the device changes to daylight saving time and back.
    pub daylight_saving: bool,
    /// The difference between local time and UTC, as the device tells it; the API does not say the unit.
    pub utc_offset: i32,
    /// How far it is from the clock of this computer.
    pub drift: Drift,
}

/// How far one clock is from another.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Drift {
    /// By so many seconds the device is ahead of this computer; negative: behind.
    pub seconds: f64,
    /// The true difference is not further from that than so many seconds: half of the second that devices round to, and half of the
    /// time that the call took.
    pub uncertainty: f64,
}

impl Drift {
    /// Between two looks at our clock the device showed `time`.
    pub(super) fn between(begun: SystemTime, took: Duration, time: Time) -> Self {
        let half = took.as_secs_f64() / 2.0;
        let begun = match begun.duration_since(UNIX_EPOCH) {
            Ok(since) => since.as_secs_f64(),
            Err(before) => -before.duration().as_secs_f64(),
        };
        // A device that shows whole seconds is on the average half a second further.
        let theirs = time.unix_seconds() as f64 + 0.5;
        Self {
            seconds: theirs - (begun + half),
            uncertainty: 0.5 + half,
        }
    }

    /// Whether the clocks differ by more than `tolerance`, whatever the uncertainty.
    #[must_use]
    pub fn exceeds(self, tolerance: Duration) -> bool {
        self.seconds.abs() - self.uncertainty > tolerance.as_secs_f64()
    }
}

/// `+12.3 s ±0.5 s`
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+.1} s ±{:.1} s", self.seconds, self.uncertainty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_call_counts() {
        let begun = UNIX_EPOCH + Duration::from_secs(1_000);
        let took = Duration::from_secs(2);
        let same = Drift::between(begun, took, Time::from_unix_seconds(1_001));
        assert_eq!((same.seconds, same.uncertainty), (0.5, 1.5));
        assert!(!same.exceeds(Duration::ZERO));
        let ahead = Drift::between(begun, took, Time::from_unix_seconds(1_061));
        assert_eq!(ahead.to_string(), "+60.5 s ±1.5 s");
        assert!(ahead.exceeds(Duration::from_secs(58)) && !ahead.exceeds(Duration::from_secs(59)));
        let behind = Drift::between(begun, Duration::ZERO, Time::from_unix_seconds(0));
        assert!(behind.seconds < -999.0 && behind.exceeds(Duration::from_secs(900)));
    }
}
