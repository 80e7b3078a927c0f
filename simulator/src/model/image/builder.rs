//! Images to test a roll-out with.

use ring::digest::{SHA256, digest};
use xerus_rpc::FirmwareVersion;

use super::header::{self, CHECKSUM_BYTES, HEAD_BYTES};
use super::{ImageFacts, Signature};

/// A firmware image that simulated devices take, to test a roll-out with.
///
/// Its version stands where the images of devices have it, so programs that read it there find it. All else is a form
/// of this crate: no real device takes such an image.
///
/// ```
/// use xerus_rpc::FirmwareVersion;
/// use xerus_sim::FirmwareImage;
///
/// let version: FirmwareVersion = "4.4.1.5-53217".parse()?;
/// let image = FirmwareImage::new(version).size(100_000).bytes();
/// assert_eq!(image.len(), 100_000);
/// assert_eq!(FirmwareVersion::from_image(&image), Some(version));
/// # Ok::<(), xerus_rpc::ParseFirmwareVersionError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct FirmwareImage {
    facts: ImageFacts,
    size: usize,
    damaged: bool,
}

/// The smallest image: its head and its checksum.
const MIN_BYTES: usize = HEAD_BYTES + CHECKSUM_BYTES;

impl FirmwareImage {
    /// A signed image of 64 KiB that fits every simulated device. Its first three numbers are below 100 and the fourth is
    /// below 256, as images have no room for more: larger ones are cut down to that.
    pub fn new(version: FirmwareVersion) -> Self {
        let [major, minor, patch, fourth] = version.numbers();
        let numbers = [major.min(99), minor.min(99), patch.min(99), fourth.min(255)];
        let mut facts = ImageFacts::new(FirmwareVersion::new(numbers, version.build()));
        facts.signature = Some(Signature {
            signed_by: "xerus-sim".to_owned(),
            good: true,
            certified_by: "xerus-sim test authority".to_owned(),
            certificate_good: true,
        });
        Self {
            facts,
            size: 64 * 1024,
            damaged: false,
        }
    }

    /// Bytes of the image, at least 4128. Default 65536.
    pub fn size(mut self, bytes: usize) -> Self {
        self.size = bytes.max(MIN_BYTES);
        self
    }

    /// The product that it is for. Default: any.
    pub fn product(mut self, product: impl Into<String>) -> Self {
        self.facts.product = short(product);
        self
    }

    /// The platform that it is for. Default: any.
    pub fn platform(mut self, platform: impl Into<String>) -> Self {
        self.facts.platform = short(platform);
        self
    }

    /// The brand that it is for. Default: any. Another brand needs `CROSS_OEM`.
    pub fn oem(mut self, oem: impl Into<String>) -> Self {
        self.facts.oem = short(oem);
        self
    }

    /// Adds hardware that it is for, at most 16. Default: any. Other hardware needs `CROSS_HW`.
    pub fn hardware(mut self, hardware: impl Into<String>) -> Self {
        push(&mut self.facts.hardware, hardware);
        self
    }

    /// Adds hardware that it is not for, at most 16.
    pub fn not_hardware(mut self, hardware: impl Into<String>) -> Self {
        push(&mut self.facts.not_hardware, hardware);
        self
    }

    /// Adds a model to the list of those that it is for, at most 16. Default: no list.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        push(&mut self.facts.models, model);
        self
    }

    /// The oldest version that it can replace. Default: any.
    pub fn min_required(mut self, version: FirmwareVersion) -> Self {
        self.facts.min_required = Some(version);
        self
    }

    /// The oldest version that can replace it later. Default: any.
    pub fn min_downgrade(mut self, version: FirmwareVersion) -> Self {
        self.facts.min_downgrade = Some(version);
        self
    }

    /// Without a signature. An update with it needs `ALLOW_UNTRUSTED`.
    pub fn unsigned(mut self) -> Self {
        self.facts.signature = None;
        self
    }

    /// With a signature that is wrong. An update with it needs `ALLOW_UNTRUSTED`.
    pub fn badly_signed(mut self) -> Self {
        if let Some(signature) = &mut self.facts.signature {
            signature.good = false;
        }
        self
    }

    /// With a wrong checksum, as after damage on the way.
    pub fn damaged(mut self) -> Self {
        self.damaged = true;
        self
    }

    /// The image. The same description makes the same bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let size = u64::try_from(self.size).unwrap_or(u64::MAX);
        let mut bytes = header::write(&self.facts, size)
            .expect("version and names are cut down to what has room when they are set");
        // Contents that do not compress to nothing, and differ between versions.
        let mut state = u64::from(self.facts.version.build()) << 1 | 1;
        bytes.extend((HEAD_BYTES..self.size - CHECKSUM_BYTES).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        }));
        let mut checksum = digest(&SHA256, &bytes).as_ref().to_vec();
        if self.damaged {
            checksum[0] ^= 1;
        }
        bytes.extend(checksum);
        bytes
    }
}

/// A name that has room.
fn short(text: impl Into<String>) -> String {
    let text: String = text.into();
    text.chars()
        .filter(|c| !c.is_control() && *c != ',')
        .take(16)
        .collect()
}

fn push(list: &mut Vec<String>, text: impl Into<String>) {
    if list.len() < 16 {
        list.push(short(text));
    }
}
