//! `/snmp`: settings of the SNMP agent.

use std::sync::Arc;

use xerus_api::devsettings::Snmp;
use xerus_api::devsettings::snmp::Configuration;
use xerus_api::server::devsettings as traits;
use xerus_rpc::server::{Context, Reply};

use super::answer;
use crate::firmware::Name;
use crate::model::snmp::{SnmpSettings, engine_id};
use crate::model::{Device, Privilege};

pub(super) fn name() -> Name {
    Name::single::<Snmp>("/snmp")
}

/// Serves `/snmp`.
pub(super) struct SnmpServant(pub(super) Arc<Device>);

impl SnmpServant {
    fn look<'a, T>(&self, context: &Context, at: impl FnOnce() -> T) -> Reply<'a, T> {
        let (view, change) = (Privilege::ViewSnmp, Privilege::ChangeSnmp);
        answer::may_look(&self.0, context, view, change)
            .map(|()| at())
            .into()
    }
}

fn sent(settings: SnmpSettings) -> Configuration {
    Configuration {
        v2enable: settings.v2,
        v3enable: settings.v3,
        read_comm: settings.read_community,
        write_comm: settings.write_community,
        sys_contact: settings.contact,
        sys_name: settings.name,
        sys_location: settings.location,
        extra_: Default::default(),
    }
}

impl traits::Snmp for SnmpServant {
    fn get_configuration<'a>(&'a self, context: &'a Context) -> Reply<'a, Configuration> {
        self.look(context, || sent(self.0.maintenance().snmp.clone()))
    }

    fn set_configuration<'a>(&'a self, context: &'a Context, cfg: Configuration) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangeSnmp, |_| {
            let settings = SnmpSettings {
                v2: cfg.v2enable,
                v3: cfg.v3enable,
                read_community: cfg.read_comm,
                write_community: cfg.write_comm,
                contact: cfg.sys_contact,
                name: cfg.sys_name,
                location: cfg.sys_location,
            };
            if !settings.is_valid() {
                return Err(Snmp::ERR_INVALID_PARAMS);
            }
            self.0.maintenance().snmp = settings;
            Ok(())
        })
    }

    fn get_v3_engine_id<'a>(&'a self, context: &'a Context) -> Reply<'a, String> {
        self.look(context, || engine_id(&self.0.make_up().mac))
    }
}
