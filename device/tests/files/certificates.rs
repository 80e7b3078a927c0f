//! Certificates: sent, compared, installed; with the consequences for who pins.

use rcgen::{CertifiedKey, KeyPair};
use xerus_device::files::certificates::Seen;
use xerus_device::files::{Certificates, FilesError};
use xerus_rpc::files::{CertificateCode, CertificateFile};
use xerus_rpc::{Agent, Outcome};
use xerus_sim::{Fault, FaultRule, Firmware};

use crate::world::{pinned, world};

fn made(name: &str) -> CertifiedKey<KeyPair> {
    rcgen::generate_simple_self_signed([name.to_owned()]).unwrap()
}

fn pem(made: &CertifiedKey<KeyPair>) -> (String, String) {
    (made.cert.pem(), made.signing_key.serialize_pem())
}

fn fingerprint(made: &CertifiedKey<KeyPair>) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, made.cert.der());
    digest.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

#[tokio::test]
async fn a_certificate_waits_is_compared_and_installed_on_every_firmware() {
    for firmware in Firmware::ALL {
        let world = world(firmware).await;
        let made = made("pdu.example.com");
        let (chain, key) = pem(&made);
        // An agent that trusts whoever is there: it can read the active certificate back.
        let agent = Agent::builder(world.device.url())
            .basic_auth("admin", "pa:ss wörd")
            .danger_accept_invalid_certs()
            .build()
            .unwrap();
        let certificates = Certificates::of(&agent);
        assert!(certificates.pending().await.unwrap().is_none());
        let before = certificates.get(CertificateFile::ActiveCertificate);
        let before = before.bytes().await.unwrap();
        let pending = certificates.upload(&chain).key(&key).await.unwrap();
        assert_eq!(pending.fingerprint().to_string(), fingerprint(&made));
        assert_eq!(pending.left_out(), 0);
        assert!(pending.info().have_pending_cert, "{firmware}");
        assert_eq!(
            pending.certificate().subject.common_name,
            "rcgen self signed cert"
        );
        // Nothing has changed yet.
        let active = certificates.get(CertificateFile::ActiveCertificate);
        assert_eq!(active.bytes().await.unwrap(), before);
        let waiting = certificates.pending().await.unwrap().unwrap();
        assert_eq!(waiting.fingerprint(), pending.fingerprint());

        let installed = pending.install().await.unwrap();
        assert_eq!(installed.seen, Seen::ReadBack, "{firmware}");
        assert_eq!(installed.outcome, Outcome::Executed, "{firmware}");
        assert_eq!(installed.fingerprint.to_string(), fingerprint(&made));
        assert_eq!(
            world.device.certificate_sha256(),
            Some(installed.fingerprint)
        );
        assert!(certificates.pending().await.unwrap().is_none());
        let error = waiting.install().await.unwrap_err();
        assert_eq!(error.code(), "Files.NothingPending", "{error}");
    }
}

#[tokio::test]
async fn an_agent_that_pins_the_old_certificate_sees_the_new_one_in_the_handshake() {
    let world = world(Firmware::V4_4_1).await;
    let made = made("pdu.example.com");
    let (chain, key) = pem(&made);
    let certificates = Certificates::of(&world.agent);
    let pending = certificates.upload(chain).key(key).await.unwrap();
    let pin = pending.fingerprint().to_string();
    let installed = pending.install().await.unwrap();
    assert_eq!(installed.seen, Seen::Presented);
    assert!(installed.to_string().contains(&pin), "{installed}");
    assert!(
        installed.to_string().contains("does not trust"),
        "{installed}"
    );
    assert_eq!(world.device.calls().of("installPendingKeyPair").count(), 1);
    // The old agent is of no use any more, one with the new pin is.
    assert!(certificates.info().await.is_err());
    let agent = Agent::builder(world.device.url())
        .basic_auth("admin", "pa:ss wörd")
        .pin_certificate_sha256(pin)
        .build()
        .unwrap();
    let active = Certificates::of(&agent).info().await.unwrap();
    assert!(!active.have_pending_cert);
}

