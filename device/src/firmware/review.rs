//! What speaks for and against an image, and who decides.

use std::fmt;

use xerus_api::firmware::{ImageInfo, UpdateFlags, firmware::Info};

use super::text::{Shown, is_older};

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
    pub(super) const ALL: [Self; 5] = [
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

/// What a device thinks of the image that was uploaded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Review {
    /// What the device has read in the image.
    pub image: ImageInfo,
    /// The version that runs.
    pub installed: String,
    /// Everything that speaks against the image, also what is [permitted](super::FirmwareUpdate::allow).
    pub obstacles: Vec<Obstacle>,
    /// What is permitted.
    pub allowed: Vec<Allow>,
}

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

    fn is_allowed(&self, allowed: &[Allow]) -> bool {
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

impl Review {
    pub(super) fn new(
        image: ImageInfo,
        installed: &str,
        device: Option<&Info>,
        expected: Option<&str>,
        allowed: &[Allow],
    ) -> Self {
        let obstacles = obstacles(&image, installed, device, expected);
        Self {
            image,
            installed: installed.to_owned(),
            obstacles,
            allowed: allowed.to_vec(),
        }
    }

    /// What speaks against the image and is not permitted. The update can begin when there is nothing.
    pub fn open(&self) -> impl Iterator<Item = &Obstacle> {
        self.obstacles
            .iter()
            .filter(|obstacle| !obstacle.is_allowed(&self.allowed))
    }

    /// Whether nothing speaks against the image but what is permitted.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.open().next().is_none()
    }
}

fn obstacles(
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
        && !super::text::same_version(expected, &image.version)
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

/// What the program decides when it has seen what the device thinks of the image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Begin, unless something [speaks against it](Review::open) that is not permitted.
    Start,
    /// Permit these as well, then as [`Start`](Self::Start).
    StartAllowing(Vec<Allow>),
    /// Do not install it, for this reason. The image is thrown away.
    Decline(String),
    /// Not now. The image stays on the device, and the ticket goes on from here.
    Later,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(change: impl FnOnce(&mut ImageInfo)) -> ImageInfo {
        let mut image = ImageInfo {
            valid: true,
            version: "4.4.1.5-2".to_owned(),
            compatible: true,
            signature_present: true,
            signature_good: true,
            certificate_good: true,
            ..ImageInfo::default()
        };
        change(&mut image);
        image
    }

    fn found(change: impl FnOnce(&mut ImageInfo), allowed: &[Allow]) -> (Vec<Obstacle>, bool) {
        let device = Info {
            product: "pdu".to_owned(),
            ..Info::default()
        };
        let review = Review::new(
            image(change),
            "4.4.1.5-1",
            Some(&device),
            Some("4.4.1.5-2"),
            allowed,
        );
        let clear = review.is_clear();
        (review.obstacles, clear)
    }

    #[test]
    fn each_obstacle_is_found_and_overcome_by_what_it_says() {
        assert_eq!(found(|_| {}, &[]), (vec![], true));
        type Change = fn(&mut ImageInfo);
        let cases: [(Change, Obstacle); 9] = [
            (|i| i.valid = false, Obstacle::NotAnImage),
            (
                |i| i.version = "4.4.1.5-3".to_owned(),
                Obstacle::OtherImage {
                    expected: "4.4.1.5-2".to_owned(),
                    found: "4.4.1.5-3".to_owned(),
                },
            ),
            (
                |i| i.product = "switch".to_owned(),
                Obstacle::Product {
                    image: "switch".to_owned(),
                    device: "pdu".to_owned(),
                },
            ),
            (
                |i| i.min_required_version = "4.4.1.5-2".to_owned(),
                Obstacle::TooOld {
                    required: "4.4.1.5-2".to_owned(),
                },
            ),
            (|i| i.model_list_present = true, Obstacle::Model),
            (|i| i.compatible = false, Obstacle::Incompatible),
            (|i| i.signature_present = false, Obstacle::Unsigned),
            (|i| i.signature_good = false, Obstacle::BadSignature),
            (|i| i.certificate_good = false, Obstacle::BadSignature),
        ];
        for (change, obstacle) in cases {
            assert_eq!(found(change, &[]), (vec![obstacle.clone()], false));
            for allow in Allow::ALL {
                let helps = obstacle.overcome_by().contains(&allow);
                assert_eq!(found(change, &[allow]).1, helps, "{obstacle} {allow}");
            }
            assert!(obstacle.to_string().contains(": "), "{obstacle}");
        }
    }

    #[test]
    fn an_older_version_is_no_accident() {
        let review = |installed: &str, allowed: &[Allow]| {
            let review = Review::new(image(|_| {}), installed, None, None, allowed);
            (review.obstacles.clone(), review.is_clear())
        };
        let (found, clear) = review("4.10.0.5-1", &[]);
        assert_eq!((found, clear), (vec![Obstacle::Downgrade], false));
        assert!(review("4.10.0.5-1", &[Allow::Downgrade]).1);
        let (found, clear) = review("unknown", &[]);
        assert_eq!((found, clear), (vec![Obstacle::UnclearVersion], false));
    }
}
