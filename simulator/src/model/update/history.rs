//! What is kept and told of updates.

use std::time::Duration;

use xerus_rpc::FirmwareVersion;

use crate::model::image::Obstacle;

/// How an update ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateResult {
    /// The new version runs.
    Successful,
    /// The old version runs on.
    Failed,
    /// It goes on, or never came to an end.
    Incomplete,
}

/// An update of the past, or the one that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateRecord {
    /// When it began: time since 1970-01-01 UTC.
    pub began: Duration,
    /// Version before.
    pub old: FirmwareVersion,
    /// Version of the image.
    pub new: FirmwareVersion,
    /// Product that the image is for.
    pub product: String,
    /// Platform that the image is for.
    pub platform: String,
    /// MD5 sum of the image, 32 hexadecimal digits.
    pub md5: String,
    /// How it ended.
    pub result: UpdateResult,
    /// Explanation for people.
    pub details: String,
}

/// Obstacles that an update shall ignore.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpdateFlags {
    /// The image is for another brand.
    pub cross_oem: bool,
    /// The image is for other hardware.
    pub cross_hardware: bool,
    /// The image is not signed as it should be.
    pub allow_untrusted: bool,
}

impl UpdateFlags {
    /// Whether this obstacle is ignored.
    #[must_use]
    pub const fn ignores(self, obstacle: Obstacle) -> bool {
        match obstacle {
            Obstacle::Oem => self.cross_oem,
            Obstacle::Hardware => self.cross_hardware,
            Obstacle::Untrusted => self.allow_untrusted,
            Obstacle::Product | Obstacle::Version => false,
        }
    }
}

/// How far an update has come, as devices tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateStatus {
    /// `NONE`, `INIT`, `PREP`, `SIMULATE`, `UPDATE`, `SUCCESS` or `FAIL`; something else with
    /// [`wrong_progress`](super::UpdatePlan::wrong_progress).
    pub state: &'static str,
    /// Seconds since it began.
    pub elapsed: i32,
    /// Seconds that it takes; 0: not known.
    pub estimated: i32,
    /// Why it failed; empty otherwise.
    pub error_message: String,
}

/// What happened, for events and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateEvent {
    /// An image was uploaded that is none, or does not fit; with the reason.
    ValidationFailed(String),
    /// An update began.
    Started {
        /// Version before.
        old: FirmwareVersion,
        /// Version of the image.
        new: FirmwareVersion,
    },
    /// An update succeeded: the device serves the new version from now on.
    Completed {
        /// Version before.
        old: FirmwareVersion,
        /// Version that runs now.
        new: FirmwareVersion,
    },
    /// An update failed.
    Failed {
        /// Version that runs on.
        old: FirmwareVersion,
        /// Version of the image.
        new: FirmwareVersion,
        /// Why.
        why: String,
    },
    /// The device goes away to restart.
    ShuttingDown,
    /// The device is back.
    StartedUp,
    /// The certificate of the HTTPS service must be made anew.
    CertificateLost,
}
