//! What both get from the simulated device, on every firmware. What one of them has saved, the other restores.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use xerus_api::pdumodel::Outlet;
use xerus_device::files::{BulkConfig, Certificates, DeviceFiles, Fetch, FilesError, RawConfig};
use xerus_rpc::Agent;
use xerus_rpc::files::{BulkConfigRestore, BulkConfigSave, CertificateFile};
use xerus_sim::{Clock, Firmware, Running, Simulator};

use crate::python::{Came, PASSWORD, Python, bytes, installed};

const FAST: Duration = Duration::from_millis(100);

pub(crate) struct World {
    device: Running,
    pub(crate) agent: Agent,
    clock: Clock,
    pub(crate) python: Python,
}

/// Time stands still, so that what is read twice is the same.
pub(crate) async fn world(version: &'static str, firmware: Firmware) -> World {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = Simulator::builder()
        .firmware(firmware)
        .user("admin", PASSWORD)
        .https(true)
        .clock(clock.clone())
        .start()
        .await
        .unwrap();
    let agent = Agent::builder(device.url())
        .basic_auth("admin", PASSWORD)
        .danger_accept_invalid_certs()
        .build()
        .unwrap();
    World {
        python: Python::start(version, device.url()),
        device,
        agent,
        clock,
    }
}

impl World {
    /// Lets time pass until this is dropped.
    fn pass(&self) -> Passing {
        let clock = self.clock.clone();
        Passing(tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(20)).await;
                clock.advance(Duration::from_secs(1));
            }
        }))
    }

    /// Both get the same bytes, or both that there is nothing.
    async fn same(&mut self, function: &str, args: Value, named: Value, ours: Fetch) {
        let what = format!("{} {function} {named}", self.python.version);
        let theirs = self.python.call(function, args, named).await;
        match (theirs, ours.bytes().await) {
            (Came::Bytes(theirs), Ok(ours)) => assert_eq!(theirs, ours, "{what}"),
            (Came::Error(Some(404), _), Err(FilesError::NotThere { .. })) => {}
            // The oldest client's exceptions have the status in another form.
            (Came::Error(None, text), Err(FilesError::NotThere { .. })) if text.contains("404") => {
            }
            (Came::Lacks, _) if self.python.is_oldest() => {}
            (theirs, ours) => panic!("{what}: {theirs:?}, {ours:?}"),
        }
    }

    async fn name(&self, number: u32) -> String {
        let outlet = Outlet::well_known(&self.agent, 0, number);
        outlet.get_settings().await.unwrap().name
    }

    async fn rename(&self, number: u32, name: &str) {
        let outlet = Outlet::well_known(&self.agent, 0, number);
        let mut settings = outlet.get_settings().await.unwrap();
        name.clone_into(&mut settings.name);
        outlet.set_settings(&settings).await.unwrap();
    }
}

struct Passing(JoinHandle<()>);

impl Drop for Passing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[tokio::test]
async fn what_both_download_is_the_same() {
    for version in installed() {
        for firmware in Firmware::ALL {
            let mut world = world(version, firmware).await;
            let files = DeviceFiles::of(&world.agent);
            let none = || (json!([]), json!({}));
            let (args, named) = none();
            world
                .same("diag.download", args, named, files.diagnostics())
                .await;
            let (args, named) = none();
            world
                .same(
                    "pdumodel.download_eto",
                    args,
                    named,
                    files.engineered_to_order(),
                )
                .await;
            let (args, named) = none();
            world
                .same(
                    "pdumodel.download_powermeter_csv",
                    args,
                    named,
                    files.power_meters(),
                )
                .await;
            for panel in [1, 8] {
                let ours = files.panel(panel);
                let args = json!([panel]);
                world
                    .same("pdumodel.download_panel_csv", args, json!({}), ours)
                    .await;
            }
            let (args, named) = none();
            let raw = files.raw_config().download();
            world.same("rawcfg.download", args, named, raw).await;
            for (named, how) in [
                (json!({}), BulkConfigSave::new()),
                (json!({"backup": true}), BulkConfigSave::new().backup(true)),
                (
                    json!({"password": "x", "clear_text": true}),
                    BulkConfigSave::new().password("x").clear_text(true),
                ),
            ] {
                let ours = files.bulk_config().save(how);
                world.same("bulkcfg.download", json!([]), named, ours).await;
            }
            for tag in CertificateFile::ALL {
                let ours = files.certificates().get(tag);
                let named = json!({"tag": tag.tag()});
                world.same("cert.download", json!([]), named, ours).await;
            }
        }
    }
}

