//! How long an ending has been seen.

use std::time::Duration;

use tokio::time::Instant;

use super::Ending;

/// So often the same bad news have to be heard.
const TIMES: u32 = 3;

/// How often an ending was seen, without anything else in between.
#[derive(Debug, Default)]
pub(in crate::firmware) struct Doubt {
    first_look: Option<Instant>,
    seen: Option<(Ending, Instant, u32)>,
}

impl Doubt {
    /// Something was heard from the device for the first time.
    pub(in crate::firmware) fn looks(&mut self, now: Instant) {
        self.first_look.get_or_insert(now);
    }

    /// Something else was seen.
    pub(in crate::firmware) fn forget(&mut self) {
        self.seen = None;
    }

    /// Whether this ending is believed now. `is_recorded`: the history of the device has the update, so that it surely began;
    /// otherwise it may begin yet.
    pub(in crate::firmware) fn believes(
        &mut self,
        ending: Ending,
        is_recorded: bool,
        patience: Duration,
        now: Instant,
    ) -> bool {
        let (since, times) = match self.seen {
            Some((known, since, times)) if known == ending => (since, times.saturating_add(1)),
            _ => (now, 1),
        };
        self.seen = Some((ending, since, times));
        let first_look = *self.first_look.get_or_insert(now);
        times >= TIMES
            && now - since >= patience / 3
            && (is_recorded || now - first_look >= patience)
    }
}
