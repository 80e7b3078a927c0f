//! All objects of a device: under which names, served by whom.

use std::sync::Arc;

use xerus_api::server as traits;
use xerus_api::{
    bulkcfg, cert, datetime, diag, event, firmware, jsonrpc, logging, luaservice, rawcfg, session,
    usermgmt,
};
use xerus_rpc::files::FIRMWARE_PROGRESS;
use xerus_rpc::server::Servant;

use super::cascade::{self, CascadeServant};
use super::certificate::CertificateServant;
use super::configuration::{BulkServant, RawServant};
use super::data_push::PushServant;
use super::datetime::ClockServant;
use super::event::{EventService, Hub};
use super::firmware::{FirmwareServant, ProgressServant};
use super::groups::{self, GroupManagerServant};
use super::inlet::InletServant;
use super::log::{DebugLogServant, EventLogServant, LogLevelServant};
use super::name_service::NameServant;
use super::net::{self, NetServant, ServicesServant};
use super::ocp::OcpServant;
use super::outlet::OutletServant;
use super::pdu::PduServant;
use super::peripheral::{self, ManagerServant, SlotServant};
use super::reference;
use super::roles::{self, RoleManagerServant};
use super::scripts::ScriptServant;
use super::security::{self, SecurityServant};
use super::sensor::SensorServant;
use super::servermon::{self, ServerMonitorServant};
use super::session::SessionServant;
use super::snmp::{self, SnmpServant};
use super::state_sensor::StateServant;
use super::strip::{PortServant, StripConfigServant, StripServant, port_name};
use super::transfer_switch::TransferServant;
use super::user::{self, UserServant};
use super::users::{self, UserManagerServant};
use crate::firmware::{Name, Objects};
use crate::limits::Limits;
use crate::model::{
    Device, Line, LinePair, MakeUp, Place, SensorId, StateSensorId, TransferSensor,
};

/// Puts the objects of `device` into `objects`.
pub(crate) fn fill(objects: &Arc<Objects>, device: &Arc<Device>, limits: &Limits) {
    let table = Table {
        device: Arc::clone(device),
        objects,
    };
    table.fill();
    table.add(
        users::name(),
        traits::usermgmt::user_manager(UserManagerServant::new(device, objects)),
    );
    table.add(
        roles::name(),
        traits::usermgmt::role_manager(RoleManagerServant::new(device, objects)),
    );
    if device.make_up().outlets > 0 {
        table.add(
            groups::manager_name(),
            traits::pdumodel::outlet_group_manager(GroupManagerServant::new(device, objects)),
        );
    }
    table.add(
        servermon::name(),
        traits::servermon::server_monitor(ServerMonitorServant::new(device, objects)),
    );
    let hub = Arc::new(Hub::new(limits.channels, limits.queued_events));
    device.listen(&hub);
    let events = EventService {
        device: Arc::clone(device),
        objects: Arc::downgrade(objects),
        hub,
    };
    table.add(
        Name::single::<event::Service>("/eventservice"),
        traits::event::service(events),
    );
    table.add(
        Name::single::<jsonrpc::NameService>("/ns"),
        traits::jsonrpc::name_service(NameServant(Arc::downgrade(objects))),
    );
}

struct Table<'a> {
    device: Arc<Device>,
    objects: &'a Objects,
}

