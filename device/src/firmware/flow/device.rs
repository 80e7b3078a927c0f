//! The objects of a device that an update needs.

use xerus_api::firmware::{Firmware, FirmwareUpdateStatus, UpdateHistoryEntry};
use xerus_rpc::{Agent, Error};

use crate::firmware::event::Progress;
use crate::firmware::notes::Notes;

pub(super) struct Device {
    pub(super) firmware: Firmware,
    pub(super) progress: FirmwareUpdateStatus,
}

impl Device {
    pub(super) fn new(agent: &Agent, notes: &Notes) -> Result<Self, Error> {
        Ok(Self {
            firmware: Firmware::at(agent, &notes.firmware()),
            progress: FirmwareUpdateStatus::at(agent, &notes.progress()?),
        })
    }

    /// How far an update is. A device without that object has no update under way, as far as it says.
    pub(super) async fn progress(&self) -> Result<Progress, Error> {
        match self.progress.get_status().await {
            Ok(status) => Ok(Progress::of(status)),
            Err(error) if error.is_object_not_found() => Ok(Progress::none()),
            Err(error) => Err(error),
        }
    }

    /// The updates that the device knows of.
    pub(super) async fn history(&self) -> Result<Vec<UpdateHistoryEntry>, Error> {
        self.firmware.get_update_history().await
    }
}
