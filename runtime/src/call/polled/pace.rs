//! How often a stream is fetched.

use std::time::Duration;

use tokio::time::Instant;

use crate::json_text::Json;
use crate::wire::Arguments;

/// The shortest time between two fetches.
const LEAST: Duration = Duration::from_millis(100);
/// The longest.
const MOST: Duration = Duration::from_secs(24 * 60 * 60);
/// That of a device which tells none.
const DEFAULT: Duration = Duration::from_secs(1);

/// How often a stream is fetched: fast at the beginning, more slowly later.
#[derive(Debug)]
pub(super) struct Pace {
    intervals: (Duration, Duration),
    /// Until when the first interval counts, and from when the second does, since the start.
    thresholds: (Duration, Duration),
    start: Instant,
    /// When the last fetch was answered.
    last: Instant,
    longest: Duration,
}

/// The id of a stream and its pace, from the answer of what started it. Times that make no sense are replaced.
pub(super) fn read(answer: &Json, longest: Duration) -> Option<(String, Pace)> {
    let all = Arguments::parse(answer.get()).ok()?;
    let inside = all.get(usize::MAX, "_ret_").map(Arguments::parse);
    let members = inside.transpose().ok()?.unwrap_or(all);
    let value = members.get(usize::MAX, "process_id")?;
    let id = match value.as_bytes().first()? {
        b'"' => crate::codec::decode(value.as_bytes(), &Default::default()).ok()?,
        b'0'..=b'9' => value.to_owned(),
        _ => return None,
    };
    let seconds = |name| {
        let seconds: f64 = members.get(usize::MAX, name)?.parse().ok()?;
        // A time that no clock reaches is long all the same.
        Duration::try_from_secs_f64(if seconds > 1e9 { 1e9 } else { seconds }).ok()
    };
    let least = seconds("min_interval").filter(|time| !time.is_zero());
    let least = least.unwrap_or(DEFAULT).clamp(LEAST, MOST);
    let most = seconds("max_interval").unwrap_or(least).clamp(least, MOST);
    let first = seconds("min_interval_threshold").unwrap_or(MOST).min(MOST);
    let second = seconds("max_interval_threshold").unwrap_or(MOST);
    let start = Instant::now();
    let pace = Pace {
        intervals: (least, most),
        thresholds: (first, second.clamp(first, MOST.max(first))),
        start,
        last: start,
        longest,
    };
    (!id.is_empty()).then_some((id, pace))
}

impl Pace {
    /// When the next fetch is due; `None` when that is after the end.
    pub(super) fn next(&self) -> Option<Instant> {
        let due = self.last + self.interval(self.last - self.start);
        (due < self.start + self.longest).then_some(due)
    }

    pub(super) fn fetched(&mut self, now: Instant) {
        self.last = now;
    }

    pub(super) fn longest(&self) -> Duration {
        self.longest
    }

    /// The interval so long after the start.
    fn interval(&self, since: Duration) -> Duration {
        let ((least, most), (first, second)) = (self.intervals, self.thresholds);
        if since < first {
            return least;
        }
        if since >= second {
            return most;
        }
        let part = (since - first).as_secs_f64() / (second - first).as_secs_f64();
        least + (most - least).mul_f64(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<(String, Pace)> {
        read(&text.parse().expect("JSON"), Duration::from_secs(3600))
    }

    #[test]
    fn the_interval_grows_between_the_thresholds() {
        let text = r#"{"process_id":"p","min_interval":1,"max_interval":3,"min_interval_threshold":5,"max_interval_threshold":25}"#;
        let (id, pace) = told(text).expect("a pace");
        assert_eq!(id, "p");
        for (since, interval) in [
            (0, 1.0),
            (4, 1.0),
            (5, 1.0),
            (15, 2.0),
            (25, 3.0),
            (1000, 3.0),
        ] {
            let found = pace.interval(Duration::from_secs(since)).as_secs_f64();
            assert!((found - interval).abs() < 1e-6, "{since}: {found}");
        }
    }

    #[test]
    fn a_long_interval_stays_long() {
        for (told_least, least) in [("7200", 7200), ("1e6", 86_400), ("1e300", 86_400)] {
            let text = format!(r#"{{"process_id":"p","min_interval":{told_least}}}"#);
            let (_, pace) = told(&text).expect("a pace");
            let found = pace.interval(Duration::ZERO);
            assert_eq!(found, Duration::from_secs(least), "{told_least}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_replaced() {
        for text in [
            r#"{"process_id":"p"}"#,
            r#"{"_ret_":{"process_id":7,"min_interval":0,"max_interval":-1}}"#,
            r#"{"process_id":"p","min_interval":"x","max_interval":1e300,"min_interval_threshold":9,"max_interval_threshold":1}"#,
        ] {
            let (_, pace) = told(text).expect("a pace");
            assert_eq!(pace.interval(Duration::ZERO), DEFAULT, "{text}");
            assert!(pace.interval(Duration::from_secs(100)) <= MOST, "{text}");
            assert!(pace.next().is_some());
        }
        for text in [
            r#"{}"#,
            r#"{"process_id":""}"#,
            r#"{"process_id":null}"#,
            "[]",
        ] {
            assert!(told(text).is_none(), "{text}");
        }
    }
}
