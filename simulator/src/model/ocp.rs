//! Overcurrent protectors.

use std::sync::Arc;

use xerus_rpc::server::{Context, Reply};

use super::accounts::Actor;
use super::nameplate::{nameplate, rating};
use super::place::{Line, Place};
use super::quantity::Quantity;
use super::refusal::{self, Refusal};
use super::sensor_id::StateSensorId;
use super::{Device, reference};
use crate::api::pdumodel::{
    DoublePole, EDevice, Inlet, OverCurrentProtector, PowerLine, over_current_protector as ocp,
};
use crate::api::server::pdumodel as traits;

/// The code of `setSettings` for a name of more than 64 characters; the interface has no constant for it.
const NAME_TOO_LONG: i32 = 1;

impl Device {
    /// Description of an overcurrent protector as clients see it; `None` when there is none (the first is 0).
    #[must_use]
    pub fn ocp_meta_data(&self, index: usize) -> Option<ocp::MetaData> {
        (index < self.make_up().overcurrent_protectors).then(|| ocp::MetaData {
            label: format!("C{}", index + 1),
            name_plate: nameplate(self.make_up(), ""),
            rating: rating(20),
            r#type: ocp::Type::Breaker1pole,
            max_trip_cnt: 0,
            extra_: Default::default(),
        })
    }

    /// Settings of an overcurrent protector as clients see them.
    #[must_use]
    pub fn ocp_settings(&self, index: usize) -> Option<ocp::Settings> {
        let name = self.state().ocp_names.get(index)?.clone();
        Some(ocp::Settings {
            name,
            extra_: Default::default(),
        })
    }

    /// The sensors of an overcurrent protector as clients see them.
    #[must_use]
    pub fn ocp_sensors(&self, index: usize) -> Option<ocp::Sensors> {
        let at = |quantity| reference::sensor_at(self.make_up(), Place::Ocp(index), quantity);
        (index < self.make_up().overcurrent_protectors).then(|| ocp::Sensors {
            trip: reference::state_sensor(StateSensorId::Trip(index)).to(),
            voltage: at(Quantity::Voltage),
            current: at(Quantity::Current),
            maximum_current: at(Quantity::MaximumCurrent),
            active_power: at(Quantity::ActivePower),
            ..Default::default()
        })
    }

    /// The poles of an overcurrent protector as clients see them.
    #[must_use]
    pub fn ocp_poles(&self, index: usize) -> Option<Vec<DoublePole>> {
        let at = |quantity| reference::sensor_at(self.make_up(), Place::Ocp(index), quantity);
        let node = i32::try_from(index).ok()?;
        (index < self.make_up().overcurrent_protectors).then(|| {
            let line = match self.make_up().line_of_circuit(index) {
                Line::L1 => PowerLine::L1,
                Line::L2 => PowerLine::L2,
                Line::L3 => PowerLine::L3,
                Line::Neutral => PowerLine::Neutral,
            };
            vec![DoublePole {
                label: String::new(),
                line,
                in_node_id: 1,
                out_node_id: 100 + node,
                voltage: at(Quantity::Voltage),
                current: at(Quantity::Current),
                active_power: at(Quantity::ActivePower),
                ..Default::default()
            }]
        })
    }

    fn change_ocp_settings(
        &self,
        index: usize,
        new: ocp::Settings,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        if new.name.chars().count() > 64 {
            return Err(Refusal::new(NAME_TOO_LONG));
        }
        let old = {
            let mut state = self.state();
            let name = &mut state.ocp_names[index];
            ocp::Settings {
                name: std::mem::replace(name, new.name.clone()),
                extra_: Default::default(),
            }
        };
        if old.name != new.name {
            let name = reference::ocp(index);
            let event = ocp::SettingsChangedEvent {
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

/// Serves one overcurrent protector.
pub(super) struct OcpServant {
    pub(super) device: Arc<Device>,
    pub(super) index: usize,
}

impl OcpServant {
    fn get<'a, T>(&self, value: Option<T>) -> Reply<'a, T> {
        Reply::ok(value.expect("only protectors of the device are served, and they do not go away"))
    }

    fn inlet(&self) -> usize {
        self.device.make_up().inlet_of_circuit(self.index)
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
        self.get(self.device.ocp_meta_data(self.index))
    }

    fn get_sensors<'a>(&'a self, _: &'a Context) -> Reply<'a, ocp::Sensors> {
        self.get(self.device.ocp_sensors(self.index))
    }

    fn get_poles<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<DoublePole>> {
        self.get(self.device.ocp_poles(self.index))
    }

    fn get_inlet<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<Inlet>> {
        Reply::ok(reference::inlet(self.inlet()).to())
    }

    /// No protector stands in front of another.
    fn get_ocp<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<OverCurrentProtector>> {
        Reply::ok(None)
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, ocp::Settings> {
        self.get(self.device.ocp_settings(self.index))
    }

    fn set_settings<'a>(&'a self, context: &'a Context, settings: ocp::Settings) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |actor| {
            self.device.change_ocp_settings(self.index, settings, actor)
        })
    }
}
