//! What both ask for when a file is downloaded, and the bytes that both get.

use serde_json::{Value, json};
use xerus_device::files::{BulkConfig, Certificates, DeviceFiles, FilesError, RawConfig};
use xerus_rpc::Agent;
use xerus_rpc::files::{BulkConfigSave, CertificateFile};
use xerus_rpc::wire::BoxFuture;

use crate::python::{Came, Python, installed};
use crate::shelf::{alike, content, shelf};

/// How the vendor's client is asked, and ours.
type Row = (&'static str, Value, Value, Fetched);

type Fetched = BoxFuture<'static, Result<Vec<u8>, FilesError>>;

fn downloads(agent: &Agent) -> Vec<Row> {
    let (raw, bulk) = (RawConfig::of(agent), BulkConfig::of(agent));
    let (certificates, files) = (Certificates::of(agent), DeviceFiles::of(agent));
    let save = |how: BulkConfigSave| -> Fetched { Box::pin(bulk.save(how).bytes()) };
    let new = BulkConfigSave::new;
    let password = "p&a?s=s #wörd/%";
    let mut rows: Vec<Row> = vec![
        (
            "rawcfg.download",
            json!([]),
            json!({}),
            Box::pin(raw.download().bytes()),
        ),
        ("bulkcfg.download", json!([]), json!({}), save(new())),
        (
            "bulkcfg.download",
            json!([]),
            json!({"backup": true}),
            save(new().backup(true)),
        ),
        (
            "bulkcfg.download",
            json!([]),
            json!({"password": password}),
            save(new().password(password)),
        ),
        (
            "bulkcfg.download",
            json!([]),
            json!({"clear_text": true}),
            save(new().clear_text(true)),
        ),
        (
            "bulkcfg.download",
            json!([]),
            json!({"link_ids": [1, 2, 8], "filter_profile": "names & more"}),
            save(new().link_units([1, 2, 8]).filter_profile("names & more")),
        ),
        (
            "bulkcfg.download",
            json!([]),
            json!({"backup": true, "password": password, "clear_text": true, "link_ids": [3], "filter_profile": "names & more"}),
            save(
                new()
                    .backup(true)
                    .password(password)
                    .clear_text(true)
                    .link_units([3])
                    .filter_profile("names & more"),
            ),
        ),
        (
            "diag.download",
            json!([]),
            json!({}),
            Box::pin(files.diagnostics().bytes()),
        ),
        (
            "pdumodel.download_eto",
            json!([]),
            json!({}),
            Box::pin(files.engineered_to_order().bytes()),
        ),
        (
            "pdumodel.download_powermeter_csv",
            json!([]),
            json!({}),
            Box::pin(files.power_meters().bytes()),
        ),
        (
            "cert.download",
            json!([]),
            json!({}),
            Box::pin(certificates.get(CertificateFile::ActiveCertificate).bytes()),
        ),
    ];
    for panel in 1..=8 {
        rows.push((
            "pdumodel.download_panel_csv",
            json!([panel]),
            json!({}),
            Box::pin(files.panel(panel).bytes()),
        ));
    }
    for file in CertificateFile::ALL {
        rows.push((
            "cert.download",
            json!([]),
            json!({"tag": file.tag()}),
            Box::pin(certificates.get(file).bytes()),
        ));
    }
    rows
}

#[tokio::test]
async fn downloads_ask_for_the_same_and_bring_the_same_bytes() {
    for version in installed() {
        let (shelf, serving, agent) = shelf().await;
        let mut python = Python::start(version, serving.url());
        let mut compared = 0;
        for (function, args, named, ours) in downloads(&agent) {
            let theirs = python.call(function, args.clone(), named.clone()).await;
            if theirs == Came::Lacks {
                // What it knows is the mode.
                assert!(python.is_oldest() && named != json!({}), "{function}");
                continue;
            }
            let asked = shelf.take();
            let mine = ours.await.unwrap();
            alike(&python, &asked, &shelf.take(), function);
            assert_eq!(theirs, Came::Bytes(mine.clone()), "{version} {function}");
            assert_eq!(mine, content(asked.endpoint), "{version} {function}");
            compared += 1;
        }
        assert_eq!(compared, if python.is_oldest() { 15 } else { 24 });
    }
}
