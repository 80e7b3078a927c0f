//! Updates, configurations, certificates and other files, with our own client.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use xerus_api::bulkcfg::{BulkConfiguration, bulk_configuration};
use xerus_api::cert::ServerSslCert;
use xerus_api::firmware::{
    Firmware, FirmwareUpdateStatus, ImageState, UpdateFlags, UpdateHistoryStatus,
};
use xerus_api::logging::{EventLog, RangeDirection};
use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_api::rawcfg::{RawConfiguration, raw_configuration};
use xerus_rpc::files::{
    BULK_CONFIG_RESTORE, BULK_CONFIG_SAVE, BulkConfigCode, BulkConfigRestore, BulkConfigSave,
    CERTIFICATE_DOWNLOAD, CERTIFICATE_KEY, CERTIFICATE_UPLOAD, CertificateCode, CertificateFile,
    DIAGNOSTICS, Endpoint, FIRMWARE_PROGRESS, FIRMWARE_UPLOAD, METRICS, MetricsPage,
    RAW_CONFIG_DOWNLOAD, RAW_CONFIG_UPLOAD,
};
use xerus_rpc::wire::Query;
use xerus_rpc::{Agent, Error, ErrorKind, FirmwareVersion};
use xerus_sim::{
    Clock, Firmware as Served, FirmwareImage, Role, Running, Simulator, SimulatorBuilder,
    UpdateEnding, UpdatePlan,
};

fn builder(clock: &Clock) -> SimulatorBuilder {
    Simulator::builder()
        .user("admin", "pass")
        .clock(clock.clone())
}

fn agent_as(running: &Running, user: &str, password: &str) -> Agent {
    let mut builder = Agent::builder(running.url()).basic_auth(user, password);
    if let Some(fingerprint) = running.certificate_sha256() {
        builder = builder.pin_certificate_sha256(fingerprint.to_string());
    }
    builder.build().unwrap()
}

fn agent(running: &Running) -> Agent {
    agent_as(running, "admin", "pass")
}

fn version(text: &str) -> FirmwareVersion {
    text.parse().unwrap()
}

/// Lets the tasks run that wait for the clock.
async fn advance(clock: &Clock, seconds: u64) {
    assert!(clock.advance(Duration::from_secs(seconds)));
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

async fn get(agent: &Agent, from: Endpoint, query: Query) -> Result<String, Error> {
    let bytes = agent.download(from).queries(query).await?.bytes().await?;
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn an_image_is_uploaded_installed_and_verified() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock)
        .firmware(Served::V4_0_20)
        .start()
        .await
        .unwrap();
    let agent = agent(&running);
    let firmware = Firmware::at(&agent, "/firmware");
    assert_eq!(firmware.get_version().await.unwrap(), "4.0.20.5-49038");

    let image = FirmwareImage::new(version("4.4.1.5-53217")).size(1_000_000);
    let file = FIRMWARE_UPLOAD.file(image.bytes());
    agent.upload(FIRMWARE_UPLOAD).part(file).await.unwrap();
    let status = firmware.get_image_status().await.unwrap();
    assert_eq!(
        (status.state, status.size_done),
        (ImageState::Complete, 1_000_000)
    );
    let (present, info) = firmware.get_image_info().await.unwrap();
    assert!(present && info.valid && info.compatible && info.signature_good);
    assert_eq!(info.version, "4.4.1.5-53217");

    firmware.start_update(&[]).await.unwrap();
    // How it goes is told to everybody, and nothing else is told.
    let anybody = Agent::builder(running.url()).build().unwrap();
    let progress = FirmwareUpdateStatus::at(&anybody, FIRMWARE_PROGRESS.path());
    for (seconds, state) in [
        (0, "INIT"),
        (2, "PREP"),
        (3, "SIMULATE"),
        (5, "UPDATE"),
        (20, "SUCCESS"),
    ] {
        advance(&clock, seconds).await;
        assert_eq!(progress.get_status().await.unwrap().state, state);
        let refused = firmware.get_version().await.unwrap_err();
        assert_eq!(refused.http_status(), Some(503));
    }
    advance(&clock, 3).await;
    // Away: whoever connects is cut off.
    assert!(progress.get_status().await.is_err());
    assert!(firmware.get_version().await.is_err());
    advance(&clock, 15).await;
    assert_eq!(progress.get_status().await.unwrap().state, "NONE");
    assert_eq!(firmware.get_version().await.unwrap(), "4.4.1.5-53217");
    let history = firmware.get_update_history().await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].status, UpdateHistoryStatus::Successful);
    assert_eq!(history[0].old_version, "4.0.20.5-49038");
    assert_eq!(history[0].image_version, "4.4.1.5-53217");
    assert_eq!(running.device().firmware(), Served::V4_4_1);
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    assert_eq!(
        pdu.get_meta_data().await.unwrap().fw_revision,
        "4.4.1.5-53217"
    );
}

