//! The raw configuration: read, put in force, for many devices.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_device::files::{FilesError, RawConfig, Status};
use xerus_rpc::Outcome;
use xerus_rpc::files::{RAW_CONFIG_UPLOAD, RawConfigCode};
use xerus_rpc::wire::{Part, Source};
use xerus_sim::Firmware;

use crate::world::{World, world};

const FAST: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_raw_configuration_is_downloaded_changed_and_in_force_when_the_upload_is_over() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let config = RawConfig::of(&world.agent);
        assert_eq!(config.status().await.unwrap().status, Status::None);
        let text = String::from_utf8(config.download().bytes().await.unwrap()).unwrap();
        let changed = text.replace("outlet[6].name=\n", "outlet[6].name=raw\n");
        assert_ne!(text, changed);
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let applied = config
            .upload(changed.clone())
            .progress(move |sent, total| heard.lock().unwrap().push((sent, total)))
            .interval(FAST)
            .await
            .unwrap();
        assert_eq!(applied.outcome, Outcome::Executed, "{firmware}");
        assert!(applied.at.unix_seconds() >= 1_700_000_000);
        let last = told.lock().unwrap().last().copied().unwrap();
        assert_eq!(Some(last.0), last.1, "{firmware}");
        assert!(last.0 > changed.len() as u64);
        assert_eq!(world.name(6).await, "raw", "{firmware}");
        assert_eq!(config.status().await.unwrap().status, Status::InForce);
        let read_back = config.read_back(&changed).await.unwrap();
        assert!(read_back.is_complete(), "{read_back:?}");
        let read_back = config.read_back(&text).await.unwrap();
        assert_eq!(read_back.differing, ["outlet[6].name"]);
    }
}

#[tokio::test]
async fn a_second_upload_within_the_same_second_has_its_own_end() {
    let world = world(Firmware::V4_4_1).await;
    let config = RawConfig::of(&world.agent);
    for name in ["one", "two", "three"] {
        let text = format!("#!raw-config 1\noutlet[0].name={name}\n");
        config.upload(text).interval(FAST).await.unwrap();
        assert_eq!(world.name(0).await, name);
    }
}

#[tokio::test]
async fn a_configuration_for_many_devices_goes_behind_its_device_list() {
    let world = world(Firmware::V4_4_1).await;
    let config = RawConfig::of(&world.agent);
    let serial = world.device.device().identity().serial;
    let list = format!("OTHER,left\n{serial},\"right, with a comma\"\n");
    let text = "#!raw-config 1\n#!match=serial:1\noutlet[2].name=${2}\n";
    config
        .upload_with_list(list.clone(), text)
        .interval(FAST)
        .await
        .unwrap();
    assert_eq!(world.name(2).await, "right, with a comma");

    // The name of the part is not documented: another one is possible, and the order is that of the call.
    let csv = |list: String| Part::file("list", "list.csv", "text/csv", list);
    let parts = [csv(list.clone()), RAW_CONFIG_UPLOAD.file(text)];
    config.upload_parts(parts).interval(FAST).await.unwrap();
    let parts = [RAW_CONFIG_UPLOAD.file(text), csv(list)];
    let error = config.upload_parts(parts).await.unwrap_err();
    assert_eq!(
        error.response_code().map(RawConfigCode::from),
        Some(RawConfigCode::DeviceListMissing)
    );
}

async fn refusal(world: &World, list: Option<&str>, text: &str) -> FilesError {
    let config = RawConfig::of(&world.agent);
    let apply = match list {
        Some(list) => config.upload_with_list(list.to_owned(), text.to_owned()),
        None => config.upload(text.to_owned()),
    };
    apply.interval(FAST).await.unwrap_err()
}