#[tokio::test]
async fn an_installation_whose_answer_is_lost_is_not_repeated() {
    let world = world(Firmware::V4_4_1).await;
    let (chain, key) = pem(&made("pdu.example.com"));
    let certificates = Certificates::of(&world.agent);
    let pending = certificates.upload(chain).key(key).await.unwrap();
    let lost = FaultRule::new(Fault::CloseAfterExecution).method("installPendingKeyPair");
    world.device.faults().inject(lost);
    let installed = pending.install().await.unwrap();
    assert_eq!(installed.outcome, Outcome::Unknown);
    assert_eq!(world.device.calls().of("installPendingKeyPair").count(), 1);
}

#[tokio::test]
async fn an_installation_that_nobody_confirms_is_not_claimed() {
    let world = world(Firmware::V4_4_1).await;
    let agent = Agent::builder(world.device.url())
        .basic_auth("admin", "pa:ss wörd")
        .danger_accept_invalid_certs()
        .build()
        .unwrap();
    let certificates = Certificates::of(&agent);
    let (chain, key) = pem(&made("pdu.example.com"));
    let lost = || {
        let lost = FaultRule::new(Fault::CloseUnanswered).method("installPendingKeyPair");
        world.device.faults().inject(lost.times(1));
    };
    // The device still shows the old one: what the call met with is said.
    let pending = certificates.upload(&chain).key(&key).await.unwrap();
    lost();
    let soon = std::time::Duration::from_millis(100);
    let error = pending.install().deadline(soon).await.unwrap_err();
    assert!(matches!(error, FilesError::Call(_)), "{error:?}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    let pending = certificates.pending().await.unwrap().unwrap();
    pending.install().await.unwrap();
    // It shows the same one already, whether it is installed again or not.
    let again = certificates.upload(&chain).key(&key).await.unwrap();
    lost();
    let error = again.install().await.unwrap_err();
    assert!(matches!(error, FilesError::Call(_)), "{error:?}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    let again = certificates.pending().await.unwrap().unwrap();
    assert_eq!(again.install().await.unwrap().outcome, Outcome::Executed);
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_found_by_what_waits() {
    let world = world(Firmware::V4_4_1).await;
    let made = made("pdu.example.com");
    let (chain, key) = pem(&made);
    let path = "/cgi-bin/server_ssl_cert_upload.cgi";
    let lost = FaultRule::new(Fault::CloseAfterExecution).on(path);
    world.device.faults().inject(lost);
    let pending = Certificates::of(&world.agent).upload(chain).key(key).await;
    let pending = pending.unwrap();
    assert_eq!(pending.fingerprint().to_string(), fingerprint(&made));
    pending.discard().await.unwrap();
    // The same when it did not arrive: nothing waits, and the error is that of the upload.
    world.device.faults().clear();
    let lost = FaultRule::new(Fault::CloseUnanswered).on(path);
    world.device.faults().inject(lost);
    let (chain, key) = pem(&made);
    let error = Certificates::of(&world.agent).upload(chain).key(key).await;
    let error = error.unwrap_err();
    assert!(matches!(error, FilesError::Call(_)), "{error:?}");
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn what_a_device_refuses_of_a_certificate_has_the_code_of_the_manual() {
    let world = world(Firmware::V4_4_1).await;
    let certificates = Certificates::of(&world.agent);
    let (first, second) = (pem(&made("a.example.com")), pem(&made("b.example.com")));
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let no_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (chain, key, code) in [
        (&*first.0, no_key, CertificateCode::InvalidKey),
        (
            no_certificate,
            &*first.1,
            CertificateCode::InvalidCertificate,
        ),
        (&*first.0, &*second.1, CertificateCode::KeyMismatch),
    ] {
        let error = certificates.upload(chain).key(key).await.unwrap_err();
        assert!(matches!(error, FilesError::Refused(_)), "{error:?}");
        let found = error.response_code().map(CertificateCode::from);
        assert_eq!(found, Some(code), "{error}");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
    }
    let pending = certificates.upload(&first.0).key(&first.1).await.unwrap();
    let error = certificates.upload(&second.0).key(&second.1).await;
    let error = error.unwrap_err();
    assert_eq!(
        error.response_code().map(CertificateCode::from),
        Some(CertificateCode::AlreadyPending)
    );
    // The first one still waits.
    pending.install().await.unwrap();
}

#[tokio::test]
async fn what_can_be_no_certificate_or_key_is_not_sent() {
    let world = world(Firmware::V4_4_1).await;
    let certificates = Certificates::of(&world.agent);
    let (chain, key) = pem(&made("a.example.com"));
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    for (chain, key) in [
        ("", &*key),
        ("\u{30}\u{0}", &*key),
        (&*key, &*key),
        (&*chain, &*chain),
        (&*chain, &*encrypted),
    ] {
        let error = certificates.upload(chain).key(key).await.unwrap_err();
        assert_eq!(error.code(), "Files.BadFile", "{error}");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        assert!(error.to_string().ends_with("nothing was sent"), "{error}");
    }
    assert!(certificates.pending().await.unwrap().is_none());
    let upload = certificates.upload(chain).key(&key);
    let shown = format!("{upload:?}");
    assert!(!shown.contains(key.lines().nth(1).unwrap()), "{shown}");
}

#[tokio::test]
async fn another_certificate_that_came_meanwhile_is_not_installed() {
    let world = world(Firmware::V4_4_1).await;
    let certificates = Certificates::of(&world.agent);
    let (first, second) = (pem(&made("a.example.com")), pem(&made("b.example.com")));
    let pending = certificates.upload(first.0).key(first.1).await.unwrap();
    // Somebody else throws it away and sends another.
    certificates.discard().await.unwrap();
    let other = certificates.upload(second.0).key(second.1).await.unwrap();
    let error = pending.install().await.unwrap_err();
    assert_eq!(error.code(), "Files.Differs");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(world.device.calls().of("installPendingKeyPair").count(), 0);
    other.discard().await.unwrap();
    assert!(certificates.pending().await.unwrap().is_none());
}

#[tokio::test]
async fn certificates_keys_and_requests_are_downloaded_by_their_tags() {
    let world = world(Firmware::V4_4_1).await;
    let certificates = Certificates::of(&world.agent);
    for tag in [
        CertificateFile::PendingCertificate,
        CertificateFile::PendingKey,
        CertificateFile::PendingRequest,
    ] {
        let error = certificates.get(tag).bytes().await.unwrap_err();
        assert_eq!(error.code(), "Files.NotThere", "{tag:?}");
        assert!(error.to_string().contains("pending"), "{error}");
    }
    let (chain, key) = pem(&made("a.example.com"));
    let pending = certificates.upload(&chain).key(&key).await.unwrap();
    let file = |tag| {
        let file = certificates.get(tag);
        async move { String::from_utf8(file.bytes().await.unwrap()).unwrap() }
    };
    assert_eq!(file(CertificateFile::PendingCertificate).await, chain);
    assert_eq!(file(CertificateFile::PendingKey).await, key);
    let active = file(CertificateFile::ActiveCertificate).await;
    assert!(active.starts_with("-----BEGIN CERTIFICATE-----"));
    let active_key = file(CertificateFile::ActiveKey).await;
    assert!(active_key.contains("PRIVATE KEY"));
    pending.install().await.unwrap();
    let certificates = Certificates::of(&pinned(&world.device).build().unwrap());
    let active = certificates.get(CertificateFile::ActiveKey).bytes().await;
    assert_eq!(active.unwrap(), key.into_bytes());
}
