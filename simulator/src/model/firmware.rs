//! Which firmware a device runs.

use std::fmt;
use std::str::FromStr;

use xerus_rpc::FirmwareVersion;

/// A firmware that the simulated device can run. What one has and another does not follows from their interface
/// descriptions.
///
/// ```
/// use xerus_sim::Firmware;
///
/// assert_eq!("4.0.20".parse(), Ok(Firmware::V4_0_20));
/// assert_eq!(Firmware::default().to_string(), "4.4.1");
/// assert_eq!(Firmware::V4_4_1.version_text(), "4.4.1.5-53217");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Firmware {
    /// 3.6.80.
    V3_6_80,
    /// 4.0.20.
    V4_0_20,
    /// 4.4.1.
    #[default]
    V4_4_1,
}

impl Firmware {
    /// Every firmware that there is, oldest first.
    pub const ALL: [Self; 3] = [Self::V3_6_80, Self::V4_0_20, Self::V4_4_1];

    /// The version in three numbers, as in names of folders and options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::V3_6_80 => "3.6.80",
            Self::V4_0_20 => "4.0.20",
            Self::V4_4_1 => "4.4.1",
        }
    }

    /// The version as a device tells it, with the number of the build.
    #[must_use]
    pub const fn version_text(self) -> &'static str {
        match self {
            Self::V3_6_80 => "3.6.80.5-48558",
            Self::V4_0_20 => "4.0.20.5-49038",
            Self::V4_4_1 => "4.4.1.5-53217",
        }
    }

    /// The version as numbers.
    #[must_use]
    pub fn version(self) -> FirmwareVersion {
        let parsed = self.version_text().parse();
        parsed.expect("every version text here is a version; a test reads them all")
    }

    /// The firmware that a device of this version is served as: the newest that is not newer, or the oldest of all.
    ///
    /// ```
    /// use xerus_sim::Firmware;
    ///
    /// assert_eq!(Firmware::nearest("4.3.11.5-51180".parse()?), Firmware::V4_0_20);
    /// # Ok::<(), xerus_rpc::ParseFirmwareVersionError>(())
    /// ```
    #[must_use]
    pub fn nearest(version: FirmwareVersion) -> Self {
        let mut newest_first = Self::ALL.into_iter().rev();
        newest_first
            .find(|firmware| firmware.version() <= version)
            .unwrap_or(Self::ALL[0])
    }
}

impl fmt::Display for Firmware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Firmware {
    type Err = UnknownFirmware;

    fn from_str(text: &str) -> Result<Self, UnknownFirmware> {
        Self::ALL
            .into_iter()
            .find(|firmware| firmware.name() == text || firmware.version_text() == text)
            .ok_or(UnknownFirmware(()))
    }
}

/// No [`Firmware`] has this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFirmware(());

impl fmt::Display for UnknownFirmware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Firmware::ALL.map(Firmware::name).join(", ");
        write!(f, "no such firmware is simulated: take one of {known}")
    }
}

impl std::error::Error for UnknownFirmware {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_firmware_is_found_by_both_its_names() {
        for firmware in Firmware::ALL {
            assert_eq!(firmware.to_string().parse(), Ok(firmware));
            assert_eq!(firmware.version_text().parse(), Ok(firmware));
            assert!(firmware.version_text().starts_with(firmware.name()));
        }
        for (version, served) in [
            ("1.0.0.0-0", Firmware::V3_6_80),
            ("4.0.20.5-49037", Firmware::V3_6_80),
            ("4.0.20.5-49038", Firmware::V4_0_20),
            ("9.0.0.5-1", Firmware::V4_4_1),
        ] {
            assert_eq!(Firmware::nearest(version.parse().unwrap()), served);
        }
        let unknown = "4.4".parse::<Firmware>().unwrap_err();
        assert!(unknown.to_string().contains("3.6.80, 4.0.20, 4.4.1"));
    }
}
