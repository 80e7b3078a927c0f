//! How the network works now, as clients get it.

use xerus_api::net::{
    CommonInfo, DnsInfo, EapStatus, EthInfo, EthLinkMode, Info, InterfaceIPv4Info,
    InterfaceIPv6Info, InterfaceInfo, InterfaceOpState, InterfaceType, PortForwardingInfo,
    RoutingInfo,
};

use super::settings::{DUPLEX, SPEEDS, cidr, method, routes};
use crate::model::access::Family;
use crate::model::network::{Interface, Network};

pub(super) fn sent(network: &Network) -> Info {
    let interfaces = || network.interfaces.iter();
    Info {
        common: CommonInfo {
            dns: DnsInfo {
                server_addrs: network.name_servers.clone(),
                search_suffixes: network.domains.clone(),
                resolver_prefers_i_pv6: network.prefers_v6,
                extra_: Default::default(),
            },
            routing: RoutingInfo {
                ipv4_routes: routes(&network.routes[0]),
                ipv6_routes: routes(&network.routes[1]),
                extra_: Default::default(),
            },
            port_forwarding: PortForwardingInfo::default(),
            extra_: Default::default(),
        },
        if_map: interfaces()
            .map(|(name, of)| (name.clone(), interface(name, of)))
            .collect(),
        eth_map: interfaces()
            .map(|(name, of)| (name.clone(), ethernet(of)))
            .collect(),
        wlan_map: Default::default(),
        extra_: Default::default(),
    }
}

fn interface(name: &str, of: &Interface) -> InterfaceInfo {
    let addresses = |family| {
        let address = of.address(family);
        address
            .iter()
            .map(|(address, prefix)| cidr(address, *prefix))
            .collect()
    };
    InterfaceInfo {
        name: name.to_owned(),
        label: of.label.to_owned(),
        r#type: InterfaceType::Ethernet,
        enabled: of.enabled,
        controlling_if_name: String::new(),
        state: if of.enabled {
            InterfaceOpState::Up
        } else {
            InterfaceOpState::Down
        },
        mac_addr: of.mac.clone(),
        mtu: of.mtu,
        ipv4: InterfaceIPv4Info {
            enabled: of.v4.enabled,
            config_method: method(of.v4.method),
            addrs_cidr: addresses(Family::V4),
            dhcp_server_addr: String::new(),
            dhcp_preferred_hostname: of.v4.hostname.clone(),
            extra_: Default::default(),
        },
        ipv6: InterfaceIPv6Info {
            enabled: of.v6.enabled,
            config_method: method(of.v6.method),
            addrs_cidr: addresses(Family::V6),
            dhcp_server_id: String::new(),
            dhcp_preferred_hostname: of.v6.hostname.clone(),
            ra_managed: false,
            ra_other_conf: false,
            extra_: Default::default(),
        },
        extra_: Default::default(),
    }
}

fn ethernet(of: &Interface) -> EthInfo {
    let mode = |speed: usize, duplex: usize| EthLinkMode {
        speed: SPEEDS[speed],
        duplex_mode: DUPLEX[duplex],
        extra_: Default::default(),
    };
    // 1000 Mbit/s, full duplex, unless the settings say otherwise.
    let fixed = |setting: usize, negotiated: usize| if setting == 0 { negotiated } else { setting };
    EthInfo {
        eap_status: if of.eap.enabled {
            EapStatus::EapStatusPending
        } else {
            EapStatus::EapStatusDisabled
        },
        link_mode: mode(fixed(of.link.0, 3), fixed(of.link.1, 2)),
        link_mode_valid: of.enabled,
        autoneg_enabled: of.link == (0, 0),
        link_detected: of.enabled,
        supported_link_modes: [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2)]
            .map(|(speed, duplex)| mode(speed, duplex))
            .to_vec(),
        extra_: Default::default(),
    }
}
