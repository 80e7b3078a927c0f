//! A device with firmware 3.6.80, played with the generated server traits of its bindings.
//!
//! Only what this program asks for is implemented; the rest answers "method not found".

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xerus_rpc::server::{Context, Reply, Router};
use xerus_rpc::{Interface, Object, Time, WireId};

use crate::v3::pdumodel::outlet::{self, PowerState};
use crate::v3::pdumodel::{CtrlStatistic, Nameplate, Outlet, pdu};
use crate::v3::server::pdumodel as server;

/// The state of the device, shared by its objects. Handles share it.
#[derive(Clone, Debug)]
pub struct Relays(Arc<Mutex<Vec<PowerState>>>);

impl Relays {
    /// How an outlet is; `None` when there is no such outlet.
    #[must_use]
    pub fn get(&self, outlet: usize) -> Option<PowerState> {
        self.lock().get(outlet).copied()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PowerState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The objects of a device with this many outlets, all on, and its state from inside.
#[must_use]
pub fn objects(outlets: usize) -> (Router, Relays) {
    let relays = Relays(Arc::new(Mutex::new(vec![PowerState::PsOn; outlets])));
    let router = Router::new();
    let pdu = server::pdu(PduServant { outlets });
    router.insert("/model/pdu/0", pdu);
    for index in 0..outlets {
        let servant = server::outlet(OutletServant {
            index,
            relays: relays.clone(),
        });
        router.insert(&rid(index), servant);
    }
    (router, relays)
}

fn rid(outlet: usize) -> String {
    format!("/tfwopaque/{}/outlet.{outlet}", Outlet::TYPE_ID)
}

struct PduServant {
    outlets: usize,
}

impl server::Pdu for PduServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::MetaData> {
        Reply::ok(pdu::MetaData {
            nameplate: Nameplate {
                manufacturer: "Simulated".to_owned(),
                model: "OLD-4".to_owned(),
                serial_number: "OLD0000001".to_owned(),
                ..Nameplate::default()
            },
            fw_revision: "3.6.80.5-48558".to_owned(),
            has_switchable_outlets: true,
            ..pdu::MetaData::default()
        })
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::Settings> {
        Reply::ok(pdu::Settings {
            name: "Cellar".to_owned(),
            startup_state: pdu::StartupState::SsLastknown,
            ..pdu::Settings::default()
        })
    }

    fn get_statistic<'a>(&'a self, _: &'a Context) -> Reply<'a, pdu::Statistic> {
        let controller = |master, slave| CtrlStatistic {
            master_c_sum_err_cnt: master,
            slave_c_sum_err_cnt: slave,
            ..CtrlStatistic::default()
        };
        Reply::ok(pdu::Statistic {
            ctrl_stats: vec![controller(3, 1), controller(0, 2)],
            ..pdu::Statistic::default()
        })
    }

    fn get_outlets<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Outlet>> {
        // The id of the bindings is one.
        let wire_id = WireId::new(Outlet::TYPE_ID).unwrap_or_default();
        let reference = |index| Object::detached(&rid(index), wire_id.clone());
        Reply::ok(
            (0..self.outlets)
                .map(|index| Outlet::from_object(reference(index)))
                .collect(),
        )
    }
}

struct OutletServant {
    index: usize,
    relays: Relays,
}

impl server::EDevice for OutletServant {}

impl server::Outlet for OutletServant {
    fn get_meta_data<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::MetaData> {
        Reply::ok(outlet::MetaData {
            label: (self.index + 1).to_string(),
            receptacle_type: "IEC 60320 C13".to_owned(),
            is_switchable: true,
            ..outlet::MetaData::default()
        })
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::Settings> {
        Reply::ok(outlet::Settings {
            name: format!("Shelf {}", self.index + 1),
            startup_state: outlet::StartupState::SsPdudef,
            ..outlet::Settings::default()
        })
    }

    fn get_state<'a>(&'a self, _: &'a Context) -> Reply<'a, outlet::State> {
        Reply::ok(outlet::State {
            available: true,
            power_state: self.relays.get(self.index).unwrap_or_default(),
            last_power_state_change: Time::from_unix_seconds(0),
            ..outlet::State::default()
        })
    }

    fn set_power_state<'a>(&'a self, _: &'a Context, pstate: PowerState) -> Reply<'a, ()> {
        match (pstate, self.relays.lock().get_mut(self.index)) {
            (PowerState::PsOff | PowerState::PsOn, Some(relay)) => {
                *relay = pstate;
                Reply::ok(())
            }
            _ => Reply::refused(Outlet::ERR_INVALID_PARAM),
        }
    }
}
