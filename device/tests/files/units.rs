//! Link units, and files that a device does not have.

use std::time::Duration;

use xerus_device::files::{BulkConfig, Certificates, DeviceFiles, RawConfig};
use xerus_rpc::files::{BulkConfigRestore, BulkConfigSave, CertificateFile, MetricsPage};
use xerus_sim::site::FileEndpoint;

use crate::scripted::{Script, scripted};

const FAST: Duration = Duration::from_millis(100);

#[tokio::test]
async fn files_of_a_link_unit_are_asked_for_behind_its_prefix() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    let files = DeviceFiles::of(&agent).unit(2);
    files.diagnostics().bytes().await.unwrap();
    files.engineered_to_order().bytes().await.unwrap();
    files.power_meters().bytes().await.unwrap();
    files.panel(3).bytes().await.unwrap();
    files.metrics(MetricsPage::new()).bytes().await.unwrap();
    files.raw_config().download().bytes().await.unwrap();
    let save = BulkConfigSave::new().link_units([1, 3]);
    files.bulk_config().save(save).bytes().await.unwrap();
    let active = files.certificates().get(CertificateFile::ActiveCertificate);
    active.bytes().await.unwrap();
    let seen = script.downloads.lock().unwrap().clone();
    let expected = [
        (FileEndpoint::Diagnostics, ""),
        (FileEndpoint::EngineeredToOrder, ""),
        (FileEndpoint::PowerMeters, ""),
        (FileEndpoint::PowerMeters, "panelid=3"),
        (FileEndpoint::Metrics, ""),
        (FileEndpoint::RawConfigDownload, ""),
        (FileEndpoint::BulkConfigSave, "link_ids=1,3"),
        (FileEndpoint::CertificateDownload, "tag=active_cert"),
    ];
    assert_eq!(
        seen,
        expected.map(|(endpoint, parameters)| (endpoint, 2, parameters.to_owned()))
    );
}

#[tokio::test]
async fn a_configuration_of_a_link_unit_is_sent_to_it_and_its_status_is_asked() {
    let (script, _serving, agent) = scripted(Script::default()).await;
    script.say(&[(0, 0), (3, 5)]);
    let apply = RawConfig::of(&agent).unit(2).upload("abc").interval(FAST);
    let applying = apply.begin().await.unwrap();
    assert_eq!(applying.ticket().target(), "/link/2/rawcfg");
    applying.await.unwrap();
    script.say(&[(3, 5), (3, 6)]);
    let config = BulkConfig::of(&agent).unit(2);
    let restore = config.restore("abcd", BulkConfigRestore::new());
    restore.interval(FAST).await.unwrap();
    let text = DeviceFiles::of(&agent).unit(2).configure_power_meters("{}");
    assert_eq!(text.await.unwrap(), "taken\n");
    let uploads = script.uploads.lock().unwrap().clone();
    let part = |name: &str, bytes| vec![(name.to_owned(), bytes)];
    assert_eq!(
        uploads,
        [
            (FileEndpoint::RawConfigUpload, 2, part("config_file", 3)),
            (
                FileEndpoint::BulkConfigRestore,
                2,
                part("bulk_config_file", 4)
            ),
            (
                FileEndpoint::PowerMeterConfigUpload,
                2,
                part("config_file", 2)
            ),
        ]
    );
}

#[tokio::test]
async fn a_wire_without_files_says_so_before_anything_is_changed() {
    let device = xerus_sim::Simulator::builder().in_process();
    let agent = device.agent();
    let error = DeviceFiles::of(&agent).diagnostics().bytes().await;
    let download = error.unwrap_err();
    let upload = RawConfig::of(&agent).upload("x").await.unwrap_err();
    for error in [download, upload] {
        assert_eq!(error.code(), "Config.Unsupported", "{error}");
        assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
    }
}

#[tokio::test]
async fn what_a_firmware_does_not_have_is_said_to_be_not_there() {
    let (script, _serving, agent) = scripted(Script {
        has: vec![FileEndpoint::Metrics],
        ..Script::default()
    })
    .await;
    let files = DeviceFiles::of(&agent);
    let made = rcgen::generate_simple_self_signed(["a.example.com".to_owned()]).unwrap();
    let errors = [
        files.diagnostics().bytes().await.unwrap_err(),
        files.engineered_to_order().bytes().await.unwrap_err(),
        files.power_meters().bytes().await.unwrap_err(),
        files.raw_config().download().bytes().await.unwrap_err(),
        files.raw_config().upload("x").await.unwrap_err(),
        files
            .bulk_config()
            .save(BulkConfigSave::new())
            .bytes()
            .await
            .unwrap_err(),
        files
            .bulk_config()
            .restore("x", BulkConfigRestore::new())
            .await
            .unwrap_err(),
        files.configure_power_meters("x").await.unwrap_err(),
        files
            .certificates()
            .upload(made.cert.pem())
            .await
            .unwrap_err(),
        // There is no such object either.
        Certificates::of(&agent).info().await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), "Files.NotThere", "{error}");
        assert!(!error.as_call().unwrap().may_have_executed(), "{error}");
        assert!(
            error.to_string().starts_with("the device has no "),
            "{error}"
        );
    }
    assert!(script.uploads.lock().unwrap().is_empty());
}
