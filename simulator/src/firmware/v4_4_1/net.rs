//! `/net` and `/net/services`: settings of the network.

mod eap;
mod info;
mod settings;

use std::sync::Arc;

use xerus_api::net::{self, Info, Net, PortForwardingProtocolMapping, ServiceSettings, Settings};
use xerus_api::server::net as traits;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use crate::firmware::Name;
use crate::model::access::Family;
use crate::model::network::{NetworkRefusal, Service};
use crate::model::{Device, Privilege};

pub(super) fn name() -> Name {
    Name::single::<Net>("/net")
}

pub(super) fn services_name() -> Name {
    Name::single::<net::Services>("/net/services")
}

impl ReturnCode for NetworkRefusal {
    fn code(self) -> i32 {
        // The codes of a fault in IPv4 and in IPv6 follow each other.
        let of = |first: i32, family: Family| first + family as i32;
        match self {
            Self::TooManyNameServers => Net::ERR_DNS_TOO_MANY_SERVERS,
            Self::NameServer => Net::ERR_DNS_INVALID_SERVER,
            Self::TooManyDomains => Net::ERR_DNS_TOO_MANY_SEARCH_SUFFIXES,
            Self::Domain => Net::ERR_DNS_INVALID_SEARCH_SUFFIX,
            Self::Gateway(family) => of(Net::ERR_ROUTING_IPV4_INVALID_DFLT_GATEWAY_ADDR, family),
            Self::Destination(family) => of(Net::ERR_ROUTING_IPV4_INVALID_DEST_ADDR, family),
            Self::DestinationPrefix(family) => {
                of(Net::ERR_ROUTING_IPV4_INVALID_DEST_PREFIX_LEN, family)
            }
            Self::Router(family) => of(Net::ERR_ROUTING_IPV4_INVALID_NEXTHOP_ADDR, family),
            Self::RouteInterface(family) => of(Net::ERR_ROUTING_IPV4_INVALID_INTERFACE, family),
            Self::NoNetworkAddress(family) => {
                of(Net::ERR_ROUTING_IPV4_DEST_IS_NO_NETWORK_ADDR, family)
            }
            Self::Duplicate(family) => of(Net::ERR_ROUTING_IPV4_DEST_IS_DUPLICATE, family),
            Self::NeitherRouterNorInterface(family) => {
                of(Net::ERR_ROUTING_IPV4_NO_NEXTHOP_OR_INTERFACE, family)
            }
            Self::RouterAndInterface(family) => {
                of(Net::ERR_ROUTING_IPV4_NEXTHOP_AND_INTERFACE_SET, family)
            }
            // Firmware before 4.4 has no code of its own for it.
            Self::PortForwarding => Net::ERR_PF_INVALID_PRIMARY_UNIT_DOWNSTREAM_INTERFACE,
            Self::Method(family) => of(Net::ERR_IF_IPV4_INVALID_CONFIG_METHOD, family),
            Self::Address(family) => of(Net::ERR_IF_IPV4_INVALID_STATIC_ADDR, family),
            Self::Prefix(family) => of(Net::ERR_IF_IPV4_INVALID_STATIC_PREFIX_LEN, family),
            Self::Hostname(family) => of(Net::ERR_IF_IPV4_INVALID_DHCP_PREF_HOSTNAME, family),
            Self::Identity => Net::ERR_IF_EAP_INVALID_IDENTITY,
            Self::EapPassword => Net::ERR_IF_EAP_INVALID_PASSWORD,
            Self::LinkMode => Net::ERR_ETH_IF_UNSUPPORTED_LINKMODE,
            Self::Mtu => Net::ERR_ETH_IF_INVALID_MTU,
            Self::Wireless => Net::ERR_WLAN_IF_NOT_SUPPORTED,
            Self::Bridge => Net::ERR_BRIDGE_IF_NOT_SUPPORTED,
        }
    }
}

/// Serves `/net`. The settings of the network are there for everybody who may log in.
pub(super) struct NetServant(pub(super) Arc<Device>);

impl traits::Net for NetServant {
    fn get_info<'a>(&'a self, _: &'a Context) -> Reply<'a, Info> {
        Reply::ok(info::sent(&self.0.maintenance().network))
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, Settings> {
        Reply::ok(settings::sent(&self.0.maintenance().network))
    }

    fn set_settings<'a>(&'a self, context: &'a Context, settings: Settings) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangeNetwork, |_| {
            let network = &mut self.0.maintenance().network;
            let wanted = settings::wanted(settings, network)?;
            network.set(wanted)
        })
    }

    fn get_port_forwarding_protocol_mappings<'a>(
        &'a self,
        _: &'a Context,
    ) -> Reply<'a, Vec<PortForwardingProtocolMapping>> {
        Reply::ok(Vec::new())
    }
}

/// Serves `/net/services`. The server listens where it listens, whatever stands there.
pub(super) struct ServicesServant(pub(super) Arc<Device>);

impl traits::Services for ServicesServant {
    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<ServiceSettings>> {
        let maintenance = self.0.maintenance();
        let services = maintenance.services.all().iter();
        let services = services.map(|service| ServiceSettings {
            service: service.name.clone(),
            enable: service.enabled,
            port: service.port.into(),
            extra_: Default::default(),
        });
        Reply::ok(services.collect())
    }

    fn set_settings<'a>(
        &'a self,
        context: &'a Context,
        wanted: Vec<ServiceSettings>,
    ) -> Reply<'a, ()> {
        answer::with(&self.0, context, Privilege::ChangeNetwork, |_| {
            let wanted: Option<Vec<_>> = wanted
                .into_iter()
                .map(|service| {
                    Some(Service {
                        name: service.service,
                        enabled: service.enable,
                        port: u16::try_from(service.port).ok()?,
                    })
                })
                .collect();
            let taken = wanted.is_some_and(|wanted| self.0.maintenance().services.set(wanted));
            taken.then_some(()).ok_or(net::Services::ERR_INVALID_PARAMS)
        })
    }
}
