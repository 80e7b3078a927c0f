//! A device as it announced itself.

use std::fmt;
use std::sync::Arc;

use crate::address::Address;
use crate::answer::Answer;
use crate::doubt::AddressDoubt;
use crate::service::{FIRMWARE, SERIAL, ServiceType};
use crate::text::shown;
use crate::txt::Txt;

/// A device as it announced itself. Cheap to clone.
///
/// **Nobody has vouched for any of it**: every computer in the network can announce a device. Send no password to an address from
/// here before a person, a pinned certificate or a certificate authority says that it is the device.
///
/// Texts are safe to show: control characters and signs that reorder text are written `\u{…}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Device(Arc<Data>);

#[derive(Debug, PartialEq, Eq)]
struct Data {
    name: String,
    raw_name: String,
    host: String,
    services: Vec<ServiceType>,
    serial: Option<String>,
    firmware: Option<String>,
    addresses: Vec<Address>,
    txt: Txt,
    doubts: Vec<Doubt>,
}

impl Device {
    /// What several answers about one device come to; the first one counts where they differ. `None` without answers.
    pub(crate) fn merged(answers: &[&Answer], serial_is_claimed_elsewhere: bool) -> Option<Self> {
        let first = answers.first()?;
        let mut txt = Txt::default();
        let mut addresses: Vec<Address> = Vec::new();
        let mut services = Vec::new();
        for answer in answers {
            txt.complete(&answer.txt);
            services.push(answer.service);
            for address in &answer.addresses {
                if !addresses.contains(address) {
                    addresses.push(address.clone());
                }
            }
        }
        services.sort_unstable();
        services.dedup();
        addresses.sort_by_key(Address::rank);
        let mut doubts = Vec::new();
        if addresses.iter().all(|address| address.doubt().is_some()) {
            doubts.push(Doubt::NoGoodAddress);
        }
        if addresses.iter().any(|address| address.doubt().is_some()) {
            doubts.push(Doubt::BadAddress);
        }
        if answers.iter().any(|answer| answer.has_more_addresses) {
            doubts.push(Doubt::TooManyAddresses);
        }
        if serial_is_claimed_elsewhere {
            doubts.push(Doubt::SerialTwice);
        }
        if txt.is_empty() {
            doubts.push(Doubt::NoTxt);
        }
        let (name, host) = (shown(&first.name), shown(&first.host));
        if name != first.name || host != first.host {
            doubts.push(Doubt::MisleadingName);
        }
        let text = |key| txt.text(key).map(|text| shown(&text));
        Some(Self(Arc::new(Data {
            name,
            raw_name: first.name.clone(),
            host,
            services,
            serial: text(SERIAL),
            firmware: text(FIRMWARE),
            addresses,
            txt,
            doubts,
        })))
    }

    /// The name of the announcement, which begins with the product line: `PX4-5190R`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The name as it came, which may hold anything, control characters included.
    #[must_use]
    pub fn raw_name(&self) -> &str {
        &self.0.raw_name
    }

    /// The host name in the local network, without a dot at the end: `px4-0123.local`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.0.host
    }

    /// The services under which it announced itself, one or both.
    #[must_use]
    pub fn services(&self) -> &[ServiceType] {
        &self.0.services
    }

    /// The serial number (`rr_serial`), if the device says it.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.0.serial.as_deref()
    }

    /// The firmware version (`rr_fw`), if the device says it.
    #[must_use]
    pub fn firmware(&self) -> Option<&str> {
        self.0.firmware.as_deref()
    }

    /// The whole TXT record, as it came.
    #[must_use]
    pub fn txt(&self) -> &Txt {
        &self.0.txt
    }

    /// All addresses, flagged where they mislead: those without [doubt](Address::doubt) first, IPv4 before IPv6, link-local ones
    /// last.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.0.addresses
    }

    /// The URL of the best address, for `Agent::builder`; `None` if there is no address without doubt.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        self.urls().next()
    }

    /// The URLs of all addresses without doubt, the best first.
    pub fn urls(&self) -> impl Iterator<Item = String> {
        self.0
            .addresses
            .iter()
            .filter_map(|address| address.url().ok())
    }

    /// What is odd about the announcement; empty if nothing is. Why an address is doubted,
    /// [it says itself](Address::doubt).
    #[must_use]
    pub fn doubts(&self) -> &[Doubt] {
        &self.0.doubts
    }

    /// Why the best address cannot be used, where there is no good one.
    #[must_use]
    pub fn address_doubt(&self) -> Option<AddressDoubt> {
        self.0.addresses.first().and_then(Address::doubt)
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("name", &self.0.name)
            .field("host", &self.0.host)
            .field("services", &self.0.services)
            .field("addresses", &self.0.addresses)
            .field("txt", &self.0.txt)
            .field("doubts", &self.0.doubts)
            .finish()
    }
}

/// What is odd about an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Doubt {
    /// No address is without doubt: there is no URL.
    NoGoodAddress,
    /// At least one address misleads.
    BadAddress,
    /// More addresses were announced than a device has; only the first ones are here.
    TooManyAddresses,
    /// Another host, or another port of this one, announces the same serial number.
    SerialTwice,
    /// No TXT record, so neither firmware nor serial number. Some devices have none.
    NoTxt,
    /// The name has control characters, or signs that hide or reorder text. They are shown as `\u{…}`.
    MisleadingName,
}

impl Doubt {
    /// A name for programs, as `xerus discover` prints it: `serial-twice`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoGoodAddress => "no-good-address",
            Self::BadAddress => "bad-address",
            Self::TooManyAddresses => "too-many-addresses",
            Self::SerialTwice => "serial-twice",
            Self::NoTxt => "no-txt",
            Self::MisleadingName => "misleading-name",
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoGoodAddress => {
                "no address can be used: ask the device for its own on its display"
            }
            Self::BadAddress => "an address misleads: use those without doubt only",
            Self::TooManyAddresses => "more addresses than a device has: look who announces them",
            Self::SerialTwice => {
                "the same serial number is announced elsewhere: find out which one is the device"
            }
            Self::NoTxt => "it says neither firmware nor serial number: ask the device",
            Self::MisleadingName => {
                "its name has signs that hide or reorder text: look who announces it"
            }
        })
    }
}
