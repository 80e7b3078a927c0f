//! Bulk configurations and backups.

use std::time::Duration;

use xerus_api::bulkcfg::BulkConfiguration;
use xerus_api::bulkcfg::bulk_configuration::FilterProfile;
use xerus_device::files::{BulkConfig, FilesError, Stage, Status};
use xerus_rpc::action::ActionEvent;
use xerus_rpc::files::{BulkConfigCode, BulkConfigRestore, BulkConfigSave, SkipCheck};
use xerus_rpc::{Outcome, Time};
use xerus_sim::Firmware;

use crate::world::world;

const FAST: Duration = Duration::from_millis(100);

fn text(file: &[u8]) -> String {
    String::from_utf8(file.to_vec()).unwrap()
}

/// A file that says something else, with a checksum that fits.
pub(crate) fn altered(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = text(file);
    let (body, _) = text.rsplit_once("checksum=").unwrap();
    assert!(body.contains(from), "{body}");
    let body = body.replace(from, to);
    let digest = ring::digest::digest(&ring::digest::SHA256, body.as_bytes());
    let sum: String = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    format!("{body}checksum={sum}\n").into_bytes()
}

#[tokio::test]
async fn a_bulk_configuration_and_a_backup_are_saved_and_restored_on_every_firmware() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let config = BulkConfig::of(&world.agent);
        for backup in [false, true] {
            world.rename(7, "kept").await;
            let save = BulkConfigSave::new().backup(backup);
            let file = config.save(save).bytes().await.unwrap();
            world.rename(7, "lost").await;
            let how = BulkConfigRestore::new().backup(backup);
            let applied = config.restore(file, how).interval(FAST).await.unwrap();
            assert_eq!(applied.outcome, Outcome::Executed);
            assert_eq!(world.name(7).await, "kept", "{firmware} {backup}");
            let standing = config.status().await.unwrap();
            assert_eq!(
                (standing.status, standing.since),
                (Status::InForce, applied.at)
            );
        }
    }
}

#[tokio::test]
async fn a_restore_tells_what_happens_until_its_end() {
    let world = world(Firmware::V4_4_1).await;
    let config = BulkConfig::of(&world.agent);
    let file = config.save(BulkConfigSave::new()).bytes().await.unwrap();
    let restore = config
        .restore(file, BulkConfigRestore::new())
        .interval(FAST);
    let mut restoring = restore.begin().await.unwrap();
    let mut stages = Vec::new();
    let end = loop {
        match restoring.next().await.unwrap() {
            ActionEvent::Progress(stage) => stages.push(stage),
            ActionEvent::End(end) => break end,
            ActionEvent::Started => {}
            other => panic!("{other:?}"),
        }
    };
    assert!(end.unwrap().at >= Time::from_unix_seconds(1_700_000_000));
    assert!(
        stages.iter().all(|stage| matches!(
            stage,
            Stage::Applying { since } if since.unix_seconds() >= 1_700_000_000
        )),
        "{stages:?}"
    );
}

#[tokio::test]
async fn a_file_with_a_password_is_of_use_with_that_password_only() {
    let world = world(Firmware::V4_4_1).await;
    let config = BulkConfig::of(&world.agent);
    world.rename(3, "hidden").await;
    let password = "pass word&mode=backup?ä";
    let sealed = config.save(BulkConfigSave::new().password(password));
    let sealed = sealed.bytes().await.unwrap();
    assert!(!text(&sealed).contains("hidden"));
    let clear = BulkConfigSave::new().password(password).clear_text(true);
    let clear = config.save(clear).bytes().await.unwrap();
    assert!(text(&clear).contains("hidden"));
    for wrong in ["", "another"] {
        let how = BulkConfigRestore::new().password(wrong);
        let error = config.restore(sealed.clone(), how).await.unwrap_err();
        assert_eq!(
            error.response_code().map(BulkConfigCode::from),
            Some(BulkConfigCode::UnusableFile)
        );
        assert!(
            !format!("{error} {error:?}").contains("another"),
            "{error:?}"
        );
    }
    world.rename(3, "lost").await;
    let how = BulkConfigRestore::new().password(password);
    let restore = config.restore(sealed, how).interval(FAST);
    assert!(!format!("{restore:?}").contains("word"), "{restore:?}");
    restore.await.unwrap();
    assert_eq!(world.name(3).await, "hidden");
}

#[tokio::test]
async fn a_file_of_another_model_or_firmware_is_refused_unless_the_check_is_skipped() {
    let world = world(Firmware::V4_4_1).await;
    let config = BulkConfig::of(&world.agent);
    let identity = world.device.device().identity();
    let file = config.save(BulkConfigSave::new()).bytes().await.unwrap();
    let model = altered(&file, &format!("model={}", identity.model), "model=PX9");
    let firmware = altered(
        &file,
        &format!("firmware={}", identity.firmware),
        "firmware=4.4.0.1-1",
    );
    for (file, check, code) in [
        (model, SkipCheck::Model, BulkConfigCode::WrongModel),
        (
            firmware,
            SkipCheck::FirmwareVersion,
            BulkConfigCode::WrongFirmwareVersion,
        ),
    ] {
        let error = config.restore(file.clone(), BulkConfigRestore::new()).await;
        let error = error.unwrap_err();
        assert_eq!(error.response_code().map(BulkConfigCode::from), Some(code));
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        let how = BulkConfigRestore::new().skip_check(check);
        config.restore(file, how).interval(FAST).await.unwrap();
    }
}

