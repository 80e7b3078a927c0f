//! Why an announced address is hardly that of the device.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::Interface;

/// Why an announced address is hardly that of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AddressDoubt {
    /// 0.0.0.0 and its network, `::`: no address at all.
    Unspecified,
    /// 127.0.0.1, `::1`: this computer itself, although the announcement came through a network.
    Loopback,
    /// An address of a group: many may answer.
    Multicast,
    /// 255.255.255.255, or an address out of the reserved network 240.0.0.0/4.
    Reserved,
    /// An IPv4 address in the form of an IPv6 one, which hides it from checks of IPv4 addresses.
    Mapped,
    /// An address outside the network of the interface through which it was announced. A gateway for announcements may have
    /// passed it on; or somebody wants a password to go elsewhere.
    OtherNetwork,
    /// A link-local address, and the system does not say through which interface it came.
    NoScope,
    /// Port 0, which cannot be connected to.
    PortZero,
}

impl AddressDoubt {
    /// A name for programs, as `xerus discover` prints it: `other-network`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Loopback => "loopback",
            Self::Multicast => "multicast",
            Self::Reserved => "reserved",
            Self::Mapped => "mapped",
            Self::OtherNetwork => "other-network",
            Self::NoScope => "no-scope",
            Self::PortZero => "port-zero",
        }
    }
}

impl fmt::Display for AddressDoubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "this is no address: ask the device for its own on its display",
            Self::Loopback => {
                "this is the computer itself, but the announcement came through a network: do not connect"
            }
            Self::Multicast => "this is the address of a group: do not connect",
            Self::Reserved => "this address is reserved: do not connect",
            Self::Mapped => {
                "this is an IPv4 address written as an IPv6 one: connect to the former if you know it"
            }
            Self::OtherNetwork => {
                "this address is outside the network in which it was announced: connect only if you know it"
            }
            Self::NoScope => {
                "this link-local address came without its interface: connect through the right one"
            }
            Self::PortZero => "port 0 cannot be connected to: take the port of HTTPS that the device has",
        })
    }
}

impl std::error::Error for AddressDoubt {}

/// An IPv4 network of an interface of this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) interface: u32,
    pub(crate) ip: Ipv4Addr,
    pub(crate) mask: Ipv4Addr,
}

impl Network {
    fn contains(self, ip: Ipv4Addr) -> bool {
        let (own, mask) = (self.ip.to_bits(), self.mask.to_bits());
        own & mask == ip.to_bits() & mask
    }
}

/// What speaks against an address that came through `interfaces`.
pub(crate) fn doubt(
    ip: IpAddr,
    port: u16,
    interfaces: &[Interface],
    networks: &[Network],
) -> Option<AddressDoubt> {
    let of_address = match ip {
        IpAddr::V4(ip) => doubt_v4(ip, interfaces, networks),
        IpAddr::V6(ip) => doubt_v6(ip, interfaces, networks),
    };
    of_address.or((port == 0).then_some(AddressDoubt::PortZero))
}

fn doubt_v4(ip: Ipv4Addr, interfaces: &[Interface], networks: &[Network]) -> Option<AddressDoubt> {
    if ip.octets()[0] == 0 {
        return Some(AddressDoubt::Unspecified);
    }
    if ip.is_loopback() {
        return (!is_own(interfaces, networks)).then_some(AddressDoubt::Loopback);
    }
    if ip.is_multicast() {
        return Some(AddressDoubt::Multicast);
    }
    if ip.octets()[0] >= 240 {
        return Some(AddressDoubt::Reserved);
    }
    // Only interfaces whose networks are known tell anything. A link-local address is in the network of any.
    let known: Vec<_> = of(interfaces, networks).collect();
    let is_elsewhere = !known.is_empty() && !known.iter().any(|network| network.contains(ip));
    (is_elsewhere && !ip.is_link_local()).then_some(AddressDoubt::OtherNetwork)
}

fn doubt_v6(ip: Ipv6Addr, interfaces: &[Interface], networks: &[Network]) -> Option<AddressDoubt> {
    if ip.is_unspecified() {
        return Some(AddressDoubt::Unspecified);
    }
    if ip.is_loopback() {
        return (!is_own(interfaces, networks)).then_some(AddressDoubt::Loopback);
    }
    if ip.is_multicast() {
        return Some(AddressDoubt::Multicast);
    }
    // Mapped and compatible ones: the IPv4 address is in the last four bytes.
    if ip.to_ipv4().is_some() {
        return Some(AddressDoubt::Mapped);
    }
    let has_scope = interfaces
        .first()
        .is_some_and(|interface| interface.index != 0);
    (ip.is_unicast_link_local() && !has_scope).then_some(AddressDoubt::NoScope)
}

fn of(interfaces: &[Interface], networks: &[Network]) -> impl Iterator<Item = Network> {
    networks.iter().copied().filter(|network| {
        interfaces
            .iter()
            .any(|interface| interface.index == network.interface)
    })
}

/// Whether the announcement came out of this computer: through its loopback interface and no other.
fn is_own(interfaces: &[Interface], networks: &[Network]) -> bool {
    let is_loopback = |interface: &Interface| {
        networks
            .iter()
            .any(|network| network.interface == interface.index && network.ip.is_loopback())
    };
    !interfaces.is_empty() && interfaces.iter().all(is_loopback)
}