#[tokio::test]
async fn updates_fail_in_many_ways() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock)
        .firmware(Served::V4_0_20)
        .updates(UpdatePlan::new().ending(UpdateEnding::FailsAt { percent: 10 }))
        .start()
        .await
        .unwrap();
    let agent = agent(&running);
    let firmware = Firmware::at(&agent, "/firmware");
    let progress = FirmwareUpdateStatus::at(&agent, FIRMWARE_PROGRESS.path());
    let send = |bytes: Vec<u8>| {
        let agent = agent.clone();
        async move {
            let file = FIRMWARE_UPLOAD.file(bytes);
            agent.upload(FIRMWARE_UPLOAD).part(file).await.unwrap();
        }
    };
    // Some other file.
    send(vec![7; 10_000]).await;
    let (present, info) = firmware.get_image_info().await.unwrap();
    assert!(present && !info.valid);
    firmware.start_update(&[]).await.unwrap();
    let status = progress.get_status().await.unwrap();
    assert_eq!(status.state, "FAIL");
    assert!(status.error_message.contains("no firmware image"));
    firmware.discard_image().await.unwrap();
    assert!(!firmware.get_image_info().await.unwrap().0);
    // Not signed: not without leave.
    let image = FirmwareImage::new(version("4.4.1.5-53217"))
        .unsigned()
        .bytes();
    send(image).await;
    firmware.start_update(&[]).await.unwrap();
    assert_eq!(progress.get_status().await.unwrap().state, "FAIL");
    firmware
        .start_update(&[UpdateFlags::AllowUntrusted])
        .await
        .unwrap();
    advance(&clock, 13).await;
    let status = progress.get_status().await.unwrap();
    assert_eq!((&*status.state, status.elapsed), ("FAIL", 12));
    assert_eq!(firmware.get_version().await.unwrap(), "4.0.20.5-49038");
    let history = firmware.get_update_history().await.unwrap();
    let ends: Vec<_> = history.iter().map(|entry| entry.status).collect();
    assert_eq!(ends, [UpdateHistoryStatus::Failed; 2]);
}

#[tokio::test]
async fn an_upload_that_breaks_off_has_failed() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock).start().await.unwrap();
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    let head = "POST /cgi-bin/fwupload.cgi HTTP/1.1\r\nHost: pdu\r\nContent-Length: 9000\r\n\
        Authorization: Basic YWRtaW46cGFzcw==\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n\
        --b\r\nContent-Disposition: form-data; name=\"upfile\"; filename=\"upfile.bin\"\r\n\r\nhalf of it";
    stream.write_all(head.as_bytes()).await.unwrap();
    let agent = agent(&running);
    let firmware = Firmware::at(&agent, "/firmware");
    let until = |wanted: ImageState| {
        let firmware = &firmware;
        async move {
            loop {
                let status = firmware.get_image_status().await.unwrap();
                if status.state == wanted {
                    return status;
                }
            }
        }
    };
    until(ImageState::Uploading).await;
    let second = FIRMWARE_UPLOAD.file(vec![1; 100]);
    let refused = agent
        .upload(FIRMWARE_UPLOAD)
        .part(second)
        .await
        .unwrap_err();
    assert_eq!(refused.http_status(), Some(503));
    drop(stream);
    let status = until(ImageState::UploadFailed).await;
    assert!(status.error_message.contains("send the image again"));
}

#[tokio::test]
async fn a_restart_answers_who_asked_for_it_and_then_nobody() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock).start().await.unwrap();
    let agent = agent(&running);
    let firmware = Firmware::at(&agent, "/firmware");
    firmware.reboot().await.unwrap();
    assert!(firmware.get_version().await.is_err());
    advance(&clock, 15).await;
    assert!(firmware.get_version().await.is_ok());
}

