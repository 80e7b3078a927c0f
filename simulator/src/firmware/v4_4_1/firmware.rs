//! What the device says about its firmware, and what it does about an image.

use std::sync::Arc;

use xerus_api::firmware::{
    ImageInfo, ImageState, ImageStatus, UpdateFlags, UpdateHistoryEntry, UpdateHistoryStatus,
    UpdateStatus, firmware,
};
use xerus_api::server::firmware as traits;
use xerus_rpc::server::{Context, Reply};

use super::answer;
use crate::model::Device;
use crate::model::image::{ImageFacts, Installed, ReceivedImage};
use crate::model::update::{self, TransferState, UpdateRecord, UpdateResult};

/// Serves `/firmware`.
pub(super) struct FirmwareServant(pub(super) Arc<Device>);

impl traits::Firmware for FirmwareServant {
    fn get_info<'a>(&'a self, _: &'a Context) -> Reply<'a, firmware::Info> {
        let installed = self.0.maintenance().updater.installed().clone();
        Reply::ok(firmware::Info {
            product: installed.product,
            platform: installed.platform,
            version: installed.version.to_string(),
            extra_: Default::default(),
        })
    }

    fn reboot<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::act(&self.0, context, |actor| self.0.restart(actor))
    }

    fn factory_reset<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::act(&self.0, context, |actor| self.0.factory_reset(actor))
    }

    fn hard_factory_reset<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| Err(NOT_POSSIBLE))
    }

    fn manufacturing_reset<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::change(&self.0, context, |_| Err(NOT_POSSIBLE))
    }

    fn get_version<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
        Reply::ok(self.0.firmware_version().to_string())
    }

    fn get_update_history<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<UpdateHistoryEntry>> {
        let maintenance = self.0.maintenance();
        let history = maintenance.updater.history().iter();
        Reply::ok(history.cloned().map(record).collect())
    }

    fn get_image_status<'a>(&'a self, _: &'a Context) -> Reply<'a, ImageStatus> {
        let transfer = self.0.maintenance().updater.transfer().clone();
        Reply::ok(ImageStatus {
            state: match transfer.state {
                TransferState::None => ImageState::None,
                TransferState::Uploading => ImageState::Uploading,
                TransferState::UploadFailed => ImageState::UploadFailed,
                TransferState::Complete => ImageState::Complete,
            },
            error_message: transfer.error_message,
            time_started: answer::time(transfer.began),
            size_total: i32::try_from(transfer.total).unwrap_or(i32::MAX),
            size_done: i32::try_from(transfer.done).unwrap_or(i32::MAX),
            extra_: Default::default(),
        })
    }

    fn discard_image<'a>(&'a self, context: &'a Context) -> Reply<'a, ()> {
        answer::act(&self.0, context, |_| self.0.maintenance().updater.discard())
    }

    fn get_image_info<'a>(&'a self, _: &'a Context) -> Reply<'a, (bool, ImageInfo)> {
        let maintenance = self.0.maintenance();
        let updater = &maintenance.updater;
        Reply::ok(match updater.image() {
            Some(image) => (true, image_info(image, updater.installed())),
            None => (false, ImageInfo::default()),
        })
    }

    fn start_update<'a>(&'a self, context: &'a Context, flags: Vec<UpdateFlags>) -> Reply<'a, ()> {
        let flags = update::UpdateFlags {
            cross_oem: flags.contains(&UpdateFlags::CrossOem),
            cross_hardware: flags.contains(&UpdateFlags::CrossHw),
            allow_untrusted: flags.contains(&UpdateFlags::AllowUntrusted),
        };
        answer::act(&self.0, context, |actor| self.0.start_update(flags, actor))
    }
}

/// What the two deeper resets answer: a simulated device has nothing that they would set back.
const NOT_POSSIBLE: i32 = 1;

fn record(record: UpdateRecord) -> UpdateHistoryEntry {
    UpdateHistoryEntry {
        timestamp: answer::time(record.began),
        old_version: record.old.to_string(),
        image_version: record.new.to_string(),
        product: record.product,
        platform: record.platform,
        image_md5: record.md5,
        status: match record.result {
            UpdateResult::Successful => UpdateHistoryStatus::Successful,
            UpdateResult::Failed => UpdateHistoryStatus::Failed,
            UpdateResult::Incomplete => UpdateHistoryStatus::Incomplete,
        },
        details: record.details,
        extra_: Default::default(),
    }
}

fn image_info(image: &ReceivedImage, device: &Installed) -> ImageInfo {
    let Ok(facts) = &image.facts else {
        return ImageInfo::default();
    };
    let version = |version: Option<_>| version.map_or_else(String::new, |v| format!("{v}"));
    let ImageFacts {
        product,
        platform,
        oem,
        hardware,
        not_hardware,
        ..
    } = facts;
    let mut info = ImageInfo {
        valid: true,
        version: facts.version.to_string(),
        min_required_version: version(facts.min_required),
        min_downgrade_version: version(facts.min_downgrade),
        product: product.clone(),
        platform: platform.clone(),
        oem: oem.clone(),
        hwid_whitelist: hardware.join(","),
        hwid_blacklist: not_hardware.join(","),
        compatible: facts.is_compatible(device),
        model_list_present: !facts.models.is_empty(),
        model_supported: facts.supports_model(device),
        ..ImageInfo::default()
    };
    if let Some(signature) = &facts.signature {
        info.signature_present = true;
        info.signed_by.clone_from(&signature.signed_by);
        info.signature_good = signature.good;
        info.certified_by.clone_from(&signature.certified_by);
        info.certificate_good = signature.certificate_good;
    }
    info
}

/// Serves `/cgi-bin/fwupdate_progress.cgi`.
pub(super) struct ProgressServant(pub(super) Arc<Device>);

impl traits::FirmwareUpdateStatus for ProgressServant {
    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, UpdateStatus> {
        let now = self.0.clock().now();
        let status = self.0.maintenance().updater.status(now);
        Reply::ok(UpdateStatus {
            state: status.state.to_owned(),
            elapsed: status.elapsed,
            estimated: status.estimated,
            error_message: status.error_message,
            extra_: Default::default(),
        })
    }
}
