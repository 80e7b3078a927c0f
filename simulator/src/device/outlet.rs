//! Outlets: their power, settings and description.

mod servant;

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::Time;

pub(super) use servant::OutletServant;

use super::accounts::Actor;
use super::nameplate::{nameplate, rating};
use super::place::Place;
use super::quantity::Quantity;
use super::refusal::{self, Refusal};
use super::sensor_id::StateSensorId;
use super::state::{OutletState, State};
use super::{Device, reference};
use crate::api::pdumodel::Outlet;
use crate::api::pdumodel::outlet::{self, PowerState};
use crate::api::sensors::state_sensor;

impl Device {
    /// State of an outlet as clients see it; `None` when there is no such outlet (the first is 0).
    #[must_use]
    pub fn outlet_state(&self, index: usize) -> Option<outlet::State> {
        outlet_state(&self.state(), index)
    }

    /// Settings of an outlet as clients see them.
    #[must_use]
    pub fn outlet_settings(&self, index: usize) -> Option<outlet::Settings> {
        Some(self.state().outlets.get(index)?.settings.clone())
    }

    /// Description of an outlet as clients see it.
    #[must_use]
    pub fn outlet_meta_data(&self, index: usize) -> Option<outlet::MetaData> {
        (index < self.make_up().outlets).then(|| outlet::MetaData {
            label: (index + 1).to_string(),
            receptacle_type: if index % 6 == 5 {
                "IEC 60320 C19"
            } else {
                "IEC 60320 C13"
            }
            .to_owned(),
            name_plate: nameplate(self.make_up(), ""),
            rating: rating(if index % 6 == 5 { 16 } else { 10 }),
            is_switchable: true,
            is_latching: false,
            max_relay_cycle_cnt: 100_000,
            has_waveform_support: false,
            extra_: Default::default(),
        })
    }

    /// The sensors of an outlet as clients see them.
    #[must_use]
    pub fn outlet_sensors(&self, index: usize) -> Option<outlet::Sensors> {
        let at = |quantity| reference::sensor_at(self.make_up(), Place::Outlet(index), quantity);
        (index < self.make_up().outlets).then(|| outlet::Sensors {
            voltage: at(Quantity::Voltage),
            current: at(Quantity::Current),
            maximum_current: at(Quantity::MaximumCurrent),
            active_power: at(Quantity::ActivePower),
            reactive_power: at(Quantity::ReactivePower),
            apparent_power: at(Quantity::ApparentPower),
            power_factor: at(Quantity::PowerFactor),
            active_energy: at(Quantity::ActiveEnergy),
            line_frequency: at(Quantity::LineFrequency),
            outlet_state: reference::state_sensor(StateSensorId::OutletState(index)).to(),
            ..Default::default()
        })
    }

