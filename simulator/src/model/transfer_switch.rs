//! A transfer switch: feeds its output from one of two sources, and from the other one when that fails.

mod told;

use std::collections::VecDeque;
use std::time::Duration;

pub use self::told::{
    Transfer, TransferOperation, TransferReadings, TransferReason, TransferSettings,
    TransferStatistics,
};

pub(crate) use self::told::TransferRefusal;

#[derive(Clone, Copy, Debug)]
struct Source {
    powered: bool,
    /// Since when it is as it is.
    since: Duration,
}

/// A transfer switch with two sources.
#[derive(Clone, Debug)]
pub(crate) struct TransferSwitch {
    settings: TransferSettings,
    sources: [Source; Self::SOURCES],
    selected: usize,
    overload: bool,
    /// Degrees by which the second source lags behind the first.
    angle: f64,
    statistics: TransferStatistics,
    /// Oldest first.
    log: VecDeque<Transfer>,
    last_reason: TransferReason,
}

/// Transfers that the log remembers.
const LOG: usize = 32;
/// Degrees from which sources are out of step.
const OUT_OF_STEP: f64 = 30.0;
/// Microseconds that a transfer takes: until the failure is noticed, until the relay is open, and altogether.
const TIMES: (i32, i32, i32) = (2_400, 1_900, 7_800);

impl TransferSwitch {
    pub(crate) const SOURCES: usize = 2;

    /// Both sources have power and are in step; the first one is preferred and feeds the output.
    pub(crate) fn new(now: Duration) -> Self {
        let source = Source {
            powered: true,
            since: now,
        };
        Self {
            settings: TransferSettings::default(),
            sources: [source; Self::SOURCES],
            selected: 0,
            overload: false,
            angle: 0.0,
            statistics: TransferStatistics::default(),
            log: VecDeque::new(),
            last_reason: TransferReason::Startup,
        }
    }

    pub(crate) fn settings(&self) -> &TransferSettings {
        &self.settings
    }

    /// Index of the source that feeds the output.
    pub(crate) fn selected(&self) -> usize {
        self.selected
    }

    /// Whether a source has power; `false` for one that is not there.
    pub(crate) fn is_powered(&self, source: usize) -> bool {
        self.sources
            .get(source)
            .is_some_and(|source| source.powered)
    }

    pub(crate) fn statistics(&self) -> TransferStatistics {
        self.statistics
    }

    /// Oldest first.
    pub(crate) fn log(&self) -> impl Iterator<Item = &Transfer> {
        self.log.iter()
    }

    pub(crate) fn last_reason(&self) -> TransferReason {
        self.last_reason
    }

    pub(crate) fn readings(&self) -> TransferReadings {
        let all = self.sources.iter().all(|source| source.powered);
        let fed = self.sources[self.selected].powered;
        TransferReadings {
            selected: self.selected,
            operation: match (fed, all) {
                (false, _) => TransferOperation::Off,
                (true, false) => TransferOperation::NonRedundant,
                (true, true) if self.selected == self.settings.preferred => {
                    TransferOperation::Normal
                }
                (true, true) => TransferOperation::Standby,
            },
            overload: self.overload,
            phase_fault: self.phase_fault(),
            phase_angle: all.then_some(self.angle),
            powered: fed,
        }
    }

    /// Changes the settings; the old ones if they differ. A source that is preferred now has to be good for the whole
    /// wait before the output goes over to it.
    pub(crate) fn change(
        &mut self,
        new: TransferSettings,
        now: Duration,
    ) -> Result<Option<TransferSettings>, TransferRefusal> {
        let valid =
            new.preferred < Self::SOURCES && new.wait <= 3_600 && new.name.chars().count() <= 64;
        if !valid {
            return Err(TransferRefusal::InvalidParam);
        }
        if new == self.settings {
            return Ok(None);
        }
        if new.preferred != self.settings.preferred {
            self.sources[new.preferred].since = now;
        }
        Ok(Some(std::mem::replace(&mut self.settings, new)))
    }

