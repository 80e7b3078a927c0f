use super::*;
use crate::model::image::{FirmwareImage, ImageReader};
use crate::model::presence::Presence;

const OLD: &str = "4.0.20.5-49038";
const NEW: &str = "4.4.1.5-53217";

fn version(text: &str) -> FirmwareVersion {
    text.parse().unwrap()
}

fn at(seconds: u64) -> Duration {
    Duration::from_secs(1_000 + seconds)
}

fn device(plan: UpdatePlan) -> Updater {
    let installed = Installed {
        version: version(OLD),
        min_downgrade: None,
        product: "pdu".to_owned(),
        platform: "sim".to_owned(),
        oem: "brand".to_owned(),
        hardware: "17".to_owned(),
        model: "PX".to_owned(),
    };
    Updater::new(installed, plan)
}

fn upload(firmware: &mut Updater, bytes: &[u8]) -> Vec<Happened> {
    let total = u64::try_from(bytes.len()).unwrap();
    let ticket = firmware.begin_upload(at(0), Some(total)).unwrap();
    let mut reader = ImageReader::new();
    reader.push(bytes);
    assert!(firmware.uploading(ticket, reader.bytes()));
    firmware.uploaded(at(0), ticket, reader.finish())
}

fn with_image(plan: UpdatePlan) -> Updater {
    let mut firmware = device(plan);
    let image = FirmwareImage::new(version(NEW)).bytes();
    assert_eq!(upload(&mut firmware, &image), []);
    firmware
}

fn failed(why: &str) -> UpdateEvent {
    UpdateEvent::Failed {
        old: version(OLD),
        new: version(NEW),
        why: why.to_owned(),
    }
}

#[test]
fn an_update_goes_through_its_states_and_ends_with_the_new_version() {
    let mut firmware = with_image(UpdatePlan::new());
    assert_eq!(firmware.transfer().state, TransferState::Complete);
    assert_eq!(firmware.status(at(0)).state, "NONE");
    let started = firmware.start(at(0), UpdateFlags::default());
    let (old, new) = (version(OLD), version(NEW));
    assert_eq!(started, [(at(0), UpdateEvent::Started { old, new })]);
    // No second one meanwhile, and the image stays.
    assert_eq!(firmware.start(at(1), UpdateFlags::default()), []);
    firmware.discard();
    assert!(firmware.image().is_some());
    assert_eq!(
        firmware.begin_upload(at(1), None),
        Err(UploadRefusal::Updating)
    );
    for (second, state) in [
        (0, "INIT"),
        (1, "INIT"),
        (2, "PREP"),
        (5, "SIMULATE"),
        (10, "UPDATE"),
        (29, "UPDATE"),
        (30, "SUCCESS"),
        (32, "SUCCESS"),
    ] {
        assert_eq!(firmware.pass(at(second)), [], "{second}");
        let status = firmware.status(at(second));
        assert_eq!(
            (status.state, status.elapsed, status.estimated),
            (state, i32::try_from(second).unwrap(), 30)
        );
        assert_eq!(firmware.presence(at(second)), Presence::ProgressOnly);
    }
    assert_eq!(firmware.history()[0].result, UpdateResult::Incomplete);
    assert_eq!(firmware.due(), Some(at(33)));
    assert_eq!(firmware.pass(at(33)), [(at(33), UpdateEvent::ShuttingDown)]);
    assert_eq!(firmware.pass(at(34)), []);
    let away = Presence::Away {
        until: Some(at(48)),
    };
    assert_eq!(firmware.presence(at(47)), away);
    assert_eq!(firmware.due(), Some(at(48)));
    assert_eq!(
        firmware.pass(at(48)),
        [
            (at(48), UpdateEvent::StartedUp),
            (at(48), UpdateEvent::Completed { old, new }),
        ]
    );
    assert_eq!(firmware.presence(at(48)), Presence::Here);
    assert_eq!(firmware.installed().version, new);
    assert_eq!(firmware.status(at(48)).state, "NONE");
    assert_eq!(firmware.transfer().state, TransferState::None);
    assert_eq!((firmware.image(), firmware.due()), (None, None));
    let record = &firmware.history()[0];
    assert_eq!(
        (record.old, record.new, record.result, record.began),
        (old, new, UpdateResult::Successful, at(0))
    );
    assert_eq!(record.md5.len(), 32);
}

