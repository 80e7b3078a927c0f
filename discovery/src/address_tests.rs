use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::{Address, Interface};
use crate::doubt::{AddressDoubt, Network};

const NETWORKS: [Network; 2] = [
    Network {
        interface: 1,
        ip: Ipv4Addr::LOCALHOST,
        mask: Ipv4Addr::new(255, 0, 0, 0),
    },
    Network {
        interface: 2,
        ip: Ipv4Addr::new(192, 0, 2, 2),
        mask: Ipv4Addr::new(255, 255, 255, 0),
    },
];

fn address(ip: &str, port: u16, interfaces: &[(u32, &str)]) -> Address {
    let interfaces = interfaces
        .iter()
        .map(|(index, name)| Interface::new(*index, *name));
    let ip: IpAddr = ip.parse().expect("an address");
    Address::new(ip, port, interfaces.collect(), &NETWORKS)
}

#[test]
fn addresses_that_mislead_are_flagged() {
    use AddressDoubt as D;
    let (lo, eth) = ((1, "lo"), (2, "eth0"));
    for (ip, port, interfaces, doubt) in [
        ("192.0.2.17", 443, &[eth][..], None),
        ("192.0.2.17", 0, &[eth], Some(D::PortZero)),
        ("169.254.7.7", 443, &[eth], None),
        ("198.51.100.1", 443, &[eth], Some(D::OtherNetwork)),
        ("198.51.100.1", 443, &[], None), // nothing is known that speaks against it
        ("198.51.100.1", 443, &[(9, "new0")], None),
        ("0.0.0.0", 443, &[eth], Some(D::Unspecified)),
        ("0.1.2.3", 443, &[eth], Some(D::Unspecified)),
        ("0.0.0.0", 0, &[eth], Some(D::Unspecified)),
        ("127.0.0.1", 443, &[eth], Some(D::Loopback)),
        ("127.9.9.9", 443, &[lo, eth], Some(D::Loopback)),
        ("127.0.0.1", 443, &[], Some(D::Loopback)),
        ("127.0.0.1", 443, &[lo], None),
        ("224.0.0.251", 443, &[eth], Some(D::Multicast)),
        ("239.1.1.1", 443, &[eth], Some(D::Multicast)),
        ("255.255.255.255", 443, &[eth], Some(D::Reserved)),
        ("240.0.0.1", 443, &[eth], Some(D::Reserved)),
        ("::", 443, &[eth], Some(D::Unspecified)),
        ("::1", 443, &[eth], Some(D::Loopback)),
        ("::1", 443, &[lo], None),
        ("ff02::fb", 443, &[eth], Some(D::Multicast)),
        ("::ffff:192.0.2.17", 443, &[eth], Some(D::Mapped)),
        ("::ffff:127.0.0.1", 443, &[eth], Some(D::Mapped)),
        ("::7f00:1", 443, &[eth], Some(D::Mapped)),
        ("fe80::1", 443, &[], Some(D::NoScope)),
        ("fe80::1", 443, &[(0, "")], Some(D::NoScope)),
        ("fe80::1", 443, &[eth], None),
        ("2001:db8::17", 443, &[eth], None),
    ] {
        let address = address(ip, port, interfaces);
        assert_eq!(address.doubt(), doubt, "{ip} {port} {interfaces:?}");
        assert_eq!(address.url().err(), doubt, "{ip}");
    }
}

#[test]
fn a_url_has_the_zone_and_no_port_that_is_usual() {
    for (ip, port, interfaces, url, text) in [
        (
            "192.0.2.17",
            443,
            &[(2, "eth0")][..],
            "https://192.0.2.17",
            "192.0.2.17:443",
        ),
        (
            "192.0.2.17",
            8443,
            &[(2, "eth0")],
            "https://192.0.2.17:8443",
            "192.0.2.17:8443",
        ),
        (
            "2001:db8::17",
            443,
            &[(2, "eth0")],
            "https://[2001:db8::17]",
            "[2001:db8::17]:443",
        ),
        (
            "fe80::1",
            8443,
            &[(2, "eth0.7")],
            "https://[fe80::1%25eth0.7]:8443",
            "[fe80::1%eth0.7]:8443",
        ),
        (
            "fe80::1",
            443,
            &[(12, "Ethernet 2")],
            "https://[fe80::1%2512]",
            "[fe80::1%12]:443",
        ),
    ] {
        let address = address(ip, port, interfaces);
        assert_eq!(address.url().as_deref(), Ok(url));
        // As an agent takes it.
        assert!(xerus_rpc::Agent::builder(url).build().is_ok(), "{url}");
        assert_eq!(address.to_string(), text);
    }
}

#[test]
fn only_link_local_addresses_have_a_scope() {
    let scoped = address("fe80::1", 443, &[(2, "eth0")]);
    assert_eq!(scoped.scope_id(), 2);
    match scoped.socket_addr() {
        SocketAddr::V6(socket) => assert_eq!((socket.scope_id(), socket.port()), (2, 443)),
        SocketAddr::V4(socket) => panic!("{socket}"),
    }
    assert_eq!(address("2001:db8::17", 443, &[(2, "eth0")]).scope_id(), 0);
    assert_eq!(address("192.0.2.17", 443, &[(2, "eth0")]).scope_id(), 0);
}

#[test]
fn good_addresses_come_first_and_the_most_useful_of_them() {
    let mut addresses = [
        address("0.0.0.0", 443, &[(2, "eth0")]),
        address("fe80::1", 443, &[(2, "eth0")]),
        address("2001:db8::17", 443, &[(2, "eth0")]),
        address("169.254.1.1", 443, &[(2, "eth0")]),
        address("192.0.2.17", 443, &[(2, "eth0")]),
    ];
    addresses.sort_by_key(Address::rank);
    let order = addresses.map(|address| address.ip().to_string());
    assert_eq!(
        order,
        [
            "192.0.2.17",
            "2001:db8::17",
            "169.254.1.1",
            "fe80::1",
            "0.0.0.0"
        ]
    );
}
