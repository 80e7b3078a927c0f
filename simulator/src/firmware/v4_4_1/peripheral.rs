//! Slots for peripheral devices, and what is plugged in.

use std::sync::Arc;

use xerus_rpc::Polymorphic;
use xerus_rpc::server::{Context, Reply};

use super::accounts::Actor;
use super::place::Place;
use super::quantity::Quantity;
use super::reference::Name;
use super::refusal::{self, Refusal};
use super::sensor_id::SensorId;
use super::{Device, reference, sensor};
use crate::api::peripheral::{
    self, DeviceId, DeviceManager, DeviceSlot, GatewaySensorManager, Package, PackageInfo,
    PortType, PosElement, SensorHub, device_manager, device_slot,
};
use crate::api::portsmodel::PortFuse;
use crate::api::sensors::sensor::TypeSpec;
use crate::api::server::peripheral as traits;

pub(super) fn manager_name() -> Name {
    Name::new::<DeviceManager>(
        "peripheralDeviceManager",
        vec!["/model/peripheraldevicemanager".to_owned()],
    )
}

pub(super) fn slot_name(slot: usize) -> Name {
    Name::new::<DeviceSlot>(
        &format!("pDevSlot.{slot}"),
        vec![format!("/model/peripheraldeviceslot/{slot}")],
    )
}

impl Device {
    /// The sensor that is plugged into a slot (the first is 0), if any.
    #[must_use]
    pub fn plugged(&self, slot: usize) -> Option<SensorId> {
        let place = Place::Slot(slot);
        let quantity = self.measured(place).first()?;
        Some(SensorId::new(place, *quantity))
    }

    /// What a slot holds, as clients see it.
    #[must_use]
    pub fn peripheral_device(&self, slot: usize) -> Option<peripheral::Device> {
        let id = self.plugged(slot)?;
        let facts = id.quantity.facts();
        Some(peripheral::Device {
            device_id: DeviceId {
                serial: serial(id.quantity).to_owned(),
                r#type: TypeSpec {
                    readingtype: 0,
                    r#type: facts.kind,
                    unit: facts.unit,
                    extra_: Default::default(),
                },
                is_actuator: false,
                channel: DeviceSlot::CHANNEL_INVALID,
                extra_: Default::default(),
            },
            position: vec![PosElement {
                port_type: PortType::DevPort,
                port: "1".to_owned(),
                extra_: Default::default(),
            }],
            package_class: "DX2-T2H2".to_owned(),
            device: reference::sensor(id).to(),
            extra_: Default::default(),
        })
    }

    /// Settings of a slot as clients see them.
    #[must_use]
    pub fn slot_settings(&self, slot: usize) -> Option<device_slot::Settings> {
        self.state().slot_settings.get(slot).cloned()
    }

    /// Settings of the manager of all slots as clients see them.
    #[must_use]
    pub fn peripheral_settings(&self) -> device_manager::Settings {
        device_manager::Settings {
            z_coord_mode: device_manager::ZCoordMode::Rackunits,
            auto_manage_new_devices: true,
            presence_detection_timeout: 40,
            max_active_powered_dry_contacts: 8,
            default_thresholds_map: [Quantity::Temperature, Quantity::Humidity]
                .map(|quantity| {
                    (
                        quantity.facts().member.to_owned(),
                        sensor::default_thresholds(quantity),
                    )
                })
                .into(),
            ..Default::default()
        }
    }

    fn change_slot_settings(
        &self,
        slot: usize,
        new: device_slot::Settings,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        if new.name.chars().count() > 64 || new.description.chars().count() > 256 {
            return Err(Refusal::new(DeviceSlot::ERR_INVALID_PARAMS));
        }
        let old = {
            let mut state = self.state();
            std::mem::replace(&mut state.slot_settings[slot], new.clone())
        };
        if old != new {
            let name = slot_name(slot);
            let event = device_slot::SettingsChangedEvent {
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

    fn discovered(&self) -> Vec<peripheral::Device> {
        (0..self.make_up().slots)
            .filter_map(|slot| self.peripheral_device(slot))
            .collect()
    }
}

fn serial(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Temperature => "SIMT000001",
        _ => "SIMH000001",
    }
}

/// Serves `/model/peripheraldevicemanager`.
pub(super) struct ManagerServant(pub(super) Arc<Device>);

impl traits::DeviceManager for ManagerServant {
    fn get_device_slots<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<DeviceSlot>> {
        Reply::ok(
            (0..self.0.make_up().slots)
                .map(|slot| slot_name(slot).element())
                .collect(),
        )
    }

    fn get_device_slot<'a>(&'a self, _: &'a Context, idx: i32) -> Reply<'a, Option<DeviceSlot>> {
        let slot = usize::try_from(idx)
            .ok()
            .filter(|&slot| slot < self.0.make_up().slots);
        Reply::ok(slot.and_then(|slot| slot_name(slot).to()))
    }

    fn get_sensor_hubs<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<SensorHub>> {
        Reply::ok(Vec::new())
    }

    fn get_discovered_devices<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Vec<Polymorphic<peripheral::Device>>> {
        Reply::ok(self.0.discovered().iter().map(Polymorphic::new).collect())
    }

    fn get_discovered_package_infos<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<PackageInfo>> {
        Reply::ok(Vec::new())
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, device_manager::Settings> {
        Reply::ok(self.0.peripheral_settings())
    }

    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, device_manager::MetaData> {
        Reply::ok(device_manager::MetaData {
            one_wire_port_count: 1,
            ..Default::default()
        })
    }

    fn get_device_type_infos<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Vec<device_manager::DeviceTypeInfo>> {
        Reply::ok(Vec::new())
    }

    fn get_firmware_update_state<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, device_manager::FirmwareUpdateState> {
        Reply::ok(Default::default())
    }

    fn get_statistics<'a>(&'a self, _: &'a Context) -> Reply<'a, device_manager::Statistics> {
        Reply::ok(Default::default())
    }

    fn get_discovered_packages<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Package>> {
        Reply::ok(Vec::new())
    }

    fn get_port_fuse<'a>(&'a self, _: &'a Context) -> Reply<'a, Option<PortFuse>> {
        Reply::ok(None)
    }

    fn get_gateway_sensor_manager<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Option<GatewaySensorManager>> {
        Reply::ok(None)
    }
}

/// Serves one slot.
pub(super) struct SlotServant {
    pub(super) device: Arc<Device>,
    pub(super) slot: usize,
}

impl traits::DeviceSlot for SlotServant {
    fn get_device<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Option<Polymorphic<peripheral::Device>>> {
        Reply::ok(
            self.device
                .peripheral_device(self.slot)
                .as_ref()
                .map(Polymorphic::new),
        )
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, device_slot::Settings> {
        let settings = self.device.slot_settings(self.slot);
        Reply::ok(settings.expect("only slots of the device are served, and they do not go away"))
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: device_slot::Settings,
    ) -> Reply<'a, ()> {
        refusal::change(self.device.accounts(), context, |actor| {
            self.device.change_slot_settings(self.slot, settings, actor)
        })
    }
}
