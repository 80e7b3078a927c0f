//! Announcements made by hand, byte by byte, so that they can be wrong.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// Both names of the service.
pub(crate) const HYPHEN: &str = "_raritan-rpcs._tcp.local";
pub(crate) const UNDERSCORE: &str = "_raritan_rpcs._tcp.local";

const A: u16 = 1;
const PTR: u16 = 12;
const TXT: u16 = 16;
const AAAA: u16 = 28;
const SRV: u16 = 33;

/// An answer of multicast DNS.
#[derive(Clone, Debug)]
pub(crate) struct Packet {
    records: Vec<u8>,
    count: u16,
    ttl: u32,
}

impl Packet {
    pub(crate) fn new() -> Self {
        Self {
            records: Vec::new(),
            count: 0,
            ttl: 120,
        }
    }

    /// A farewell: everything is withdrawn.
    pub(crate) fn farewell() -> Self {
        Self {
            ttl: 0,
            ..Self::new()
        }
    }

    fn record(mut self, name: &[&[u8]], kind: u16, data: &[u8]) -> Self {
        self.records.extend(labels(name));
        self.records.extend(kind.to_be_bytes());
        // Class IN; all but pointers replace what was there before.
        let class: u16 = if kind == PTR { 1 } else { 0x8001 };
        self.records.extend(class.to_be_bytes());
        self.records.extend(self.ttl.to_be_bytes());
        let length = u16::try_from(data.len()).expect("a short record");
        self.records.extend(length.to_be_bytes());
        self.records.extend(data);
        self.count += 1;
        self
    }

    /// An instance of a service: the label may hold anything.
    pub(crate) fn name(self, label: &str, service: &str) -> Self {
        let data = labels(&instance(label, service));
        self.record(&split(service), PTR, &data)
    }

    pub(crate) fn place(self, label: &str, service: &str, host: &str, port: u16) -> Self {
        let mut data = vec![0, 0, 0, 0];
        data.extend(port.to_be_bytes());
        data.extend(labels(&split(host)));
        self.record(&instance(label, service), SRV, &data)
    }

    pub(crate) fn txt(self, label: &str, service: &str, entries: &[&[u8]]) -> Self {
        let mut data = Vec::new();
        for entry in entries {
            data.push(u8::try_from(entry.len()).expect("a short entry"));
            data.extend(*entry);
        }
        self.record(&instance(label, service), TXT, &data)
    }

    pub(crate) fn address(self, host: &str, ip: &str) -> Self {
        match ip.parse().expect("an address") {
            IpAddr::V4(ip) => self.record(&split(host), A, &ip.octets()),
            IpAddr::V6(ip) => self.record(&split(host), AAAA, &ip.octets()),
        }
    }

    /// A device as one announces itself.
    pub(crate) fn device(self, label: &str, host: &str, port: u16, ip: &str) -> Self {
        self.name(label, HYPHEN)
            .place(label, HYPHEN, host, port)
            .txt(label, HYPHEN, &[b"rr_fw=4.4.1.5-53217", b"rr_serial=1"])
            .address(host, ip)
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0, 0, 0x84, 0, 0, 0];
        bytes.extend(self.count.to_be_bytes());
        bytes.extend([0, 0, 0, 0]);
        bytes.extend(&self.records);
        bytes
    }

    /// Sends it to whoever listens on a port of this computer.
    pub(crate) fn send(&self, port: u16) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        // A full queue of the receiver loses it, as a network would.
        let _ = socket.send_to(&self.bytes(), to);
    }
}

fn split(name: &str) -> Vec<&[u8]> {
    name.split('.').map(str::as_bytes).collect()
}

fn instance<'n>(label: &'n str, service: &'n str) -> Vec<&'n [u8]> {
    let mut name = vec![label.as_bytes()];
    name.extend(split(service));
    name
}

fn labels(name: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name {
        bytes.push(u8::try_from(label.len()).expect("a short label"));
        bytes.extend(*label);
    }
    bytes.push(0);
    bytes
}
