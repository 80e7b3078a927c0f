//! A device that is announced, and what answers for it.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};

use super::LONGEST_NAME;
use crate::model::{Event, Firmware, Listener};

/// Firmware has used both names, so both are announced and every client finds one of them.
const SERVICES: [&str; 2] = ["_raritan-rpcs._tcp.local.", "_raritan_rpcs._tcp.local."];

/// How long it is waited until the network was told that the device is gone.
const FAREWELL: Duration = Duration::from_millis(500);

/// What answers queries in the network, for one device or many.
pub(super) struct Responder(pub(super) ServiceDaemon);

impl Drop for Responder {
    fn drop(&mut self) {
        if let Ok(done) = self.0.shutdown() {
            let _ = done.recv_timeout(FAREWELL);
        }
    }
}

/// A device that is announced, until this is dropped.
pub(crate) struct Announced {
    pub(super) responder: Arc<Responder>,
    pub(super) kinds: Vec<IfKind>,
    pub(super) name: String,
    pub(super) host: String,
    pub(super) serial: String,
    pub(super) address: SocketAddr,
}

impl Announced {
    /// Announces the device, or announces anew what changed.
    pub(super) fn announce(&self, firmware: Firmware) -> mdns_sd::Result<()> {
        SERVICES.into_iter().try_for_each(|service| {
            let info = self.info(service, firmware)?;
            self.responder.0.register(info)
        })
    }

    fn info(&self, service: &str, firmware: Firmware) -> mdns_sd::Result<ServiceInfo> {
        let txt = HashMap::from([
            ("rr_fw".to_owned(), firmware.version_text().to_owned()),
            ("rr_serial".to_owned(), self.serial.clone()),
        ]);
        let ip = self.address.ip();
        let addresses: &[IpAddr] = if ip.is_unspecified() { &[] } else { &[ip] };
        let port = self.address.port();
        let mut info = ServiceInfo::new(service, &self.name, &self.host, addresses, port, txt)?;
        info.set_interfaces(self.kinds.clone());
        Ok(if ip.is_unspecified() {
            info.enable_addr_auto()
        } else {
            info
        })
    }
}

impl Listener for Announced {
    fn hear(&self, event: &Event) {
        if let Event::FirmwareChanged { firmware } = event {
            // As with a real device, nobody is there to be told when it cannot be announced.
            let _ = self.announce(firmware.new);
        }
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        for service in SERVICES {
            let Ok(info) = self.info(service, Firmware::default()) else {
                continue;
            };
            if let Ok(done) = self.responder.0.unregister(info.get_fullname()) {
                let _ = done.recv_timeout(FAREWELL);
            }
        }
    }
}

/// A host name of letters, digits and hyphens.
pub(super) fn host(model: &str, serial: &str) -> String {
    let plain = |sign: char| match sign.to_ascii_lowercase() {
        plain if plain.is_ascii_alphanumeric() => plain,
        _ => '-',
    };
    let host: String = format!("{model}-{serial}").chars().map(plain).collect();
    let host = host.get(..host.len().min(LONGEST_NAME)).unwrap_or(&host);
    format!("{}.local.", host.trim_matches('-'))
}
