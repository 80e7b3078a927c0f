//! Reading a point in time from its text.

use crate::time::Time;

/// The time that is written as `2023-11-14T22:15:23Z`; `None` for anything else, also for days that are in no calendar.
pub(super) fn read(text: &str) -> Option<Time> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    if !(1..=12).contains(&month) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    let found = Time::from_unix_seconds(seconds);
    // The 30th of February would be read as a day of March.
    (found.to_string() == text).then_some(found)
}

fn numbers(text: &str, between: char, lengths: [usize; 3]) -> Option<[i64; 3]> {
    let mut found = [0; 3];
    let mut parts = text.split(between);
    for (number, length) in found.iter_mut().zip(lengths) {
        let part = parts.next()?;
        if part.len() != length || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// Days from 1970-01-01, in the proleptic Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Counted from March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_written() {
        for seconds in [
            0,
            -1,
            951_782_400,
            951_868_799,
            1_700_000_123,
            4_107_542_400,
            253_402_300_799,
        ] {
            let time = Time::from_unix_seconds(seconds);
            assert_eq!(read(&time.to_string()), Some(time));
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "",
            "Z",
            "TZ",
            "2023-11-14",
            "2023-02-30T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "2023-00-01T00:00:00Z",
            "2023-11-14T24:00:00Z",
            "2023-11-14T22:15:23",
            "2023-11-14T22:15:23+01:00",
            "+023-11-14T22:15:23Z",
            "2023-11-14T22:15:23.5Z",
            "2023-11-14T22:15:23:00Z",
            "253402300800 s",
            "2023-11-00T00:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
