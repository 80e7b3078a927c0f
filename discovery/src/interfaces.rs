//! The network interfaces of this computer.

use if_addrs::{IfAddr, Interface, get_if_addrs};
use mdns_sd::{IfKind, ServiceDaemon};

use crate::doubt::Network;
use crate::error::Error;

/// Which interfaces are listened to.
#[derive(Debug)]
pub(crate) struct Choice(Vec<IfKind>);

impl Choice {
    /// Those of the names, and the loopback one if wanted; without either all but that one.
    pub(crate) fn new(names: &[String], loopback: bool) -> Result<Self, Error> {
        let usable = usable();
        for name in names {
            if !usable.iter().any(|interface| interface.name == *name) {
                let mut known: Vec<_> = usable
                    .iter()
                    .map(|interface| interface.name.clone())
                    .collect();
                known.sort();
                known.dedup();
                let name = name.clone();
                return Err(Error::UnknownInterface { name, known });
            }
        }
        let all = names.is_empty() && !loopback;
        if all && usable.iter().all(Interface::is_loopback) {
            return Err(Error::NoInterface);
        }
        if loopback && !usable.iter().any(Interface::is_loopback) {
            return Err(Error::NoInterface);
        }
        let mut chosen: Vec<_> = names.iter().map(IfKind::from).collect();
        if loopback {
            chosen.extend([IfKind::LoopbackV4, IfKind::LoopbackV6]);
        }
        Ok(Self(chosen))
    }

    /// Tells the daemon, before it sends anything.
    pub(crate) fn apply(self, daemon: &ServiceDaemon) -> mdns_sd::Result<()> {
        if self.0.is_empty() {
            return daemon.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6]);
        }
        daemon.disable_interface(IfKind::All)?;
        daemon.enable_interface(self.0)
    }
}

/// Those that are up, have an address and lead to more than one other computer: the daemon takes no others.
fn usable() -> Vec<Interface> {
    let is_usable = |interface: &Interface| interface.is_oper_up() && !interface.is_p2p();
    let all = get_if_addrs().unwrap_or_default();
    all.into_iter().filter(is_usable).collect()
}

/// The IPv4 networks of all interfaces.
pub(crate) fn networks() -> Vec<Network> {
    let network = |interface: Interface| match interface.addr {
        IfAddr::V4(v4) => Some(Network {
            interface: interface.index?,
            ip: v4.ip,
            mask: v4.netmask,
        }),
        IfAddr::V6(_) => None,
    };
    usable().into_iter().filter_map(network).collect()
}
