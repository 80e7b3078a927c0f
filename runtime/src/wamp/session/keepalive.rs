//! When a router that says nothing counts as gone.

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

/// For how many intervals nothing has come.
///
/// Bytes count, and not messages: no pong overtakes a message, and a large one takes its time on a slow link.
pub(super) struct Heard {
    /// How many bytes had come at the last look.
    heard: u64,
    intervals: u32,
}

impl Heard {
    /// From now on, when so many bytes have come.
    pub(super) fn new(heard: u64) -> Self {
        Self {
            heard,
            intervals: 0,
        }
    }

    /// What to do after an interval, when so many bytes have come in all.
    pub(super) fn look(&mut self, heard: u64) -> Pulse {
        if heard != self.heard {
            *self = Self::new(heard);
        }
        self.intervals += 1;
        match self.intervals {
            1 => Pulse::Alive,
            asked if asked <= MISSED + 1 => Pulse::Ask,
            _ => Pulse::Dead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w32_dead_after_two_questions_without_an_answer() {
        let mut silence = Heard::new(7);
        let mut seen = |heard| silence.look(heard);
        assert_eq!(
            [seen(7), seen(7), seen(7), seen(8)],
            [Pulse::Alive, Pulse::Ask, Pulse::Ask, Pulse::Alive]
        );
        assert_eq!(
            [seen(8), seen(8), seen(8)],
            [Pulse::Ask, Pulse::Ask, Pulse::Dead]
        );
    }
}
