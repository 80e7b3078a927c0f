//! Configurations, certificates and other files, with our own client.

use std::time::Duration;

use xerus_api::bulkcfg::{BulkConfiguration, bulk_configuration};
use xerus_api::cert::ServerSslCert;
use xerus_api::logging::{EventLog, RangeDirection};
use xerus_api::pdumodel::Outlet;
use xerus_api::rawcfg::{RawConfiguration, raw_configuration};
use xerus_rpc::files::{
    BULK_CONFIG_RESTORE, BULK_CONFIG_SAVE, BulkConfigCode, BulkConfigRestore, BulkConfigSave,
    CERTIFICATE_DOWNLOAD, CERTIFICATE_KEY, CERTIFICATE_UPLOAD, CertificateCode, CertificateFile,
    DIAGNOSTICS, Endpoint, FIRMWARE_UPLOAD, METRICS, MetricsPage, RAW_CONFIG_DOWNLOAD,
    RAW_CONFIG_UPLOAD,
};
use xerus_rpc::wire::Query;
use xerus_rpc::{Agent, Error, ErrorKind, FirmwareVersion};
use xerus_sim::{Clock, Role, Running, Simulator, SimulatorBuilder};

pub(crate) fn builder(clock: &Clock) -> SimulatorBuilder {
    Simulator::builder()
        .user("admin", "pass")
        .clock(clock.clone())
}

pub(crate) fn agent_as(running: &Running, user: &str, password: &str) -> Agent {
    let mut builder = Agent::builder(running.url()).basic_auth(user, password);
    if let Some(fingerprint) = running.certificate_sha256() {
        builder = builder.pin_certificate_sha256(fingerprint.to_string());
    }
    builder.build().unwrap()
}

pub(crate) fn agent(running: &Running) -> Agent {
    agent_as(running, "admin", "pass")
}

pub(crate) fn version(text: &str) -> FirmwareVersion {
    text.parse().unwrap()
}

/// Lets the tasks run that wait for the clock.
pub(crate) async fn advance(clock: &Clock, seconds: u64) {
    assert!(clock.advance(Duration::from_secs(seconds)));
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

pub(crate) async fn get(agent: &Agent, from: Endpoint, query: Query) -> Result<String, Error> {
    let bytes = agent.download(from).queries(query).await?.bytes().await?;
    Ok(String::from_utf8(bytes.to_vec()).unwrap())
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
