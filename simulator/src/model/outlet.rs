//! Outlets: their power, settings and description.

use std::sync::Arc;
use std::time::Duration;

use super::accounts::Actor;
use super::device::Device;
use super::event::{Changed, Event};
use super::nameplate::{Nameplate, Rating};
use super::refusal::OutletRefusal;
use super::sensor::StateReading;
use super::sensor_id::StateSensorId;
use super::state::{Outlet, State};

/// Whether an outlet gives power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Power {
    /// It does not.
    Off,
    /// It does.
    On,
}

impl Power {
    /// Whether this is [`On`](Self::On).
    #[must_use]
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

impl From<bool> for Power {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

/// State of an outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutletState {
    /// Whether it is on.
    pub power: Power,
    /// Whether it is off for a while and will go on again.
    pub cycle_in_progress: bool,
    /// Whether load shedding keeps it off.
    pub is_load_shed: bool,
    /// When it last went on or off, in seconds since 1970.
    pub last_change: i64,
}

/// What an outlet does when the device gets power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutletStartup {
    /// It goes on.
    On,
    /// It stays off.
    Off,
    /// It does what it did before.
    LastKnown,
    /// What the settings of the device say.
    AsPdu,
}

/// Settings of an outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutletSettings {
    /// The name, at most 64 characters.
    pub name: String,
    /// What it does when the device gets power.
    pub startup: OutletStartup,
    /// Whether the cycle delay is that of the device.
    pub use_pdu_cycle_delay: bool,
    /// How long a power cycle keeps it off, in seconds, 0 to 3 600.
    pub cycle_delay: i32,
    /// Whether load shedding switches it off.
    pub non_critical: bool,
    /// How long the next outlet of a sequence waits, in seconds, 0 to 3 600.
    pub sequence_delay: i32,
}

/// Description of an outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutletMetaData {
    /// What is printed beside it.
    pub label: String,
    /// The kind of receptacle.
    pub receptacle_type: String,
    /// What is printed on it.
    pub nameplate: Nameplate,
    /// What it bears.
    pub rating: Rating,
    /// Whether it has a relay.
    pub is_switchable: bool,
    /// Whether the relay keeps its state without power.
    pub is_latching: bool,
    /// How often the relay can be switched.
    pub max_relay_cycles: i32,
}

impl Device {
    /// State of an outlet; `None` when there is no such outlet (the first is 0).
    #[must_use]
    pub fn outlet_state(&self, index: usize) -> Option<OutletState> {
        outlet_state(&self.state(), index)
    }

    /// Settings of an outlet.
    #[must_use]
    pub fn outlet_settings(&self, index: usize) -> Option<OutletSettings> {
        Some(self.state().outlets.get(index)?.settings.clone())
    }

    /// Description of an outlet.
    #[must_use]
    pub fn outlet_meta_data(&self, index: usize) -> Option<OutletMetaData> {
        (index < self.make_up().outlets).then(|| OutletMetaData {
            label: (index + 1).to_string(),
            receptacle_type: if index % 6 == 5 {
                "IEC 60320 C19"
            } else {
                "IEC 60320 C13"
            }
            .to_owned(),
            nameplate: Nameplate::new(self.make_up(), ""),
            rating: Rating::of(if index % 6 == 5 { 16 } else { 10 }),
            is_switchable: true,
            is_latching: false,
            max_relay_cycles: 100_000,
        })
    }

    /// Switches an outlet as a client would.
    ///
    /// # Errors
    ///
    /// Why it is not switched.
    pub fn switch_outlet(&self, index: usize, power: Power) -> Result<(), OutletRefusal> {
        self.set_outlet_power(index, power, &Actor::device())
    }

    /// What the equipment on an outlet draws while it is on, in watts, and its power factor (0.1 to 1). The answer says
    /// whether there is such an outlet.
    pub fn set_load(&self, index: usize, watts: f64, power_factor: f64) -> bool {
        let now = self.clock().now();
        let mut state = self.state();
        let Some(outlet) = state.outlets.get_mut(index) else {
            return false;
        };
        outlet.meter(now);
        outlet.load = watts.max(0.0);
        outlet.power_factor = power_factor.clamp(0.1, 1.0);
        true
    }

    pub(crate) fn set_outlet_power(
        &self,
        index: usize,
        wanted: Power,
        actor: &Actor,
    ) -> Result<(), OutletRefusal> {
        let on = wanted.is_on();
        let change = {
            let mut state = self.state();
            self.may_switch(&state, index, on)?;
            self.apply(&mut state, index, |outlet| {
                outlet.cycle = None;
                outlet.on = on;
            })
        };
        self.tell(index, wanted, false, actor);
        self.tell_change(index, change);
        Ok(())
    }

