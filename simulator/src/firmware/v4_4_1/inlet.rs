//! An inlet as an object of the device.

use std::sync::Arc;

use xerus_api::pdumodel::{EDevice, MeteredLinePair, Pole, inlet};
use xerus_api::server::pdumodel as traits;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use super::{parts, reference};
use crate::model::{
    Device, InletMetaData, InletSettings, Line, LinePair, MakeUp, NameTooLong, Place, Privilege,
    Quantity, StateSensorId,
};

/// The code of `setSettings` of inlets and protectors for a name that is too long; the interfaces have no constant for it.
impl ReturnCode for NameTooLong {
    fn code(self) -> i32 {
        1
    }
}

/// Serves one inlet.
pub(super) struct InletServant {
    pub(super) device: Arc<Device>,
    pub(super) index: usize,
}

impl InletServant {
    fn get<'a, T, U>(&self, value: Option<T>, as_sent: impl FnOnce(T) -> U) -> Reply<'a, U> {
        let value = value.expect("only inlets of the device are served, and they do not go away");
        Reply::ok(as_sent(value))
    }
}

fn meta_data(data: InletMetaData) -> inlet::MetaData {
    inlet::MetaData {
        label: data.label,
        plug_type: data.plug_type,
        name_plate: parts::nameplate(data.nameplate),
        rating: parts::rating(data.rating),
        has_waveform_support: false,
        is_dc: false,
        extra_: Default::default(),
    }
}

pub(super) fn settings(settings: InletSettings) -> inlet::Settings {
    inlet::Settings {
        name: settings.name,
        extra_: Default::default(),
    }
}

fn sensors(make_up: &MakeUp, index: usize) -> inlet::Sensors {
    let at = |quantity| reference::sensor_at(make_up, Place::Inlet(index), quantity);
    inlet::Sensors {
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
        unbalanced_line_line_current: at(Quantity::UnbalancedLineLineCurrent),
        unbalanced_voltage: at(Quantity::UnbalancedVoltage),
        unbalanced_line_line_voltage: at(Quantity::UnbalancedLineLineVoltage),
        line_frequency: at(Quantity::LineFrequency),
        phase_angle: at(Quantity::PhaseAngle),
        displacement_power_factor: at(Quantity::DisplacementPowerFactor),
        residual_current_status: reference::state_sensor(StateSensorId::ResidualCurrent(index))
            .to(),
        ..Default::default()
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
        line: parts::line(line),
        node_id,
        voltage: at(Quantity::Voltage),
        voltage_ln: at(Quantity::VoltageToNeutral),
        current: at(Quantity::Current),
        active_power: at(Quantity::ActivePower),
        reactive_power: at(Quantity::ReactivePower),
        apparent_power: at(Quantity::ApparentPower),
        power_factor: at(Quantity::PowerFactor),
        active_energy: at(Quantity::ActiveEnergy),
        apparent_energy: at(Quantity::ApparentEnergy),
        phase_angle: at(Quantity::PhaseAngle),
        ..Default::default()
    }
}

/// What lies between the lines of an inlet; its nodes are those of the poles.
fn line_pairs(make_up: &MakeUp, inlet: usize) -> Vec<MeteredLinePair> {
    let pairs = LinePair::ALL
        .into_iter()
        .filter(|&pair| make_up.has(Place::LinePair(inlet, pair)));
    pairs
        .map(|pair| {
            let at =
                |quantity| reference::sensor_at(make_up, Place::LinePair(inlet, pair), quantity);
            let (left, right) = pair.lines();
            let node = |line| match line {
                Line::L1 => 1,
                Line::L2 => 2,
                Line::L3 => 3,
                Line::Neutral => 4,
            };
            MeteredLinePair {
                left_line: parts::line(left),
                right_line: parts::line(right),
                left_node_id: node(left),
                right_node_id: node(right),
                voltage: at(Quantity::Voltage),
                current: at(Quantity::Current),
                active_power: at(Quantity::ActivePower),
                reactive_power: at(Quantity::ReactivePower),
                apparent_power: at(Quantity::ApparentPower),
                power_factor: at(Quantity::PowerFactor),
                phase_angle: at(Quantity::PhaseAngle),
                active_energy: at(Quantity::ActiveEnergy),
                apparent_energy: at(Quantity::ApparentEnergy),
                ..Default::default()
            }
        })
        .collect()
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
        self.get(self.device.inlet_meta_data(self.index), meta_data)
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, inlet::Sensors> {
        Reply::ok(sensors(self.device.make_up(), self.index))
    }

    fn get_poles<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Pole>> {
        self.get(self.device.inlet_lines(self.index), |lines| {
            poles(self.device.make_up(), self.index, &lines)
        })
    }

    fn get_line_pairs<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<MeteredLinePair>> {
        Reply::ok(line_pairs(self.device.make_up(), self.index))
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, inlet::Settings> {
        self.get(self.device.inlet_settings(self.index), settings)
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: inlet::Settings,
    ) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangePdu, |actor| {
            let settings = InletSettings {
                name: settings.name,
            };
            self.device
                .change_inlet_settings(self.index, settings, actor)
        })
    }

    fn set_enabled<'a>(&'a self, context: &'a Context, enabled: bool) -> Reply<'a, ()> {
        answer::act(&self.device, context, |actor| {
            self.device.enable_inlet(self.index, enabled, actor);
        })
    }

    fn is_enabled<'a>(&'a self, _: &'a Context) -> Reply<'a, bool> {
        self.get(self.device.inlet_enabled(self.index), |enabled| enabled)
    }
}
