//! The servers that a device watches and switches.

use super::accounts::Actor;
use super::device::Device;
use super::outlet::Power;
use super::servers::{Pings, ServerRefusal, ServerSettings};

impl Device {
    /// From now on, a server that the device watches answers its pings, or does not. Until this is called it does. The answer
    /// says whether a server of that name is watched.
    pub fn set_server_answers(&self, host: &str, answers: bool) -> bool {
        let now = self.clock().now();
        self.state().servers.set_answers(host, answers, now)
    }

    pub(crate) fn watched_server(&self, id: i32) -> Option<(ServerSettings, Pings)> {
        let now = self.clock().now();
        self.state().servers.get(id, now)
    }

    pub(crate) fn watched_servers(&self) -> Vec<(i32, ServerSettings, Pings)> {
        let now = self.clock().now();
        let servers = &self.state().servers;
        let server = |id| Some((id, servers.get(id, now)?));
        let servers = servers.ids().into_iter().filter_map(server);
        servers
            .map(|(id, (settings, pings))| (id, settings, pings))
            .collect()
    }

    pub(crate) fn watch_server(&self, settings: ServerSettings) -> Result<i32, ServerRefusal> {
        let now = self.clock().now();
        self.state().servers.add(settings, now)
    }

    pub(crate) fn change_server(
        &self,
        id: i32,
        settings: ServerSettings,
    ) -> Result<(), ServerRefusal> {
        let now = self.clock().now();
        self.state().servers.modify(id, settings, now)
    }

    pub(crate) fn forget_server(&self, id: i32) -> Result<(), ServerRefusal> {
        self.state().servers.delete(id)
    }

    /// Switches a server with the outlet that feeds it. It shuts down at once.
    pub(crate) fn switch_server(
        &self,
        id: i32,
        wanted: Power,
        actor: &Actor,
    ) -> Result<(), ServerRefusal> {
        let (settings, _) = self.watched_server(id).ok_or(ServerRefusal::NoSuchId)?;
        let outlet = settings.power.outlet.filter(|_| settings.power.enabled);
        let outlet = outlet.ok_or(ServerRefusal::Invalid)?;
        self.set_outlet_power(outlet, wanted, actor)
            .map_err(|_| ServerRefusal::Invalid)
    }
}
