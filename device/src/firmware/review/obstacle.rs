//! What speaks against an image.

use std::fmt;

use xerus_api::firmware::{ImageInfo, firmware::Info};

use super::Allow;
use crate::firmware::text::{Shown, is_older, same_version};

/// What speaks against an image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// It is no firmware image, or a damaged one.
    NotAnImage,
    /// It is not the image that was uploaded: somebody else has uploaded another since.
    OtherImage {
        /// The version that was uploaded.
        expected: String,
        /// The version that is there.
        found: String,
    },
    /// It is for another product or platform.
    Product {
        /// What the image is for.
        image: String,
        /// What the device is.
        device: String,
    },
    /// It cannot replace the version that runs, only this one and newer ones.
    TooOld {
        /// The oldest version that it can replace.
        required: String,
    },
    /// The device says that it does not fit, and not why: another brand, other hardware, a version that it cannot replace.
    Incompatible,
    /// It has a list of models, and this one is not among them.
    Model,
    /// It is not signed.
    Unsigned,
    /// Its signature, or the certificate behind it, is not one that the device trusts.
    BadSignature,
    /// It is older than the version that runs.
    Downgrade,
    /// One of the two versions is no version, so that it is not known which is newer.
    UnclearVersion,
}

impl Obstacle {
    /// What takes it out of the way, any one of these; empty for what nothing does.
    #[must_use]
    pub const fn overcome_by(&self) -> &'static [Allow] {
        match self {
            Self::NotAnImage
            | Self::OtherImage { .. }
            | Self::Product { .. }
            | Self::TooOld { .. } => &[],
            Self::Incompatible => &[Allow::Oem, Allow::Hardware],
            Self::Model => &[Allow::Hardware],
            Self::Unsigned | Self::BadSignature => &[Allow::Untrusted],
            Self::Downgrade | Self::UnclearVersion => &[Allow::Downgrade],
        }
    }

    pub(super) fn is_allowed(&self, allowed: &[Allow]) -> bool {
        self.overcome_by().iter().any(|by| allowed.contains(by))
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnImage => f.write_str(
                "it is no firmware image, or a damaged one: take the file that the manufacturer provides",
            ),
            Self::OtherImage { expected, found } => write!(
                f,
                "the device has another image ({}) than the one that was uploaded ({}): agree with whoever uploaded it, and begin anew",
                Shown(found),
                Shown(expected)
            ),
            Self::Product { image, device } => write!(
                f,
                "it is for {}, and the device is {}: take the image for this product",
                Shown(image),
                Shown(device)
            ),
            Self::TooOld { required } => write!(
                f,
                "it replaces {} and newer: update to a version in between first",
                Shown(required)
            ),
            Self::Incompatible => f.write_str(
                "the device says that it does not fit: take the image for this brand and hardware, or permit another brand or other hardware",
            ),
            Self::Model => f.write_str(
                "it is for other models: take the image for this one, or permit other hardware",
            ),
            Self::Unsigned => {
                f.write_str("it is not signed: take a signed one, or permit an untrusted one")
            }
            Self::BadSignature => f.write_str(
                "the device does not trust its signature: take another copy of it, or permit an untrusted one",
            ),
            Self::Downgrade => {
                f.write_str("it is older than the version that runs: permit a downgrade if that is wanted")
            }
            Self::UnclearVersion => f.write_str(
                "which version is newer is not known: compare them, and permit a downgrade if all is well",
            ),
        }
    }
}

/// Everything that speaks against it, permitted or not.
pub(super) fn obstacles(
    image: &ImageInfo,
    installed: &str,
    device: Option<&Info>,
    expected: Option<&str>,
) -> Vec<Obstacle> {
    if !image.valid {
        return vec![Obstacle::NotAnImage];
    }
    let mut found = Vec::new();
    if let Some(expected) = expected
        && !same_version(expected, &image.version)
    {
        found.push(Obstacle::OtherImage {
            expected: expected.to_owned(),
            found: image.version.clone(),
        });
    }
    if let Some(device) = device {
        for (image, device) in [
            (&image.product, &device.product),
            (&image.platform, &device.platform),
        ] {
            if !image.is_empty() && !device.is_empty() && image != device {
                found.push(Obstacle::Product {
                    image: image.clone(),
                    device: device.clone(),
                });
            }
        }
    }
    if is_older(installed, &image.min_required_version) == Some(true) {
        found.push(Obstacle::TooOld {
            required: image.min_required_version.clone(),
        });
    }
    if image.model_list_present && !image.model_supported {
        found.push(Obstacle::Model);
    }
    if !image.compatible {
        found.push(Obstacle::Incompatible);
    }
    if !image.signature_present {
        found.push(Obstacle::Unsigned);
    } else if !image.signature_good || !image.certificate_good {
        found.push(Obstacle::BadSignature);
    }
    match is_older(&image.version, installed) {
        Some(true) => found.push(Obstacle::Downgrade),
        Some(false) => {}
        None => found.push(Obstacle::UnclearVersion),
    }
    found
}
