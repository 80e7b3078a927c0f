//! Configurations as files: raw, bulk and backup. Their forms are our own, as those of devices are not known.

pub mod bulk;
mod entries;
mod filter;
mod inforce;
pub mod raw;
mod seal;
mod settings;
mod table;

pub use self::entries::{Entry, EntryError};
pub use self::filter::{Filter, FilterError, FilterProfile, FilterType, Filters};
pub use self::inforce::{Stage, Standing};
pub use self::settings::DeviceSettings;

/// Who the device is, for lists of devices and for files that are made for one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceIdentity {
    /// Kind of device, such as `pdu`.
    pub kind: String,
    /// Model.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// MAC address; how it is separated and whether letters are capital does not matter.
    pub mac: String,
    /// Version of the firmware, as text.
    pub firmware: String,
}

/// Largest configuration that the device takes, in bytes.
pub const MAX_BYTES: usize = 1024 * 1024;

#[cfg(test)]
mod tests;
