//! What came out of the network about one name, before it is one device.

use std::net::IpAddr;

use mdns_sd::{InterfaceId, ResolvedService, ScopedIp};

use crate::address::{Address, Interface};
use crate::doubt::Network;
use crate::service::{SERIAL, ServiceType};
use crate::txt::Txt;

/// More addresses than this one device does not have.
const ADDRESSES: usize = 32;

/// A resolved announcement: one instance of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) service: ServiceType,
    /// The name of the instance alone, as it came.
    pub(crate) name: String,
    /// As it came, without a dot at the end.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) addresses: Vec<Address>,
    pub(crate) has_more_addresses: bool,
    pub(crate) serial: Option<String>,
    pub(crate) txt: Txt,
}

impl Answer {
    pub(crate) fn new(service: ServiceType, found: &ResolvedService, networks: &[Network]) -> Self {
        let mut addresses: Vec<(IpAddr, Vec<Interface>)> =
            found.addresses.iter().map(scoped).collect();
        // The set has no order, and the same answer must give the same device.
        addresses.sort();
        let has_more_addresses = addresses.len() > ADDRESSES;
        addresses.truncate(ADDRESSES);
        let address = |(ip, interfaces)| Address::new(ip, found.port, interfaces, networks);
        let txt = found.txt_properties.iter();
        let txt =
            Txt::new(txt.map(|entry| (entry.key().to_owned(), entry.val().map(<[u8]>::to_vec))));
        Self {
            service,
            name: instance(&found.fullname, service).to_owned(),
            host: found
                .host
                .strip_suffix('.')
                .unwrap_or(&found.host)
                .to_owned(),
            port: found.port,
            addresses: addresses.into_iter().map(address).collect(),
            has_more_addresses,
            serial: txt.text(SERIAL),
            txt,
        }
    }

    /// Whether two answers are about one device: the same port, and the same host unless they contradict each other, or the same
    /// serial number and name. A serial number alone does not do: whoever repeats one would get its addresses into the entry of
    /// the device.
    pub(crate) fn is_of_same_device(&self, other: &Self) -> bool {
        let (own, others) = (&self.serial, &other.serial);
        let same_serial = own.is_some() && own == others;
        let contradict = own.is_some() && others.is_some() && own != others;
        let same_host = self.host.eq_ignore_ascii_case(&other.host);
        let is_same = (same_host && !contradict) || (same_serial && self.name == other.name);
        self.port == other.port && is_same
    }
}

/// The name of an instance out of its full name, whose dots need not be escaped.
pub(crate) fn instance(full_name: &str, service: ServiceType) -> &str {
    full_name
        .strip_suffix(service.domain())
        .and_then(|name| name.strip_suffix('.'))
        .unwrap_or(full_name)
}

fn scoped(address: &ScopedIp) -> (IpAddr, Vec<Interface>) {
    let interface = |id: &InterfaceId| Interface::new(id.index, id.name.clone());
    let mut interfaces: Vec<_> = match address {
        ScopedIp::V4(v4) => v4.interface_ids().iter().map(interface).collect(),
        ScopedIp::V6(v6) => vec![interface(v6.scope_id())],
        _ => Vec::new(),
    };
    interfaces.sort();
    (address.to_ip_addr(), interfaces)
}
