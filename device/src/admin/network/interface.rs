//! An interface, in the form of every firmware.

use xerus_api::net::{InterfaceInfo, InterfaceOpState, InterfaceType, IpAddrCidr};

/// An interface of a device, as it works now.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Interface {
    /// The name, by which the settings have it.
    pub name: String,
    /// The label on the case.
    pub label: String,
    /// The kind of interface.
    pub kind: InterfaceType,
    /// What it is doing.
    pub state: InterfaceOpState,
    /// The MAC address.
    pub mac: String,
    /// The largest packet in bytes; `None` where the device does not tell it, as before firmware 3.6.10.
    pub mtu: Option<i32>,
    /// The bridge that it belongs to, if any.
    pub bridge: Option<String>,
    /// All addresses, IPv4 first.
    pub addresses: Vec<IpAddrCidr>,
}

impl Interface {
    pub(super) fn of(info: &InterfaceInfo) -> Self {
        // Until firmware 4.0 the member had another name.
        let old = info.extra_.get("masterIfName");
        let old = old.map(|json| json.get().trim_matches('"').to_owned());
        let bridge = old.unwrap_or_else(|| info.controlling_if_name.clone());
        let addresses = info.ipv4.addrs_cidr.iter().chain(&info.ipv6.addrs_cidr);
        Self {
            name: info.name.clone(),
            label: info.label.clone(),
            kind: info.r#type,
            state: info.state,
            mac: info.mac_addr.clone(),
            mtu: (!info.extra_.is_missing("mtu")).then_some(info.mtu),
            bridge: (!bridge.is_empty()).then_some(bridge),
            addresses: addresses.cloned().collect(),
        }
    }
}