#[tokio::test]
async fn a_raw_configuration_is_edited_and_put_in_force() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock).start().await.unwrap();
    let agent = agent(&running);
    let text = get(&agent, RAW_CONFIG_DOWNLOAD, Query::new())
        .await
        .unwrap();
    let changed = text.replace("outlet[0].name=", "outlet[0].name=${2}");
    let list = "OTHER,x\nSIM0000001,mail server\n";
    let config = RAW_CONFIG_UPLOAD.file(changed);
    let alone = RAW_CONFIG_UPLOAD.file(text.replace("pdu.name=", "pdu.name=${2}"));
    let refused = agent.upload(RAW_CONFIG_UPLOAD).part(alone).await.unwrap();
    assert_eq!(RAW_CONFIG_UPLOAD.code(&refused).unwrap(), Some(7));
    let answer = agent
        .upload(RAW_CONFIG_UPLOAD)
        .file("device_list", "devices.csv", "text/csv", list)
        .part(config)
        .await
        .unwrap();
    RAW_CONFIG_UPLOAD.check(&answer).unwrap();
    let status = RawConfiguration::at(&agent, "/rawcfg");
    let (state, _) = status.get_status().await.unwrap();
    assert_eq!(state, raw_configuration::Status::UpdatePending);
    advance(&clock, 2).await;
    let (state, at) = status.get_status().await.unwrap();
    assert_eq!(state, raw_configuration::Status::UpdateOk);
    assert_eq!(at.unix_seconds(), 1_700_000_002);
    let outlet = Outlet::at(&agent, "/model/pdu/0/outlet/0");
    assert_eq!(outlet.get_settings().await.unwrap().name, "mail server");
    // The event log tells who did it.
    let log = EventLog::at(&agent, "/eventlog");
    let chunk = log
        .get_chunk(0, -1, RangeDirection::Forward, &[])
        .await
        .unwrap();
    let told = |text: &str| chunk.sel_entries.iter().any(|entry| entry.message == text);
    assert!(told(
        "Raw configuration was put in force by user 'admin' from 127.0.0.1."
    ));
}

#[tokio::test]
async fn a_backup_comes_back_with_its_password_only() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock).start().await.unwrap();
    let agent = agent(&running);
    let outlet = Outlet::at(&agent, "/model/pdu/0/outlet/3");
    let before = outlet.get_settings().await.unwrap();
    let save = BulkConfigSave::new().backup(true).password("secret");
    let backup = get(&agent, BULK_CONFIG_SAVE, save.query().unwrap())
        .await
        .unwrap();
    let mut other = before.clone();
    other.name = "changed".to_owned();
    outlet.set_settings(&other).await.unwrap();
    let restore = |password: &str| {
        let how = BulkConfigRestore::new().backup(true).password(password);
        let file = BULK_CONFIG_RESTORE.file(backup.clone());
        let upload = agent.upload(BULK_CONFIG_RESTORE);
        upload.queries(how.query().unwrap()).part(file)
    };
    let refused = BULK_CONFIG_RESTORE.check(&restore("wrong").await.unwrap());
    let code = refused.unwrap_err().response_code();
    assert_eq!(
        code.map(BulkConfigCode::from),
        Some(BulkConfigCode::UnusableFile)
    );
    let status = BulkConfiguration::at(&agent, "/bulkcfg");
    let (state, _) = status.get_status().await.unwrap();
    assert_eq!(state, bulk_configuration::Status::UploadFailed);
    BULK_CONFIG_RESTORE
        .check(&restore("secret").await.unwrap())
        .unwrap();
    let running_one = BULK_CONFIG_RESTORE.check(&restore("secret").await.unwrap());
    let code = running_one.unwrap_err().response_code();
    assert_eq!(
        code.map(BulkConfigCode::from),
        Some(BulkConfigCode::RestoreRunning)
    );
    advance(&clock, 3).await;
    let (state, _) = status.get_status().await.unwrap();
    assert_eq!(state, bulk_configuration::Status::RestoreOk);
    assert_eq!(outlet.get_settings().await.unwrap(), before);
}

