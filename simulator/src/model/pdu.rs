//! The device as a whole.

use std::time::Duration;

use super::accounts::Actor;
use super::device::Device;
use super::event::{Changed, Event};
use super::nameplate::Nameplate;
use super::refusal::PduRefusal;
use super::state::State;

/// Description of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PduMetaData {
    /// What is printed on it.
    pub nameplate: Nameplate,
    /// The serial number of the controller board.
    pub controller_serial: String,
    /// The revision of the hardware.
    pub hardware_revision: String,
    /// The version of the firmware that it runs.
    pub firmware_version: String,
    /// The Ethernet address.
    pub mac_address: String,
    /// Whether outlets have relays.
    pub has_switchable_outlets: bool,
    /// Whether outlets have sensors.
    pub has_metered_outlets: bool,
    /// Whether it only measures and has no outlets.
    pub is_inline_meter: bool,
}

/// What outlets do when the device gets power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PduStartup {
    /// They go on.
    On,
    /// They stay off.
    Off,
    /// They do what they did before.
    LastKnown,
}

/// How the inlet is wired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InletWiring {
    /// The device finds out.
    AutoDetect,
    /// One phase.
    SinglePhase,
    /// Three phases with neutral.
    Wye,
    /// Three phases without neutral.
    Delta,
}

/// Settings of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PduSettings {
    /// The name, at most 64 characters.
    pub name: String,
    /// What outlets do when the device gets power.
    pub startup: PduStartup,
    /// How long a power cycle keeps an outlet off, in seconds, 0 to 3 600.
    pub cycle_delay: i32,
    /// The pause between two outlets that go on, in milliseconds, 100 to 100 000.
    pub in_rush_guard_delay: i32,
    /// The numbers of all outlets in the order in which they go on; the first is 0. Empty: the natural order.
    pub outlet_sequence: Vec<i32>,
    /// How long outlets wait when the device gets power, in seconds, 0 to 3 600.
    pub power_on_delay: i32,
    /// Whether relays keep their state without power.
    pub latching_relays: bool,
    /// Whether energy pulses are put out.
    pub energy_pulse_enabled: bool,
    /// Energy pulses for each kilowatt-hour.
    pub energy_pulses_per_kwh: i32,
    /// Time between two values of the power demand, in seconds.
    pub demand_update_interval: i32,
    /// Over how many such intervals the demand is averaged.
    pub demand_averaging_intervals: i32,
    /// Whether an outlet that probably tripped its protector is kept off.
    pub suspend_trip_cause_outlets: bool,
    /// Whether outlets refuse to be switched.
    pub inhibit_relay_control: bool,
    /// How the inlet is wired.
    pub inlet_wiring: InletWiring,
}

/// Counters of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PduStatistic {
    /// How often each protector tripped.
    pub trips: Vec<i32>,
    /// How often each outlet was switched.
    pub relay_cycles: Vec<i32>,
}

impl Device {
    /// The nameplate.
    #[must_use]
    pub fn nameplate(&self) -> Nameplate {
        Nameplate::new(self.make_up(), &self.make_up().serial)
    }

    /// Description of the device.
    #[must_use]
    pub fn pdu_meta_data(&self) -> PduMetaData {
        let make_up = self.make_up();
        PduMetaData {
            nameplate: self.nameplate(),
            controller_serial: format!("{}-C", make_up.serial),
            hardware_revision: "0x01".to_owned(),
            firmware_version: self.firmware_version().to_string(),
            mac_address: make_up.mac.clone(),
            has_switchable_outlets: make_up.outlets > 0 && make_up.switchable,
            has_metered_outlets: make_up.outlets > 0,
            is_inline_meter: make_up.is_inline_meter(),
        }
    }

    /// Settings of the device.
    #[must_use]
    pub fn pdu_settings(&self) -> PduSettings {
        self.state().pdu_settings.clone()
    }

    /// Counters of the device.
    #[must_use]
    pub fn pdu_statistic(&self) -> PduStatistic {
        let state = self.state();
        PduStatistic {
            trips: state.tripped.iter().copied().map(i32::from).collect(),
            relay_cycles: state.outlets.iter().map(|outlet| outlet.switched).collect(),
        }
    }

    /// Whether outlets that are not critical are kept off.
    #[must_use]
    pub fn load_shedding(&self) -> bool {
        self.state().load_shedding
    }

    /// Lets `edit` change the settings, which must be valid afterwards.
    pub(crate) fn change_pdu_settings(
        &self,
        edit: impl FnOnce(&mut PduSettings) -> Result<(), PduRefusal>,
        actor: &Actor,
    ) -> Result<(), PduRefusal> {
        let (old, new) = {
            let mut state = self.state();
            let mut new = state.pdu_settings.clone();
            edit(&mut new)?;
            if !is_valid(&new, state.outlets.len()) {
                return Err(PduRefusal::Invalid);
            }
            (std::mem::replace(&mut state.pdu_settings, new.clone()), new)
        };
        if old != new {
            self.publish(Event::PduSettingsChanged {
                actor: actor.clone(),
                settings: Box::new(Changed::new(old, new)),
            });
        }
        Ok(())
    }

    /// Outlets marked as not critical go off while load shedding lasts, and come back after it.
    pub(crate) fn set_load_shedding(&self, active: bool, actor: &Actor) {
        let now = self.clock().now();
        let changes = {
            let mut state = self.state();
            if state.load_shedding == active {
                return;
            }
            state.load_shedding = active;
            let all: Vec<usize> = (0..state.outlets.len()).collect();
            self.edit_outlets(&mut state, &all, now, |state| {
                if active {
                    shed(state);
                } else {
                    restore(state, now);
                }
            })
        };
        self.publish(Event::LoadShedding {
            actor: actor.clone(),
            active,
        });
        self.tell_changes(changes);
        self.go_on();
    }
}

/// Outlets marked as not critical go off, and those that were about to go on do not.
fn shed(state: &mut State) {
    for (index, outlet) in state.outlets.iter_mut().enumerate() {
        if !outlet.settings.non_critical {
            continue;
        }
        let waited = state.sequence.remove(index);
        if outlet.on || waited {
            (outlet.shed, outlet.on) = (true, false);
        }
    }
}

/// They come back one after the other.
fn restore(state: &mut State, now: Duration) {
    let outlets = state.outlets.iter_mut().enumerate();
    let back: Vec<usize> = outlets
        .filter_map(|(index, outlet)| std::mem::take(&mut outlet.shed).then_some(index))
        .collect();
    let back = state.in_order(&back);
    state.switch_on(&back, now);
}

fn is_valid(settings: &PduSettings, outlets: usize) -> bool {
    let mut sequence = settings.outlet_sequence.clone();
    sequence.sort_unstable();
    let whole = sequence
        .iter()
        .zip(0..)
        .all(|(&outlet, index)| outlet == index);
    whole
        && (sequence.is_empty() || sequence.len() == outlets)
        && settings.name.chars().count() <= 64
        && (0..=3_600).contains(&settings.cycle_delay)
        && (0..=3_600).contains(&settings.power_on_delay)
        && (100..=100_000).contains(&settings.in_rush_guard_delay)
}
