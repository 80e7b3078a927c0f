//! Settings of the network: interfaces, addresses, names, routes, services. The simulated device keeps and shows them, and checks them as
//! a device does; the server goes on listening where it listens.

mod check;
mod services;

use std::collections::BTreeMap;

use super::access::Family;

pub(crate) use self::services::{Service, Services};

/// Where an interface gets an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Static,
    Dhcp,
    /// From routers.
    Auto,
}

/// IPv4 or IPv6 of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ip {
    pub(crate) enabled: bool,
    pub(crate) method: Method,
    /// Empty: none.
    pub(crate) address: String,
    pub(crate) prefix: i32,
    pub(crate) gateway: String,
    pub(crate) hostname: String,
    pub(crate) hides_mac: bool,
}

/// How a device signs in at a switch. Secrets are kept, and not told.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Eap {
    pub(crate) enabled: bool,
    pub(crate) identity: String,
    pub(crate) password: String,
    pub(crate) certificate: String,
    pub(crate) key: String,
    /// The numbers of the API: PEAP or TLS, and MSCHAPv2 or TLS.
    pub(crate) methods: (usize, usize),
    pub(crate) authorities: String,
    /// Whether the certificate of the server is checked, may be out of date, and may not be valid yet while the clock is wrong.
    pub(crate) checks: [bool; 3],
    pub(crate) server_name: String,
}

/// A cable interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Interface {
    pub(crate) label: &'static str,
    pub(crate) mac: String,
    pub(crate) enabled: bool,
    pub(crate) v4: Ip,
    pub(crate) v6: Ip,
    pub(crate) mtu: i32,
    /// The numbers of the API: speed and duplex mode.
    pub(crate) link: (usize, usize),
    pub(crate) lldp: bool,
    pub(crate) eap: Eap,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) address: String,
    pub(crate) prefix: i32,
    /// A router or an interface; the other is empty.
    pub(crate) router: String,
    pub(crate) interface: String,
}

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) name_servers: Vec<String>,
    pub(crate) domains: Vec<String>,
    pub(crate) prefers_v6: bool,
    /// IPv4 and IPv6.
    pub(crate) routes: [Vec<Route>; 2],
    /// By name.
    pub(crate) interfaces: BTreeMap<String, Interface>,
}

/// Why settings of the network are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NetworkRefusal {
    TooManyNameServers,
    NameServer,
    TooManyDomains,
    Domain,
    Gateway(Family),
    Destination(Family),
    DestinationPrefix(Family),
    Router(Family),
    RouteInterface(Family),
    NoNetworkAddress(Family),
    Duplicate(Family),
    NeitherRouterNorInterface(Family),
    RouterAndInterface(Family),
    PortForwarding,
    Method(Family),
    Address(Family),
    Prefix(Family),
    Hostname(Family),
    Identity,
    EapPassword,
    LinkMode,
    Mtu,
    Wireless,
    Bridge,
}

impl Network {
    /// As a device comes: one cable interface, with addresses from others.
    pub(crate) fn new(mac: &str) -> Self {
        let ip = |method| Ip {
            enabled: true,
            method,
            address: String::new(),
            prefix: if method == Method::Dhcp { 24 } else { 64 },
            gateway: String::new(),
            hostname: String::new(),
            hides_mac: false,
        };
        let interface = Interface {
            label: "ETH 1",
            mac: mac.to_owned(),
            enabled: true,
            v4: ip(Method::Dhcp),
            v6: ip(Method::Auto),
            mtu: 1_500,
            link: (0, 0),
            lldp: true,
            eap: Eap::default(),
        };
        Self {
            name_servers: Vec::new(),
            domains: Vec::new(),
            prefers_v6: false,
            routes: Default::default(),
            interfaces: BTreeMap::from([("eth1".to_owned(), interface)]),
        }
    }

    /// Takes all settings or none.
    pub(crate) fn set(&mut self, wanted: Self) -> Result<(), NetworkRefusal> {
        check::check(&wanted)?;
        *self = wanted;
        Ok(())
    }
}

impl Interface {
    /// The address that the interface has: that of the settings, or one as another would give it.
    pub(crate) fn address(&self, family: Family) -> Option<(String, i32)> {
        let ip = match family {
            Family::V4 => &self.v4,
            Family::V6 => &self.v6,
        };
        if !self.enabled || !ip.enabled {
            return None;
        }
        Some(match (ip.method, family) {
            (Method::Static, _) => (ip.address.clone(), ip.prefix),
            // From the blocks that are reserved for documentation.
            (_, Family::V4) => ("192.0.2.10".to_owned(), 24),
            (_, Family::V6) => ("2001:db8::10".to_owned(), 64),
        })
    }
}

// Secrets are not shown.
impl std::fmt::Debug for Eap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Eap")
            .field("enabled", &self.enabled)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
