use std::time::Duration;

use xerus_rpc::files::{BulkConfigCode, CertificateCode, CertificateFile, RawConfigCode};

use super::*;
use crate::limits::Limits;
use crate::model::certificates::{Curve, KeyFacts, KeyRequest, Subject};
use crate::model::clock::Clock;
use crate::model::configuration::Stage;
use crate::model::configuration::bulk::{RestoreOptions, SaveOptions};
use crate::model::event::ConfigurationKind;
use crate::model::image::FirmwareImage;
use crate::model::update::{TransferState, UpdateEnding};

fn device(firmware: Firmware) -> (Clock, Arc<Device>) {
    let clock = Clock::frozen_at(1_000_000);
    let make_up = MakeUp {
        firmware,
        ..MakeUp::default()
    };
    let device = Device::new(make_up, clock.clone(), &Limits::default());
    (clock, device)
}

/// Lets the tasks run that wait for the clock.
async fn advance(clock: &Clock, seconds: u64) {
    assert!(clock.advance(Duration::from_secs(seconds)));
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
}

fn upload(device: &Arc<Device>, image: &[u8]) {
    let total = u64::try_from(image.len()).unwrap();
    let mut upload = ImageUpload::begin(device, Some(total)).unwrap();
    for piece in image.chunks(10_000) {
        assert!(upload.push(piece));
    }
    upload.finish();
}

fn log(device: &Device) -> Vec<String> {
    let maintenance = device.maintenance();
    let entries = maintenance.event_log.entries();
    entries.map(|entry| entry.message.clone()).collect()
}

#[tokio::test]
async fn an_update_takes_the_device_away_and_brings_it_back_with_the_new_firmware() {
    let (clock, device) = device(Firmware::V4_0_20);
    let mut reach = device.reach();
    let boots = device.boot().number;
    let image = FirmwareImage::new("4.4.1.5-53217".parse().unwrap()).bytes();
    upload(&device, &image);
    device.start_update(UpdateFlags::default(), &Actor::new("admin", ""));
    assert_eq!(device.presence(), Presence::ProgressOnly);
    advance(&clock, 33).await;
    assert!(device.presence().is_away());
    assert!(reach.borrow_and_update().presence.is_away());
    assert_eq!(device.firmware(), Firmware::V4_0_20);
    advance(&clock, 15).await;
    assert_eq!(device.presence(), Presence::Here);
    assert_eq!(reach.borrow_and_update().presence, Presence::Here);
    assert_eq!(device.firmware(), Firmware::V4_4_1);
    assert!(device.boot().number > boots);
    assert_eq!(device.pdu_meta_data().firmware_version, "4.4.1.5-53217");
    let log = log(&device);
    for line in [
        "Firmware update from 4.0.20.5-49038 to 4.4.1.5-53217 started by user 'admin'.",
        "System started.",
        "Firmware update from 4.0.20.5-49038 to 4.4.1.5-53217 completed.",
    ] {
        assert!(log.iter().any(|entry| entry == line), "{line}: {log:?}");
    }
}

#[tokio::test]
async fn a_version_that_is_not_simulated_is_told_and_served_as_the_nearest() {
    let (clock, device) = device(Firmware::V3_6_80);
    upload(
        &device,
        &FirmwareImage::new("4.3.11.5-51180".parse().unwrap()).bytes(),
    );
    device.start_update(UpdateFlags::default(), &Actor::device());
    advance(&clock, 60).await;
    assert_eq!(device.firmware(), Firmware::V4_0_20);
    assert_eq!(device.firmware_version().to_string(), "4.3.11.5-51180");
    device.install_firmware(Firmware::V4_4_1);
    assert_eq!(device.firmware_version().to_string(), "4.4.1.5-53217");
}

#[tokio::test]
async fn a_device_that_stays_away_can_be_rescued() {
    let (clock, device) = device(Firmware::V4_0_20);
    device.set_update_plan(UpdatePlan::new().ending(UpdateEnding::StaysAway));
    upload(
        &device,
        &FirmwareImage::new("4.4.1.5-53217".parse().unwrap()).bytes(),
    );
    device.start_update(UpdateFlags::default(), &Actor::device());
    advance(&clock, 100_000).await;
    assert!(device.presence().is_away());
    assert!(device.rescue());
    assert!(!device.rescue());
    assert_eq!(device.presence(), Presence::Here);
    assert_eq!(device.firmware(), Firmware::V4_0_20);
}

#[tokio::test]
async fn an_upload_that_is_dropped_has_failed() {
    let (_, device) = device(Firmware::V4_4_1);
    let mut upload = ImageUpload::begin(&device, None).unwrap();
    assert!(upload.push(&[1, 2, 3]));
    drop(upload);
    let transfer = device.maintenance().updater.transfer().clone();
    assert_eq!(transfer.state, TransferState::UploadFailed);
    assert_eq!(transfer.done, 3);
}

