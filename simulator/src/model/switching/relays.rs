//! What relays do with an order.

use std::time::Duration;

use super::super::outlet::OutletStartup;
use super::super::pdu::PduStartup;
use super::super::sequence::{Reason, Sequence, Startup, Step, Waiting, in_order};
use super::super::state::{Outlet, State};

/// All outlets go off, and those wait that are to go on.
pub(super) fn start(state: &mut State, now: Duration) {
    let wanted: Vec<usize> = (0..state.outlets.len())
        .filter(|&index| {
            let outlet = &state.outlets[index];
            let last = outlet.on || state.sequence.waits(index).is_some();
            startup(state, outlet).goes_on(last)
        })
        .collect();
    for outlet in &mut state.outlets {
        outlet.on = false;
    }
    state.sequence = Sequence::default();
    let delay = u64::try_from(state.pdu_settings.power_on_delay).unwrap_or_default();
    let from = now.saturating_add(Duration::from_secs(delay));
    let waiting: Vec<_> = state
        .in_order(&wanted)
        .into_iter()
        .map(|outlet| state.waiting(outlet, from, Reason::On))
        .collect();
    state.sequence.add(waiting);
}

fn startup(state: &State, outlet: &Outlet) -> Startup {
    match (outlet.settings.startup, state.pdu_settings.startup) {
        (OutletStartup::On, _) | (OutletStartup::AsPdu, PduStartup::On) => Startup::On,
        (OutletStartup::Off, _) | (OutletStartup::AsPdu, PduStartup::Off) => Startup::Off,
        (OutletStartup::LastKnown, _) | (OutletStartup::AsPdu, PduStartup::LastKnown) => {
            Startup::LastKnown
        }
    }
}

impl State {
    /// Outlets in the configured order.
    pub(in crate::model) fn in_order(&self, outlets: &[usize]) -> Vec<usize> {
        let configured = self.pdu_settings.outlet_sequence.iter();
        let configured: Vec<usize> = configured
            .filter_map(|&outlet| usize::try_from(outlet).ok())
            .collect();
        in_order(&configured, outlets)
    }

    /// An outlet that is to go on, not before a time.
    pub(in crate::model) fn waiting(
        &self,
        outlet: usize,
        not_before: Duration,
        reason: Reason,
    ) -> Waiting {
        let delay = self.outlets.get(outlet);
        let delay = delay.map_or(0, |outlet| outlet.settings.sequence_delay);
        Waiting {
            outlet,
            not_before,
            pause: Duration::from_millis(u64::try_from(delay).unwrap_or_default()),
            reason,
        }
    }

    pub(super) fn cycle_delay(&self, outlet: usize) -> Duration {
        let own = self.outlets.get(outlet).map(|outlet| &outlet.settings);
        let own = own.filter(|settings| !settings.use_pdu_cycle_delay);
        let delay = own.map_or(self.pdu_settings.cycle_delay, |own| own.cycle_delay);
        Duration::from_secs(u64::try_from(delay).unwrap_or_default())
    }

    pub(super) fn switch_off(&mut self, outlets: &[usize]) {
        for &index in outlets {
            self.sequence.remove(index);
            self.outlets[index].on = false;
        }
    }

    /// One outlet goes on at once unless others wait; several begin a sequence.
    pub(in crate::model) fn switch_on(&mut self, outlets: &[usize], now: Duration) {
        for &index in outlets {
            self.sequence.remove(index);
        }
        let off = outlets.iter().filter(|&&index| !self.outlets[index].on);
        let off: Vec<usize> = off.copied().collect();
        match off[..] {
            [only] if !self.sequence.is_running() => self.outlets[only].on = true,
            _ => {
                let waiting: Vec<_> = off
                    .into_iter()
                    .map(|outlet| self.waiting(outlet, now, Reason::On))
                    .collect();
                self.sequence.add(waiting);
            }
        }
    }

    pub(super) fn step(&mut self, step: Step) {
        let shedding = self.load_shedding;
        if let Some(outlet) = self.outlets.get_mut(step.outlet) {
            if shedding && outlet.settings.non_critical {
                outlet.shed = true;
            } else {
                outlet.on = true;
            }
        }
    }
}
