//! Settings of the network.

mod confirm;
mod edit;
mod interface;

use std::net::Ipv4Addr;

use xerus_api::net::{Info, IpConfigMethod, Net, ServiceSettings, Services, Settings};
use xerus_rpc::Agent;

pub use self::confirm::{NetworkChange, NetworkUpdate, Unanswered};
pub use self::interface::Interface;
use super::ask::explain_object;
use super::{AdminError, Refusal};

/// Settings of the network of a device (`/net`, `/net/services`), of any firmware.
///
/// A change can cut the connection that it is made over. Then no answer comes, and it is not known whether the device did it: the future
/// gives [`NetworkChange::Unanswered`], which can be [confirmed](Unanswered::confirm_at) at the new address.
#[derive(Clone, Debug)]
pub struct Network {
    agent: Agent,
}

/// Everything about the network, of one moment.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NetworkState {
    /// How it works now. What an older firmware calls otherwise is in `extra_`; [`interfaces`](Self::interfaces) reads it.
    pub info: Info,
    /// The settings. Secrets are empty.
    pub settings: Settings,
    /// Services with their ports.
    pub services: Vec<ServiceSettings>,
}

impl NetworkState {
    /// The interfaces with their addresses.
    #[must_use]
    pub fn interfaces(&self) -> Vec<Interface> {
        self.info.if_map.values().map(Interface::of).collect()
    }
}

impl Network {
    /// The network of the device that this agent calls.
    #[must_use]
    pub fn of(agent: &Agent) -> Self {
        Self {
            agent: agent.clone(),
        }
    }

    fn net(&self) -> Net {
        Net::well_known(&self.agent)
    }

    fn service_list(&self) -> Services {
        Services::well_known(&self.agent)
    }

    /// Everything, in one request.
    ///
    /// # Errors
    ///
    /// Those of the calls.
    pub async fn read(&self) -> Result<NetworkState, AdminError> {
        let calls = (
            self.net().get_info(),
            self.net().get_settings(),
            self.service_list().get_settings(),
        );
        let (info, settings, services) = self.agent.bulk(calls).await?;
        let absent = |error| explain_object(error, Refusal::unnamed);
        Ok(NetworkState {
            info: info.map_err(absent)?,
            settings: settings.map_err(absent)?,
            services: services.map_err(absent)?,
        })
    }

    /// Changes the settings. Secrets that are left empty stay as they are.
    ///
    /// ```no_run
    /// # async fn example(agent: &xerus_rpc::Agent) -> Result<(), xerus_device::admin::AdminError> {
    /// use xerus_device::admin::{Network, NetworkChange};
    ///
    /// let network = Network::of(agent);
    /// match network.change(|settings| settings.common.dns.search_suffixes = vec!["example.com".to_owned()]).await? {
    ///     NetworkChange::Done(updated) => println!("{}", updated.changed),
    ///     NetworkChange::Unanswered(unanswered) => println!("nobody knows: {}", unanswered.error()),
    ///     _ => {}
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Network`](Refusal::Network), with the name of the fault in [`names`](AdminError::names); those of
    /// [`xerus_rpc::update()`] but lost answers.
    pub fn change<'a>(
        &self,
        change: impl FnOnce(&mut Settings) + Send + 'a,
    ) -> NetworkUpdate<'a, Settings> {
        NetworkUpdate::new(self.clone(), change, |error| {
            explain_object(error, |_| Refusal::Network)
        })
    }

    /// Gives an interface a fixed IPv4 address, with its prefix and the router, if any.
    ///
    /// Before firmware 4.0, a device has one router for all interfaces: a router that is given here becomes that of every interface, and
    /// without one it stays as it is.
    ///
    /// # Errors
    ///
    /// [`NoSuchInterface`](AdminError::NoSuchInterface) before anything is written; otherwise as [`change`](Self::change).
    pub async fn set_static_ipv4(
        &self,
        interface: &str,
        address: Ipv4Addr,
        prefix: u8,
        router: Option<Ipv4Addr>,
    ) -> Result<NetworkChange<Settings>, AdminError> {
        self.must_have(interface).await?;
        let change = |settings: &mut Settings| {
            edit::set_static_ipv4(settings, interface, address, prefix, router);
        };
        self.change(change).await
    }

    /// Lets an interface get its IPv4 address from a DHCP server, to which it tells a host name unless that is empty.
    ///
    /// # Errors
    ///
    /// As [`set_static_ipv4`](Self::set_static_ipv4).
    pub async fn use_dhcp_ipv4(
        &self,
        interface: &str,
        hostname: &str,
    ) -> Result<NetworkChange<Settings>, AdminError> {
        self.must_have(interface).await?;
        let change = |settings: &mut Settings| {
            if let Some(settings) = settings.if_map.get_mut(interface) {
                settings.ipv4.enabled = true;
                settings.ipv4.config_method = IpConfigMethod::Dhcp;
                hostname.clone_into(&mut settings.ipv4.dhcp_preferred_hostname);
            }
        };
        self.change(change).await
    }

    /// Sets name servers and the domains to try.
    ///
    /// # Errors
    ///
    /// As [`change`](Self::change).
    pub async fn set_dns<S: Into<String>, D: Into<String>>(
        &self,
        servers: impl IntoIterator<Item = S>,
        domains: impl IntoIterator<Item = D>,
    ) -> Result<NetworkChange<Settings>, AdminError> {
        let servers: Vec<String> = servers.into_iter().map(Into::into).collect();
        let domains: Vec<String> = domains.into_iter().map(Into::into).collect();
        let change = move |settings: &mut Settings| {
            let dns = &mut settings.common.dns;
            (dns.server_addrs, dns.search_suffixes) = (servers, domains);
        };
        self.change(change).await
    }

    /// Changes services: whether they listen, and on which port. Names are those of the device, such as `HTTPS`. Switching off the
    /// service that this program uses, or moving it, cuts the connection.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`](Refusal::InvalidValue); otherwise as [`change`](Self::change).
    pub fn change_services<'a>(
        &self,
        change: impl FnOnce(&mut Vec<ServiceSettings>) + Send + 'a,
    ) -> NetworkUpdate<'a, Vec<ServiceSettings>> {
        NetworkUpdate::new(self.clone(), change, |error| {
            explain_object(error, Refusal::of_value)
        })
    }

    /// Switches one service on or off, and sets its port.
    ///
    /// # Errors
    ///
    /// [`NoSuchService`](AdminError::NoSuchService) before anything is written; otherwise as [`change_services`](Self::change_services).
    pub async fn set_service(
        &self,
        name: &str,
        enabled: bool,
        port: u16,
    ) -> Result<NetworkChange<Vec<ServiceSettings>>, AdminError> {
        let services = self.service_list().get_settings().await;
        let services = services.map_err(|error| explain_object(error, Refusal::unnamed))?;
        if !services.iter().any(|service| service.service == name) {
            return Err(AdminError::NoSuchService(name.to_owned()));
        }
        let change = |services: &mut Vec<ServiceSettings>| {
            for service in services
                .iter_mut()
                .filter(|service| service.service == name)
            {
                (service.enable, service.port) = (enabled, port.into());
            }
        };
        self.change_services(change).await
    }

    async fn must_have(&self, interface: &str) -> Result<(), AdminError> {
        let settings = self.net().get_settings().await;
        let settings = settings.map_err(|error| explain_object(error, Refusal::unnamed))?;
        if settings.if_map.contains_key(interface) {
            return Ok(());
        }
        let known = settings.if_map.into_keys().collect();
        let name = interface.to_owned();
        Err(AdminError::NoSuchInterface { name, known })
    }
}