#[tokio::test]
async fn configurations_are_in_force_after_a_while_and_tell_what_they_changed() {
    let (clock, device) = device(Firmware::V4_4_1);
    device
        .accounts()
        .set("bob", "secret", super::super::Role::Viewer);
    let actor = Actor::new("admin", "192.0.2.9");
    let text = device
        .save_raw(&actor)
        .replace("outlet[2].name=", "outlet[2].name=web server")
        .replace("user[bob].role=viewer", "user[bob].role=administrator");
    let files: [(&str, &[u8]); 1] = [("config_file", text.as_bytes())];
    assert_eq!(device.upload_raw(&files, &actor), RawConfigCode::Accepted);
    assert_eq!(device.outlet_settings(2).unwrap().name, "");
    advance(&clock, 2).await;
    assert_eq!(device.outlet_settings(2).unwrap().name, "web server");
    assert!(device.accounts().may_change(Some("bob")));
    assert_eq!(device.maintenance().raw.status().0, Stage::Done);
    let events = device.latest_events();
    assert!(events.iter().any(|event| matches!(
        event,
        Event::OutletSettingsChanged { outlet: 2, actor, .. } if actor.user == "admin"
    )));
    assert!(events.contains(&Event::ConfigurationRestored {
        actor: actor.clone(),
        kind: ConfigurationKind::Raw,
    }));
    // A backup brings it back after a change.
    let options = SaveOptions {
        backup: true,
        password: "secret".to_owned(),
        ..SaveOptions::default()
    };
    let backup = device.save_bulk(&options, &actor).unwrap();
    let before = device.configuration();
    device.factory_reset(&actor);
    assert_ne!(device.configuration().outlets, before.outlets);
    advance(&clock, 60).await;
    let restore = RestoreOptions {
        backup: true,
        password: "secret".to_owned(),
        ..RestoreOptions::default()
    };
    let code = device.restore_bulk(&restore, &backup, &actor);
    assert_eq!(code, BulkConfigCode::Accepted);
    advance(&clock, 3).await;
    // The user of the backup was removed, and a configuration adds none: it cannot be put in force.
    assert_eq!(device.maintenance().bulk.status().0, Stage::Failed);
    device
        .accounts()
        .set("bob", "secret", super::super::Role::Viewer);
    let code = device.restore_bulk(&restore, &backup, &actor);
    assert_eq!(code, BulkConfigCode::Accepted);
    advance(&clock, 3).await;
    assert_eq!(device.maintenance().bulk.status().0, Stage::Done);
    assert_eq!(device.configuration().outlets, before.outlets);
}

#[tokio::test]
async fn who_serves_https_hears_of_a_new_certificate() {
    let (_, device) = device(Firmware::V4_4_1);
    let mut reach = device.reach();
    let old = device.certificate().unwrap();
    let request = KeyRequest {
        subject: Subject::default(),
        names: vec!["pdu.example.com".to_owned()],
        key: KeyFacts::Ecdsa(Curve::P256),
    };
    let pair = Certificates::self_signed(device.clock().now(), &request, 1).unwrap();
    let code = device.upload_certificate(
        Some(pair.chain_pem().as_bytes()),
        Some(pair.key_pem().as_bytes()),
    );
    assert_eq!(code, CertificateCode::Accepted);
    assert!(!reach.has_changed().unwrap());
    let installed = device.with_certificates(Certificates::install_pending);
    assert_eq!(installed, Ok(Ok(())));
    assert!(reach.has_changed().unwrap());
    assert_eq!(reach.borrow_and_update().certificate, 1);
    let new = device.certificate().unwrap();
    assert_eq!(new.chain_pem(), pair.chain_pem());
    assert_ne!(new.chain_pem(), old.chain_pem());
    let file = device.certificate_file(CertificateFile::ActiveKey);
    assert_eq!(file.as_deref(), Some(pair.key_pem()));
}

#[tokio::test]
async fn a_factory_reset_leaves_one_account_whose_password_must_change() {
    let (clock, device) = device(Firmware::V4_4_1);
    let accounts = device.accounts();
    accounts.set("bob", "secret", super::super::Role::Administrator);
    device.factory_reset(&Actor::new("bob", ""));
    assert!(device.presence().is_away());
    advance(&clock, 15).await;
    assert_eq!(device.presence(), Presence::Here);
    assert_eq!(accounts.users(), ["admin"]);
    assert!(accounts.must_change_password("admin"));
}

#[tokio::test]
async fn the_metrics_page_has_a_sample_for_each_part() {
    let (_, device) = device(Firmware::V4_4_1);
    device.set_load(0, 1_000.0, 1.0);
    let page = device.metrics(true);
    for line in [
        "# TYPE raritan_pdu_activeenergy_watthour_total counter",
        "raritan_pdu_activepower_watt{pduid=\"1\", pduname=\"Simulated PDU\", outletid=\"1\", outletname=\"\"} 1000.00",
        "raritan_pdu_trip{pduid=\"1\", pduname=\"Simulated PDU\", overcurrentprotectorid=\"C1\", overcurrentprotectorname=\"\"} 1.00",
    ] {
        assert!(page.lines().any(|other| other == line), "{line}\n{page}");
    }
    assert!(page.contains("poleline=\"L1\""));
    assert!(page.contains("sensorname=\"Temperature 1\""));
    let short = device.metrics(false);
    assert!(!short.contains("pduname=") && !short.contains("outletname="));
    assert!(short.contains("{pduid=\"1\", sensorname=\"Temperature 1\"}"));
    device.set_tripped(0, true);
    let tripped = "raritan_pdu_trip{pduid=\"1\", overcurrentprotectorid=\"C1\"} 0.00";
    assert!(device.metrics(false).lines().any(|line| line == tripped));
}

#[tokio::test]
async fn diagnostic_data_hold_the_logs_and_no_password() {
    let (_, device) = device(Firmware::V4_4_1);
    device
        .accounts()
        .set("bob", "hunter22", super::super::Role::Viewer);
    device.restart(&Actor::new("bob", ""));
    let text = String::from_utf8(device.diagnostics()).unwrap();
    assert!(text.contains("System restarts by user 'bob'."));
    assert!(text.contains("user[bob].role=viewer"));
    assert!(!text.contains("hunter22"));
    assert!(device.eto_descriptor().contains("outlets=8\n"));
    let table = device.power_meter_csv(None).unwrap();
    assert_eq!(table.lines().count(), 3);
    assert_eq!(device.power_meter_csv(Some(1)), Some(table));
    assert_eq!(device.power_meter_csv(Some(2)), None);
}
