//! An overcurrent protector as an object of the device.

use std::sync::Arc;

use xerus_api::pdumodel::{
    DoublePole, EDevice, Inlet, OverCurrentProtector, over_current_protector as ocp,
};
use xerus_api::server::pdumodel as traits;
use xerus_rpc::server::{Context, Reply};

use super::{answer, parts, reference};
use crate::model::{
    Device, MakeUp, OcpMetaData, OcpSettings, Place, Privilege, Quantity, StateSensorId,
};

/// Serves one overcurrent protector.
pub(super) struct OcpServant {
    pub(super) device: Arc<Device>,
    pub(super) index: usize,
}

impl OcpServant {
    fn get<'a, T, U>(&self, value: Option<T>, as_sent: impl FnOnce(T) -> U) -> Reply<'a, U> {
        let value =
            value.expect("only protectors of the device are served, and they do not go away");
        Reply::ok(as_sent(value))
    }

    fn inlet(&self) -> usize {
        self.device.make_up().inlet_of_circuit(self.index)
    }
}

fn meta_data(data: OcpMetaData) -> ocp::MetaData {
    ocp::MetaData {
        label: data.label,
        name_plate: parts::nameplate(data.nameplate),
        rating: parts::rating(data.rating),
        r#type: ocp::Type::Breaker1pole,
        max_trip_cnt: 0,
        extra_: Default::default(),
    }
}

pub(super) fn settings(settings: OcpSettings) -> ocp::Settings {
    ocp::Settings {
        name: settings.name,
        extra_: Default::default(),
    }
}

fn sensors(make_up: &MakeUp, index: usize) -> ocp::Sensors {
    let at = |quantity| reference::sensor_at(make_up, Place::Ocp(index), quantity);
    ocp::Sensors {
        trip: reference::state_sensor(StateSensorId::Trip(index)).to(),
        voltage: at(Quantity::Voltage),
        current: at(Quantity::Current),
        maximum_current: at(Quantity::MaximumCurrent),
        active_power: at(Quantity::ActivePower),
        reactive_power: at(Quantity::ReactivePower),
        apparent_power: at(Quantity::ApparentPower),
        power_factor: at(Quantity::PowerFactor),
        active_energy: at(Quantity::ActiveEnergy),
        ..Default::default()
    }
}

fn pole(make_up: &MakeUp, index: usize) -> DoublePole {
    let at = |quantity| reference::sensor_at(make_up, Place::Ocp(index), quantity);
    let node = i32::try_from(index).expect("a device has fewer protectors than outlets");
    DoublePole {
        label: String::new(),
        line: parts::line(make_up.line_of_circuit(index)),
        in_node_id: 1,
        out_node_id: 100 + node,
        voltage: at(Quantity::Voltage),
        current: at(Quantity::Current),
        active_power: at(Quantity::ActivePower),
        ..Default::default()
    }
}

impl traits::EDevice for OcpServant {
    fn get_parents<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        Reply::ok(vec![reference::inlet(self.inlet()).element()])
    }

    fn get_children<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<EDevice>> {
        let make_up = self.device.make_up();
        let fed = (0..make_up.outlets).filter(|&outlet| make_up.ocp_of(outlet) == Some(self.index));
        Reply::ok(
            fed.map(|outlet| reference::outlet(outlet).element())
                .collect(),
        )
    }
}

impl traits::OverCurrentProtector for OcpServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, ocp::MetaData> {
        self.get(self.device.ocp_meta_data(self.index), meta_data)
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, ocp::Sensors> {
        Reply::ok(sensors(self.device.make_up(), self.index))
    }

    fn get_poles<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<DoublePole>> {
        Reply::ok(vec![pole(self.device.make_up(), self.index)])
    }

    fn get_inlet<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Inlet>> {
        Reply::ok(reference::inlet(self.inlet()).to())
    }

    /// No protector stands in front of another.
    fn get_ocp<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<OverCurrentProtector>> {
        Reply::ok(None)
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, ocp::Settings> {
        self.get(self.device.ocp_settings(self.index), settings)
    }

    fn set_settings<'a>(&'a self, context: &'a Context, settings: ocp::Settings) -> Reply<'a, ()> {
        answer::with(&self.device, context, Privilege::ChangePdu, |actor| {
            let settings = OcpSettings {
                name: settings.name,
            };
            self.device.change_ocp_settings(self.index, settings, actor)
        })
    }
}