#[tokio::test]
async fn what_a_device_refuses_of_a_raw_configuration_has_the_code_of_the_manual() {
    let world = world(Firmware::V4_4_1).await;
    let serial = world.device.device().identity().serial;
    let ours = format!("{serial},x\n");
    let large = format!("#!raw-config 1\n# {}\n", "x".repeat(1024 * 1024));
    let head = "#!raw-config 1\n";
    let file = |rest: &str| format!("{head}{rest}");
    for (list, text, code, outcome) in [
        (
            None,
            large,
            RawConfigCode::FileTooLarge,
            Outcome::NotExecuted,
        ),
        (
            None,
            "no configuration".to_owned(),
            RawConfigCode::InvalidFile,
            Outcome::NotExecuted,
        ),
        (
            Some(&*ours),
            file("#!match=shoe size:1\npdu.name=x\n"),
            RawConfigCode::InvalidDeviceList,
            Outcome::NotExecuted,
        ),
        (
            None,
            file("pdu.name=${2}\n"),
            RawConfigCode::DeviceListMissing,
            Outcome::NotExecuted,
        ),
        (
            Some("OTHER,x\n"),
            file("pdu.name=${2}\n"),
            RawConfigCode::NotInDeviceList,
            Outcome::NotExecuted,
        ),
        (
            Some(&*ours),
            file("pdu.name=${9}\n"),
            RawConfigCode::MacroFailed,
            Outcome::Unknown,
        ),
        (
            None,
            file("pdu.name={encrypted}AAAA\n"),
            RawConfigCode::DecryptionFailed,
            Outcome::Unknown,
        ),
        (
            None,
            file("#!dance=1\npdu.name=x\n"),
            RawConfigCode::UnknownSpecialLine,
            Outcome::Unknown,
        ),
        (
            None,
            file("#!match=\npdu.name=x\n"),
            RawConfigCode::SpecialLineFailed,
            Outcome::Unknown,
        ),
    ] {
        let error = refusal(&world, list, &text).await;
        assert!(matches!(error, FilesError::Refused(_)), "{error:?}");
        let found = error.response_code().map(RawConfigCode::from);
        assert_eq!((found, error.outcome()), (Some(code), outcome), "{error}");
    }
    // A part that the device does not look for.
    let part = Part::file("configuration", "c.txt", "text/plain", "#!raw-config 1\n");
    let error = RawConfig::of(&world.agent).upload_parts([part]).await;
    assert_eq!(
        error.unwrap_err().response_code().map(RawConfigCode::from),
        Some(RawConfigCode::BadParameter)
    );
    // Another one while one is being put in force.
    let config = RawConfig::of(&world.agent);
    let applying = config.upload(file("pdu.name=first\n")).interval(FAST);
    let applying = applying.begin().await.unwrap();
    let error = refusal(&world, None, &file("pdu.name=second\n")).await;
    assert_eq!(
        error.response_code().map(RawConfigCode::from),
        Some(RawConfigCode::UpdateRunning)
    );
    applying.await.unwrap();
    let text = config.download().bytes().await.unwrap();
    assert!(String::from_utf8_lossy(&text).contains("pdu.name=first\n"));
}

#[tokio::test]
async fn a_configuration_that_was_taken_and_cannot_be_put_in_force_is_a_failure() {
    let world = world(Firmware::V4_0_20).await;
    let config = RawConfig::of(&world.agent);
    let error = config
        .upload("#!raw-config 1\noutlet[999].name=x\n")
        .interval(FAST)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Files.NotInForce");
    assert_ne!(error.outcome(), Outcome::NotExecuted);
    assert!(error.to_string().contains("log of the device"), "{error}");
    // The device said so: there is nothing to ask on for.
    assert!(error.ticket().is_none());
}

#[tokio::test]
async fn a_configuration_goes_from_a_file_and_into_one() {
    let world = world(Firmware::V3_6_80).await;
    let config = RawConfig::of(&world.agent);
    let folder = std::env::temp_dir().join(format!("xerus-files-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("config.txt");
    let mut file = tokio::fs::File::create(&path).await.unwrap();
    let bytes = config.download().save_to(&mut file).await.unwrap();
    assert_eq!(bytes, std::fs::metadata(&path).unwrap().len());
    let file = tokio::fs::File::open(&path).await.unwrap();
    let applied = config
        .upload(Source::reader(bytes, file))
        .interval(FAST)
        .await;
    applied.unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}
