//! All objects of a device in one place: under which names, served by whom.

use std::sync::Arc;

use xerus_rpc::server::{Router, Servant};

use super::Device;
use super::aliases::Aliases;
use super::event::EventService;
use super::firmware::FirmwareServant;
use super::inlet::InletServant;
use super::make_up::MakeUp;
use super::name_service::NameServant;
use super::ocp::OcpServant;
use super::outlet::OutletServant;
use super::pdu::PduServant;
use super::peripheral::{self, ManagerServant, SlotServant};
use super::place::{Line, Place};
use super::reference::{self, Name};
use super::sensor::{SensorServant, StateServant};
use super::sensor_id::{SensorId, StateSensorId};
use super::session::SessionServant;
use super::user::{self, UserServant};
use crate::api::server as traits;
use crate::api::{event, firmware, jsonrpc, session, usermgmt};

/// The objects of a device, ready to be called.
pub(crate) fn router(device: &Arc<Device>) -> Arc<Router> {
    let mut table = Table {
        device: Arc::clone(device),
        entries: Vec::new(),
    };
    table.fill();
    let Table { entries, .. } = table;
    let aliases: Arc<Aliases> = Arc::new(entries.iter().map(|(name, _)| name).collect());
    Arc::new_cyclic(|weak| {
        let router = Router::new();
        let mut entries = entries;
        let events = EventService {
            device: Arc::clone(device),
            aliases: Arc::clone(&aliases),
            router: weak.clone(),
        };
        entries.push((
            single::<event::Service>("/eventservice"),
            traits::event::service(events),
        ));
        entries.push((
            single::<jsonrpc::NameService>("/ns"),
            traits::jsonrpc::name_service(NameServant(Arc::clone(&aliases))),
        ));
        for (name, servant) in entries {
            for rid in name.all() {
                router.insert(rid, servant.clone());
            }
        }
        router
    })
}

/// An object of which there is one.
fn single<I: xerus_rpc::Interface>(rid: &str) -> Name {
    Name::new::<I>(rid.trim_start_matches('/'), vec![rid.to_owned()])
}

struct Table {
    device: Arc<Device>,
    entries: Vec<(Name, Servant)>,
}

impl Table {
    /// A user object for each account that is there when the device starts, and one for whoever asks.
    fn users(&mut self) {
        let accounts = self.device.accounts().users();
        let named = accounts
            .into_iter()
            .map(|name| (user::rid(&name), Some(name)));
        let current = (user::CURRENT_USER.to_owned(), None);
        for (rid, name) in named.chain([current]) {
            let device = Arc::clone(&self.device);
            let servant = traits::usermgmt::user(UserServant { device, name });
            self.add(single::<usermgmt::User>(&rid), servant);
        }
    }

    fn fill(&mut self) {
        let device = Arc::clone(&self.device);
        let make_up = device.make_up();
        self.add(
            reference::pdu(),
            traits::pdumodel::pdu(PduServant(Arc::clone(&device))),
        );
        self.add(
            single::<firmware::Firmware>("/firmware"),
            traits::firmware::firmware(FirmwareServant(Arc::clone(&device))),
        );
        self.add(
            single::<session::SessionManager>("/session"),
            traits::session::session_manager(SessionServant(Arc::clone(&device))),
        );
        self.users();
        self.sensors(Place::Pdu);
        for index in 0..MakeUp::POWER_SUPPLIES {
            self.state_sensor(StateSensorId::PowerSupply(index));
        }
        for index in 0..make_up.inlets {
            self.inlet(index);
        }
        for index in 0..make_up.overcurrent_protectors {
            let servant = OcpServant {
                device: Arc::clone(&device),
                index,
            };
            self.add(
                reference::ocp(index),
                traits::pdumodel::over_current_protector(servant),
            );
            self.sensors(Place::Ocp(index));
            self.state_sensor(StateSensorId::Trip(index));
        }
        for index in 0..make_up.outlets {
            let servant = OutletServant {
                device: Arc::clone(&device),
                index,
            };
            self.add(reference::outlet(index), traits::pdumodel::outlet(servant));
            self.sensors(Place::Outlet(index));
            self.state_sensor(StateSensorId::OutletState(index));
        }
        self.add(
            peripheral::manager_name(),
            traits::peripheral::device_manager(ManagerServant(Arc::clone(&device))),
        );
        for slot in 0..make_up.slots {
            let servant = SlotServant {
                device: Arc::clone(&device),
                slot,
            };
            self.add(
                peripheral::slot_name(slot),
                traits::peripheral::device_slot(servant),
            );
            self.sensors(Place::Slot(slot));
        }
    }

    fn inlet(&mut self, index: usize) {
        let servant = InletServant {
            device: Arc::clone(&self.device),
            index,
        };
        self.add(reference::inlet(index), traits::pdumodel::inlet(servant));
        self.sensors(Place::Inlet(index));
        self.state_sensor(StateSensorId::ResidualCurrent(index));
        for &line in Arc::clone(&self.device).make_up().lines() {
            self.sensors(Place::Pole(index, line));
        }
        self.sensors(Place::Pole(index, Line::Neutral));
    }

    fn sensors(&mut self, place: Place) {
        for &quantity in self.device.measured(place) {
            let id = SensorId::new(place, quantity);
            self.add(
                reference::sensor(id),
                SensorServant::serve(Arc::clone(&self.device), id),
            );
        }
    }

    fn state_sensor(&mut self, id: StateSensorId) {
        self.add(
            reference::state_sensor(id),
            StateServant::serve(Arc::clone(&self.device), id),
        );
    }

    fn add(&mut self, name: Name, servant: Servant) {
        self.entries.push((name, servant));
    }
}
