//! Time zones that can be chosen: one for each kind of place that devices stand in, not all of the world.

/// When clocks go forward and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Summer {
    Never,
    /// Last Sunday of March to last Sunday of October, at 01:00 UTC.
    Europe,
    /// Second Sunday of March to first Sunday of November, at 02:00 local time.
    America,
    /// First Sunday of October to first Sunday of April, at 02:00 local standard time.
    Australia,
}

/// A time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Its name for people.
    pub name: &'static str,
    /// Its name in the IANA database.
    pub olson: &'static str,
    /// Minutes to add to UTC for standard time.
    minutes: i32,
    summer: Summer,
}

const fn zone(name: &'static str, olson: &'static str, minutes: i32, summer: Summer) -> Zone {
    Zone {
        name,
        olson,
        minutes,
        summer,
    }
}

/// All time zones. The id of one is its place here.
pub const ZONES: [Zone; 16] = [
    zone("(UTC) Coordinated Universal Time", "UTC", 0, Summer::Never),
    zone(
        "(UTC-08:00) Los Angeles",
        "America/Los_Angeles",
        -480,
        Summer::America,
    ),
    zone(
        "(UTC-07:00) Denver",
        "America/Denver",
        -420,
        Summer::America,
    ),
    zone(
        "(UTC-07:00) Phoenix",
        "America/Phoenix",
        -420,
        Summer::Never,
    ),
    zone(
        "(UTC-06:00) Chicago",
        "America/Chicago",
        -360,
        Summer::America,
    ),
    zone(
        "(UTC-05:00) New York",
        "America/New_York",
        -300,
        Summer::America,
    ),
    zone(
        "(UTC-03:00) Sao Paulo",
        "America/Sao_Paulo",
        -180,
        Summer::Never,
    ),
    zone("(UTC+00:00) London", "Europe/London", 0, Summer::Europe),
    zone("(UTC+01:00) Berlin", "Europe/Berlin", 60, Summer::Europe),
    zone(
        "(UTC+02:00) Helsinki",
        "Europe/Helsinki",
        120,
        Summer::Europe,
    ),
    zone(
        "(UTC+02:00) Johannesburg",
        "Africa/Johannesburg",
        120,
        Summer::Never,
    ),
    zone("(UTC+04:00) Dubai", "Asia/Dubai", 240, Summer::Never),
    zone("(UTC+05:30) Kolkata", "Asia/Kolkata", 330, Summer::Never),
    zone(
        "(UTC+08:00) Singapore",
        "Asia/Singapore",
        480,
        Summer::Never,
    ),
    zone("(UTC+09:00) Tokyo", "Asia/Tokyo", 540, Summer::Never),
    zone(
        "(UTC+10:00) Sydney",
        "Australia/Sydney",
        600,
        Summer::Australia,
    ),
];

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

impl Zone {
    /// Whether it is known when daylight saving time begins and ends there.
    #[must_use]
    pub fn has_daylight_saving(&self) -> bool {
        self.summer != Summer::Never
    }

    /// Seconds to add to `time` (seconds since 1970-01-01 UTC) for local time.
    #[must_use]
    pub fn offset(&self, time: i64, daylight_saving: bool) -> i32 {
        let standard = self.minutes * 60;
        if daylight_saving && self.is_summer(time, i64::from(standard)) {
            standard + 3_600
        } else {
            standard
        }
    }

    fn is_summer(&self, time: i64, standard: i64) -> bool {
        let year = year_of(time + standard);
        let at = |month: i64, hour: i64| first_sunday(year, month) * DAY + hour;
        let last = |month: i64| first_sunday(year, month + 1) - 7;
        match self.summer {
            Summer::Never => false,
            Summer::Europe => {
                let (begin, end) = (last(3) * DAY + HOUR, last(10) * DAY + HOUR);
                (begin..end).contains(&time)
            }
            Summer::America => {
                let begin = at(3, 2 * HOUR) + 7 * DAY - standard;
                // 02:00 by the summer clock.
                let end = at(11, HOUR) - standard;
                (begin..end).contains(&time)
            }
            Summer::Australia => {
                let end = at(4, 2 * HOUR) - standard;
                let begin = at(10, 2 * HOUR) - standard;
                !(end..begin).contains(&time)
            }
        }
    }
}

/// Days from 1970-01-01 to the first day of a month of the Gregorian calendar; months beyond 12 are those of later years.
fn first_day(year: i64, month: i64) -> i64 {
    // Years that begin with March have their leap day at the end.
    let (year, month) = (year + (month - 1) / 12, (month - 1) % 12 + 1);
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    days + (153 * month + 2) / 5 - 719_468
}

fn first_sunday(year: i64, month: i64) -> i64 {
    let first = first_day(year, month);
    // 1970-01-04 was a Sunday.
    first + (3 - first).rem_euclid(7)
}

fn year_of(time: i64) -> i64 {
    let day = time.div_euclid(DAY);
    // Near enough, and then exact.
    let mut year = 1970 + day.div_euclid(366);
    while first_day(year + 1, 1) <= day {
        year += 1;
    }
    year
}
