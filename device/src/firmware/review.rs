//! What speaks for and against an image, and who decides.

mod allow;
mod obstacle;

use xerus_api::firmware::{ImageInfo, firmware::Info};

pub use allow::Allow;
pub use obstacle::Obstacle;
use obstacle::obstacles;

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

/// What the program decides when it has seen what the device thinks of the image.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// Begin, unless something [speaks against it](Review::open) that is not permitted.
    Start,
    /// Permit these as well, then as [`Start`](Self::Start).
    StartAllowing(Vec<Allow>),
    /// Do not install it, for this reason. The image is thrown away, unless it is [kept](super::FirmwareUpdate::keep_image).
    Decline(String),
    /// Not now. The image stays on the device, and the ticket goes on from here.
    Later,
}

#[cfg(test)]
mod tests;