    /// Switches an outlet as a client would. The code is the one of `setPowerState`: 0 for success.
    pub fn switch_outlet(&self, index: usize, state: PowerState) -> i32 {
        refusal::code(self.set_outlet_power(index, state, &Actor::device()))
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
        wanted: PowerState,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let on = match wanted {
            PowerState::PsOn => true,
            PowerState::PsOff => false,
            PowerState::Unknown_(_) => return Err(Refusal::new(Outlet::ERR_INVALID_PARAM)),
        };
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
    ) -> Result<(), Refusal> {
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
        self.tell(index, PowerState::PsOn, true, actor);
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
    ) -> Result<&'a OutletState, Refusal> {
        let Some(outlet) = state.outlets.get(index) else {
            return Err(Refusal::new(Outlet::ERR_OUTLET_NOT_SWITCHABLE));
        };
        if !state.inlets_enabled[self.make_up().inlet_of(index)] {
            return Err(Refusal::new(Outlet::ERR_OUTLET_DISABLED));
        }
        if on && state.load_shedding && outlet.settings.non_critical {
            return Err(Refusal::new(Outlet::ERR_LOAD_SHEDDING_ACTIVE));
        }
        Ok(outlet)
    }

    /// Changes an outlet; the states before and after if they differ.
    pub(crate) fn apply(
        &self,
        state: &mut State,
        index: usize,
        edit: impl FnOnce(&mut OutletState),
    ) -> Option<(outlet::State, outlet::State)> {
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
        (before != after).then_some((before, after))
    }

    fn tell(&self, index: usize, state: PowerState, cycle: bool, actor: &Actor) {
        let name = reference::outlet(index);
        let event = outlet::PowerControlEvent {
            source: Some(name.object()),
            act_user_name: actor.user.clone(),
            act_ip_addr: actor.address.clone(),
            state,
            cycle,
            extra_: Default::default(),
        };
        self.publish(event, &name);
    }

    pub(crate) fn tell_change(&self, index: usize, change: Option<(outlet::State, outlet::State)>) {
        let Some((old_state, new_state)) = change else {
            return;
        };
        let sensor = reference::state_sensor(StateSensorId::OutletState(index));
        if old_state.power_state != new_state.power_state {
            let reading = |state: &outlet::State| state_sensor::State {
                timestamp: Time::from_unix_seconds(self.clock().unix_seconds()),
                available: true,
                value: i32::from(state.power_state == PowerState::PsOn),
                extra_: Default::default(),
            };
            let event = state_sensor::StateChangedEvent {
                source: Some(sensor.object()),
                old_state: reading(&old_state),
                new_state: reading(&new_state),
                extra_: Default::default(),
            };
            self.publish(event, &sensor);
        }
        let name = reference::outlet(index);
        let event = outlet::StateChangedEvent {
            source: Some(name.object()),
            old_state,
            new_state,
            extra_: Default::default(),
        };
        self.publish(event, &name);
    }

    pub(crate) fn change_outlet_settings(
        &self,
        index: usize,
        new: outlet::Settings,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let valid =
            (0..=3_600).contains(&new.cycle_delay) && (0..=3_600).contains(&new.sequence_delay);
        if !valid
            || new.name.chars().count() > 64
            || matches!(new.startup_state, outlet::StartupState::Unknown_(_))
        {
            return Err(Refusal::new(Outlet::ERR_INVALID_PARAM));
        }
        let old = {
            let mut state = self.state();
            let Some(outlet) = state.outlets.get_mut(index) else {
                return Err(Refusal::new(Outlet::ERR_INVALID_PARAM));
            };
            std::mem::replace(&mut outlet.settings, new.clone())
        };
        if old != new {
            let name = reference::outlet(index);
            let event = outlet::SettingsChangedEvent {
                source: Some(name.object()),
                act_user_name: actor.user.clone(),
                act_ip_addr: actor.address.clone(),
                old_settings: old,
                new_settings: new,
                extra_: Default::default(),
            };
            self.publish(event, &name);
        }
        Ok(())
    }
}

/// What clients see of an outlet.
// The indicator colours are marked deprecated in the API, but devices still send them.
#[allow(deprecated)]
fn outlet_state(state: &State, index: usize) -> Option<outlet::State> {
    let outlet = state.outlets.get(index)?;
    Some(outlet::State {
        available: true,
        power_state: if outlet.on {
            PowerState::PsOn
        } else {
            PowerState::PsOff
        },
        switch_on_in_progress: false,
        cycle_in_progress: outlet.cycle.is_some(),
        is_load_shed: outlet.shed,
        is_suspended: false,
        has_inrush_waveform: false,
        led_state: outlet::LedState {
            red: outlet.on,
            green: !outlet.on,
            blinking: outlet.cycle.is_some(),
            extra_: Default::default(),
        },
        last_power_state_change: Time::from_unix_seconds(outlet.last_change),
        extra_: Default::default(),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Clock;
    use crate::device::make_up::MakeUp;
    use crate::door::Limits;

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
            (state.power_state, state.cycle_in_progress)
        };
        assert_eq!(
            device.set_outlet_power(0, PowerState::PsOff, &actor),
            Ok(())
        );
        assert_eq!(device.cycle_outlet(0, &actor), Ok(()));
        advance(&clock, 6).await;
        assert_eq!(device.cycle_outlet(0, &actor), Ok(()));
        advance(&clock, 6).await;
        assert_eq!(state(&device), (PowerState::PsOff, true));
        advance(&clock, 6).await;
        assert_eq!(state(&device), (PowerState::PsOn, false));
    }
}
