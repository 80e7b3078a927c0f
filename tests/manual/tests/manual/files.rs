//! Files: the request for one, and the forms with their names. What a device does with each file is tested with the flows.

use manual_tests::{PASSWORD, USER, frozen};
use xerus_api::cert::ServerSslCert;
use xerus_api::firmware::Firmware;
use xerus_rpc::files::{
    BULK_CONFIG_RESTORE, BULK_CONFIG_SAVE, BulkConfigCode, BulkConfigRestore, BulkConfigSave,
    CERTIFICATE_DOWNLOAD, CERTIFICATE_KEY, CERTIFICATE_UPLOAD, CertificateCode, CertificateFile,
    DIAGNOSTICS, FIRMWARE_UPLOAD, POWER_METER_CONFIG_UPLOAD, RAW_CONFIG_DOWNLOAD,
    RAW_CONFIG_UPLOAD, RawConfigCode, ResponseCode, SkipCheck, UploadEndpoint,
};
use xerus_rpc::wire::Part;
use xerus_rpc::{Agent, ErrorKind};
use xerus_sim::{Clock, FirmwareImage};

use crate::at_work;

#[tokio::test]
async fn a_target_is_fetched() {
    let (_device, agent) = at_work().await;
    let file = agent.download(DIAGNOSTICS).await.unwrap();
    assert!(!file.bytes().await.unwrap().is_empty());
    let error = agent.download("/cgi-bin/nothing.cgi").await.unwrap_err();
    assert_eq!(error.http_status(), Some(404));
}

#[test]
fn the_names_of_forms_are_those_that_devices_take() {
    let first = |endpoint: UploadEndpoint| endpoint.parts()[0].name();
    assert_eq!(first(CERTIFICATE_UPLOAD), "cert_file");
    assert_eq!(CERTIFICATE_KEY.name(), "key_file");
    assert_eq!(first(BULK_CONFIG_RESTORE), "bulk_config_file");
    assert_eq!(first(FIRMWARE_UPLOAD), "upfile");
    assert_eq!(first(RAW_CONFIG_UPLOAD), "config_file");
    assert_eq!(first(POWER_METER_CONFIG_UPLOAD), "config_file");
}

#[tokio::test]
async fn a_form_with_another_name_is_not_taken() {
    let (_device, agent) = at_work().await;
    let text = agent.download(RAW_CONFIG_DOWNLOAD).await.unwrap();
    let text = text.bytes().await.unwrap();
    for (name, is_taken) in [("config_file", true), ("upfile", false)] {
        let part = Part::file(name, "config.txt", "application/octet-stream", text.clone());
        let answer = agent.upload(RAW_CONFIG_UPLOAD).part(part).await;
        let taken = answer.and_then(|answer| RAW_CONFIG_UPLOAD.check(&answer));
        assert_eq!(taken.is_ok(), is_taken, "{name}: {taken:?}");
    }
}

/// The file, its name, the name in the form and the media type.
#[tokio::test]
async fn a_file_has_name_form_name_and_media_type() {
    let (_device, agent) = at_work().await;
    let text = agent.download(RAW_CONFIG_DOWNLOAD).await.unwrap();
    let part = RAW_CONFIG_UPLOAD.file(text.bytes().await.unwrap());
    assert_eq!(part.name(), "config_file");
    assert_eq!(part.file_name(), Some("config.txt"));
    assert_eq!(part.content_type(), Some("application/octet-stream"));
    let answer = agent.upload(RAW_CONFIG_UPLOAD).part(part).await.unwrap();
    RAW_CONFIG_UPLOAD.check(&answer).unwrap();
}

/// Every number of the manual's table has a meaning, and every other is kept.
fn has<C: ResponseCode>(last: i32) {
    for number in 0..=last {
        let code = C::from(number);
        assert_eq!(code.is_ok(), number == 0);
        assert!(
            code.name().is_some() && code.meaning().is_some(),
            "{number}"
        );
        assert!(number == 0 || !code.advice().is_empty(), "{number}");
    }
    assert_eq!(C::from(last + 1).name(), None);
    assert_eq!(C::from(last + 1).code(), last + 1);
    assert!(C::from(last + 1).check().is_err());
}

#[test]
fn response_codes_of_certificates_have_a_meaning() {
    has::<CertificateCode>(5);
}

#[test]
fn response_codes_of_raw_configurations_have_a_meaning() {
    has::<RawConfigCode>(12);
}

#[test]
fn response_codes_of_bulk_configurations_have_a_meaning() {
    has::<BulkConfigCode>(15);
}

#[tokio::test]
async fn a_certificate_is_uploaded_and_verified_before_it_is_installed() {
    let (device, agent) = at_work().await;
    let before = device.certificate_sha256();
    let active = agent
        .download(CERTIFICATE_DOWNLOAD)
        .queries(CertificateFile::ActiveCertificate.query());
    let certificate = active.await.unwrap().bytes().await.unwrap();
    let key = agent
        .download(CERTIFICATE_DOWNLOAD)
        .queries(CertificateFile::ActiveKey.query());
    let key = key.await.unwrap().bytes().await.unwrap();
    let form = agent
        .upload(CERTIFICATE_UPLOAD)
        .part(CERTIFICATE_UPLOAD.file(certificate))
        .part(CERTIFICATE_KEY.file(key));
    CERTIFICATE_UPLOAD.check(&form.await.unwrap()).unwrap();
    // It waits, and can be looked at.
    let info = ServerSslCert::well_known(&agent).get_info().await.unwrap();
    assert!(info.have_pending_cert, "{info:?}");
    assert_eq!(device.certificate_sha256(), before);
}