#[test]
fn a_look_long_afterwards_finds_the_same_end() {
    let mut firmware = with_image(UpdatePlan::new().new_certificate(true));
    firmware.start(at(0), UpdateFlags::default());
    let happened: Vec<_> = firmware
        .pass(at(9_999))
        .into_iter()
        .map(|(when, event)| (when, std::mem::discriminant(&event)))
        .collect();
    let (old, new) = (version(OLD), version(NEW));
    let expected = [
        (at(33), UpdateEvent::ShuttingDown),
        (at(48), UpdateEvent::CertificateLost),
        (at(48), UpdateEvent::StartedUp),
        (at(48), UpdateEvent::Completed { old, new }),
    ]
    .map(|(when, event)| (when, std::mem::discriminant(&event)));
    assert_eq!(happened, expected);
}

#[test]
fn writing_can_fail_and_the_device_stays() {
    let plan = UpdatePlan::new().ending(UpdateEnding::FailsAt { percent: 50 });
    let mut firmware = with_image(plan);
    firmware.start(at(0), UpdateFlags::default());
    assert_eq!(firmware.due(), Some(at(20)));
    assert_eq!(firmware.pass(at(19)), []);
    assert_eq!(firmware.status(at(19)).state, "UPDATE");
    let why = "writing the firmware failed: the old one is still there";
    assert_eq!(firmware.pass(at(25)), [(at(20), failed(why))]);
    let status = firmware.status(at(26));
    assert_eq!((status.state, status.elapsed), ("FAIL", 20));
    assert_eq!(status.error_message, why);
    assert_eq!(firmware.presence(at(26)), Presence::Here);
    assert_eq!(firmware.installed().version, version(OLD));
    assert_eq!(firmware.history()[0].result, UpdateResult::Failed);
    // The image is still there for another try.
    firmware.set_plan(UpdatePlan::new());
    assert_eq!(firmware.start(at(30), UpdateFlags::default()).len(), 1);
}

#[test]
fn a_device_can_come_back_old_or_never() {
    let mut firmware = with_image(UpdatePlan::new().ending(UpdateEnding::OldVersion));
    firmware.start(at(0), UpdateFlags::default());
    assert_eq!(firmware.status(at(31)).state, "SUCCESS");
    let why = "the new firmware did not start: the old one runs again";
    assert_eq!(firmware.pass(at(60))[2], (at(48), failed(why)));
    assert_eq!(firmware.installed().version, version(OLD));
    assert_eq!(firmware.history()[0].result, UpdateResult::Failed);

    let mut firmware = with_image(UpdatePlan::new().ending(UpdateEnding::StaysAway));
    firmware.start(at(0), UpdateFlags::default());
    assert_eq!(firmware.pass(at(33)).len(), 1);
    assert_eq!(firmware.due(), None);
    assert_eq!(
        firmware.presence(at(90_000)),
        Presence::Away { until: None }
    );
    assert_eq!(firmware.rescue(at(90_000)).len(), 2);
    assert_eq!(firmware.presence(at(90_000)), Presence::Here);
    assert_eq!(firmware.history()[0].result, UpdateResult::Incomplete);

    let mut firmware = with_image(UpdatePlan::new().ending(UpdateEnding::NeverEnds));
    firmware.start(at(0), UpdateFlags::default());
    assert_eq!(firmware.pass(at(90_000)), []);
    assert_eq!(firmware.status(at(90_000)).state, "UPDATE");
}