#[tokio::test]
async fn what_a_device_refuses_of_a_bulk_configuration_has_the_code_of_the_manual() {
    let world = world(Firmware::V4_4_1).await;
    let config = BulkConfig::of(&world.agent);
    let kind = world.device.device().identity().kind;
    let file = config.save(BulkConfigSave::new()).bytes().await.unwrap();
    let backup = BulkConfigSave::new().backup(true);
    let backup = config.save(backup).bytes().await.unwrap();
    let broken = text(&file).replace("checksum=", "checksum=0").into_bytes();
    let mut large = file.clone();
    large.resize(1024 * 1024 + 1, b'\n');
    for (file, code) in [
        (
            altered(&file, &format!("device={kind}"), "device=toaster"),
            BulkConfigCode::WrongDeviceType,
        ),
        (large, BulkConfigCode::FileTooLarge),
        (backup, BulkConfigCode::UnusableFile),
        (b"no configuration".to_vec(), BulkConfigCode::UnusableFile),
        (broken, BulkConfigCode::ChecksumMissingOrWrong),
        (
            altered(&file, "filters=", "filters=unheard_of,"),
            BulkConfigCode::UnknownFilter,
        ),
    ] {
        let error = config.restore(file, BulkConfigRestore::new()).await;
        let error = error.unwrap_err();
        assert!(matches!(error, FilesError::Refused(_)), "{error:?}");
        let found = error.response_code().map(BulkConfigCode::from);
        assert_eq!(
            (found, error.outcome()),
            (Some(code), Outcome::NotExecuted),
            "{error}"
        );
    }
    // Link units that are not there.
    let how = BulkConfigRestore::new().link_units([1, 2]);
    let error = config.restore(file.clone(), how).await.unwrap_err();
    assert_eq!(
        error.response_code().map(BulkConfigCode::from),
        Some(BulkConfigCode::BadParameter)
    );
    // Another one while one is being restored.
    let first = config.restore(file.clone(), BulkConfigRestore::new());
    let first = first.interval(FAST).begin().await.unwrap();
    let error = config.restore(file, BulkConfigRestore::new()).await;
    assert_eq!(
        error.unwrap_err().response_code().map(BulkConfigCode::from),
        Some(BulkConfigCode::RestoreRunning)
    );
    first.await.unwrap();
}

#[tokio::test]
async fn a_filter_profile_says_what_is_saved_and_one_that_is_not_there_saves_nothing() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let config = BulkConfig::of(&world.agent);
        let object = BulkConfiguration::well_known(&world.agent);
        let filters = object.get_filters().await.unwrap();
        let profile = FilterProfile {
            name: "nothing but names".to_owned(),
            ..FilterProfile::default()
        };
        object.add_filter_profile(&profile).await.unwrap();
        assert!(!filters.is_empty());
        let profiles = config.profiles().await.unwrap();
        assert!(
            profiles
                .filter_profiles
                .iter()
                .any(|known| known.name == "nothing but names")
        );
        let save = BulkConfigSave::new().filter_profile("nothing but names");
        assert!(!config.save(save).bytes().await.unwrap().is_empty());
        let asked = world.device.requests().len();
        let save = BulkConfigSave::new().filter_profile("no such");
        let error = config.save(save).bytes().await.unwrap_err();
        assert_eq!(error.code(), "Files.NoSuchProfile", "{firmware}: {error}");
        assert!(error.to_string().contains("\"no such\""), "{error}");
        // One question, no file.
        assert!(world.device.requests().len() <= asked + 1);
    }
}

#[tokio::test]
async fn numbers_of_units_that_none_can_have_are_refused_before_anything_is_sent() {
    let world = world(Firmware::V4_4_1).await;
    let config = BulkConfig::of(&world.agent);
    let save = BulkConfigSave::new().link_units([9]);
    let error = config.save(save).bytes().await.unwrap_err();
    assert_eq!(error.code(), "Config.OutOfRange");
    let how = BulkConfigRestore::new().link_units([0]);
    let error = config.restore("x", how).await.unwrap_err();
    assert_eq!(error.code(), "Config.OutOfRange");
    let error = config.clone().unit(9).status().await.unwrap_err();
    assert_eq!(error.code(), "Config.OutOfRange");
    let error = config.unit(0).save(BulkConfigSave::new()).bytes().await;
    assert_eq!(error.unwrap_err().code(), "Config.OutOfRange");
}
