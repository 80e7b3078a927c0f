//! Outlets go on one after the other: in which order, and when.
//!
//! Switching off is never delayed. Outlets that go on share an inrush guard: between two of them passes at least the
//! guard delay of the device, and at least the sequence delay of the outlet that went on last. An outlet that is being
//! cycled waits for its cycle delay, too; it does not hold up those behind it.

use std::time::Duration;

/// What decides when outlets go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Somebody switches it on, or the device starts: cancelling leaves the outlet off.
    On,
    /// The second half of a cycle: it cannot be cancelled, since that would leave an outlet off that was on.
    Cycle,
}

/// An outlet that waits to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// Number of the outlet, from 0.
    pub(crate) outlet: usize,
    /// Time (since 1970) before which it does not go on: the end of a cycle or power-on delay.
    pub(crate) not_before: Duration,
    /// Least pause after it until the next one.
    pub(crate) pause: Duration,
    pub(crate) reason: Reason,
}

/// An outlet that goes on, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) outlet: usize,
    /// Time since 1970.
    pub(crate) at: Duration,
    pub(crate) reason: Reason,
}

/// How far a sequence has come, as `getOutletSequenceState` tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The next outlet, and the time until then; `None` when no sequence is running.
    pub(crate) next: Option<(usize, Duration)>,
    /// Outlets still to be switched.
    pub(crate) remaining: usize,
    /// Those of them that cancelling would spare.
    pub(crate) cancelable: usize,
}

/// The outlets of a device that wait to go on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sequence {
    /// In order of switching.
    waiting: Vec<Waiting>,
    /// When the guard lets the next outlet go on, at the earliest.
    free: Duration,
}

impl Sequence {
    /// Whether outlets wait.
    pub(crate) fn is_running(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether this outlet waits, and why.
    pub(crate) fn waits(&self, outlet: usize) -> Option<Reason> {
        let mut waiting = self.waiting.iter();
        waiting
            .find(|waiting| waiting.outlet == outlet)
            .map(|waiting| waiting.reason)
    }

    /// Adds outlets behind those that wait already. An outlet waits once: its latest order counts.
    pub(crate) fn add(&mut self, outlets: impl IntoIterator<Item = Waiting>) {
        for waiting in outlets {
            self.remove(waiting.outlet);
            self.waiting.push(waiting);
        }
    }

    /// Takes an outlet out, for instance since somebody switched it off; the answer says whether it waited.
    pub(crate) fn remove(&mut self, outlet: usize) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| waiting.outlet != outlet);
        self.waiting.len() != before
    }

    /// Spares the outlets that can be spared, and names them.
    pub(crate) fn cancel(&mut self) -> Vec<usize> {
        let (spared, kept) = self
            .waiting
            .drain(..)
            .partition::<Vec<_>, _>(|waiting| waiting.reason == Reason::On);
        self.waiting = kept;
        spared.into_iter().map(|waiting| waiting.outlet).collect()
    }

    /// The outlet that goes on next, if nothing is changed before.
    pub(crate) fn next(&self) -> Option<Step> {
        self.position().map(|(_, step)| step)
    }

    /// The outlet whose time has come. To be called until there is none: each call starts the guard anew, with
    /// `guard` as the delay of the device, so a clock that jumps gives the same steps as one that creeps.
    pub(crate) fn take_due(&mut self, now: Duration, guard: Duration) -> Option<Step> {
        let (index, step) = self.position()?;
        if step.at > now {
            return None;
        }
        let waiting = self.waiting.remove(index);
        self.free = step.at.saturating_add(guard.max(waiting.pause));
        Some(step)
    }

    /// How far the sequence has come.
    pub(crate) fn progress(&self, now: Duration) -> Progress {
        let cancelable = |waiting: &&Waiting| waiting.reason == Reason::On;
        Progress {
            next: self
                .next()
                .map(|step| (step.outlet, step.at.saturating_sub(now))),
            remaining: self.waiting.len(),
            cancelable: self.waiting.iter().filter(cancelable).count(),
        }
    }

    /// The first that may go on when the guard is over; if all wait longer than that, the one that waits least.
    fn position(&self) -> Option<(usize, Step)> {
        let time = |waiting: &Waiting| waiting.not_before.max(self.free);
        // `min_by_key` gives the first of equals, which is the first in order.
        let (index, waiting) = self
            .waiting
            .iter()
            .enumerate()
            .min_by_key(|(_, waiting)| time(waiting))?;
        let step = Step {
            outlet: waiting.outlet,
            at: time(waiting),
            reason: waiting.reason,
        };
        Some((index, step))
    }
}

