//! Slots for peripheral devices, and their manager, as objects of the device.

use std::sync::Arc;

use xerus_api::peripheral::device_manager::ZCoordMode;
use xerus_api::peripheral::{
    self, DeviceId, DeviceManager, DeviceSlot, GatewaySensorManager, Package, PackageInfo,
    PortType, PosElement, SensorHub, device_manager, device_slot,
};
use xerus_api::portsmodel::PortFuse;
use xerus_api::sensors::sensor::TypeSpec;
use xerus_api::server::peripheral as traits;
use xerus_rpc::Polymorphic;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use super::{reference, sensor};
use crate::firmware::Name;
use crate::model::manager::ManagerSettings;
use crate::model::{Device, Location, Plugged, Privilege, Quantity, SlotRefusal, SlotSettings};

impl ReturnCode for SlotRefusal {
    fn code(self) -> i32 {
        match self {
            Self::Invalid => DeviceSlot::ERR_INVALID_PARAMS,
        }
    }
}

pub(super) fn manager_name() -> Name {
    Name::new::<DeviceManager>(
        "peripheralDeviceManager",
        vec!["/model/peripheraldevicemanager".to_owned()],
    )
}

/// What a slot holds.
fn plugged(plugged: Plugged) -> peripheral::Device {
    let quantity = plugged.sensor.quantity;
    peripheral::Device {
        device_id: DeviceId {
            serial: plugged.serial,
            r#type: TypeSpec {
                readingtype: 0,
                r#type: sensor::kind(quantity.kind()),
                unit: sensor::unit(quantity.unit()),
                extra_: Default::default(),
            },
            is_actuator: false,
            channel: DeviceSlot::CHANNEL_INVALID,
            extra_: Default::default(),
        },
        position: vec![PosElement {
            port_type: PortType::DevPort,
            port: plugged.port,
            extra_: Default::default(),
        }],
        package_class: plugged.package_class,
        device: reference::sensor(plugged.sensor).to(),
        extra_: Default::default(),
    }
}

pub(super) fn settings(settings: SlotSettings) -> device_slot::Settings {
    device_slot::Settings {
        name: settings.name,
        description: settings.description,
        location: device_slot::Location {
            x: settings.location.x,
            y: settings.location.y,
            z: settings.location.z,
            extra_: Default::default(),
        },
        use_default_thresholds: settings.use_default_thresholds,
        properties: settings.properties.into_iter().collect(),
        extra_: Default::default(),
    }
}

fn wanted_settings(settings: device_slot::Settings) -> SlotSettings {
    SlotSettings {
        name: settings.name,
        description: settings.description,
        location: Location {
            x: settings.location.x,
            y: settings.location.y,
            z: settings.location.z,
        },
        use_default_thresholds: settings.use_default_thresholds,
        properties: settings.properties.into_iter().collect(),
    }
}

fn manager_settings(device: &Device) -> device_manager::Settings {
    let settings = device.maintenance().manager.clone();
    device_manager::Settings {
        z_coord_mode: if settings.free_heights {
            ZCoordMode::Freeform
        } else {
            ZCoordMode::Rackunits
        },
        auto_manage_new_devices: settings.auto_manage,
        device_altitude: settings.altitude,
        presence_detection_timeout: settings.presence,
        default_thresholds_map: [Quantity::Temperature, Quantity::Humidity]
            .map(|quantity| {
                let defaults = device.default_thresholds(quantity);
                (quantity.name().to_owned(), sensor::thresholds(defaults))
            })
            .into_iter()
            .collect(),
        max_active_powered_dry_contacts: settings.dry_contacts,
        mute_other_access_control_unit: settings.mute,
        extra_: Default::default(),
    }
}

/// `None`: they are out of range, or change default thresholds, which are fixed here.
fn wanted_manager_settings(
    wanted: &device_manager::Settings,
    now: &device_manager::Settings,
) -> Option<ManagerSettings> {
    let settings = ManagerSettings {
        free_heights: match wanted.z_coord_mode {
            ZCoordMode::Rackunits => false,
            ZCoordMode::Freeform => true,
            _ => return None,
        },
        auto_manage: wanted.auto_manage_new_devices,
        altitude: wanted.device_altitude,
        presence: wanted.presence_detection_timeout,
        dry_contacts: wanted.max_active_powered_dry_contacts,
        mute: wanted.mute_other_access_control_unit,
    };
    let same = wanted.default_thresholds_map == now.default_thresholds_map;
    (same && settings.is_valid()).then_some(settings)
}

/// Serves `/model/peripheraldevicemanager`.
pub(super) struct ManagerServant(pub(super) Arc<Device>);

impl traits::DeviceManager for ManagerServant {
    fn get_device_slots<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<DeviceSlot>> {
        Reply::ok(
            (0..self.0.make_up().slots)
                .map(|slot| reference::slot(slot).element())
                .collect(),
        )
    }

    fn get_device_slot<'a>(&'a self, _: &'a Context, idx: i32) -> Reply<'a, Option<DeviceSlot>> {
        let slot = usize::try_from(idx)
            .ok()
            .filter(|&slot| slot < self.0.make_up().slots);
        Reply::ok(slot.and_then(|slot| reference::slot(slot).to()))
    }

    fn get_sensor_hubs<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<SensorHub>> {
        Reply::ok(Vec::new())
    }

    fn get_discovered_devices<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Vec<Polymorphic<peripheral::Device>>> {
        let found = (0..self.0.make_up().slots).filter_map(|slot| self.0.plugged(slot));
        Reply::ok(
            found
                .map(|device| Polymorphic::new(&plugged(device)))
                .collect(),
        )
    }

    fn get_discovered_package_infos<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<PackageInfo>> {
        Reply::ok(Vec::new())
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, device_manager::Settings> {
        Reply::ok(manager_settings(&self.0))
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: device_manager::Settings,
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangePeripherals, |_| {
            let wanted = wanted_manager_settings(&settings, &manager_settings(&self.0));
            self.0.maintenance().manager = wanted.ok_or(DeviceManager::ERR_INVALID_PARAMS)?;
            Ok::<(), i32>(())
        })
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
                .plugged(self.slot)
                .map(|device| Polymorphic::new(&plugged(device))),
        )
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, device_slot::Settings> {
        let now = self.device.slot_settings(self.slot);
        let now = now.expect("only slots of the device are served, and they do not go away");
        Reply::ok(settings(now))
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: device_slot::Settings,
    ) -> Reply<'a, ()> {
        answer::with(
            &self.device,
            context,
            Privilege::ChangePeripherals,
            |actor| {
                let settings = wanted_settings(settings);
                self.device.change_slot_settings(self.slot, settings, actor)
            },
        )
    }
}