impl Table<'_> {
    fn fill(&self) {
        let device = Arc::clone(&self.device);
        let make_up = device.make_up();
        self.add(
            reference::pdu(),
            traits::pdumodel::pdu(PduServant(Arc::clone(&device))),
        );
        self.add(
            Name::single::<firmware::Firmware>("/firmware"),
            traits::firmware::firmware(FirmwareServant(Arc::clone(&device))),
        );
        self.maintenance();
        self.add(
            Name::single::<session::SessionManager>("/session"),
            traits::session::session_manager(SessionServant(Arc::clone(&device))),
        );
        let current = UserServant {
            device: Arc::clone(&device),
            name: None,
        };
        self.add(
            Name::single::<usermgmt::User>(user::CURRENT_USER),
            traits::usermgmt::user(current),
        );
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
            cascade::name(),
            traits::cascading::cascade_manager(CascadeServant(Arc::clone(&device))),
        );
        self.add(
            security::name(),
            traits::security::security(SecurityServant(Arc::clone(&device))),
        );
        self.network();
        for index in 0..make_up.asset_strips {
            self.strip(index);
        }
        if make_up.transfer_switch {
            let servant = TransferServant(Arc::clone(&device));
            self.add(
                reference::transfer_switch(),
                traits::pdumodel::transfer_switch(servant),
            );
            for sensor in TransferSensor::ALL {
                self.state_sensor(StateSensorId::Transfer(sensor));
            }
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
                reference::slot(slot),
                traits::peripheral::device_slot(servant),
            );
            self.sensors(Place::Slot(slot));
        }
    }

    /// What keeps the device going besides power.
    fn maintenance(&self) {
        let device = || Arc::clone(&self.device);
        self.add(
            Name::single::<firmware::FirmwareUpdateStatus>(FIRMWARE_PROGRESS.path()),
            traits::firmware::firmware_update_status(ProgressServant(device())),
        );
        self.add(
            Name::single::<rawcfg::RawConfiguration>("/rawcfg"),
            traits::rawcfg::raw_configuration(RawServant(device())),
        );
        self.add(
            Name::single::<bulkcfg::BulkConfiguration>("/bulkcfg"),
            traits::bulkcfg::bulk_configuration(BulkServant(device())),
        );
        self.add(
            Name::single::<cert::ServerSslCert>("/server_ssl_cert"),
            traits::cert::server_ssl_cert(CertificateServant(device())),
        );
        self.add(
            Name::single::<logging::EventLog>("/eventlog"),
            traits::logging::event_log(EventLogServant(device())),
        );
        self.add(
            Name::single::<logging::DebugLog>("/debuglog"),
            traits::logging::debug_log(DebugLogServant(device())),
        );
        self.add(
            Name::single::<diag::DiagLogSettings>("/diag"),
            traits::diag::diag_log_settings(LogLevelServant(device())),
        );
        self.add(
            Name::single::<datetime::DateTime>("/datetime"),
            traits::datetime::date_time(ClockServant(device())),
        );
        self.add(
            Name::single::<luaservice::Manager>("/luaservice"),
            traits::luaservice::manager(ScriptServant(device())),
        );
        self.add(
            Name::single::<event::DataPushService>("/datapush"),
            traits::event::data_push_service(PushServant(device())),
        );
    }

    fn network(&self) {
        let device = || Arc::clone(&self.device);
        self.add(net::name(), traits::net::net(NetServant(device())));
        self.add(
            net::services_name(),
            traits::net::services(ServicesServant(device())),
        );
        self.add(
            snmp::name(),
            traits::devsettings::snmp(SnmpServant(device())),
        );
    }

    fn inlet(&self, index: usize) {
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
        for pair in LinePair::ALL {
            self.sensors(Place::LinePair(index, pair));
        }
    }

    fn strip(&self, index: usize) {
        let device = || Arc::clone(&self.device);
        let strip = StripServant {
            device: device(),
            index,
        };
        self.add(
            reference::strip(index),
            traits::assetmgrmodel::asset_strip(strip),
        );
        let config = StripConfigServant {
            device: device(),
            index,
        };
        self.add(
            reference::strip_settings(index),
            traits::assetmgrmodel::asset_strip_config(config),
        );
        let port = PortServant {
            device: device(),
            index,
        };
        self.add(port_name(index), traits::portsmodel::port(port));
    }

    fn sensors(&self, place: Place) {
        for &quantity in self.device.measured(place) {
            let id = SensorId::new(place, quantity);
            self.add(
                reference::sensor(id),
                SensorServant::serve(Arc::clone(&self.device), id),
            );
        }
    }

    fn state_sensor(&self, id: StateSensorId) {
        self.add(
            reference::state_sensor(id),
            StateServant::serve(Arc::clone(&self.device), id),
        );
    }

    fn add(&self, name: Name, servant: Servant) {
        self.objects.add(name, servant);
    }
}