/// The outlets `chosen`, each once, in the order that is configured. An empty configuration is the natural order;
/// outlets that it does not name come last.
pub(crate) fn in_order(configured: &[usize], chosen: &[usize]) -> Vec<usize> {
    let rank = |outlet: usize| {
        let place = configured.iter().position(|&other| other == outlet);
        (place.unwrap_or(usize::MAX), outlet)
    };
    let mut outlets = chosen.to_vec();
    outlets.sort_by_key(|&outlet| rank(outlet));
    outlets.dedup();
    outlets
}

/// What outlets do when the device gets power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Startup {
    On,
    Off,
    /// As before the power failed.
    LastKnown,
}

impl Startup {
    /// Whether an outlet that was `last` goes on.
    pub(crate) fn goes_on(self, last: bool) -> bool {
        match self {
            Self::On => true,
            Self::Off => false,
            Self::LastKnown => last,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn on(outlet: usize, pause: u64) -> Waiting {
        Waiting {
            outlet,
            not_before: Duration::ZERO,
            pause: ms(pause),
            reason: Reason::On,
        }
    }

    fn cycle(outlet: usize, until: u64) -> Waiting {
        Waiting {
            outlet,
            not_before: ms(until),
            pause: Duration::ZERO,
            reason: Reason::Cycle,
        }
    }

    /// All steps until `now`, with a guard of 200 ms.
    fn steps(sequence: &mut Sequence, now: u64) -> Vec<(usize, u128)> {
        std::iter::from_fn(|| sequence.take_due(ms(now), ms(200)))
            .map(|step| (step.outlet, step.at.as_millis()))
            .collect()
    }

    fn at(now: u64) -> Sequence {
        Sequence {
            free: ms(now),
            ..Sequence::default()
        }
    }

    #[test]
    fn the_guard_and_the_delay_of_each_outlet_pass_between_two() {
        let mut sequence = at(1_000);
        sequence.add([on(2, 0), on(0, 500), on(1, 100)]);
        assert_eq!(steps(&mut sequence, 1_199), [(2, 1_000)]);
        assert_eq!(
            sequence.progress(ms(1_150)),
            Progress {
                next: Some((0, ms(50))),
                remaining: 2,
                cancelable: 2
            }
        );
        assert_eq!(steps(&mut sequence, 9_000), [(0, 1_200), (1, 1_700)]);
        assert!(!sequence.is_running());
        assert_eq!(sequence.progress(ms(9_000)), Progress::default());
    }

    #[test]
    fn a_jump_of_the_clock_gives_the_same_steps_as_creeping() {
        let all = || {
            let mut sequence = at(0);
            sequence.add([on(0, 0), cycle(1, 900), on(2, 300), on(3, 0), cycle(4, 100)]);
            sequence
        };
        let jumped = steps(&mut all(), 10_000);
        let mut creeping = all();
        let crept: Vec<_> = (0..=10_000)
            .flat_map(|now| steps(&mut creeping, now))
            .collect();
        assert_eq!(jumped, crept);
        assert_eq!(jumped.len(), 5);
    }

    #[test]
    fn a_long_cycle_does_not_hold_up_the_others() {
        let mut sequence = at(0);
        sequence.add([cycle(0, 5_000), cycle(1, 100), on(2, 0)]);
        assert_eq!(steps(&mut sequence, 60_000), [(2, 0), (1, 200), (0, 5_000)]);
    }

    #[test]
    fn cancelling_spares_what_is_not_in_a_cycle() {
        let mut sequence = at(0);
        sequence.add([on(3, 0), cycle(1, 100), on(0, 0)]);
        assert_eq!(steps(&mut sequence, 0), [(3, 0)]);
        assert_eq!(sequence.progress(ms(0)).cancelable, 1);
        assert_eq!(sequence.cancel(), [0]);
        assert_eq!(sequence.waits(1), Some(Reason::Cycle));
        assert_eq!(steps(&mut sequence, 1_000), [(1, 200)]);
    }

    #[test]
    fn an_outlet_waits_once_and_can_be_taken_out() {
        let mut sequence = at(0);
        sequence.add([on(0, 0), on(1, 0)]);
        sequence.add([cycle(0, 700)]);
        assert_eq!(sequence.progress(ms(0)).remaining, 2);
        assert!(sequence.remove(1));
        assert!(!sequence.remove(1));
        assert_eq!(steps(&mut sequence, 1_000), [(0, 700)]);
    }

    #[test]
    fn the_configured_order_counts_for_the_chosen_outlets() {
        assert_eq!(in_order(&[], &[4, 1, 2]), [1, 2, 4]);
        assert_eq!(in_order(&[3, 2, 1, 0], &[0, 1, 3]), [3, 1, 0]);
        assert_eq!(in_order(&[3], &[5, 3, 0, 3]), [3, 0, 5]);
    }

    #[test]
    fn what_an_outlet_does_at_start() {
        assert!(Startup::On.goes_on(false) && !Startup::Off.goes_on(true));
        assert!(Startup::LastKnown.goes_on(true) && !Startup::LastKnown.goes_on(false));
    }
}
