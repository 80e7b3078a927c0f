//! What a discovery tells.

use crate::device::Device;

/// What a discovery tells, in the order in which it happened; of a device that changes more often than it is asked for, only the
/// latest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A device was found.
    Found(Device),
    /// A device that was found announces something else: another address, another firmware.
    #[non_exhaustive]
    Changed {
        /// As it was told last.
        before: Device,
        /// As it is.
        after: Device,
    },
    /// A device went away: it said so, or it did not repeat its announcement in time.
    Removed(Device),
}

impl Event {
    /// The device as it is, or as it was before it went away.
    #[must_use]
    pub fn device(&self) -> &Device {
        match self {
            Self::Found(device) | Self::Removed(device) | Self::Changed { after: device, .. } => {
                device
            }
        }
    }
}
