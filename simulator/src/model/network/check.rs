//! What devices refuse in settings of the network.

use std::net::IpAddr;

use super::{Interface, Ip, Method, Network, NetworkRefusal, Route};
use crate::model::access::Family;

/// Name servers and domains that fit.
const NAME_SERVERS: usize = 3;
const DOMAINS: usize = 6;
/// Bytes of the largest packet.
const MTU: std::ops::RangeInclusive<i32> = 1_280..=1_500;

const FAMILIES: [Family; 2] = [Family::V4, Family::V6];

/// The first fault, in the order of the return codes: names, routes, interfaces.
pub(super) fn check(network: &Network) -> Result<(), NetworkRefusal> {
    use NetworkRefusal as R;
    if network.name_servers.len() > NAME_SERVERS {
        return Err(R::TooManyNameServers);
    }
    if network
        .name_servers
        .iter()
        .any(|name| name.parse::<IpAddr>().is_err())
    {
        return Err(R::NameServer);
    }
    if network.domains.len() > DOMAINS {
        return Err(R::TooManyDomains);
    }
    if !network.domains.iter().all(|name| is_host(name)) {
        return Err(R::Domain);
    }
    for family in FAMILIES {
        let routes = &network.routes[family as usize];
        for (index, route) in routes.iter().enumerate() {
            check_route(route, family, network)?;
            let same =
                |other: &Route| (&other.address, other.prefix) == (&route.address, route.prefix);
            if routes[..index].iter().any(same) {
                return Err(R::Duplicate(family));
            }
        }
    }
    network.interfaces.values().try_for_each(check_interface)
}

fn check_route(route: &Route, family: Family, network: &Network) -> Result<(), NetworkRefusal> {
    use NetworkRefusal as R;
    let destination = family
        .address(&route.address)
        .ok_or(R::Destination(family))?;
    let bits = family.bits();
    let prefix = u32::try_from(route.prefix)
        .ok()
        .filter(|&prefix| prefix <= bits);
    let prefix = prefix.ok_or(R::DestinationPrefix(family))?;
    if !is_network(destination, prefix) {
        return Err(R::NoNetworkAddress(family));
    }
    match (route.router.as_str(), route.interface.as_str()) {
        ("", "") => Err(R::NeitherRouterNorInterface(family)),
        ("", name) if network.interfaces.contains_key(name) => Ok(()),
        ("", _) => Err(R::RouteInterface(family)),
        (router, "") => family.address(router).map(drop).ok_or(R::Router(family)),
        _ => Err(R::RouterAndInterface(family)),
    }
}

/// Whether no bits behind the prefix are set.
fn is_network(address: IpAddr, prefix: u32) -> bool {
    match address {
        IpAddr::V4(address) => address.to_bits().checked_shl(prefix).unwrap_or(0) == 0,
        IpAddr::V6(address) => address.to_bits().checked_shl(prefix).unwrap_or(0) == 0,
    }
}

fn check_interface(interface: &Interface) -> Result<(), NetworkRefusal> {
    use NetworkRefusal as R;
    for (ip, family) in [(&interface.v4, Family::V4), (&interface.v6, Family::V6)] {
        check_ip(ip, family)?;
    }
    let eap = &interface.eap;
    if eap.enabled && eap.identity.is_empty() {
        return Err(R::Identity);
    }
    // PEAP with MSCHAPv2.
    if eap.enabled && eap.methods == (0, 0) && eap.password.is_empty() {
        return Err(R::EapPassword);
    }
    // 1000 Mbit/s is full duplex or negotiated.
    if interface.link == (3, 1) {
        return Err(R::LinkMode);
    }
    if !MTU.contains(&interface.mtu) {
        return Err(R::Mtu);
    }
    Ok(())
}

