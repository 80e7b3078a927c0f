//! Where a device says that it is, and whether that can be.

use std::fmt;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};

use crate::doubt::{AddressDoubt, Network, doubt};
use crate::text::shown;

/// The usual port of HTTPS, which a URL leaves out.
const HTTPS: u16 = 443;

/// A network interface of this computer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Interface {
    /// Its number, the scope of IPv6 addresses; 0 when it is not known.
    pub index: u32,
    /// Its name: `eth0`.
    pub name: String,
}

impl Interface {
    pub(crate) fn new(index: u32, name: impl Into<String>) -> Self {
        Self {
            index,
            name: name.into(),
        }
    }
}

/// An address and port that a device announced, and the interfaces through which the announcement came.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    ip: IpAddr,
    port: u16,
    interfaces: Vec<Interface>,
    doubt: Option<AddressDoubt>,
}

impl Address {
    /// `networks` are those of the interfaces of this computer.
    pub(crate) fn new(
        ip: IpAddr,
        port: u16,
        interfaces: Vec<Interface>,
        networks: &[Network],
    ) -> Self {
        Self {
            doubt: doubt(ip, port, &interfaces, networks),
            ip,
            port,
            interfaces,
        }
    }

    /// The address alone. A link-local IPv6 address means nothing without [`scope_id`](Self::scope_id).
    #[must_use]
    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    /// The port for HTTPS, as announced; 0 is one of the [doubts](AddressDoubt::PortZero).
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The interfaces of this computer through which the address was announced, at least one unless the system does not say.
    #[must_use]
    pub fn interfaces(&self) -> &[Interface] {
        &self.interfaces
    }

    /// The number of the interface through which a link-local IPv6 address is reached; 0 for other addresses.
    #[must_use]
    pub fn scope_id(&self) -> u32 {
        match self.ip {
            IpAddr::V6(ip) if ip.is_unicast_link_local() => self
                .interfaces
                .first()
                .map_or(0, |interface| interface.index),
            _ => 0,
        }
    }

    /// Why this is hardly the address of the device; `None` for a good one.
    #[must_use]
    pub fn doubt(&self) -> Option<AddressDoubt> {
        self.doubt
    }

    /// Address, port and scope, for sockets. Look at [`doubt`](Self::doubt) first.
    #[must_use]
    pub fn socket_addr(&self) -> SocketAddr {
        match self.ip {
            IpAddr::V4(_) => SocketAddr::new(self.ip, self.port),
            IpAddr::V6(ip) => SocketAddrV6::new(ip, self.port, 0, self.scope_id()).into(),
        }
    }

    /// The URL for `Agent::builder`: `https://192.0.2.17`, `https://[fe80::1%25eth0]:8443`.
    ///
    /// # Errors
    ///
    /// The doubt, if there is one.
    pub fn url(&self) -> Result<String, AddressDoubt> {
        match self.doubt {
            Some(doubt) => Err(doubt),
            None => Ok(self.url_text()),
        }
    }

    fn url_text(&self) -> String {
        let host = match (self.ip, self.zone()) {
            (IpAddr::V4(ip), _) => ip.to_string(),
            (IpAddr::V6(ip), None) => format!("[{ip}]"),
            (IpAddr::V6(ip), Some(zone)) => format!("[{ip}%25{zone}]"),
        };
        match self.port {
            HTTPS => format!("https://{host}"),
            port => format!("https://{host}:{port}"),
        }
    }

    /// The interface as it stands behind `%`: by name, or by number where names may have blanks in them.
    fn zone(&self) -> Option<String> {
        let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "-._~".contains(sign);
        let interface = self.interfaces.first().filter(|_| self.scope_id() != 0)?;
        let name = &interface.name;
        let has_name = !name.is_empty() && name.chars().all(is_plain);
        Some(if has_name {
            name.clone()
        } else {
            interface.index.to_string()
        })
    }

    /// What comes first is what a caller should try first.
    pub(crate) fn rank(&self) -> (bool, u8, IpAddr, u16) {
        let kind = match self.ip {
            IpAddr::V4(ip) if ip.is_link_local() => 2,
            IpAddr::V4(_) => 0,
            IpAddr::V6(ip) if ip.is_unicast_link_local() => 3,
            IpAddr::V6(_) => 1,
        };
        (self.doubt.is_some(), kind, self.ip, self.port)
    }
}

/// Address and port, with the zone of a link-local address: `192.0.2.17:443`, `[fe80::1%eth0]:443`.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match (self.ip, self.zone()) {
            (IpAddr::V4(ip), _) => format!("{ip}:{}", self.port),
            (IpAddr::V6(ip), None) => format!("[{ip}]:{}", self.port),
            (IpAddr::V6(ip), Some(zone)) => format!("[{ip}%{}]:{}", shown(&zone), self.port),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
