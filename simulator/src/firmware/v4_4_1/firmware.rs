//! What the device says about its firmware.

use std::sync::Arc;

use xerus_api::firmware::{ImageInfo, ImageState, ImageStatus, UpdateHistoryEntry};
use xerus_api::server::firmware as traits;
use xerus_rpc::server::{Context, Reply};

use super::answer;
use crate::model::Device;

/// Serves `/firmware`. Uploading an image is not simulated, so there never is one.
pub(super) struct FirmwareServant(pub(super) Arc<Device>);

impl traits::Firmware for FirmwareServant {
    fn get_version<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
        Reply::ok(self.0.firmware().version_text().to_owned())
    }

    fn get_update_history<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<UpdateHistoryEntry>> {
        Reply::ok(Vec::new())
    }

    fn get_image_status<'a>(&'a self, _: &'a Context) -> Reply<'a, ImageStatus> {
        Reply::ok(ImageStatus {
            state: ImageState::None,
            ..Default::default()
        })
    }

    fn get_image_info<'a>(&'a self, _: &'a Context) -> Reply<'a, (bool, ImageInfo)> {
        Reply::ok((false, ImageInfo::default()))
    }

    fn discard_image<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::act(&self.0, context, |_| {})
    }
}