fn check_ip(ip: &Ip, family: Family) -> Result<(), NetworkRefusal> {
    use NetworkRefusal as R;
    let exists = match family {
        Family::V4 => ip.method != Method::Auto,
        Family::V6 => ip.method != Method::Dhcp,
    };
    if !exists {
        return Err(R::Method(family));
    }
    let is_static = ip.enabled && ip.method == Method::Static;
    let fits = |text: &str| text.is_empty() || family.address(text).is_some();
    if !fits(&ip.address) || (is_static && ip.address.is_empty()) {
        return Err(R::Address(family));
    }
    if is_static
        && !u32::try_from(ip.prefix).is_ok_and(|prefix| (1..=family.bits()).contains(&prefix))
    {
        return Err(R::Prefix(family));
    }
    if !fits(&ip.gateway) {
        return Err(R::Gateway(family));
    }
    if !ip.hostname.is_empty() && !is_host(&ip.hostname) {
        return Err(R::Hostname(family));
    }
    Ok(())
}

/// Whether it can be a host or a domain.
fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || c == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use NetworkRefusal as R;

    type Edit = fn(&mut Network);

    fn eth(network: &mut Network) -> &mut Interface {
        network
            .interfaces
            .get_mut("eth1")
            .expect("it comes with the device")
    }

    fn route(network: &mut Network, address: &str, prefix: i32, router: &str, interface: &str) {
        network.routes[0].push(Route {
            address: address.to_owned(),
            prefix,
            router: router.to_owned(),
            interface: interface.to_owned(),
        });
    }

    #[test]
    fn each_fault_has_its_name_and_changes_nothing() {
        let cases: [(R, Edit); 16] = [
            (R::TooManyNameServers, |n| {
                n.name_servers = vec!["10.0.0.1".to_owned(); 4];
            }),
            (R::NameServer, |n| n.name_servers = vec!["dns".to_owned()]),
            (R::Domain, |n| n.domains = vec!["a b".to_owned()]),
            (R::Destination(Family::V4), |n| {
                route(n, "::", 0, "", "eth1");
            }),
            (R::DestinationPrefix(Family::V4), |n| {
                route(n, "10.0.0.0", 33, "", "eth1");
            }),
            (R::NoNetworkAddress(Family::V4), |n| {
                route(n, "10.0.0.1", 24, "", "eth1");
            }),
            (R::RouteInterface(Family::V4), |n| {
                route(n, "10.0.0.0", 8, "", "eth7");
            }),
            (R::Router(Family::V4), |n| {
                route(n, "10.0.0.0", 8, "router", "");
            }),
            (R::NeitherRouterNorInterface(Family::V4), |n| {
                route(n, "10.0.0.0", 8, "", "");
            }),
            (R::RouterAndInterface(Family::V4), |n| {
                route(n, "10.0.0.0", 8, "10.0.0.1", "eth1");
            }),
            (R::Method(Family::V4), |n| eth(n).v4.method = Method::Auto),
            (R::Address(Family::V4), |n| {
                eth(n).v4.method = Method::Static;
            }),
            (R::Gateway(Family::V4), |n| {
                eth(n).v4.gateway = "fe80::1".to_owned();
            }),
            (R::Hostname(Family::V6), |n| {
                eth(n).v6.hostname = "-pdu".to_owned();
            }),
            (R::LinkMode, |n| eth(n).link = (3, 1)),
            (R::Mtu, |n| eth(n).mtu = 9_000),
        ];
        for (refusal, edit) in cases {
            let mut network = Network::new("02:00:00:00:00:01");
            let before = network.clone();
            let mut wanted = network.clone();
            edit(&mut wanted);
            assert_eq!(network.set(wanted), Err(refusal));
            assert_eq!(network, before, "{refusal:?}");
        }
    }

    #[test]
    fn a_fixed_address_is_the_one_that_the_interface_has() {
        let mut network = Network::new("02:00:00:00:00:01");
        assert_eq!(check(&network), Ok(()));
        let v4 = &mut eth(&mut network).v4;
        (v4.method, v4.address, v4.gateway) =
            (Method::Static, "10.1.2.3".to_owned(), "10.1.2.1".to_owned());
        route(&mut network, "10.0.0.0", 8, "10.1.2.9", "");
        assert_eq!(check(&network), Ok(()));
        let address = eth(&mut network).address(Family::V4);
        assert_eq!(address, Some(("10.1.2.3".to_owned(), 24)));
        route(&mut network, "10.0.0.0", 8, "10.1.2.8", "");
        assert_eq!(check(&network), Err(R::Duplicate(Family::V4)));
        eth(&mut network).enabled = false;
        assert_eq!(eth(&mut network).address(Family::V4), None);
    }
}
