//! The device as a whole.

mod servant;

pub(super) use servant::PduServant;

use super::accounts::Actor;
use super::make_up::MakeUp;
use super::nameplate::nameplate;
use super::place::Place;
use super::quantity::Quantity;
use super::refusal::Refusal;
use super::sensor_id::StateSensorId;
use super::{Device, reference};
use crate::api::pdumodel::{Nameplate, Pdu, pdu};

impl Device {
    /// The nameplate as clients see it.
    #[must_use]
    pub fn nameplate(&self) -> Nameplate {
        nameplate(self.make_up(), &self.make_up().serial)
    }

    /// Description of the device as clients see it.
    #[must_use]
    pub fn pdu_meta_data(&self) -> pdu::MetaData {
        let make_up = self.make_up();
        pdu::MetaData {
            nameplate: self.nameplate(),
            ctrl_board_serial: format!("{}-C", make_up.serial),
            hw_revision: "0x01".to_owned(),
            fw_revision: make_up.firmware.clone(),
            mac_address: make_up.mac.clone(),
            has_switchable_outlets: make_up.outlets > 0,
            has_metered_outlets: make_up.outlets > 0,
            has_latching_outlet_relays: false,
            is_inline_meter: make_up.outlets == 0,
            is_energy_pulse_supported: false,
            has_dc_inlets: false,
            pdu_orientation: pdu::PduOrientation::PoNone,
            extra_: Default::default(),
        }
    }

    /// Settings of the device as clients see them.
    #[must_use]
    pub fn pdu_settings(&self) -> pdu::Settings {
        self.state().pdu_settings.clone()
    }

    /// The sensors of the device as clients see them.
    #[must_use]
    pub fn pdu_sensors(&self) -> pdu::Sensors {
        let at = |quantity| reference::sensor_at(self.make_up(), Place::Pdu, quantity);
        pdu::Sensors {
            power_supply_status: (0..MakeUp::POWER_SUPPLIES)
                .map(|index| reference::state_sensor(StateSensorId::PowerSupply(index)).element())
                .collect(),
            active_power: at(Quantity::ActivePower),
            apparent_power: at(Quantity::ApparentPower),
            active_energy: at(Quantity::ActiveEnergy),
            apparent_energy: at(Quantity::ApparentEnergy),
            extra_: Default::default(),
        }
    }

    /// Members that are absent stay as they are: the request form is sparse.
    fn change_pdu_settings(
        &self,
        new: pdu::sparse_::Settings,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let (old, new) = {
            let mut state = self.state();
            let Some(new) = merged(&state.pdu_settings, new) else {
                return Err(Refusal::new(Pdu::ERR_INVALID_PARAM));
            };
            (std::mem::replace(&mut state.pdu_settings, new.clone()), new)
        };
        if old != new {
            let name = reference::pdu();
            let event = pdu::SettingsChangedEvent {
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

    /// Outlets marked as not critical go off while load shedding lasts, and come back after it.
    fn set_load_shedding(&self, active: bool, actor: &Actor) {
        let changes: Vec<_> = {
            let mut state = self.state();
            if state.load_shedding == active {
                return;
            }
            state.load_shedding = active;
            (0..state.outlets.len())
                .map(|index| {
                    let change = self.apply(&mut state, index, |outlet| {
                        if active && outlet.settings.non_critical && outlet.on {
                            (outlet.shed, outlet.on, outlet.cycle) = (true, false, None);
                        } else if !active && outlet.shed {
                            (outlet.shed, outlet.on) = (false, true);
                        }
                    });
                    (index, change)
                })
                .collect()
        };
        let name = reference::pdu();
        let event = pdu::LoadSheddingModeChangedEvent {
            source: Some(name.object()),
            act_user_name: actor.user.clone(),
            act_ip_addr: actor.address.clone(),
            enabled: active,
            extra_: Default::default(),
        };
        self.publish(event, &name);
        for (index, change) in changes {
            self.tell_change(index, change);
        }
    }
}

/// `None` when a member is out of range.
fn merged(old: &pdu::Settings, new: pdu::sparse_::Settings) -> Option<pdu::Settings> {
    let merged = pdu::Settings {
        name: new.name.unwrap_or_else(|| old.name.clone()),
        startup_state: new.startup_state.unwrap_or(old.startup_state),
        cycle_delay: new.cycle_delay.unwrap_or(old.cycle_delay),
        in_rush_guard_delay: new.in_rush_guard_delay.unwrap_or(old.in_rush_guard_delay),
        outlet_power_state_sequence: new
            .outlet_power_state_sequence
            .unwrap_or_else(|| old.outlet_power_state_sequence.clone()),
        power_on_delay: new.power_on_delay.unwrap_or(old.power_on_delay),
        latching_relays: new.latching_relays.unwrap_or(old.latching_relays),
        energy_pulse_enabled: new.energy_pulse_enabled.unwrap_or(old.energy_pulse_enabled),
        energy_pulses_per_k_wh: new
            .energy_pulses_per_k_wh
            .unwrap_or(old.energy_pulses_per_k_wh),
        demand_update_interval: new
            .demand_update_interval
            .unwrap_or(old.demand_update_interval),
        demand_averaging_intervals: new
            .demand_averaging_intervals
            .unwrap_or(old.demand_averaging_intervals),
        suspend_trip_cause_outlets: new
            .suspend_trip_cause_outlets
            .unwrap_or(old.suspend_trip_cause_outlets),
        extra_: Default::default(),
    };
    let mut sequence = merged.outlet_power_state_sequence.clone();
    sequence.sort_unstable();
    let whole = sequence
        .iter()
        .zip(0..)
        .all(|(&outlet, index)| outlet == index);
    let valid = whole
        && sequence.len() == old.outlet_power_state_sequence.len()
        && merged.name.chars().count() <= 64
        && (0..=3_600).contains(&merged.cycle_delay)
        && (0..=3_600).contains(&merged.power_on_delay)
        && (100..=100_000).contains(&merged.in_rush_guard_delay)
        && !matches!(merged.startup_state, pdu::StartupState::Unknown_(_));
    valid.then_some(merged)
}
