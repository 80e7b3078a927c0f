//! Versions of the firmware of devices.

use std::fmt;
use std::str::FromStr;

/// Where the first numbers of the version stand in a firmware image, as two digits each.
const NUMBERS: std::ops::Range<usize> = 31..37;
/// Where the build stands in a firmware image, the highest byte first.
const BUILD: std::ops::Range<usize> = 43..47;
/// Where the fourth number stands in a firmware image.
const FOURTH: usize = 177;

/// The version of a firmware, such as `4.4.1.5-53217`: five numbers, compared as such.
///
/// `getVersion` of `/firmware` gives it. It is about the device as a whole; the interfaces have [versions](crate::Version) of
/// their own.
///
/// ```
/// use xerus_rpc::FirmwareVersion;
///
/// let version: FirmwareVersion = "4.4.1.5-53217".parse()?;
/// assert!(version < "4.4.1.5-53300".parse()?);
/// assert!(version < "4.10.0.5-1".parse()?);
/// assert_eq!((version.numbers(), version.build()), ([4, 4, 1, 5], 53217));
/// assert_eq!(version.to_string(), "4.4.1.5-53217");
/// # Ok::<(), xerus_rpc::ParseFirmwareVersionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FirmwareVersion {
    numbers: [u32; 4],
    build: u32,
}

impl FirmwareVersion {
    /// How many bytes of an image [`from_image`](Self::from_image) needs.
    pub const IMAGE_BYTES: usize = FOURTH + 1;

    /// A version of these numbers.
    #[must_use]
    pub const fn new(numbers: [u32; 4], build: u32) -> Self {
        Self { numbers, build }
    }

    /// The numbers before the build.
    #[must_use]
    pub const fn numbers(self) -> [u32; 4] {
        self.numbers
    }

    /// The number of the build.
    #[must_use]
    pub const fn build(self) -> u32 {
        self.build
    }

    /// The version that a firmware image says it has, read from its first [`IMAGE_BYTES`](Self::IMAGE_BYTES) bytes; `None`
    /// where they are not there or are no version.
    ///
    /// It says nothing of whether the image is whole and fits the device: the device finds that out when the image was sent.
    #[must_use]
    pub fn from_image(image: &[u8]) -> Option<Self> {
        let digits = image.get(NUMBERS)?;
        let number = |at: usize| match digits[at..at + 2] {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
                Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
            }
            _ => None,
        };
        let build = u32::from_be_bytes(image.get(BUILD)?.try_into().ok()?);
        let fourth = u32::from(*image.get(FOURTH)?);
        Some(Self::new(
            [number(0)?, number(2)?, number(4)?, fourth],
            build,
        ))
    }
}

impl fmt::Display for FirmwareVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, third, fourth] = self.numbers;
        write!(f, "{first}.{second}.{third}.{fourth}-{}", self.build)
    }
}

impl FromStr for FirmwareVersion {
    type Err = ParseFirmwareVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or(ParseFirmwareVersionError(()))
    }
}

fn parse(text: &str) -> Option<FirmwareVersion> {
    let (numbers, build) = text.trim().split_once('-')?;
    let mut parts = numbers.split('.');
    let mut next = || number(parts.next()?);
    let numbers = [next()?, next()?, next()?, next()?];
    (parts.next().is_none()).then_some(())?;
    Some(FirmwareVersion::new(numbers, number(build)?))
}

/// Digits. What Rust takes beside them (`+1`) is no number here.
fn number(text: &str) -> Option<u32> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(())?;
    text.parse().ok()
}

/// A text that is no version of a firmware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseFirmwareVersionError(());

impl fmt::Display for ParseFirmwareVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "no firmware version: four numbers and a build are expected, as in `4.4.1.5-53217`",
        )
    }
}

impl std::error::Error for ParseFirmwareVersionError {}

#[cfg(test)]
mod tests {
    use super::FirmwareVersion;

    #[test]
    fn five_numbers_and_nothing_else() {
        for (text, numbers, build) in [
            ("4.4.1.5-53217", [4, 4, 1, 5], 53217),
            (" 4.0.20.5-49038\n", [4, 0, 20, 5], 49038),
            ("0.0.0.0-0", [0; 4], 0),
            ("4294967295.0.0.0-1", [u32::MAX, 0, 0, 0], 1),
        ] {
            let version: FirmwareVersion = text.parse().expect(text);
            assert_eq!((version.numbers(), version.build()), (numbers, build));
        }
        for text in [
            "",
            "4.4.1.5",
            "4.4.1-53217",
            "4.4.1.5.6-53217",
            "4.4.1.5-",
            "4.4.1.5-x",
            "4.4.1.-1",
            "4.4.+1.5-1",
            "4.4.1.5-1-2",
            "4294967296.0.0.0-1",
            "4.4 .1.5-1",
        ] {
            let error = text.parse::<FirmwareVersion>().expect_err(text);
            assert!(error.to_string().contains("4.4.1.5-53217"), "{text}");
        }
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        let order = [
            "3.6.0.5-99999",
            "4.0.9.5-1",
            "4.0.20.4-7",
            "4.0.20.5-6",
            "4.0.20.5-10",
            "4.0.21.0-0",
            "4.1.0.0-0",
            "10.0.0.0-0",
        ];
        let versions = order.map(|text| text.parse::<FirmwareVersion>().expect(text));
        assert!(versions.is_sorted());
        assert!(versions.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn an_image_says_its_version() {
        let mut image = vec![0xff; FirmwareVersion::IMAGE_BYTES];
        image[31..37].copy_from_slice(b"040401");
        image[43..47].copy_from_slice(&53217u32.to_be_bytes());
        image[177] = 5;
        let version = FirmwareVersion::from_image(&image).expect("a version");
        assert_eq!(version.to_string(), "4.4.1.5-53217");
        for bytes in [0, 31, 37, 47, 177] {
            assert_eq!(
                FirmwareVersion::from_image(&image[..bytes]),
                None,
                "{bytes}"
            );
        }
        for at in 31..37 {
            for other in [b'0' - 1, b'9' + 1, b' '] {
                let mut image = image.clone();
                image[at] = other;
                assert_eq!(FirmwareVersion::from_image(&image), None, "{at} {other}");
            }
        }
    }
}