    /// Changes to a source because somebody asks for it. With `in_spite` it does so in spite of alarms, but never to a
    /// source without power. A transfer to the source that feeds the output already is none.
    pub(crate) fn transfer(
        &mut self,
        source: usize,
        in_spite: bool,
        now: Duration,
    ) -> Result<Option<Transfer>, TransferRefusal> {
        if source >= Self::SOURCES {
            return Err(TransferRefusal::InvalidParam);
        }
        if source == self.selected {
            return Ok(None);
        }
        if !self.sources[source].powered {
            return Err(TransferRefusal::Failed);
        }
        if !in_spite && (self.overload || self.phase_fault()) {
            return Err(TransferRefusal::Prevented);
        }
        Ok(Some(self.go(source, TransferReason::Manual, now)))
    }

    /// A source gets or loses power. If it fed the output, the other one takes over at once, provided it has power.
    pub(crate) fn set_powered(
        &mut self,
        source: usize,
        powered: bool,
        now: Duration,
    ) -> Option<Transfer> {
        let state = self.sources.get_mut(source)?;
        if state.powered == powered {
            return None;
        }
        *state = Source {
            powered,
            since: now,
        };
        self.take_over(now)
    }

    /// Too much load, or no longer. It counts; the output stays where it is.
    pub(crate) fn set_overload(&mut self, overload: bool) {
        if overload && !self.overload {
            self.statistics.overloads = self.statistics.overloads.saturating_add(1);
        }
        self.overload = overload;
    }

    /// How far the sources are out of step, in degrees from -180 to 180.
    pub(crate) fn set_phase_angle(&mut self, degrees: f64) {
        if degrees.is_finite() {
            self.angle = (degrees + 180.0).rem_euclid(360.0) - 180.0;
        }
    }

    /// When the output goes back to the preferred source, if nothing is changed before.
    pub(crate) fn retransfer_at(&self) -> Option<Duration> {
        let TransferSettings {
            preferred,
            auto_retransfer,
            not_if_phase_fault,
            wait,
            ..
        } = self.settings;
        let source = self.sources[preferred];
        let held = not_if_phase_fault && self.phase_fault();
        (auto_retransfer && preferred != self.selected && source.powered && !held).then(|| {
            source
                .since
                .saturating_add(Duration::from_secs(wait.into()))
        })
    }

    /// Goes back to the preferred source if the time has come.
    pub(crate) fn advance(&mut self, now: Duration) -> Option<Transfer> {
        let at = self.retransfer_at().filter(|&at| at <= now)?;
        Some(self.go(self.settings.preferred, TransferReason::AutoRetransfer, at))
    }

    fn take_over(&mut self, now: Duration) -> Option<Transfer> {
        let other = 1 - self.selected;
        (!self.sources[self.selected].powered && self.sources[other].powered)
            .then(|| self.go(other, TransferReason::PowerFailure, now))
    }

    fn phase_fault(&self) -> bool {
        let all = self.sources.iter().all(|source| source.powered);
        self.settings.phase_sync_sensor && all && self.angle.abs() >= OUT_OF_STEP
    }

    fn go(&mut self, to: usize, reason: TransferReason, at: Duration) -> Transfer {
        let from = std::mem::replace(&mut self.selected, to);
        self.last_reason = reason;
        let (detect, open, total) = TIMES;
        self.statistics = TransferStatistics {
            transfers: self.statistics.transfers.saturating_add(1),
            // Nothing fails when somebody asks for a transfer.
            detect_time: if reason == TransferReason::PowerFailure {
                detect
            } else {
                0
            },
            relay_open_time: open,
            total_time: total,
            overloads: self.statistics.overloads,
        };
        let transfer = Transfer {
            at,
            from,
            to,
            reason,
            statistics: self.statistics,
        };
        if self.log.len() == LOG {
            self.log.pop_front();
        }
        self.log.push_back(transfer);
        transfer
    }
}

#[cfg(test)]
#[path = "transfer_switch/tests.rs"]
mod tests;
