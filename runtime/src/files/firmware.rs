//! Firmware images.

use crate::wire::Query;

/// How a firmware image is sent to a device with little memory: the parameters of
/// [`FIRMWARE_UPLOAD`](super::FIRMWARE_UPLOAD). Without any of them set, none is sent.
///
/// ```
/// use xerus_rpc::files::FirmwareUpload;
///
/// assert_eq!(FirmwareUpload::new().query().iter().count(), 0);
/// let query = FirmwareUpload::new().low_memory(true).query();
/// let pairs: Vec<_> = query.iter().collect();
/// assert_eq!(
///     pairs,
///     [("lowMemoryUpload", "1"), ("allowLowMemoryDowngrade", "0"), ("allowLowMemoryUntrusted", "0")]
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
#[doc(alias = "lowMemoryUploadOptions")]
pub struct FirmwareUpload {
    low_memory: Option<bool>,
    allow_downgrade: Option<bool>,
    allow_untrusted: Option<bool>,
}

impl FirmwareUpload {
    /// The ordinary way.
    pub fn new() -> Self {
        Self::default()
    }

    /// The device shall make room for the image first.
    #[doc(alias = "lowMemoryUpload")]
    pub fn low_memory(mut self, low_memory: bool) -> Self {
        self.low_memory = Some(low_memory);
        self
    }

    /// It shall do so for an older firmware, too.
    #[doc(alias = "allowLowMemoryDowngrade")]
    pub fn allow_downgrade(mut self, allowed: bool) -> Self {
        self.allow_downgrade = Some(allowed);
        self
    }

    /// It shall do so for an image without a signature that it trusts, too.
    #[doc(alias = "allowLowMemoryUntrusted")]
    pub fn allow_untrusted(mut self, allowed: bool) -> Self {
        self.allow_untrusted = Some(allowed);
        self
    }

    /// The parameters, for [`Upload::queries`](crate::agent::Upload::queries).
    pub fn query(&self) -> Query {
        let all = [
            ("lowMemoryUpload", self.low_memory),
            ("allowLowMemoryDowngrade", self.allow_downgrade),
            ("allowLowMemoryUntrusted", self.allow_untrusted),
        ];
        let mut query = Query::new();
        if all.iter().any(|(_, value)| value.is_some()) {
            for (name, value) in all {
                query.push(name, if value == Some(true) { "1" } else { "0" });
            }
        }
        query
    }
}
