//! How a device is reached: HTTPS, certificates, time limits.

use std::time::{Duration, Instant};

use manual_tests::{PASSWORD, USER, device, frozen, trusting};
use xerus_api::pdumodel::Pdu;
use xerus_rpc::error::{ErrorClass, TlsErrorKind};
use xerus_rpc::{Agent, ErrorKind, Outcome};
use xerus_sim::{Clock, Fault, FaultRule, Simulator};

use crate::asked;

/// Examples work once user and password are those of the device.
#[tokio::test]
async fn own_credentials_take_the_place_of_those_of_the_examples() {
    let device = Simulator::builder()
        .https(true)
        .user("somebody", "something")
        .start()
        .await
        .unwrap();
    let known = trusting(&device).basic_auth("somebody", "something");
    assert_eq!(asked(known).await.unwrap(), "Simulated PDU");
    let unknown = trusting(&device).basic_auth(USER, PASSWORD);
    assert_eq!(asked(unknown).await.unwrap_err().http_status(), Some(401));
}

#[tokio::test]
async fn devices_enforce_https() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = frozen(&clock).http_redirect("127.0.0.1:0").start().await;
    let device = device.unwrap();
    let plain = || Agent::builder(device.http_url().unwrap()).basic_auth(USER, PASSWORD);
    let refused = asked(plain()).await.unwrap_err();
    assert!(
        matches!(refused.kind(), ErrorKind::Redirect(_)),
        "{refused}"
    );
    assert!(refused.to_string().contains(device.url()), "{refused}");
    assert_eq!(refused.outcome(), Outcome::NotExecuted);

    let sha256 = device.certificate_sha256().unwrap().to_string();
    let upgraded = plain()
        .pin_certificate_sha256(sha256)
        .upgrade_redirects_to_port(device.address().port());
    assert_eq!(asked(upgraded).await.unwrap(), "Simulated PDU");
}

#[tokio::test]
async fn the_certificate_is_verified_by_default() {
    let device = device().await.unwrap();
    let unverified = Agent::builder(device.url()).basic_auth(USER, PASSWORD);
    let error = asked(unverified).await.unwrap_err();
    assert_eq!(error.code(), "Tls.UnknownIssuer");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(
        device.requests().is_empty(),
        "nothing came, no password either"
    );
}

#[tokio::test]
async fn a_certificate_that_can_be_vouched_for_needs_nothing_else() {
    let device = device().await.unwrap();
    let vouched = Agent::builder(device.url())
        .basic_auth(USER, PASSWORD)
        .root_certificate_pem(device.certificate_pem().unwrap());
    assert_eq!(asked(vouched).await.unwrap(), "Simulated PDU");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_ends_with_a_message() {
    let device = device().await.unwrap();
    let error = asked(Agent::builder(device.url())).await.unwrap_err();
    let ErrorKind::Tls(tls) = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(tls.kind(), TlsErrorKind::UnknownIssuer);
    assert_eq!(tls.certificate_sha256(), device.certificate_sha256());
    let message = error.to_string();
    for way_out in ["root_certificate_pem", "pin_certificate_sha256"] {
        assert!(message.contains(way_out), "{message}");
    }
}

#[tokio::test]
async fn verification_can_be_disabled_by_an_option_of_the_agent() {
    let device = device().await.unwrap();
    let careless = Agent::builder(device.url())
        .basic_auth(USER, PASSWORD)
        .danger_accept_invalid_certs();
    assert_eq!(asked(careless).await.unwrap(), "Simulated PDU");
}

/// The manual's client waits for ever unless it is told otherwise; this one does not.
#[tokio::test]
async fn a_call_has_a_time_limit_without_being_told() {
    let agent = Agent::builder("https://192.0.2.7").build().unwrap();
    assert_eq!(agent.settings().timeout, Duration::from_secs(30));
}

#[tokio::test]
async fn a_time_limit_ends_a_call_to_a_device_that_does_not_answer() {
    let device = device().await.unwrap();
    device.faults().inject(FaultRule::new(Fault::NeverAnswer));
    let limit = Duration::from_millis(300);
    let agent = trusting(&device).basic_auth(USER, PASSWORD).timeout(limit);
    let agent = agent.build().unwrap();
    let pdu = Pdu::at(&agent, "/model/pdu/0");
    let began = Instant::now();
    let error = pdu.get_settings().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
    assert_eq!(error.class(), ErrorClass::Http);
    assert!(began.elapsed() < Duration::from_secs(20));

    // Also one call alone.
    let other = trusting(&device)
        .basic_auth(USER, PASSWORD)
        .build()
        .unwrap();
    let call = Pdu::at(&other, "/model/pdu/0").get_settings();
    let error = call.timeout(limit).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
}
