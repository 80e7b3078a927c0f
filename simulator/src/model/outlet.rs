//! Outlets: their power, settings and description.

use super::accounts::Actor;
use super::device::Device;
use super::electrics::Load;
use super::event::{Changed, Event};
use super::nameplate::{Nameplate, Rating};
use super::refusal::OutletRefusal;
use super::sequence::Reason;
use super::state::State;

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
    /// Whether it is off and goes on when its turn in a sequence comes.
    pub switch_on_in_progress: bool,
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
    /// How long the next outlet of a sequence waits at least, in milliseconds, 0 to 3 600 000.
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
        let make_up = self.make_up();
        let (receptacle, amperes) = make_up.receptacle(index).facts();
        (index < make_up.outlets).then(|| OutletMetaData {
            label: (index + 1).to_string(),
            receptacle_type: receptacle.to_owned(),
            nameplate: Nameplate::new(make_up, ""),
            rating: Rating::of(amperes),
            is_switchable: make_up.switchable,
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

    /// What the equipment on an outlet draws while it is on, in watts, and its power factor (0.1 to 1, inductive). The
    /// answer says whether there is such an outlet.
    pub fn set_load(&self, index: usize, watts: f64, power_factor: f64) -> bool {
        self.connect(index, Load::new(watts, power_factor))
    }

    /// Connects other equipment to an outlet. The answer says whether there is such an outlet.
    pub fn connect(&self, index: usize, load: Load) -> bool {
        let now = self.clock().now();
        let mut state = self.state();
        if index >= state.outlets.len() {
            return false;
        }
        state.meter(self.make_up(), now);
        state.outlets[index].load = load;
        state.meter(self.make_up(), now);
        true
    }

    /// The equipment on an outlet.
    #[must_use]
    pub fn load(&self, index: usize) -> Option<Load> {
        Some(self.state().outlets.get(index)?.load)
    }

    pub(crate) fn change_outlet_settings(
        &self,
        index: usize,
        new: OutletSettings,
        actor: &Actor,
    ) -> Result<(), OutletRefusal> {
        let valid =
            (0..=3_600).contains(&new.cycle_delay) && (0..=3_600_000).contains(&new.sequence_delay);
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

pub(super) fn outlet_state(state: &State, index: usize) -> Option<OutletState> {
    let outlet = state.outlets.get(index)?;
    let waits = state.sequence.waits(index);
    Some(OutletState {
        power: outlet.on.into(),
        switch_on_in_progress: waits == Some(Reason::On),
        cycle_in_progress: waits == Some(Reason::Cycle),
        is_load_shed: outlet.shed,
        last_change: outlet.last_change,
    })
}

#[cfg(test)]
mod tests;
