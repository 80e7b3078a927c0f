//! What devices announce: names of services and of the keys in their TXT records.

use std::fmt;

/// The key of the firmware version.
pub(crate) const FIRMWARE: &str = "rr_fw";

/// The key of the serial number.
pub(crate) const SERIAL: &str = "rr_serial";

/// How the instance names begin that the vendor's Python client shows. It has no others, so newer product lines such as
/// `PX4` and `PRO4X` are missing; give this list to [`Builder::products`](crate::Builder::products) only to see what that
/// client sees.
pub const PRODUCTS_OF_PYTHON_CLIENT: [&str; 13] = [
    "PX2", "PX3", "SRC", "BCM", "BCM2", "PX3TS", "PMC", "PMMC", "PXE", "SCH", "LP", "PXO", "PXC",
];

/// The name of the service under which a device announces itself. Devices use one of them or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ServiceType {
    /// `_raritan-rpcs._tcp`, with a hyphen.
    Hyphen,
    /// `_raritan_rpcs._tcp`, with an underscore: older firmware.
    Underscore,
}

impl ServiceType {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Hyphen, Self::Underscore];

    /// Service and protocol, without the domain.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hyphen => "_raritan-rpcs._tcp",
            Self::Underscore => "_raritan_rpcs._tcp",
        }
    }

    /// With the domain `local.`.
    pub(crate) const fn domain(self) -> &'static str {
        match self {
            Self::Hyphen => "_raritan-rpcs._tcp.local.",
            Self::Underscore => "_raritan_rpcs._tcp.local.",
        }
    }
}

impl fmt::Display for ServiceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
