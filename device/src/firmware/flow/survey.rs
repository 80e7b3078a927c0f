//! The look at a device before anything is sent to it.

use tokio::time::{Instant, sleep};
use xerus_api::firmware::{Firmware, ImageState, ImageStatus, UpdateHistoryStatus};
use xerus_rpc::{FirmwareVersion, Object};

use super::device::Device;
use super::{Ended, Flow};
use crate::firmware::error::UpdateError;
use crate::firmware::event::Phase;
use crate::firmware::history;
use crate::firmware::notes::Step;
use crate::firmware::review::Allow;
use crate::firmware::text::{cut, same_version};
use crate::firmware::updated::{Change, Updated};

/// The first firmware whose clients know of the options for devices with little memory.
const LOW_MEMORY_SINCE: FirmwareVersion = FirmwareVersion::new([4, 0, 0, 0], 0);

/// What was found.
pub(super) struct Found {
    version: String,
    image: ImageStatus,
    /// The history has a successful update with our image that it did not have when the ticket was written.
    was_installed: bool,
}

impl Flow {
    /// Looks at the device, and at whether it is free. Refuses an interface of another major version.
    pub(super) async fn survey(&mut self, device: &Device) -> Ended<Found> {
        // First, for it is answered also while nothing else is.
        let progress = device.progress().await.map_err(|error| self.call(error))?;
        if progress.phase.is_under_way() {
            return Err(self.updating(&progress.phase));
        }
        match Object::at(&self.agent, &self.notes.firmware())
            .probe()
            .await
        {
            Ok(object) => {
                let fits = object.cast::<Firmware>();
                fits.map_err(|error| self.call(error.into()))?;
            }
            Err(error) if error.is_method_not_found() => {}
            Err(error) => return Err(self.call(error)),
        }
        let calls = async {
            let version = device.firmware.get_version().await?;
            let history = device.history().await?;
            let image = device.firmware.get_image_status().await?;
            Ok((version, history, image))
        };
        let (version, history, image) = calls.await.map_err(|error| self.call(error))?;
        let is_resumed = self.resumed.is_some();
        let known = history::known(&history);
        let was_installed = is_resumed
            && history::news(history, &self.notes.updates, &self.notes.image).is_some_and(
                |update| {
                    update.status == UpdateHistoryStatus::Successful
                        && same_version(&update.image_version, &self.notes.image)
                },
            );
        self.notes.installed = cut(&version);
        self.notes.updates = known;
        if !is_resumed {
            self.notes.image_before = image.time_started.unix_seconds();
        }
        self.warn_of_options(&version).await;
        Ok(Found {
            version,
            image,
            was_installed,
        })
    }

    /// The device is at an update of somebody else.
    pub(super) fn updating(&self, phase: &Phase) -> UpdateError {
        UpdateError::Busy {
            what: format!("an update ({phase})"),
            ticket: self.ticket(),
        }
    }

    async fn warn_of_options(&mut self, version: &str) {
        let is_old = version
            .parse()
            .is_ok_and(|version: FirmwareVersion| version < LOW_MEMORY_SINCE);
        if is_old && self.notes.upload.query().iter().next().is_some() {
            self.warn(format!(
                "firmware {version} may not know the options for devices with little memory, and then takes the image the ordinary way: look whether it has room"
            ))
            .await;
        }
    }

    /// The end of an update that is not needed.
    pub(super) fn already(&self, found: &Found) -> Option<Updated> {
        let runs = !self.notes.image.is_empty() && same_version(&found.version, &self.notes.image);
        let is_wanted = self.notes.allows(Allow::Reinstall) && !found.was_installed;
        (runs && !is_wanted).then(|| self.unchanged(found.version.clone()))
    }

    pub(super) fn unchanged(&self, version: String) -> Updated {
        Updated {
            before: version.clone(),
            version,
            change: Change::Already,
            record: None,
            warnings: self.warnings.clone(),
        }
    }

    /// Whether the image has to be uploaded: not when one has arrived since the ticket was written, or is known to be there.
    pub(super) async fn needs_upload(&mut self, device: &Device, found: &Found) -> Ended<bool> {
        let mut image = found.image.clone();
        let until = Instant::now() + self.notes.patience;
        // The upload of a process that was killed ends when the device has noticed.
        while image.state == ImageState::Uploading || image.state == ImageState::Downloading {
            if Instant::now() >= until {
                return Err(UpdateError::Busy {
                    what: "the upload of an image".to_owned(),
                    ticket: self.ticket(),
                });
            }
            sleep(self.notes.interval).await;
            let status = device.firmware.get_image_status().await;
            image = status.map_err(|error| self.call(error))?;
        }
        if image.state != ImageState::Complete {
            return Ok(true);
        }
        let began = image.time_started.unix_seconds();
        let is_ours = match self.notes.step {
            // One that is there already may be anybody's.
            Step::Upload => self.resumed.is_some() && began != self.notes.image_before,
            _ => self.notes.image_taken == 0 || began == self.notes.image_taken,
        };
        if !is_ours {
            return Ok(true);
        }
        if self.notes.image.is_empty() {
            // Without a version, only the time of its transfer proves that it is ours.
            return Ok(self.notes.step == Step::Upload || self.notes.image_taken == 0);
        }
        let info = device.firmware.get_image_info().await;
        let (present, info) = info.map_err(|error| self.call(error))?;
        let fits = present && same_version(&info.version, &self.notes.image);
        // Without an image to upload, the review says what is there instead.
        Ok(!fits && self.image.is_some())
    }
}
