//! When a device ends idle connections, as far as it was seen.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A device that ends a connection this soon after an answer does so after every answer, as far as anybody knows.
const AT_ONCE: Duration = Duration::from_secs(1);

/// When the device was seen to end idle connections.
///
/// A request that is on its way while the device ends the connection is lost, and its outcome is unknown. So calls that
/// must not be repeated do not use connections that may be about to end.
#[derive(Debug)]
pub(super) struct Habits {
    /// The shortest time after an answer at which a connection was found ended, in milliseconds.
    ended_after: AtomicU64,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            ended_after: AtomicU64::new(u64::MAX),
        }
    }
}

impl Habits {
    /// A connection was found ended this long after its last answer.
    pub(super) fn note_end(&self, idle: Duration) {
        let idle = u64::try_from(idle.as_millis()).unwrap_or(u64::MAX);
        self.ended_after.fetch_min(idle, Ordering::Relaxed);
    }

    /// Whether a call that must not be repeated may go out on a connection that has been idle this long.
    pub(super) fn trust(&self, idle: Duration) -> bool {
        let ended_after = Duration::from_millis(self.ended_after.load(Ordering::Relaxed));
        // It was found ended, and had ended some time before that.
        ended_after >= AT_ONCE && idle < ended_after / 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_trusted_until_it_is_seen_to_close() {
        let habits = Habits::default();
        assert!(habits.trust(Duration::from_secs(9)));
        habits.note_end(Duration::from_secs(8));
        assert!(habits.trust(Duration::from_millis(1999)));
        assert!(!habits.trust(Duration::from_secs(2)));
        habits.note_end(Duration::from_millis(999));
        assert!(!habits.trust(Duration::ZERO));
        habits.note_end(Duration::from_secs(8));
        assert!(!habits.trust(Duration::ZERO));
    }
}
