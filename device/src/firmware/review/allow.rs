//! What is permitted.

use std::fmt;

use xerus_api::firmware::UpdateFlags;

/// What an update shall be permitted, though something speaks against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Allow {
    /// An image for another brand: the flag `CROSS_OEM`.
    Oem,
    /// An image for other hardware, or for other models: the flag `CROSS_HW`.
    Hardware,
    /// An image without a signature that the device trusts: the flag `ALLOW_UNTRUSTED`.
    Untrusted,
    /// An older version than the one that runs, or one of which that is not known. Devices have no flag for it.
    Downgrade,
    /// The version that runs already. Devices have no flag for it.
    Reinstall,
}

impl Allow {
    pub(in crate::firmware) const ALL: [Self; 5] = [
        Self::Oem,
        Self::Hardware,
        Self::Untrusted,
        Self::Downgrade,
        Self::Reinstall,
    ];

    /// The flag of `startUpdate` that says so to the device; every firmware from 3.3 on knows all three. `None` for what only
    /// this library asks about.
    #[must_use]
    pub const fn flag(self) -> Option<UpdateFlags> {
        match self {
            Self::Oem => Some(UpdateFlags::CrossOem),
            Self::Hardware => Some(UpdateFlags::CrossHw),
            Self::Untrusted => Some(UpdateFlags::AllowUntrusted),
            Self::Downgrade | Self::Reinstall => None,
        }
    }

    /// The name: `oem`, `hardware`, `untrusted`, `downgrade` or `reinstall`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oem => "oem",
            Self::Hardware => "hardware",
            Self::Untrusted => "untrusted",
            Self::Downgrade => "downgrade",
            Self::Reinstall => "reinstall",
        }
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
