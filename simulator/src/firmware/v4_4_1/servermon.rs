//! Servers that the device watches: `/servermon`.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use xerus_api::server::servermon as traits;
use xerus_api::servermon::ServerMonitor;
use xerus_api::servermon::server_monitor::{
    Server, ServerPowerCheckMethod, ServerPowerControlResult, ServerPowerSettings,
    ServerPowerState, ServerReachability, ServerSettings, ServerStatus, sparse_,
};
use xerus_rpc::server::{Context, Reply};
use xerus_rpc::{Object, Time};

use super::answer::{self, ReturnCode};
use super::reference;
use crate::firmware::{Name, Objects};
use crate::model::servers::{self, Pings, Reachability, ServerRefusal};
use crate::model::{Device, Power, Privilege};

impl ReturnCode for ServerRefusal {
    fn code(self) -> i32 {
        match self {
            Self::NoSuchId => ServerMonitor::ERR_NO_SUCH_ID,
            Self::Invalid => ServerMonitor::ERR_INVALID_SETTINGS,
            Self::Duplicate => ServerMonitor::ERR_DUPLICATE_HOSTNAME,
            Self::TooMany => ServerMonitor::ERR_MAX_SERVERS_REACHED,
        }
    }
}

pub(super) fn name() -> Name {
    Name::single::<ServerMonitor>("/servermon")
}

/// Serves `/servermon`.
pub(super) struct ServerMonitorServant {
    device: Arc<Device>,
    objects: Weak<Objects>,
}

impl ServerMonitorServant {
    pub(super) fn new(device: &Arc<Device>, objects: &Arc<Objects>) -> Self {
        Self {
            device: Arc::clone(device),
            objects: Arc::downgrade(objects),
        }
    }

    /// The outlet that a client names.
    fn outlet(&self, target: &Object) -> Option<usize> {
        let opaque = self.objects.upgrade()?.opaque(target.rid());
        (0..self.device.make_up().outlets).find(|&index| reference::outlet(index).opaque == opaque)
    }

    /// Members that are absent stay as they are: the request form is sparse.
    fn merged(
        &self,
        mut old: servers::ServerSettings,
        new: sparse_::ServerSettings,
    ) -> Result<servers::ServerSettings, ServerRefusal> {
        fn set<T>(member: &mut T, new: Option<T>) {
            if let Some(new) = new {
                *member = new;
            }
        }
        set(&mut old.host, new.host);
        set(&mut old.enabled, new.enabled);
        set(&mut old.ping_interval, new.ping_interval);
        set(&mut old.retry_interval, new.retry_interval);
        set(&mut old.activation_count, new.activation_count);
        set(&mut old.failure_count, new.failure_count);
        set(&mut old.resume_delay, new.resume_delay);
        set(&mut old.resume_count, new.resume_count);
        if let Some(power) = new.power_settings {
            old.power = self.power(power)?;
        }
        Ok(old)
    }

    fn power(&self, power: ServerPowerSettings) -> Result<servers::ServerPower, ServerRefusal> {
        let outlet = match &power.target {
            None => None,
            Some(target) => Some(self.outlet(target).ok_or(ServerRefusal::Invalid)?),
        };
        Ok(servers::ServerPower {
            enabled: power.enabled,
            outlet,
            by_power_drop: match power.power_check {
                ServerPowerCheckMethod::Timer => false,
                ServerPowerCheckMethod::PowerDrop => true,
                _ => return Err(ServerRefusal::Invalid),
            },
            threshold: power.power_threshold,
            timeout: power.timeout,
            command: power.shutdown_cmd,
            user: power.username,
            password: power.password,
            ssh_port: power.ssh_port,
        })
    }

    fn server(&self, settings: servers::ServerSettings, pings: Pings) -> Server {
        Server {
            status: status(self.power_state(&settings.power), pings),
            settings: sent(settings),
            extra_: Default::default(),
        }
    }

    fn power_state(&self, power: &servers::ServerPower) -> ServerPowerState {
        let outlet = power.outlet.filter(|_| power.enabled);
        match outlet.and_then(|outlet| self.device.outlet_state(outlet)) {
            None => ServerPowerState::Unknown,
            Some(state) if state.power.is_on() => ServerPowerState::On,
            Some(_) => ServerPowerState::Off,
        }
    }
}

