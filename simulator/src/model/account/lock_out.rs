//! A user is blocked after wrong passwords, for a time.

use std::time::Duration;

/// When users are blocked, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BlockRules {
    /// Wrong passwords until a user is blocked; 0: users are never blocked.
    pub(crate) failures: u32,
    /// How long a user stays blocked.
    pub(crate) block: Duration,
    /// How long a wrong password counts.
    pub(crate) memory: Duration,
}

impl Default for BlockRules {
    /// Nobody is blocked; the times are such that they can be written back.
    fn default() -> Self {
        Self {
            failures: 0,
            block: Duration::from_secs(600),
            memory: Duration::from_secs(3_600),
        }
    }
}

/// The wrong passwords of one user.
#[derive(Clone, Debug, Default)]
pub(super) struct LockOut {
    /// When they came, oldest first. Never more than the rules count.
    failures: Vec<Duration>,
    until: Option<Duration>,
}

impl LockOut {
    pub(super) fn is_blocked(&self, now: Duration) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    /// Notes a wrong password; the answer says whether the user is blocked now.
    pub(super) fn fail(&mut self, rules: &BlockRules, now: Duration) -> bool {
        if rules.failures == 0 {
            return false;
        }
        self.failures
            .retain(|&failure| now.saturating_sub(failure) < rules.memory);
        self.failures.push(now);
        if self.failures.len() < rules.failures as usize {
            return false;
        }
        self.failures.clear();
        self.until = Some(now.saturating_add(rules.block));
        true
    }

    /// Forgets everything, as a right password does.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: BlockRules = BlockRules {
        failures: 3,
        block: Duration::from_secs(600),
        memory: Duration::from_secs(60),
    };

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn three_failures_block_for_ten_minutes() {
        let mut lock_out = LockOut::default();
        assert!(!lock_out.fail(&RULES, s(0)));
        assert!(!lock_out.fail(&RULES, s(10)));
        assert!(lock_out.fail(&RULES, s(20)));
        assert!(lock_out.is_blocked(s(619)));
        assert!(!lock_out.is_blocked(s(620)));
        // Counting begins anew.
        assert!(!lock_out.fail(&RULES, s(621)));
    }

    #[test]
    fn failures_are_forgotten_after_their_time() {
        let mut lock_out = LockOut::default();
        for time in [0, 30, 61, 91, 122] {
            assert!(!lock_out.fail(&RULES, s(time)), "{time}");
        }
        assert!(lock_out.fail(&RULES, s(123)));
        lock_out.clear();
        assert!(!lock_out.is_blocked(s(124)));
    }

    #[test]
    fn without_rules_nobody_is_blocked() {
        let mut lock_out = LockOut::default();
        assert!((0..100).all(|time| !lock_out.fail(&BlockRules::default(), s(time))));
        assert!(lock_out.failures.is_empty());
    }
}