#[tokio::test]
async fn what_one_has_saved_with_a_password_the_other_restores() {
    for version in installed() {
        for firmware in Firmware::ALL {
            let mut world = world(version, firmware).await;
            if world.python.is_oldest() {
                // It knows no password.
                continue;
            }
            world.rename(1, "kept").await;
            let named = json!({"backup": true, "password": "of the file"});
            let saved = world.python.call("bulkcfg.download", json!([]), named);
            let Came::Bytes(theirs) = saved.await else {
                panic!("{version}: nothing was saved");
            };
            let config = BulkConfig::of(&world.agent);
            let how = BulkConfigSave::new().backup(true).password("of the file");
            let ours = config.save(how).bytes().await.unwrap();

            world.rename(1, "lost").await;
            let passing = world.pass();
            let how = BulkConfigRestore::new()
                .backup(true)
                .password("of the file");
            let restore = config.restore(theirs, how).interval(FAST);
            restore.await.unwrap();
            assert_eq!(world.name(1).await, "kept", "{version} {firmware}");

            world.rename(1, "lost").await;
            let named = json!({"backup": true, "password": "of the file"});
            let args = json!([bytes(&ours)]);
            let taken = world.python.call("bulkcfg.upload", args, named).await;
            assert_eq!(taken.code(), Some(0), "{version} {firmware}");
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert_eq!(world.name(1).await, "kept", "{version} {firmware}");
            drop(passing);
        }
    }
}

/// Files that a device refuses, with the codes that the manual has for them.
fn refused(world: &World) -> Vec<(&'static str, Vec<u8>, i64)> {
    let text = |text: &str| format!("#!raw-config 1\n{text}\n").into_bytes();
    let large = vec![b'#'; 1024 * 1024 + 1];
    assert!(world.device.url().starts_with("https"));
    vec![
        ("rawcfg.upload", large.clone(), 4),
        ("rawcfg.upload", b"no configuration".to_vec(), 5),
        ("rawcfg.upload", text("pdu.name=${2}"), 7),
        ("rawcfg.upload", text("pdu.name={encrypted}AAAA"), 10),
        ("rawcfg.upload", text("#!dance=1"), 11),
        ("rawcfg.upload", text("#!match="), 12),
        ("bulkcfg.upload", large, 12),
        ("bulkcfg.upload", b"no configuration".to_vec(), 13),
    ]
}

#[tokio::test]
async fn what_is_refused_has_the_same_code_for_both() {
    for version in installed() {
        for firmware in Firmware::ALL {
            let mut world = world(version, firmware).await;
            for (function, file, code) in refused(&world) {
                let args = json!([bytes(&file)]);
                let theirs = world.python.call(function, args, json!({})).await;
                assert_eq!(theirs.code(), Some(code), "{version} {firmware} {function}");
                let ours = if function == "rawcfg.upload" {
                    RawConfig::of(&world.agent).upload(file).await
                } else {
                    let how = BulkConfigRestore::new();
                    BulkConfig::of(&world.agent).restore(file, how).await
                };
                let ours = ours.unwrap_err().response_code().map(i64::from);
                assert_eq!(ours, Some(code), "{version} {firmware} {function}");
            }
        }
    }
}

#[tokio::test]
async fn a_certificate_that_one_has_sent_the_other_sees_waiting() {
    for version in installed() {
        for firmware in Firmware::ALL {
            let mut world = world(version, firmware).await;
            let made = rcgen::generate_simple_self_signed(["pdu.example.com".to_owned()]).unwrap();
            let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
            let certificates = Certificates::of(&world.agent);
            let args = json!([bytes(chain.as_bytes()), bytes(key.as_bytes())]);
            let upload = world.python.call("cert.upload", args.clone(), json!({}));
            let sent = upload.await;
            assert_eq!(sent.code().unwrap_or(0), 0, "{version}: {sent:?}");
            let theirs = certificates.pending().await.unwrap().unwrap();
            // Sent once more, it is refused to both.
            let again = world.python.call("cert.upload", args, json!({})).await;
            if !world.python.is_oldest() {
                assert_eq!(again.code(), Some(2));
            }
            let error = certificates.upload(&chain).key(&key).await.unwrap_err();
            assert_eq!(error.response_code(), Some(2));
            let fingerprint = theirs.fingerprint();
            theirs.discard().await.unwrap();

            let ours = certificates.upload(&chain).key(&key).await.unwrap();
            assert_eq!(ours.fingerprint(), fingerprint, "{version} {firmware}");
            let files = [
                CertificateFile::PendingCertificate,
                CertificateFile::PendingKey,
            ];
            for file in files {
                let named = json!({"tag": file.tag()});
                let ours = certificates.get(file);
                world.same("cert.download", json!([]), named, ours).await;
            }
            ours.install().await.unwrap();
            let ours = certificates.get(CertificateFile::ActiveCertificate);
            world
                .same("cert.download", json!([]), json!({}), ours)
                .await;
        }
    }
}