/// Without the password, which is never read back.
fn sent(settings: servers::ServerSettings) -> ServerSettings {
    let power = settings.power;
    ServerSettings {
        host: settings.host,
        enabled: settings.enabled,
        ping_interval: settings.ping_interval,
        retry_interval: settings.retry_interval,
        activation_count: settings.activation_count,
        failure_count: settings.failure_count,
        resume_delay: settings.resume_delay,
        resume_count: settings.resume_count,
        power_settings: ServerPowerSettings {
            enabled: power.enabled,
            target: power
                .outlet
                .map(|outlet| reference::outlet(outlet).object()),
            power_check: match power.by_power_drop {
                true => ServerPowerCheckMethod::PowerDrop,
                false => ServerPowerCheckMethod::Timer,
            },
            power_threshold: power.threshold,
            timeout: power.timeout,
            shutdown_cmd: power.command,
            username: power.user,
            password: String::new(),
            ssh_port: power.ssh_port,
            extra_: Default::default(),
        },
        extra_: Default::default(),
    }
}

fn status(power_state: ServerPowerState, pings: Pings) -> ServerStatus {
    let never = Time::from_unix_seconds(0);
    ServerStatus {
        power_state,
        last_power_control_result: ServerPowerControlResult::NoError,
        reachable: match pings.reachable {
            Reachability::Waiting => ServerReachability::Waiting,
            Reachability::Reachable => ServerReachability::Reachable,
            Reachability::Unreachable => ServerReachability::Unreachable,
        },
        last_request: pings.last_request.map_or(never, answer::time),
        last_response: pings.last_response.map_or(never, answer::time),
        requests: pings.requests,
        responses: pings.responses,
        failures: pings.failures,
        resumes: 0,
        extra_: Default::default(),
    }
}

impl traits::ServerMonitor for ServerMonitorServant {
    fn add_server<'a>(
        &'a self,
        context: &'a Context,
        settings: sparse_::ServerSettings,
    ) -> Reply<'a, i32> {
        answer::change(&self.device, context, |_| {
            let settings = self.merged(servers::ServerSettings::default(), settings)?;
            self.device.watch_server(settings)
        })
    }

    fn modify_server<'a>(
        &'a self,
        context: &'a Context,
        id: i32,
        settings: sparse_::ServerSettings,
    ) -> Reply<'a, ()> {
        answer::change(&self.device, context, |_| {
            let old = self.device.watched_server(id);
            let (old, _) = old.ok_or(ServerRefusal::NoSuchId)?;
            self.device.change_server(id, self.merged(old, settings)?)
        })
    }

    fn delete_server<'a>(&'a self, context: &'a Context, id: i32) -> Reply<'a, ()> {
        answer::change(&self.device, context, |_| self.device.forget_server(id))
    }

    fn get_server<'a>(&'a self, _: &'a Context, id: i32) -> Reply<'a, Server> {
        let found = self.device.watched_server(id);
        let nobody = || self.server(servers::ServerSettings::default(), Pings::NONE);
        let found = found.map(|(settings, pings)| self.server(settings, pings));
        answer::whole(found.ok_or(ServerRefusal::NoSuchId), nobody)
    }

    fn list_servers<'a>(&'a self, _: &'a Context) -> Reply<'a, BTreeMap<i32, Server>> {
        let servers = self.device.watched_servers().into_iter();
        Reply::ok(
            servers
                .map(|(id, settings, pings)| (id, self.server(settings, pings)))
                .collect(),
        )
    }

    fn power_control<'a>(&'a self, context: &'a Context, id: i32, on: bool) -> Reply<'a, ()> {
        let outlet = self.device.watched_server(id);
        let outlet = outlet.and_then(|(settings, _)| settings.power.outlet);
        let parts: Vec<usize> = outlet.into_iter().collect();
        let wanted = if on { Power::On } else { Power::Off };
        answer::with_at(
            &self.device,
            context,
            Privilege::SwitchOutlet,
            &parts,
            |actor| self.device.switch_server(id, wanted, actor),
        )
    }
}
