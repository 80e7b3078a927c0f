//! The one source of time of a simulated device.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::Instant;

/// Tells a device what time it is, and lets it wait.
///
/// Everything in the simulator that depends on time (time stamps, energy counters, power cycles, the life of event
/// channels and sessions) asks this object, so a test that owns a frozen clock decides when time passes.
/// Clones share the same time.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

enum Source {
    /// Wall clock read once, then the monotonic clock: never steps backwards.
    Running { began: Instant, at: Duration },
    /// Stands still until [`Clock::advance`] is called.
    Frozen(watch::Sender<Duration>),
}

/// No clock goes beyond the year 9999, so that every time it tells has room in all places that it is put.
pub(crate) const END: Duration = Duration::from_secs(253_402_300_799);

/// Whole seconds of a time that a [`Clock`] told.
pub(crate) fn whole_seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).expect("a clock ends with the year 9999")
}

impl Clock {
    /// The time of this computer; 1970-01-01 if that stands at an earlier one.
    #[must_use]
    pub fn running() -> Self {
        let at = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO);
        Self(Arc::new(Source::Running {
            began: Instant::now(),
            at,
        }))
    }

    /// A clock that stands at `unix_seconds` (seconds since 1970-01-01 UTC) until it is advanced. The last second of
    /// the year 9999 is the last that there is: a clock stops there.
    #[must_use]
    pub fn frozen_at(unix_seconds: u64) -> Self {
        Self(Arc::new(Source::Frozen(watch::Sender::new(
            Duration::from_secs(unix_seconds).min(END),
        ))))
    }

    /// The time since 1970-01-01 UTC.
    #[must_use]
    pub fn now(&self) -> Duration {
        match &*self.0 {
            Source::Running { began, at } => at.saturating_add(began.elapsed()).min(END),
            Source::Frozen(time) => *time.borrow(),
        }
    }

    /// Whole seconds since 1970-01-01 UTC, as devices send them.
    #[must_use]
    pub fn unix_seconds(&self) -> i64 {
        whole_seconds(self.now())
    }

    /// Moves a frozen clock forward and wakes what waits for the new time. A running clock is left alone; the
    /// answer says whether the clock moved.
    pub fn advance(&self, by: Duration) -> bool {
        match &*self.0 {
            Source::Running { .. } => false,
            Source::Frozen(time) => {
                time.send_modify(|now| *now = now.saturating_add(by).min(END));
                true
            }
        }
    }

    /// Waits until [`now`](Self::now) is at least `deadline`.
    pub async fn sleep_until(&self, deadline: Duration) {
        match &*self.0 {
            Source::Running { began, at } => {
                tokio::time::sleep_until(*began + deadline.saturating_sub(*at)).await;
            }
            Source::Frozen(time) => {
                time.subscribe()
                    .wait_for(|now| *now >= deadline)
                    .await
                    .expect("the sender lives as long as this clock");
            }
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::running()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &*self.0 {
            Source::Running { .. } => "running",
            Source::Frozen(_) => "frozen",
        };
        write!(f, "Clock({kind} at {:?})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen_at(1_000);
        assert_eq!(clock.unix_seconds(), 1_000);
        let waiter = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep_until(Duration::from_secs(1_010)).await;
                clock.unix_seconds()
            }
        });
        assert!(clock.advance(Duration::from_secs(4)));
        tokio::task::yield_now().await;
        assert!(!waiter.is_finished());
        assert!(clock.advance(Duration::from_secs(6)));
        assert_eq!(waiter.await.unwrap(), 1_010);
    }

    #[test]
    fn time_ends_with_the_year_9999() {
        let clock = Clock::frozen_at(u64::MAX);
        assert_eq!(clock.unix_seconds(), 253_402_300_799);
        assert!(clock.advance(Duration::MAX));
        assert_eq!(clock.unix_seconds(), 253_402_300_799);
    }

    #[tokio::test]
    async fn a_running_clock_refuses_to_be_moved() {
        let clock = Clock::running();
        let before = clock.now();
        assert!(!clock.advance(Duration::from_secs(3_600)));
        assert!(clock.now() - before < Duration::from_secs(60));
    }
}
