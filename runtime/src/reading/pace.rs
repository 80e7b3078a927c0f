//! When the next round is due.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use tokio::time::Instant;

const INTERVAL: Duration = Duration::from_secs(30);
const SHORTEST: Duration = Duration::from_millis(10);
/// The clock is sure to reach so far.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
const PAUSE: Duration = Duration::from_secs(5 * 60);
const JITTER: f64 = 0.1;

#[derive(Debug)]
pub(super) struct Pace {
    interval: Duration,
    jitter: f64,
    longest: Duration,
    /// The moment for the round begun last, without jitter: the moments are intervals apart.
    moment: Option<Instant>,
    /// The moment for the next round, without jitter.
    next: Option<Instant>,
    /// The same with jitter; `None` for at once.
    due: Option<Instant>,
    failures: u32,
    skipped: u64,
    seed: RandomState,
    drawn: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            interval: INTERVAL,
            jitter: JITTER,
            longest: PAUSE,
            moment: None,
            next: None,
            due: None,
            failures: 0,
            skipped: 0,
            seed: RandomState::new(),
            drawn: 0,
        }
    }
}

impl Pace {
    pub(super) fn set_interval(&mut self, interval: Duration) {
        self.interval = interval.clamp(SHORTEST, LONGEST);
    }

    pub(super) fn set_jitter(&mut self, part: f64) {
        // What is no number is none.
        self.jitter = if part > 0.0 { part.min(1.0) } else { 0.0 };
    }

    pub(super) fn set_longest(&mut self, pause: Duration) {
        self.longest = pause.min(LONGEST);
    }

    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// How many moments went by without a round since this was asked last.
    pub(super) fn take_skipped(&mut self) -> u64 {
        std::mem::take(&mut self.skipped)
    }

    /// A round begins.
    pub(super) fn begin(&mut self, now: Instant) {
        let planned = self.next.take().unwrap_or(now);
        self.moment = Some(self.pass_over(planned, now));
        self.due = None;
    }

    /// Everything was read.
    pub(super) fn succeeded(&mut self, now: Instant) {
        self.failures = 0;
        let planned = self.moment.unwrap_or(now) + self.interval;
        let next = if planned > now {
            planned
        } else {
            // The moments that went by meanwhile are not made up for.
            self.skipped += 1;
            self.pass_over(planned, now) + self.interval
        };
        self.next = Some(next);
        // Half of it to each side: then two rounds are never further off the interval than the whole.
        let reach = self.interval.mul_f64(self.jitter / 2.0);
        let earliest = next.checked_sub(reach).unwrap_or(next).max(now);
        self.due = Some(earliest + self.draw((next + reach).saturating_duration_since(earliest)));
    }

    /// The device did not answer.
    pub(super) fn failed(&mut self, now: Instant) {
        let doubled = self.interval.saturating_mul(1 << self.failures.min(20));
        self.failures = self.failures.saturating_add(1);
        let longest = self.longest.max(self.interval);
        let pause = doubled.min(longest);
        let reach = pause.mul_f64(self.jitter / 2.0);
        let pause = (pause - reach + self.draw(reach * 2)).min(longest);
        self.pause(now, pause);
    }

    /// The next round is so far away.
    pub(super) fn pause(&mut self, now: Instant, pause: Duration) {
        let due = now + pause.min(LONGEST);
        self.next = Some(due);
        self.due = Some(due);
    }

    pub(super) fn at_once(&mut self) {
        self.next = None;
        self.due = None;
    }

    /// The last moment that is not after `now`, from `planned` on; counts those before it.
    fn pass_over(&mut self, planned: Instant, now: Instant) -> Instant {
        let late = now.saturating_duration_since(planned).as_nanos();
        let missed = late / self.interval.as_nanos().max(1);
        let missed = u32::try_from(missed).unwrap_or(u32::MAX);
        self.skipped += u64::from(missed);
        planned + self.interval.saturating_mul(missed)
    }

    /// Some time from none to `most`.
    fn draw(&mut self, most: Duration) -> Duration {
        self.drawn += 1;
        let part = self.seed.hash_one(self.drawn) as f64 / u64::MAX as f64;
        most.mul_f64(part).min(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(jitter: f64) -> Pace {
        let mut pace = Pace::default();
        pace.set_interval(Duration::from_secs(10));
        pace.set_jitter(jitter);
        pace.set_longest(Duration::from_secs(60));
        pace
    }

    #[test]
    fn times_between_rounds_stay_within_the_jitter_and_do_not_drift() {
        for part in [0.0, 0.1, 1.0] {
            let mut pace = pace(part);
            let start = Instant::now();
            pace.begin(start);
            let mut last = start;
            let mut sum = 0.0;
            for _ in 0..1000 {
                pace.succeeded(last);
                let due = pace.due().expect("a round is planned");
                let gap = (due - last).as_secs_f64();
                assert!(
                    gap >= 10.0 * (1.0 - part) - 1e-6 && gap <= 10.0 * (1.0 + part) + 1e-6,
                    "{gap} with {part}"
                );
                sum += gap;
                pace.begin(due);
                last = due;
            }
            assert!((sum / 1000.0 - 10.0).abs() < 0.02, "{sum} with {part}");
            assert_eq!(pace.take_skipped(), 0);
        }
    }

    #[test]
    fn moments_that_went_by_are_counted_and_not_made_up_for() {
        let mut pace = pace(0.0);
        let start = Instant::now();
        pace.begin(start);
        // Moments at 10, 20 and 30 s went by.
        pace.succeeded(start + Duration::from_secs(35));
        assert_eq!(pace.due(), Some(start + Duration::from_secs(40)));
        assert_eq!(pace.take_skipped(), 3);
        // Nobody polled until long after the moment at 40 s: those at 50, 60 and 70 s went by as well.
        pace.begin(start + Duration::from_secs(74));
        assert_eq!(pace.take_skipped(), 3);
        pace.succeeded(start + Duration::from_secs(75));
        assert_eq!(pace.due(), Some(start + Duration::from_secs(80)));
        assert_eq!(pace.take_skipped(), 0);
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let mut pace = pace(0.0);
        let now = Instant::now();
        let mut pauses = Vec::new();
        for _ in 0..5 {
            pace.begin(now);
            pace.failed(now);
            pauses.push((pace.due().expect("a round is planned") - now).as_secs());
        }
        assert_eq!(pauses, [10, 20, 40, 60, 60]);
        let due = pace.due().expect("a round is planned");
        pace.begin(due);
        pace.succeeded(due);
        assert_eq!(pace.due(), Some(due + Duration::from_secs(10)));
        let mut pace = self::pace(1.0);
        for _ in 0..100 {
            pace.failed(now);
            let pause = pace.due().expect("a round is planned") - now;
            assert!(pause <= Duration::from_secs(60), "{pause:?}");
            assert!(pause >= Duration::from_secs(5), "{pause:?}");
        }
    }
}