    /// Switches off, waits for the cycle delay on the device's clock, and switches on again.
    pub(crate) fn cycle_outlet(
        self: &Arc<Self>,
        index: usize,
        actor: &Actor,
    ) -> Result<(), OutletRefusal> {
        let (change, delay, cycle) = {
            let mut state = self.state();
            let outlet = self.may_switch(&state, index, true)?;
            let delay = if outlet.settings.use_pdu_cycle_delay {
                state.pdu_settings.cycle_delay
            } else {
                outlet.settings.cycle_delay
            };
            state.cycles += 1;
            let cycle = state.cycles;
            let change = self.apply(&mut state, index, |outlet| {
                outlet.cycle = Some(cycle);
                outlet.on = false;
            });
            let delay = u64::try_from(delay).expect("delays are checked when they are set");
            (change, Duration::from_secs(delay), cycle)
        };
        self.tell(index, Power::On, true, actor);
        self.tell_change(index, change);
        let device = Arc::clone(self);
        let until = self.clock().now() + delay;
        self.spawn(async move {
            device.clock().sleep_until(until).await;
            device.end_cycle(index, cycle);
        });
        Ok(())
    }

    fn end_cycle(&self, index: usize, cycle: u64) {
        let change = {
            let mut state = self.state();
            // Somebody switched in between, or cycled again: this cycle is over.
            if state.outlets.get(index).and_then(|outlet| outlet.cycle) != Some(cycle) {
                return;
            }
            self.apply(&mut state, index, |outlet| {
                outlet.cycle = None;
                outlet.on = true;
            })
        };
        self.tell_change(index, change);
    }

    /// The outlet, if it can be switched now.
    fn may_switch<'a>(
        &self,
        state: &'a State,
        index: usize,
        on: bool,
    ) -> Result<&'a Outlet, OutletRefusal> {
        let Some(outlet) = state.outlets.get(index) else {
            return Err(OutletRefusal::NotSwitchable);
        };
        if state.pdu_settings.inhibit_relay_control {
            return Err(OutletRefusal::RelayControlInhibited);
        }
        if !state.inlets_enabled[self.make_up().inlet_of(index)] {
            return Err(OutletRefusal::Disabled);
        }
        if on && state.load_shedding && outlet.settings.non_critical {
            return Err(OutletRefusal::LoadShedding);
        }
        Ok(outlet)
    }

    /// Changes an outlet; the states before and after if they differ.
    pub(crate) fn apply(
        &self,
        state: &mut State,
        index: usize,
        edit: impl FnOnce(&mut Outlet),
    ) -> Option<Changed<OutletState>> {
        let before = outlet_state(state, index)?;
        let (now, seconds) = (self.clock().now(), self.clock().unix_seconds());
        let outlet = state.outlets.get_mut(index)?;
        outlet.meter(now);
        let was_on = outlet.on;
        edit(outlet);
        if outlet.on != was_on {
            outlet.last_change = seconds;
            outlet.switched = outlet.switched.saturating_add(1);
        }
        let after = outlet_state(state, index)?;
        (before != after).then(|| Changed::new(before, after))
    }

    fn tell(&self, outlet: usize, power: Power, cycle: bool, actor: &Actor) {
        self.publish(Event::PowerControl {
            outlet,
            actor: actor.clone(),
            power,
            cycle,
        });
    }

    pub(crate) fn tell_change(&self, outlet: usize, change: Option<Changed<OutletState>>) {
        let Some(state) = change else {
            return;
        };
        if state.old.power != state.new.power {
            let reading = |power: Power| StateReading {
                timestamp: self.clock().unix_seconds(),
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

    pub(crate) fn change_outlet_settings(
        &self,
        index: usize,
        new: OutletSettings,
        actor: &Actor,
    ) -> Result<(), OutletRefusal> {
        let valid =
            (0..=3_600).contains(&new.cycle_delay) && (0..=3_600).contains(&new.sequence_delay);
        if !valid || new.name.chars().count() > 64 {
            return Err(OutletRefusal::Invalid);
        }
        let old = {
            let mut state = self.state();
            let Some(outlet) = state.outlets.get_mut(index) else {
                return Err(OutletRefusal::Invalid);
            };
            std::mem::replace(&mut outlet.settings, new.clone())
        };
        if old != new {
            self.publish(Event::OutletSettingsChanged {
                outlet: index,
                actor: actor.clone(),
                settings: Changed::new(old, new),
            });
        }
        Ok(())
    }
}

fn outlet_state(state: &State, index: usize) -> Option<OutletState> {
    let outlet = state.outlets.get(index)?;
    Some(OutletState {
        power: outlet.on.into(),
        cycle_in_progress: outlet.cycle.is_some(),
        is_load_shed: outlet.shed,
        last_change: outlet.last_change,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::limits::Limits;
    use crate::model::{Clock, MakeUp};

    /// Lets the tasks run that wait for the clock.
    async fn advance(clock: &Clock, seconds: u64) {
        assert!(clock.advance(Duration::from_secs(seconds)));
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_second_cycle_is_not_ended_by_the_first() {
        let clock = Clock::frozen_at(1_000);
        let device = Device::new(MakeUp::default(), clock.clone(), &Limits::default());
        let actor = Actor::device();
        let state = |device: &Device| {
            let state = device.outlet_state(0).unwrap();
            (state.power, state.cycle_in_progress)
        };
        assert_eq!(device.set_outlet_power(0, Power::Off, &actor), Ok(()));
        assert_eq!(device.cycle_outlet(0, &actor), Ok(()));
        advance(&clock, 6).await;
        assert_eq!(device.cycle_outlet(0, &actor), Ok(()));
        advance(&clock, 6).await;
        assert_eq!(state(&device), (Power::Off, true));
        advance(&clock, 6).await;
        assert_eq!(state(&device), (Power::On, false));
    }
}
