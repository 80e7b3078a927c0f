//! When a router that says nothing counts as gone.

use std::sync::atomic::{AtomicU32, Ordering};

/// Questions that may stay without an answer.
const MISSED: u32 = 2;

/// What to do after so much silence.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pulse {
    /// Something came since the last look.
    Alive,
    /// Ask whether the router is still there.
    Ask,
    /// It has not answered twice.
    Dead,
}

/// Looks at the count of silent intervals, which is set to 0 by whatever comes.
pub(super) fn look(silent: &AtomicU32) -> Pulse {
    match silent.fetch_add(1, Ordering::Relaxed) {
        0 => Pulse::Alive,
        asked if asked <= MISSED => Pulse::Ask,
        _ => Pulse::Dead,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w32_dead_after_two_questions_without_an_answer() {
        let silent = AtomicU32::new(0);
        let seen = || look(&silent);
        assert_eq!(
            [seen(), seen(), seen(), seen()],
            [Pulse::Alive, Pulse::Ask, Pulse::Ask, Pulse::Dead]
        );
        silent.store(0, Ordering::Relaxed);
        assert_eq!(look(&silent), Pulse::Alive);
    }
}
