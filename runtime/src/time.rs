//! The IDL type `time`.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time: whole seconds since 1970-01-01 00:00 UTC.
///
/// The number is kept as the device sent it, since not every device keeps to the calendar: session
/// creation times, for one, count from the start of the device. Conversions to calendar types can
/// therefore fail, and are apart from reading.
///
/// ```
/// use xerus_rpc::Time;
///
/// let time = Time::from_unix_seconds(1_700_000_123);
/// assert_eq!(time.to_string(), "2023-11-14T22:15:23Z");
/// assert_eq!(time.unix_seconds(), 1_700_000_123);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

impl Time {
    /// The time from its number.
    #[must_use]
    pub const fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The number.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// The time of the computer's clock, fractions of a second cut off.
    #[must_use]
    pub fn now() -> Self {
        Self::from(SystemTime::now())
    }

    /// The time as the standard library has it; `None` when that cannot hold it.
    #[must_use]
    pub fn to_system_time(self) -> Option<SystemTime> {
        let distance = Duration::from_secs(self.0.unsigned_abs());
        if self.0 < 0 {
            UNIX_EPOCH.checked_sub(distance)
        } else {
            UNIX_EPOCH.checked_add(distance)
        }
    }
}

impl From<SystemTime> for Time {
    /// Cuts fractions of a second off, downwards.
    fn from(time: SystemTime) -> Self {
        let seconds = |distance: Duration| i64::try_from(distance.as_secs()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(seconds(after)),
            Err(before) => {
                let before = before.duration();
                Self(-seconds(before) - i64::from(before.subsec_nanos() > 0))
            }
        }
    }
}

const DAY: i64 = 24 * 60 * 60;

impl fmt::Display for Time {
    /// `2023-11-14T22:15:23Z`, or the bare number of seconds outside the years 0 to 9999.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const YEAR_0: i64 = -62_167_219_200;
        const YEAR_10_000: i64 = 253_402_300_800;
        if !(YEAR_0..YEAR_10_000).contains(&self.0) {
            return write!(f, "{} s", self.0);
        }
        let (days, seconds) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (year, month, day) = civil(days);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // Counted from 0000-03-01, so that the leap day is the last of its year.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (253_402_300_800, "253402300800 s"),
            (-62_167_219_200, "0000-01-01T00:00:00Z"),
            (i64::MIN, "-9223372036854775808 s"),
        ] {
            assert_eq!(Time::from_unix_seconds(seconds).to_string(), text);
        }
    }

    #[test]
    fn converts_both_ways_where_the_clock_can() {
        for seconds in [0, 1_700_000_123, -5, 300_000_000_000] {
            let time = Time::from_unix_seconds(seconds);
            assert_eq!(time.to_system_time().map(Time::from), Some(time));
        }
        let half = UNIX_EPOCH - Duration::from_millis(500);
        assert_eq!(Time::from(half), Time::from_unix_seconds(-1));
    }
}