#[tokio::test]
async fn a_certificate_is_installed_and_must_be_pinned_anew() {
    let clock = Clock::running();
    let running = builder(&clock).https(true).start().await.unwrap();
    let old = agent(&running);
    let certificates = ServerSslCert::at(&old, "/server_ssl_cert");
    let pinned = running.certificate_sha256().unwrap();
    let active = get(
        &old,
        CERTIFICATE_DOWNLOAD,
        CertificateFile::ActiveCertificate.query(),
    );
    assert_eq!(active.await.unwrap(), running.certificate_pem().unwrap());

    let new = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let chain = CERTIFICATE_UPLOAD.file(new.cert.pem());
    let other_key = rcgen::KeyPair::generate().unwrap();
    let key = CERTIFICATE_KEY.file(other_key.serialize_pem());
    let answer = old
        .upload(CERTIFICATE_UPLOAD)
        .part(chain)
        .part(key)
        .await
        .unwrap();
    let code = CERTIFICATE_UPLOAD
        .code(&answer)
        .unwrap()
        .map(CertificateCode::from);
    assert_eq!(code, Some(CertificateCode::KeyMismatch));
    let chain = CERTIFICATE_UPLOAD.file(new.cert.pem());
    let key = CERTIFICATE_KEY.file(new.signing_key.serialize_pem());
    let answer = old
        .upload(CERTIFICATE_UPLOAD)
        .part(chain)
        .part(key)
        .await
        .unwrap();
    CERTIFICATE_UPLOAD.check(&answer).unwrap();
    let info = certificates.get_info().await.unwrap();
    assert!(info.have_pending_cert && !info.have_pending_req);
    assert_eq!(info.pending_cert_info.names, ["127.0.0.1"]);
    assert_eq!(running.certificate_sha256(), Some(pinned));
    // The answer still comes over the connection with the old certificate.
    certificates.install_pending_key_pair().await.unwrap();
    let now = running.certificate_sha256().unwrap();
    assert_ne!(now, pinned);
    let refused = certificates.get_info().await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Tls(_)), "{refused}");
    let anew = agent(&running);
    let info = ServerSslCert::at(&anew, "/server_ssl_cert")
        .get_info()
        .await
        .unwrap();
    assert!(!info.have_pending_cert);
    assert_eq!(info.active_cert_info.names, ["127.0.0.1"]);
}

#[tokio::test]
async fn an_update_can_lose_the_certificate() {
    let clock = Clock::frozen_at(1_800_000_000);
    let plan = UpdatePlan::new().new_certificate(true);
    let device = builder(&clock).https(true).updates(plan);
    let running = device.start().await.unwrap();
    let old = agent(&running);
    let firmware = Firmware::at(&old, "/firmware");
    let image = FirmwareImage::new(version("4.4.1.5-60000")).bytes();
    let file = FIRMWARE_UPLOAD.file(image);
    old.upload(FIRMWARE_UPLOAD).part(file).await.unwrap();
    firmware.start_update(&[]).await.unwrap();
    advance(&clock, 33).await;
    advance(&clock, 15).await;
    let refused = firmware.get_version().await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::Tls(_)), "{refused}");
    let anew = agent(&running);
    let version = Firmware::at(&anew, "/firmware")
        .get_version()
        .await
        .unwrap();
    assert_eq!(version, "4.4.1.5-60000");
}

#[tokio::test]
async fn what_files_a_user_gets_the_role_says() {
    let clock = Clock::frozen_at(1_700_000_000);
    let running = builder(&clock)
        .account("guest", "guest", Role::Viewer)
        .start()
        .await
        .unwrap();
    let (admin, guest) = (agent(&running), agent_as(&running, "guest", "guest"));
    let page = get(&guest, METRICS, MetricsPage::new().query())
        .await
        .unwrap();
    assert!(page.contains("raritan_pdu_activepower_watt{pduid=\"1\"}"));
    let names = get(
        &guest,
        METRICS,
        MetricsPage::new().include_names(true).query(),
    );
    assert!(names.await.unwrap().contains("pduname=\"Simulated PDU\""));
    let key = || CertificateFile::ActiveKey.query();
    for (endpoint, query) in [
        (DIAGNOSTICS, Query::new()),
        (RAW_CONFIG_DOWNLOAD, Query::new()),
        (CERTIFICATE_DOWNLOAD, key()),
    ] {
        let refused = get(&guest, endpoint, query.clone()).await.unwrap_err();
        assert_eq!(refused.http_status(), Some(403), "{endpoint:?}");
        assert!(!get(&admin, endpoint, query).await.unwrap().is_empty());
    }
    let refused = guest
        .upload(FIRMWARE_UPLOAD)
        .part(FIRMWARE_UPLOAD.file(vec![1]))
        .await;
    assert_eq!(refused.unwrap_err().http_status(), Some(403));
    let through_link = guest.download(METRICS.through_link(2).unwrap()).await;
    assert_eq!(through_link.unwrap_err().http_status(), Some(404));
}
