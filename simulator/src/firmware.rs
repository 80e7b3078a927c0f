//! The firmwares that can be simulated.

mod older;

/// A firmware.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Firmware {
    /// 3.6.80
    V3_6_80,
    /// 4.0.20
    V4_0_20,
    /// 4.4.1
    #[default]
    V4_4_1,
}
impl std::fmt::Display for Firmware {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
