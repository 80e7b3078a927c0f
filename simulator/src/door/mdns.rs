//! Announcing the device in the local network, as real ones do: DNS-SD over multicast DNS.

mod announced;
mod error;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use if_addrs::{IfAddr, Interface, get_if_addrs};
use mdns_sd::{IfKind, ServiceDaemon};

pub(crate) use self::announced::Announced;
use self::announced::{Responder, host};
pub use self::error::AnnounceError;
use crate::model::Device;

/// The longest name of an announcement, in bytes.
const LONGEST_NAME: usize = 63;

/// How long it is waited for a place in the queue of the responder, and how often.
const PAUSE: Duration = Duration::from_millis(10);
const PATIENCE: u32 = 500;

/// How a simulated device announces itself in the local network. Needs the feature `mdns`.
///
/// By default inside this computer only, through its loopback interface. Give clones of one value to many devices: they
/// share one responder. An announcement promises HTTPS, so use it with [`https`](crate::SimulatorBuilder::https).
///
/// ```no_run
/// # async fn start() -> Result<(), xerus_sim::StartError> {
/// use xerus_sim::{Announce, Simulator};
///
/// let device = Simulator::builder().https(true).announce(Announce::new()).start().await?;
/// // … until `device` is dropped.
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Announce {
    interfaces: Vec<String>,
    name: Option<String>,
    port: u16,
    shared: Arc<Mutex<Weak<Responder>>>,
}

impl Announce {
    /// Inside this computer only, under the model and serial number of the device.
    pub fn new() -> Self {
        Self {
            interfaces: Vec::new(),
            name: None,
            port: mdns_sd::MDNS_PORT,
            shared: Arc::default(),
        }
    }

    /// Announces through this network interface and no longer through the loopback one (repeatable). The device has to
    /// [listen](crate::SimulatorBuilder::listen) on an address of it, or on all.
    pub fn interface(mut self, name: impl Into<String>) -> Self {
        self.interfaces.push(name.into());
        // Not the one of those from whom this is different now.
        self.shared = Arc::default();
        self
    }

    /// The name of the announcement, 1 to 63 bytes. Default: model and serial number of the device. The name of a real device
    /// begins with its product line, `PX4-5190R`; the vendor's Python client (`raritan.zeroconf.discover()`) shows none but those
    /// that begin with `PX3` or another of its list.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The UDP port, where it is not the 5353 of multicast DNS: for tests.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self.shared = Arc::default();
        self
    }

    /// Announces a device that answers at `address`.
    pub(crate) async fn start(
        self,
        device: &Arc<Device>,
        address: SocketAddr,
    ) -> Result<Arc<Announced>, AnnounceError> {
        let kinds = self.kinds(address)?;
        let make_up = device.make_up();
        let name = self
            .name
            .clone()
            .unwrap_or_else(|| format!("{} {}", make_up.model, make_up.serial));
        if name.is_empty() || name.len() > LONGEST_NAME {
            return Err(AnnounceError::Name);
        }
        let announced = Arc::new(Announced {
            host: host(&make_up.model, &make_up.serial),
            serial: make_up.serial.clone(),
            responder: self.responder(&kinds)?,
            kinds,
            name,
            address,
        });
        for attempt in 0.. {
            match announced.announce(device.firmware()) {
                // The queue of the responder is full while many devices start.
                Err(mdns_sd::Error::Again) if attempt < PATIENCE => tokio::time::sleep(PAUSE).await,
                Err(mdns_sd::Error::Again | mdns_sd::Error::DaemonShutdown) => {
                    return Err(AnnounceError::System);
                }
                Err(_) => return Err(AnnounceError::Name),
                Ok(()) => break,
            }
        }
        device.listen(&announced);
        Ok(announced)
    }

    /// The interfaces, after a look whether the device can be reached through them.
    fn kinds(&self, address: SocketAddr) -> Result<Vec<IfKind>, AnnounceError> {
        let all = get_if_addrs().unwrap_or_default();
        if self.interfaces.is_empty() {
            check(&all, address, "loopback", Interface::is_loopback)?;
            return Ok(vec![IfKind::LoopbackV4, IfKind::LoopbackV6]);
        }
        for name in &self.interfaces {
            check(&all, address, name, |interface| interface.name == *name)?;
        }
        Ok(self.interfaces.iter().map(IfKind::from).collect())
    }

    fn responder(&self, kinds: &[IfKind]) -> Result<Arc<Responder>, AnnounceError> {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(responder) = shared.upgrade() {
            return Ok(responder);
        }
        let daemon = ServiceDaemon::new_with_port(self.port).map_err(|_| AnnounceError::System)?;
        let responder = Arc::new(Responder(daemon));
        // Before anything is sent.
        let chosen = responder
            .0
            .disable_interface(IfKind::All)
            .and_then(|()| responder.0.enable_interface(kinds.to_vec()));
        chosen.map_err(|_| AnnounceError::System)?;
        *shared = Arc::downgrade(&responder);
        Ok(responder)
    }
}

impl Default for Announce {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Announce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Announce")
            .field("interfaces", &self.interfaces)
            .field("name", &self.name)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

/// Whether what listens on `address` is reached through an interface.
fn check(
    all: &[Interface],
    address: SocketAddr,
    name: &str,
    is_meant: impl Fn(&Interface) -> bool,
) -> Result<(), AnnounceError> {
    let mut meant = all
        .iter()
        .filter(|interface| is_meant(interface))
        .peekable();
    let interface = || name.to_owned();
    if meant.peek().is_none() {
        return Err(AnnounceError::UnknownInterface {
            interface: interface(),
        });
    }
    let ip = address.ip();
    let is_reached = ip.is_unspecified() || meant.any(|meant| is_in_network(ip, &meant.addr));
    if is_reached {
        Ok(())
    } else {
        let interface = interface();
        Err(AnnounceError::NotReached { address, interface })
    }
}

fn is_in_network(ip: IpAddr, network: &IfAddr) -> bool {
    match (ip, network) {
        (IpAddr::V4(ip), IfAddr::V4(network)) => {
            let mask = network.netmask.to_bits();
            ip.to_bits() & mask == network.ip.to_bits() & mask
        }
        (IpAddr::V6(ip), IfAddr::V6(network)) => {
            let mask = network.netmask.to_bits();
            ip.to_bits() & mask == network.ip.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_are_plain() {
        assert_eq!(host("SIM-8", "SIM0000001"), "sim-8-sim0000001.local.");
        assert_eq!(host("PX4 (α)", ""), "px4.local.");
        assert_eq!(host(&"x".repeat(99), "1").len(), 63 + ".local.".len());
    }

    #[test]
    fn a_device_is_announced_only_where_it_is_reached() {
        let kinds = |announce: Announce, address: &str| {
            announce.kinds(address.parse().expect("an address"))
        };
        assert!(kinds(Announce::new(), "127.0.0.1:443").is_ok());
        assert!(kinds(Announce::new(), "0.0.0.0:443").is_ok());
        let error = kinds(Announce::new(), "203.0.113.1:443").expect_err("not here");
        assert!(error.to_string().contains("listen on 0.0.0.0"), "{error}");
        let error = kinds(Announce::new().interface("absent0"), "0.0.0.0:443");
        let error = error.expect_err("no such interface");
        assert!(error.to_string().contains("absent0"), "{error}");
    }
}
