//! Inlets and their poles.

use std::sync::Arc;

use xerus_rpc::server::{Context, Reply};

use super::accounts::Actor;
use super::make_up::MakeUp;
use super::nameplate::{nameplate, rating};
use super::place::{Line, Place};
use super::quantity::Quantity;
use super::refusal::{self, Refusal};
use super::sensor_id::StateSensorId;
use super::{Device, reference};
use crate::api::pdumodel::{EDevice, MeteredLinePair, Pole, PowerLine, inlet};
use crate::api::server::pdumodel as traits;

/// The code of `setSettings` for a name of more than 64 characters; the interface has no constant for it.
const NAME_TOO_LONG: i32 = 1;

impl Device {
    /// Description of an inlet as clients see it; `None` when there is no such inlet (the first is 0).
    #[must_use]
    pub fn inlet_meta_data(&self, index: usize) -> Option<inlet::MetaData> {
        let make_up = self.make_up();
        let plug = if make_up.three_phase {
            "IEC 60309 3P+N+E 6h 32A"
        } else {
            "IEC 60309 1P+N+E 6h 32A"
        };
        (index < make_up.inlets).then(|| inlet::MetaData {
            label: format!("I{}", index + 1),
            plug_type: plug.to_owned(),
            name_plate: nameplate(make_up, ""),
            rating: rating(32),
            has_waveform_support: false,
            is_dc: false,
            extra_: Default::default(),
        })
    }

    /// Settings of an inlet as clients see them.
    #[must_use]
    pub fn inlet_settings(&self, index: usize) -> Option<inlet::Settings> {
        let name = self.state().inlet_names.get(index)?.clone();
        Some(inlet::Settings {
            name,
            extra_: Default::default(),
        })
    }

    /// The sensors of an inlet as clients see them.
    #[must_use]
    pub fn inlet_sensors(&self, index: usize) -> Option<inlet::Sensors> {
        let at = |quantity| reference::sensor_at(self.make_up(), Place::Inlet(index), quantity);
        (index < self.make_up().inlets).then(|| inlet::Sensors {
            voltage: at(Quantity::Voltage),
            current: at(Quantity::Current),
            residual_current: at(Quantity::ResidualCurrent),
            residual_ac_current: at(Quantity::ResidualAcCurrent),
            residual_dc_current: at(Quantity::ResidualDcCurrent),
            active_power: at(Quantity::ActivePower),
            reactive_power: at(Quantity::ReactivePower),
            apparent_power: at(Quantity::ApparentPower),
            power_factor: at(Quantity::PowerFactor),
            active_energy: at(Quantity::ActiveEnergy),
            apparent_energy: at(Quantity::ApparentEnergy),
            unbalanced_current: at(Quantity::UnbalancedCurrent),
            line_frequency: at(Quantity::LineFrequency),
            residual_current_status: reference::state_sensor(StateSensorId::ResidualCurrent(index))
                .to(),
            ..Default::default()
        })
    }

    /// The poles of an inlet as clients see them, the neutral last.
    #[must_use]
    pub fn inlet_poles(&self, index: usize) -> Option<Vec<Pole>> {
        let make_up = self.make_up();
        (index < make_up.inlets).then(|| {
            let mut lines = make_up.lines().to_vec();
            lines.push(Line::Neutral);
            poles(make_up, index, &lines)
        })
    }

    fn change_inlet_settings(
        &self,
        index: usize,
        new: inlet::Settings,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        if new.name.chars().count() > 64 {
            return Err(Refusal::new(NAME_TOO_LONG));
        }
        let old = {
            let mut state = self.state();
            let name = &mut state.inlet_names[index];
            inlet::Settings {
                name: std::mem::replace(name, new.name.clone()),
                extra_: Default::default(),
            }
        };
        if old.name != new.name {
            let name = reference::inlet(index);
            let event = inlet::SettingsChangedEvent {
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

    fn enable_inlet(&self, index: usize, enabled: bool, actor: &Actor) {
        let before = self
            .state()
            .inlets_enabled
            .get_mut(index)
            .map(|now| std::mem::replace(now, enabled));
        if before == Some(!enabled) {
            let name = reference::inlet(index);
            let event = inlet::EnableStateChangedEvent {
                source: Some(name.object()),
                act_user_name: actor.user.clone(),
                act_ip_addr: actor.address.clone(),
                enabled,
                extra_: Default::default(),
            };
            self.publish(event, &name);
        }
    }
}

/// The poles of an inlet on the given lines.
pub(super) fn poles(make_up: &MakeUp, inlet: usize, lines: &[Line]) -> Vec<Pole> {
    lines
        .iter()
        .zip(1..)
        .map(|(&line, node)| pole(make_up, inlet, line, node))
        .collect()
}

fn pole(make_up: &MakeUp, inlet: usize, line: Line, node_id: i32) -> Pole {
    let at = |quantity| reference::sensor_at(make_up, Place::Pole(inlet, line), quantity);
    Pole {
        label: String::new(),
        line: match line {
            Line::L1 => PowerLine::L1,
            Line::L2 => PowerLine::L2,
            Line::L3 => PowerLine::L3,
            Line::Neutral => PowerLine::Neutral,
        },
        node_id,
        voltage: at(Quantity::Voltage),
        voltage_ln: at(Quantity::VoltageToNeutral),
        current: at(Quantity::Current),
        active_power: at(Quantity::ActivePower),
        apparent_power: at(Quantity::ApparentPower),
        power_factor: at(Quantity::PowerFactor),
        active_energy: at(Quantity::ActiveEnergy),
        ..Default::default()
    }
}

/// Serves one inlet.
pub(super) struct InletServant {
    pub(super) device: Arc<Device>,
    pub(super) index: usize,
}

impl InletServant {
    fn get<'a, T>(&self, value: Option<T>) -> Reply<'a, T> {
        Reply::ok(value.expect("only inlets of the device are served, and they do not go away"))
    }
}

impl traits::EDevice for InletServant {
    fn get_parents<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        Reply::ok(Vec::new())
    }

    fn get_children<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        let make_up = self.device.make_up();
        let fed = (0..make_up.overcurrent_protectors)
            .filter(|&ocp| make_up.inlet_of_circuit(ocp) == self.index);
        Reply::ok(fed.map(|ocp| reference::ocp(ocp).element()).collect())
    }
}

impl traits::Inlet for InletServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, inlet::MetaData> {
        self.get(self.device.inlet_meta_data(self.index))
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, inlet::Sensors> {
        self.get(self.device.inlet_sensors(self.index))
    }

    fn get_poles<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Pole>> {
        self.get(self.device.inlet_poles(self.index))
    }

    fn get_line_pairs<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<MeteredLinePair>> {
        Reply::ok(Vec::new())
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, inlet::Settings> {
        self.get(self.device.inlet_settings(self.index))
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: inlet::Settings,
    ) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |actor| {
            self.device
                .change_inlet_settings(self.index, settings, actor)
        })
    }

    fn set_enabled<'a>(&'a self, context: &'a Context, enabled: bool) -> Reply<'a, ()> {
        let may = self.device.accounts().may_change(context);
        may.map(|()| {
            self.device
                .enable_inlet(self.index, enabled, &Actor::of(context));
        })
        .into()
    }

    fn is_enabled<'a>(&'a self, _: &'a Context) -> Reply<'a, bool> {
        self.get(self.device.state().inlets_enabled.get(self.index).copied())
    }
}
