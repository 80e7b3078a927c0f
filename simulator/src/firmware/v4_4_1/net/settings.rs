//! Settings of the network, from and to what clients send.

use xerus_api::net::{
    CommonSettings, DnsSettings, EthAuthType, EthDuplexMode, EthLinkMode, EthSettings, EthSpeed,
    InterfaceIpSettings, InterfaceSettings, IpAddrCidr, IpConfigMethod, IpRoute, IpRoutingSettings,
    PortForwardingRole, PortForwardingSettings, RoutingSettings, Settings,
};

use super::eap;
use crate::model::access::Family;
use crate::model::network::{Interface, Ip, Method, Network, NetworkRefusal, Route};

pub(super) const SPEEDS: [EthSpeed; 4] = [
    EthSpeed::SpeedAuto,
    EthSpeed::SpeedMbit10,
    EthSpeed::SpeedMbit100,
    EthSpeed::SpeedMbit1000,
];
pub(super) const DUPLEX: [EthDuplexMode; 3] = [
    EthDuplexMode::DuplexModeAuto,
    EthDuplexMode::DuplexModeHalf,
    EthDuplexMode::DuplexModeFull,
];

pub(super) fn method(method: Method) -> IpConfigMethod {
    match method {
        Method::Static => IpConfigMethod::Static,
        Method::Dhcp => IpConfigMethod::Dhcp,
        Method::Auto => IpConfigMethod::Auto,
    }
}

pub(super) fn cidr(address: &str, prefix: i32) -> IpAddrCidr {
    IpAddrCidr {
        addr: address.to_owned(),
        prefix_len: prefix,
        extra_: Default::default(),
    }
}

pub(super) fn routes(routes: &[Route]) -> Vec<IpRoute> {
    let sent = routes.iter().map(|route| IpRoute {
        dest_net_addr_cidr: cidr(&route.address, route.prefix),
        next_hop_addr: route.router.clone(),
        if_name: route.interface.clone(),
        extra_: Default::default(),
    });
    sent.collect()
}

fn ip(ip: &Ip) -> InterfaceIpSettings {
    InterfaceIpSettings {
        enabled: ip.enabled,
        config_method: method(ip.method),
        static_addr_cidr: cidr(&ip.address, ip.prefix),
        static_default_gateway_addr: ip.gateway.clone(),
        dhcp_preferred_hostname: ip.hostname.clone(),
        stable_privacy_enabled: ip.hides_mac,
        extra_: Default::default(),
    }
}

pub(super) fn sent(network: &Network) -> Settings {
    let interfaces = || network.interfaces.iter();
    Settings {
        common: CommonSettings {
            dns: DnsSettings {
                server_addrs: network.name_servers.clone(),
                search_suffixes: network.domains.clone(),
                resolver_prefers_i_pv6: network.prefers_v6,
                extra_: Default::default(),
            },
            routing: RoutingSettings {
                ipv4: IpRoutingSettings {
                    static_routes: routes(&network.routes[0]),
                    extra_: Default::default(),
                },
                ipv6: IpRoutingSettings {
                    static_routes: routes(&network.routes[1]),
                    extra_: Default::default(),
                },
                extra_: Default::default(),
            },
            port_forwarding: PortForwardingSettings {
                enabled: false,
                role: PortForwardingRole::PrimaryUnit,
                primary_unit_downstream_if_name: String::new(),
                extra_: Default::default(),
            },
            extra_: Default::default(),
        },
        if_map: interfaces()
            .map(|(name, interface)| {
                let settings = InterfaceSettings {
                    enabled: interface.enabled,
                    ipv4: ip(&interface.v4),
                    ipv6: ip(&interface.v6),
                    extra_: Default::default(),
                };
                (name.clone(), settings)
            })
            .collect(),
        eth_map: interfaces()
            .map(|(name, interface)| (name.clone(), ethernet(interface)))
            .collect(),
        wlan_map: Default::default(),
        extra_: Default::default(),
    }
}

fn ethernet(interface: &Interface) -> EthSettings {
    EthSettings {
        link_mode: EthLinkMode {
            speed: SPEEDS[interface.link.0],
            duplex_mode: DUPLEX[interface.link.1],
            extra_: Default::default(),
        },
        mtu: interface.mtu,
        auth_type: if interface.eap.enabled {
            EthAuthType::EthAuthEap
        } else {
            EthAuthType::EthAuthNone
        },
        eap: eap::sent(&interface.eap),
        lldp_enabled: interface.lldp,
        extra_: Default::default(),
    }
}

/// What a client wants. An interface that it leaves out stays as it is.
pub(super) fn wanted(wanted: Settings, now: &Network) -> Result<Network, NetworkRefusal> {
    if wanted.common.port_forwarding.enabled {
        return Err(NetworkRefusal::PortForwarding);
    }
    if !wanted.wlan_map.is_empty() {
        return Err(NetworkRefusal::Wireless);
    }
    let wanted_routes = |routes: Vec<IpRoute>| {
        let routes = routes.into_iter().map(|route| Route {
            address: route.dest_net_addr_cidr.addr,
            prefix: route.dest_net_addr_cidr.prefix_len,
            router: route.next_hop_addr,
            interface: route.if_name,
        });
        routes.collect()
    };
    let (dns, routing) = (wanted.common.dns, wanted.common.routing);
    let mut network = Network {
        name_servers: dns.server_addrs,
        domains: dns.search_suffixes,
        prefers_v6: dns.resolver_prefers_i_pv6,
        routes: [
            wanted_routes(routing.ipv4.static_routes),
            wanted_routes(routing.ipv6.static_routes),
        ],
        interfaces: now.interfaces.clone(),
    };
    for (name, settings) in wanted.if_map {
        // One that the device does not have would be a bridge.
        let interface = network.interfaces.get_mut(&name);
        let interface = interface.ok_or(NetworkRefusal::Bridge)?;
        interface.enabled = settings.enabled;
        interface.v4 = wanted_ip(settings.ipv4, Family::V4)?;
        interface.v6 = wanted_ip(settings.ipv6, Family::V6)?;
    }
    for (name, settings) in wanted.eth_map {
        let interface = network.interfaces.get_mut(&name);
        let interface = interface.ok_or(NetworkRefusal::Bridge)?;
        let link = &settings.link_mode;
        let speed = SPEEDS.iter().position(|speed| *speed == link.speed);
        let duplex = DUPLEX.iter().position(|mode| *mode == link.duplex_mode);
        interface.link = speed.zip(duplex).ok_or(NetworkRefusal::LinkMode)?;
        interface.mtu = settings.mtu;
        interface.lldp = settings.lldp_enabled;
        let enabled = settings.auth_type == EthAuthType::EthAuthEap;
        interface.eap = eap::wanted(enabled, settings.eap, &interface.eap)?;
    }
    Ok(network)
}

fn wanted_ip(wanted: InterfaceIpSettings, family: Family) -> Result<Ip, NetworkRefusal> {
    Ok(Ip {
        enabled: wanted.enabled,
        method: match wanted.config_method {
            IpConfigMethod::Static => Method::Static,
            IpConfigMethod::Dhcp => Method::Dhcp,
            IpConfigMethod::Auto => Method::Auto,
            _ => return Err(NetworkRefusal::Method(family)),
        },
        address: wanted.static_addr_cidr.addr,
        prefix: wanted.static_addr_cidr.prefix_len,
        gateway: wanted.static_default_gateway_addr,
        hostname: wanted.dhcp_preferred_hostname,
        hides_mac: wanted.stable_privacy_enabled,
    })
}
