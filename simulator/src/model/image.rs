//! Firmware images: what a device reads in them, and images to test with.

mod builder;
mod header;
mod reader;

pub use self::builder::FirmwareImage;
pub use self::reader::{ImageReader, ReceivedImage};

use std::fmt;

use xerus_rpc::FirmwareVersion;

/// What an image tells about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageFacts {
    /// Its version.
    pub version: FirmwareVersion,
    /// Oldest version that it can replace; `None`: any.
    pub min_required: Option<FirmwareVersion>,
    /// Oldest version that can replace it later; `None`: any.
    pub min_downgrade: Option<FirmwareVersion>,
    /// Product that it is for; empty: any.
    pub product: String,
    /// Platform that it is for; empty: any.
    pub platform: String,
    /// Brand that it is for; empty: any.
    pub oem: String,
    /// Hardware that it is for; empty: any.
    pub hardware: Vec<String>,
    /// Hardware that it is not for.
    pub not_hardware: Vec<String>,
    /// Models that it is for; empty: it has no list.
    pub models: Vec<String>,
    /// Who signed it; `None`: nobody.
    pub signature: Option<Signature>,
}

impl ImageFacts {
    fn new(version: FirmwareVersion) -> Self {
        Self {
            version,
            min_required: None,
            min_downgrade: None,
            product: String::new(),
            platform: String::new(),
            oem: String::new(),
            hardware: Vec::new(),
            not_hardware: Vec::new(),
            models: Vec::new(),
            signature: None,
        }
    }
}

/// The signature of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signature {
    /// Who signed it.
    pub signed_by: String,
    /// Whether the signature is right.
    pub good: bool,
    /// Who vouches for the signer.
    pub certified_by: String,
    /// Whether that is right, too.
    pub certificate_good: bool,
}

impl Signature {
    /// Whether a device takes the image without being told to ignore the signature.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        self.good && self.certificate_good
    }
}

/// Why a file is no firmware image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageFault {
    /// So few bytes that not even a version is in them.
    TooShort {
        /// Bytes that came.
        bytes: u64,
    },
    /// There is no version where images have it: some other file.
    Foreign,
    /// It has the mark of images of this crate, and a description that cannot be read.
    Description,
    /// Fewer or more bytes than it says it has.
    Incomplete {
        /// Bytes that it says it has.
        declared: u64,
        /// Bytes that came.
        bytes: u64,
    },
    /// Its checksum is wrong.
    Damaged,
}

impl fmt::Display for ImageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort { bytes } => write!(
                f,
                "the file has {bytes} bytes, too few for a firmware image: upload the whole image"
            ),
            Self::Foreign => f.write_str(
                "the file is no firmware image: upload the image that the manufacturer of the device provides",
            ),
            Self::Description => f.write_str(
                "the description in the firmware image cannot be read: make the image again",
            ),
            Self::Incomplete { declared, bytes } => write!(
                f,
                "the firmware image has {bytes} bytes, not the {declared} that it says it has: upload it again"
            ),
            Self::Damaged => f.write_str(
                "the checksum of the firmware image is wrong: it was damaged on the way or changed; upload it again",
            ),
        }
    }
}

/// What a device is, as far as images ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Version that runs.
    pub version: FirmwareVersion,
    /// Oldest version that can replace it; `None`: any.
    pub min_downgrade: Option<FirmwareVersion>,
    /// Product.
    pub product: String,
    /// Platform.
    pub platform: String,
    /// Brand.
    pub oem: String,
    /// Hardware.
    pub hardware: String,
    /// Model.
    pub model: String,
}

/// A reason why an image does not go on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Obstacle {
    /// It is for another product or platform, which nothing overrides.
    Product,
    /// The device is too old for it, or it is too old for the device. Nothing overrides it.
    Version,
    /// It is for another brand.
    Oem,
    /// It is for other hardware or models.
    Hardware,
    /// It is not signed as it should be.
    Untrusted,
}

impl Obstacle {
    /// The same as text, with what to do.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Product => {
                "the image is for another product or platform: use one for this device"
            }
            Self::Version => {
                "the image cannot replace the version of this device: go by a version in between"
            }
            Self::Oem => {
                "the image is for another brand: use one for this brand, or allow CROSS_OEM"
            }
            Self::Hardware => {
                "the image is for other hardware: use one for this device, or allow CROSS_HW"
            }
            Self::Untrusted => {
                "the image is not signed as it should be: use a signed one, or allow ALLOW_UNTRUSTED"
            }
        }
    }
}

impl ImageFacts {
    /// Everything that speaks against this image on this device.
    #[must_use]
    pub fn obstacles(&self, device: &Installed) -> Vec<Obstacle> {
        let other = |wanted: &str, is: &str| !wanted.is_empty() && wanted != is;
        let mut found = Vec::new();
        if other(&self.product, &device.product) || other(&self.platform, &device.platform) {
            found.push(Obstacle::Product);
        }
        if self.min_required.is_some_and(|min| device.version < min)
            || device.min_downgrade.is_some_and(|min| self.version < min)
        {
            found.push(Obstacle::Version);
        }
        if other(&self.oem, &device.oem) {
            found.push(Obstacle::Oem);
        }
        if (!self.hardware.is_empty() && !self.hardware.contains(&device.hardware))
            || self.not_hardware.contains(&device.hardware)
            || !self.supports_model(device)
        {
            found.push(Obstacle::Hardware);
        }
        if !self.signature.as_ref().is_some_and(Signature::is_trusted) {
            found.push(Obstacle::Untrusted);
        }
        found
    }

    /// Whether the model of the device is in the list of the image; true without a list.
    #[must_use]
    pub fn supports_model(&self, device: &Installed) -> bool {
        self.models.is_empty() || self.models.contains(&device.model)
    }

    /// Whether the image fits the device, its signature aside.
    #[must_use]
    pub fn is_compatible(&self, device: &Installed) -> bool {
        self.obstacles(device)
            .iter()
            .all(|obstacle| *obstacle == Obstacle::Untrusted)
    }
}

#[cfg(test)]
mod tests;
