//! Outlets go on and off: at once, in a sequence, or in a cycle.

mod relays;

use std::time::Duration;

use super::accounts::Actor;
use super::device::Device;
use super::event::{Changed, Event};
use super::outlet::{OutletState, Power, outlet_state};
use super::refusal::OutletRefusal;
use super::sensor::StateReading;
use super::sensor_id::StateSensorId;
use super::sequence::{Progress, Reason};
use super::state::State;

/// How far a switching sequence has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SequenceState {
    /// The outlet that goes on next, and the time until then. `None`: no sequence is running.
    pub next: Option<(usize, Duration)>,
    /// Outlets that still wait.
    pub remaining: usize,
    /// Those of them that cancelling spares: all but those in a power cycle.
    pub cancelable: usize,
}

impl From<Progress> for SequenceState {
    fn from(progress: Progress) -> Self {
        Self {
            next: progress.next,
            remaining: progress.remaining,
            cancelable: progress.cancelable,
        }
    }
}

/// An outlet and its states.
pub(super) type OutletChange = (usize, Changed<OutletState>);

impl Device {
    /// How far a running switching sequence has come.
    #[must_use]
    pub fn outlet_sequence(&self) -> SequenceState {
        let now = self.clock().now();
        self.state().sequence.progress(now).into()
    }

    /// Stops a running switching sequence. Outlets that it has not reached stay off, but for those in a power cycle.
    pub fn cancel_outlet_sequence(&self) {
        let now = self.clock().now();
        let changes = {
            let mut state = self.state();
            let all: Vec<usize> = (0..state.outlets.len()).collect();
            self.edit_outlets(&mut state, &all, now, |state| {
                state.sequence.cancel();
            })
        };
        if !changes.is_empty() {
            self.tell_changes(changes);
            self.go_on();
        }
    }

    /// What happens when the device gets power again: all outlets go off, and after the power-on delay those go on, one
    /// after the other, whose settings say so.
    pub fn cold_start(&self) {
        let now = self.clock().now();
        let changes = {
            let mut state = self.state();
            let all: Vec<usize> = (0..state.outlets.len()).collect();
            self.edit_outlets(&mut state, &all, now, |state| relays::start(state, now))
        };
        self.tell_changes(changes);
        self.go_on();
    }

    /// Switches an outlet. While a sequence is running, one that is to go on waits for its turn.
    pub(crate) fn set_outlet_power(
        &self,
        index: usize,
        wanted: Power,
        actor: &Actor,
    ) -> Result<(), OutletRefusal> {
        self.set_outlets(&[index], wanted, false, actor)
    }

    /// Switches outlets: off at once, on one after the other, in the configured order if `ordered`. The first refusal
    /// is the answer; the others are switched nevertheless.
    pub(crate) fn set_outlets(
        &self,
        outlets: &[usize],
        wanted: Power,
        ordered: bool,
        actor: &Actor,
    ) -> Result<(), OutletRefusal> {
        let now = self.clock().now();
        let (chosen, changes, done) = {
            let mut state = self.state();
            let (chosen, done) = self.switchable(&state, outlets, wanted.is_on(), ordered);
            let changes = self.edit_outlets(&mut state, &chosen, now, |state| match wanted {
                Power::Off => state.switch_off(&chosen),
                Power::On => state.switch_on(&chosen, now),
            });
            (chosen, changes, done)
        };
        self.tell(&chosen, wanted, false, actor);
        self.tell_changes(changes);
        self.go_on();
        done
    }

    /// Switches outlets off and, after their cycle delays, on again, one after the other.
    pub(crate) fn cycle_outlets(
        &self,
        outlets: &[usize],
        ordered: bool,
        actor: &Actor,
    ) -> Result<(), OutletRefusal> {
        let now = self.clock().now();
        let (chosen, changes, done) = {
            let mut state = self.state();
            let (chosen, done) = self.switchable(&state, outlets, true, ordered);
            let changes = self.edit_outlets(&mut state, &chosen, now, |state| {
                state.switch_off(&chosen);
                let waiting: Vec<_> = chosen
                    .iter()
                    .map(|&outlet| {
                        let until = now.saturating_add(state.cycle_delay(outlet));
                        state.waiting(outlet, until, Reason::Cycle)
                    })
                    .collect();
                state.sequence.add(waiting);
            });
            (chosen, changes, done)
        };
        self.tell(&chosen, Power::On, true, actor);
        self.tell_changes(changes);
        self.go_on();
        done
    }