#[tokio::test]
async fn a_raw_configuration_is_downloaded() {
    let (_device, agent) = at_work().await;
    let file = agent.download(RAW_CONFIG_DOWNLOAD).await.unwrap();
    let text = String::from_utf8(file.bytes().await.unwrap().to_vec()).unwrap();
    assert!(text.contains('='), "{text}");
}

#[tokio::test]
async fn a_firmware_image_is_uploaded_before_it_is_looked_at() {
    let (_device, agent) = at_work().await;
    let firmware = Firmware::well_known(&agent);
    let (found, _) = firmware.get_image_info().await.unwrap();
    assert!(!found, "there is none yet");
    let image = FirmwareImage::new("4.4.1.6-53300".parse().unwrap());
    let form = agent
        .upload(FIRMWARE_UPLOAD)
        .part(FIRMWARE_UPLOAD.file(image.bytes()));
    FIRMWARE_UPLOAD.check(&form.await.unwrap()).unwrap();
    let (found, info) = firmware.get_image_info().await.unwrap();
    assert!(found);
    assert_eq!(info.version, "4.4.1.6-53300");
}

/// No broken pipe: nothing is sent to the address without encryption but a question without a password.
#[tokio::test]
async fn an_upload_over_http_to_a_device_that_forces_https_says_so_or_goes_to_https() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = frozen(&clock).http_redirect("127.0.0.1:0").start().await;
    let device = device.unwrap();
    let big = vec![b'#'; 4 << 20];
    let plain = || Agent::builder(device.http_url().unwrap()).basic_auth(USER, PASSWORD);
    let agent = plain().build().unwrap();
    let form = agent
        .upload(FIRMWARE_UPLOAD)
        .part(FIRMWARE_UPLOAD.file(big.clone()));
    let error = form.await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Redirect(_)), "{error}");
    assert!(error.to_string().contains("https://"), "{error}");

    let sha256 = device.certificate_sha256().unwrap().to_string();
    let agent = plain()
        .pin_certificate_sha256(sha256)
        .upgrade_redirects_to_port(device.address().port())
        .build()
        .unwrap();
    let image = FirmwareImage::new("4.4.1.6-53300".parse().unwrap());
    let form = agent
        .upload(FIRMWARE_UPLOAD)
        .part(FIRMWARE_UPLOAD.file(image.bytes()));
    FIRMWARE_UPLOAD.check(&form.await.unwrap()).unwrap();
}

/// A configuration of the device.
async fn saved(agent: &Agent, how: &BulkConfigSave) -> Vec<u8> {
    let file = agent
        .download(BULK_CONFIG_SAVE)
        .queries(how.query().unwrap());
    file.await.unwrap().bytes().await.unwrap().to_vec()
}

/// The code with which the device takes a configuration.
async fn restored(agent: &Agent, how: &BulkConfigRestore, file: Vec<u8>) -> BulkConfigCode {
    let form = agent
        .upload(BULK_CONFIG_RESTORE)
        .queries(how.query().unwrap())
        .part(BULK_CONFIG_RESTORE.file(file));
    let answer = form.await.unwrap();
    BULK_CONFIG_RESTORE.code(&answer).unwrap().unwrap().into()
}

#[tokio::test]
async fn a_bulk_configuration_is_saved_and_restored_in_both_modes() {
    for is_backup in [false, true] {
        let (_device, agent) = at_work().await;
        let file = saved(&agent, &BulkConfigSave::new().backup(is_backup)).await;
        let how = BulkConfigRestore::new().backup(is_backup);
        let taken = restored(&agent, &how, file).await;
        assert_eq!(taken, BulkConfigCode::Accepted, "backup: {is_backup}");
    }
}

#[tokio::test]
async fn a_bulk_configuration_is_encrypted_or_clear_text() {
    let (_device, agent) = at_work().await;
    let clear = saved(&agent, &BulkConfigSave::new().clear_text(true)).await;
    let text = String::from_utf8_lossy(&clear);
    assert!(
        text.contains("data=clear") && text.contains("pdu."),
        "{text}"
    );
    let sealed = saved(&agent, &BulkConfigSave::new().password("open sesame")).await;
    let text = String::from_utf8_lossy(&sealed);
    assert!(
        text.contains("data=sealed") && !text.contains("pdu."),
        "{text}"
    );
    let without = restored(&agent, &BulkConfigRestore::new(), sealed.clone()).await;
    assert_ne!(without, BulkConfigCode::Accepted);
    let with = BulkConfigRestore::new().password("open sesame");
    assert_eq!(
        restored(&agent, &with, sealed).await,
        BulkConfigCode::Accepted
    );
}

#[test]
fn the_options_of_bulk_configurations_are_those_of_the_device() {
    let restore = BulkConfigRestore::new()
        .skip_check(SkipCheck::FirmwareVersion)
        .skip_check(SkipCheck::Model)
        .link_units([2, 3]);
    let query = restore.query().unwrap();
    let query = format!("{:?}", query.iter().collect::<Vec<_>>());
    for part in [
        "skip_checks",
        "firmware_version",
        "model",
        "link_ids",
        "2,3",
    ] {
        assert!(query.contains(part), "{part}: {query}");
    }
    let save = BulkConfigSave::new().filter_profile("http_settings");
    let query = save.query().unwrap();
    let query = format!("{:?}", query.iter().collect::<Vec<_>>());
    assert!(
        query.contains("filter_profile") && query.contains("http_settings"),
        "{query}"
    );
}