#[test]
fn progress_can_be_nonsense_while_writing() {
    let mut firmware = with_image(UpdatePlan::new().wrong_progress(true));
    firmware.start(at(0), UpdateFlags::default());
    assert_eq!(firmware.status(at(1)).state, "INIT");
    let status = firmware.status(at(12));
    assert_eq!((status.state, status.elapsed), ("FLASHING", -1));
    assert_eq!(firmware.status(at(31)).state, "SUCCESS");
}

#[test]
fn what_does_not_fit_is_not_installed_unless_that_is_allowed() {
    let mut firmware = device(UpdatePlan::new());
    assert_eq!(firmware.start(at(0), UpdateFlags::default()), []);
    assert_eq!(firmware.status(at(0)).state, "FAIL");
    assert!(firmware.status(at(0)).error_message.contains("no image"));

    let told = upload(&mut firmware, &[0; 3_000]);
    assert!(matches!(&told[..], [(_, UpdateEvent::ValidationFailed(_))]));
    assert_eq!(firmware.start(at(0), UpdateFlags::default()), []);
    assert!(firmware.status(at(0)).error_message.contains("no firmware"));
    assert!(firmware.history().is_empty());

    let image = FirmwareImage::new(version(NEW)).unsigned().oem("other");
    let told = upload(&mut firmware, &image.bytes());
    assert!(matches!(&told[..], [(_, UpdateEvent::ValidationFailed(_))]));
    let mut flags = UpdateFlags {
        allow_untrusted: true,
        ..UpdateFlags::default()
    };
    let told = firmware.start(at(0), flags);
    assert!(matches!(&told[..], [(_, UpdateEvent::Failed { .. })]));
    assert_eq!(firmware.history()[0].result, UpdateResult::Failed);
    flags.cross_oem = true;
    let told = firmware.start(at(0), flags);
    assert!(matches!(&told[..], [(_, UpdateEvent::Started { .. })]));
}

#[test]
fn uploads_do_not_disturb_each_other() {
    let mut firmware = device(UpdatePlan::new().max_bytes(10));
    assert_eq!(
        firmware.begin_upload(at(0), Some(11)),
        Err(UploadRefusal::TooLarge)
    );
    let first = firmware.begin_upload(at(0), None).unwrap();
    assert_eq!(
        firmware.begin_upload(at(1), None),
        Err(UploadRefusal::Uploading)
    );
    assert!(firmware.uploading(first, 10));
    firmware.discard();
    assert!(!firmware.uploading(first, 10));
    let second = firmware.begin_upload(at(2), None).unwrap();
    firmware.upload_failed(first, "late");
    assert_eq!(firmware.transfer().state, TransferState::Uploading);
    assert!(!firmware.uploading(second, 11));
    assert_eq!(firmware.transfer().state, TransferState::UploadFailed);
    assert!(firmware.transfer().error_message.contains("larger"));
    assert!(firmware.begin_upload(at(3), Some(1)).is_ok());
}

#[test]
fn a_restart_takes_its_time() {
    let mut firmware = device(UpdatePlan::new().absence(Duration::from_secs(4)));
    assert_eq!(
        firmware.restart(at(0)),
        [(at(0), UpdateEvent::ShuttingDown)]
    );
    assert_eq!(firmware.restart(at(1)), []);
    assert!(firmware.presence(at(3)).is_away());
    assert_eq!(firmware.due(), Some(at(4)));
    assert_eq!(firmware.pass(at(5)), [(at(4), UpdateEvent::StartedUp)]);
    assert_eq!(firmware.presence(at(5)), Presence::Here);
}

#[test]
fn history_is_bounded() {
    let mut firmware = with_image(UpdatePlan::new());
    for start in 0..40 {
        firmware.start(at(start), UpdateFlags::default());
        firmware.rescue(at(start));
        let image = FirmwareImage::new(version(NEW)).bytes();
        upload(&mut firmware, &image);
    }
    assert_eq!(firmware.history().len(), REMEMBERED);
    assert_eq!(firmware.history()[31].began, at(39));
}