    /// Those of `outlets` that can be switched now, and why the first of the others cannot.
    fn switchable(
        &self,
        state: &State,
        outlets: &[usize],
        on: bool,
        ordered: bool,
    ) -> (Vec<usize>, Result<(), OutletRefusal>) {
        let mut done = Ok(());
        let mut chosen = Vec::new();
        for &outlet in outlets {
            match self.may_switch(state, outlet, on) {
                Ok(()) if chosen.contains(&outlet) => {}
                Ok(()) => chosen.push(outlet),
                Err(refusal) => done = done.and(Err(refusal)),
            }
        }
        if ordered {
            chosen = state.in_order(&chosen);
        }
        (chosen, done)
    }

    fn may_switch(&self, state: &State, index: usize, on: bool) -> Result<(), OutletRefusal> {
        let outlet = state.outlets.get(index);
        let Some(outlet) = outlet.filter(|_| self.make_up().switchable) else {
            return Err(OutletRefusal::NotSwitchable);
        };
        if state.pdu_settings.inhibit_relay_control {
            return Err(OutletRefusal::RelayControlInhibited);
        }
        if !state.inlets_enabled[state.inlet_of(self.make_up(), index)] {
            return Err(OutletRefusal::Disabled);
        }
        if on && state.load_shedding && outlet.settings.non_critical {
            return Err(OutletRefusal::LoadShedding);
        }
        Ok(())
    }

    /// Lets `edit` change outlets as if it were `at`; the states of those that differ afterwards.
    pub(super) fn edit_outlets(
        &self,
        state: &mut State,
        outlets: &[usize],
        at: Duration,
        edit: impl FnOnce(&mut State),
    ) -> Vec<OutletChange> {
        state.meter(self.make_up(), at);
        let mut before = Vec::new();
        for &index in outlets {
            before.extend(outlet_state(state, index).map(|state| (index, state)));
        }
        edit(state);
        let mut changes = Vec::new();
        for (index, old) in before {
            let outlet = &mut state.outlets[index];
            if outlet.on != old.power.is_on() {
                outlet.last_change = super::clock::whole_seconds(at);
                outlet.switched = outlet.switched.saturating_add(1);
            }
            if let Some(new) = outlet_state(state, index).filter(|new| *new != old) {
                changes.push((index, Changed::new(old, new)));
            }
        }
        state.meter(self.make_up(), at);
        changes
    }

    /// Lets all outlets go on whose time has come, and waits for the next.
    pub(super) fn go_on(&self) {
        let now = self.clock().now();
        loop {
            let changes = {
                let mut state = self.state();
                let guard = state.pdu_settings.in_rush_guard_delay;
                let guard = Duration::from_millis(u64::try_from(guard).unwrap_or_default());
                // The states before the step have the outlet waiting.
                let Some(next) = state.sequence.next().filter(|step| step.at <= now) else {
                    break;
                };
                self.edit_outlets(&mut state, &[next.outlet], next.at, |state| {
                    if let Some(step) = state.sequence.take_due(now, guard) {
                        state.step(step);
                    }
                })
            };
            self.tell_changes(changes);
        }
        self.tell_sequence();
        self.wait_for_next();
    }

    fn wait_for_next(&self) {
        let (number, at) = {
            let mut state = self.state();
            state.sequence_task += 1;
            match state.sequence.next() {
                Some(step) => (state.sequence_task, step.at),
                None => return,
            }
        };
        let (clock, device) = (self.clock().clone(), self.handle());
        self.spawn(async move {
            clock.sleep_until(at).await;
            // Somebody switched in between: then another task waits for what is next now.
            if let Some(device) = device.filter(|device| device.state().sequence_task == number) {
                device.go_on();
            }
        });
    }

    fn tell(&self, outlets: &[usize], power: Power, cycle: bool, actor: &Actor) {
        for &outlet in outlets {
            self.publish(Event::PowerControl {
                outlet,
                actor: actor.clone(),
                power,
                cycle,
            });
        }
    }

    fn tell_sequence(&self) {
        let state = self.outlet_sequence();
        let timeless = SequenceState {
            next: state.next.map(|(outlet, _)| (outlet, Duration::ZERO)),
            ..state
        };
        let told = std::mem::replace(&mut self.state().sequence_told, timeless);
        if told != timeless {
            self.publish(Event::SequenceChanged { state });
        }
    }

    pub(super) fn tell_changes(&self, changes: Vec<OutletChange>) {
        for (outlet, state) in changes {
            if state.old.power != state.new.power {
                let reading = |power: Power| StateReading {
                    timestamp: state.new.last_change,
                    available: true,
                    value: power.is_on().into(),
                };
                self.publish(Event::SensedStateChanged {
                    sensor: StateSensorId::OutletState(outlet),
                    state: Changed::new(reading(state.old.power), reading(state.new.power)),
                });
            }
            self.publish(Event::OutletStateChanged { outlet, state });
        }
    }
}

#[cfg(test)]
#[path = "switching/tests.rs"]
mod tests;
