//! Files that are only read, and the configuration of power meters.

use std::sync::{Arc, Mutex};

use futures_util::StreamExt as _;
use xerus_device::files::{BulkConfig, DeviceFiles, FilesError, RawConfig};
use xerus_rpc::files::{BulkConfigSave, MetricsPage};
use xerus_sim::{Fault, FaultRule, Firmware};

use crate::world::world;

#[tokio::test]
async fn diagnostic_data_come_whole_and_as_a_stream_with_their_progress() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let files = DeviceFiles::of(&world.agent);
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let whole = files
            .diagnostics()
            .progress(move |came, total| heard.lock().unwrap().push((came, total)))
            .bytes()
            .await
            .unwrap();
        let all = whole.len() as u64;
        let last = told.lock().unwrap().last().copied();
        assert_eq!(last, Some((all, Some(all))), "{firmware}");
        let mut stream = files.diagnostics().await.unwrap();
        assert_eq!(stream.file_name(), Some("diag-data.tar"));
        let mut came = 0;
        while let Some(bytes) = stream.next().await {
            came += bytes.unwrap().len();
        }
        assert!(came > 1_000, "{firmware}: {came}");
    }
}

#[tokio::test]
async fn the_description_of_an_engineered_to_order_device_comes_as_the_device_has_it() {
    let world = world(Firmware::V4_4_1).await;
    let text = DeviceFiles::of(&world.agent)
        .engineered_to_order()
        .bytes()
        .await;
    let expected = world.device.device().eto_descriptor();
    assert_eq!(text.unwrap(), expected.into_bytes());
}

#[tokio::test]
async fn tables_of_power_meters_are_for_all_or_for_one_panel() {
    let world = world(Firmware::V4_4_1).await;
    let files = DeviceFiles::of(&world.agent);
    let all = String::from_utf8(files.power_meters().bytes().await.unwrap()).unwrap();
    assert!(all.starts_with("panel,"), "{all}");
    let first = String::from_utf8(files.panel(1).bytes().await.unwrap()).unwrap();
    assert_eq!(first.lines().next(), all.lines().next());
    let error = files.panel(8).bytes().await.unwrap_err();
    assert_eq!(error.code(), "Files.NotThere");
    assert!(
        error.to_string().contains("table of power meters"),
        "{error}"
    );
    for number in [0, 9] {
        let error = files.panel(number).bytes().await.unwrap_err();
        assert_eq!(error.code(), "Config.OutOfRange");
    }
}

#[tokio::test]
async fn a_configuration_of_power_meters_is_answered_with_a_text_that_is_given() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let files = DeviceFiles::of(&world.agent);
        let told = Arc::new(Mutex::new(0));
        let heard = Arc::clone(&told);
        let text = files
            .configure_power_meters(r#"{"panels": []}"#)
            .progress(move |sent, _| *heard.lock().unwrap() = sent)
            .await;
        assert!(text.unwrap().contains("was taken"), "{firmware}");
        assert!(*told.lock().unwrap() > 14);
        let text = files.configure_power_meters("panel;name\n").await.unwrap();
        assert!(text.starts_with("no JSON"), "{firmware}: {text}");
    }
}

#[tokio::test]
async fn a_file_that_is_larger_than_the_limit_is_refused() {
    let world = world(Firmware::V4_4_1).await;
    let error = DeviceFiles::of(&world.agent).diagnostics().limit(100);
    let error = error.bytes().await.unwrap_err();
    assert!(error.code().starts_with("ResponseTooLarge"), "{error}");
}

#[tokio::test]
async fn a_file_without_a_byte_is_no_backup() {
    let world = world(Firmware::V4_4_1).await;
    world
        .device
        .faults()
        .inject(FaultRule::new(Fault::EmptyBody));
    let save = BulkConfigSave::new().backup(true);
    let error = BulkConfig::of(&world.agent).save(save).bytes().await;
    let error = error.unwrap_err();
    assert_eq!(error.code(), "Files.Empty");
    assert!(error.to_string().contains("bulk configuration"), "{error}");
}

#[tokio::test]
async fn a_file_that_ends_early_is_an_error() {
    let world = world(Firmware::V4_4_1).await;
    world
        .device
        .faults()
        .inject(FaultRule::new(Fault::TruncateBody));
    let error = RawConfig::of(&world.agent).download().bytes().await;
    assert!(matches!(error, Err(FilesError::Call(_))), "{error:?}");
}

#[tokio::test]
async fn a_user_who_may_only_look_gets_no_configuration() {
    let world = crate::world::build(Firmware::V4_4_1, |builder| {
        builder.account("viewer", "viewer", xerus_sim::model::Role::Viewer)
    })
    .await;
    let viewer = crate::world::pinned(&world.device).basic_auth("viewer", "viewer");
    let viewer = viewer.build().unwrap();
    let error = RawConfig::of(&viewer).download().bytes().await.unwrap_err();
    let call = error.as_call().unwrap();
    assert!(call.is_permission_denied(), "{error}");
    let text = "#!raw-config 1\noutlet[0].name=x\n";
    let error = RawConfig::of(&viewer).upload(text).await.unwrap_err();
    assert!(error.as_call().unwrap().is_permission_denied(), "{error}");
    assert_eq!(world.name(0).await, "");
}

#[tokio::test]
async fn the_page_with_measurements_is_there_from_firmware_4_0_10_on() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let page = DeviceFiles::of(&world.agent).metrics(MetricsPage::new());
        let page = page.bytes().await;
        if firmware == Firmware::V3_6_80 {
            let error = page.unwrap_err();
            assert_eq!(error.code(), "Files.NotThere", "{error}");
        } else {
            let page = String::from_utf8(page.unwrap()).unwrap();
            assert!(page.contains("\nraritan_pdu_"), "{firmware}: {page}");
        }
    }
}
