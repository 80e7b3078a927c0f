//! When the device may be asked next.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// From the beginning of a poll that brought nothing to the beginning of the next, at least.
pub(super) const GAP: Duration = Duration::from_secs(1);
/// The pause after the first error, and the longest.
pub(super) const FIRST: Duration = Duration::from_secs(1);
pub(super) const LONGEST: Duration = Duration::from_secs(30);

/// When the device may be asked next.
#[derive(Debug, Default)]
pub(super) struct Pace {
    began: Option<Instant>,
    due: Option<Instant>,
    failures: u32,
    draws: u64,
    seed: RandomState,
}

impl Pace {
    /// Waits until it is time, and notes the beginning of what follows.
    pub(super) async fn turn(&mut self) -> Instant {
        if let Some(due) = self.due {
            sleep_until(due).await;
        }
        let now = Instant::now();
        self.began = Some(now);
        // Until the answer says otherwise.
        self.due = Some(now + GAP);
        now
    }

    /// The device answered with something: it may be asked again at once.
    pub(super) fn something(&mut self) {
        self.failures = 0;
        self.due = None;
    }

    /// The device answered with nothing.
    pub(super) fn nothing(&mut self) {
        self.failures = 0;
        self.due = self.began.map(|began| began + GAP);
    }

    /// The device is to be asked something else next, at once.
    pub(super) fn at_once(&mut self) {
        self.due = None;
    }

    /// What follows the last turn must not begin earlier than one gap after it.
    pub(super) fn not_at_once(&mut self) {
        self.due = self.began.map(|began| began + GAP);
    }

    /// An attempt failed. The pause that follows: between half of what doubles each time and all of it, but at least the gap.
    pub(super) fn failed(&mut self) -> Duration {
        let doubled = FIRST
            .saturating_mul(1 << self.failures.min(10))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        self.draws += 1;
        let part = self.seed.hash_one(self.draws) % 1000;
        let part = u32::try_from(part).unwrap_or(0);
        let pause = (doubled / 2 + doubled / 2 * part / 1000).max(GAP);
        self.due = Some(Instant::now() + pause);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_to_half_a_minute_and_differ() {
        let mut pace = Pace::default();
        let pauses: Vec<_> = (0..40).map(|_| pace.failed()).collect();
        assert!(pauses.iter().all(|pause| (GAP..=LONGEST).contains(pause)));
        let late = &pauses[6..];
        assert!(late.iter().all(|pause| *pause >= LONGEST / 2), "{late:?}");
        assert!(late.iter().any(|pause| *pause != late[0]), "{late:?}");
        pace.something();
        assert_eq!(pace.failed(), FIRST);
    }

    #[tokio::test(start_paused = true)]
    async fn polls_without_events_begin_a_second_apart() {
        let mut pace = Pace::default();
        let first = pace.turn().await;
        pace.nothing();
        assert_eq!(pace.turn().await - first, GAP);
        pace.something();
        assert_eq!(pace.turn().await - first, GAP);
    }
}
