//! When the next poll may be made.

use std::time::Duration;

use tokio::time::Instant;

const GAP: Duration = Duration::from_secs(1);
const LEAST_GAP: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The clock is sure to reach so far.
const MOST: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
pub(super) struct Pace {
    gap: Duration,
    first_pause: Duration,
    longest_pause: Duration,
    /// When the last poll began.
    began: Option<Instant>,
    due: Option<Instant>,
    /// Errors in a row.
    errors: u32,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            gap: GAP,
            first_pause: GAP,
            longest_pause: LONGEST_PAUSE,
            began: None,
            due: None,
            errors: 0,
        }
    }

    pub(super) fn set_gap(&mut self, gap: Duration) {
        self.gap = gap.clamp(LEAST_GAP, MOST);
    }

    pub(super) fn set_pause(&mut self, first: Duration, longest: Duration) {
        self.first_pause = first.min(MOST);
        self.longest_pause = longest.clamp(self.first_pause, MOST);
    }

    /// When the next poll may begin, if not at once.
    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }

    pub(super) fn begin(&mut self, now: Instant) {
        self.began = Some(now);
        // Until its answer says otherwise, also when nobody waits for that.
        self.due = Some(now + self.gap);
    }

    pub(super) fn something(&mut self) {
        self.errors = 0;
        self.due = None;
    }

    pub(super) fn nothing(&mut self) {
        self.errors = 0;
        self.due = self.began.map(|began| began + self.gap);
    }

    pub(super) fn failed(&mut self, now: Instant) {
        let doubled = self.first_pause.saturating_mul(1 << self.errors.min(20));
        let pause = doubled.min(self.longest_pause).max(self.gap);
        self.errors = self.errors.saturating_add(1);
        self.due = Some(now + pause);
    }
}
