//! Who is trusted, and how distrust is told.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::certificates::{Authority, Dates, self_signed};
use crate::support::{
    Answer, GET_STATE, SET_STATE, Server, call, failure, in_time, raw_server, request, success,
};
use rustls::ServerConfig;
use xerus_rpc::error::{ErrorKind, TlsError};
use xerus_rpc::{Agent, AgentBuilder, Outcome};

async fn device(config: Arc<ServerConfig>) -> Server {
    Server::https(config, |seen| seen.answer("{}")).await
}

async fn tls_failure(agent: AgentBuilder) -> (TlsError, String) {
    let error = failure(
        &agent
            .basic_auth("admin", "hunter2")
            .build_transport()
            .expect("valid"),
        &GET_STATE,
    )
    .await;
    assert_eq!(
        (error.outcome(), error.was_sent()),
        (Outcome::NotExecuted, Some(false)),
        "{error:?}"
    );
    assert!(!error.is_retryable());
    match error.kind() {
        ErrorKind::Tls(tls) => (tls.clone(), error.to_string()),
        _ => panic!("no TLS error: {error:?}"),
    }
}

#[tokio::test]
async fn an_own_authority_is_trusted() {
    let authority = Authority::new();
    let server = device(authority.server(&["127.0.0.1", "localhost"])).await;
    let agent = server
        .agent()
        .root_certificate_pem(authority.pem())
        .build_transport()
        .expect("valid");
    success(&agent, &GET_STATE).await;
    let agent = Agent::builder(server.localhost()).root_certificate_pem(authority.pem());
    success(
        &agent
            .system_root_certificates(true)
            .build_transport()
            .expect("valid"),
        &GET_STATE,
    )
    .await;
}

#[tokio::test]
async fn unknown_issuers_are_told() {
    let server = device(Authority::new().server(&["127.0.0.1"])).await;
    // Another authority of the same name, the authorities of the system, and both.
    let other = Authority::new().pem();
    for agent in [
        server.agent(),
        server.agent().root_certificate_pem(&other),
        server
            .agent()
            .root_certificate_pem(&other)
            .system_root_certificates(true),
    ] {
        let (error, line) = tls_failure(agent).await;
        assert_eq!(error, TlsError::UnknownIssuer);
        assert!(
            line.contains("certificate not trusted: unknown issuer"),
            "{line}"
        );
        for way_out in ["root_certificate_pem", "pin_certificate_sha256"] {
            assert!(line.contains(way_out), "{line}");
        }
    }
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn names_and_addresses_must_match() {
    let authority = Authority::new();
    let server = device(authority.server(&["pdu.example.com", "10.0.0.1"])).await;
    for url in [server.url(), server.localhost()] {
        let (error, line) =
            tls_failure(Agent::builder(url).root_certificate_pem(authority.pem())).await;
        let TlsError::NameMismatch { presented } = &error else {
            panic!("{error:?}")
        };
        assert!(
            presented.iter().any(|name| name == "pdu.example.com"),
            "{presented:?}"
        );
        assert!(
            line.contains("another host name (pdu.example.com"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn dates_are_told_apart() {
    let authority = Authority::new();
    for (dates, expected) in [
        (Dates::Past, TlsError::Expired),
        (Dates::Future, TlsError::NotYetValid),
    ] {
        let server = device(authority.server_dated(&["127.0.0.1"], dates)).await;
        let (error, _) = tls_failure(server.agent().root_certificate_pem(authority.pem())).await;
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn the_certificate_of_a_device_vouches_for_itself() {
    for claims_to_be_authority in [false, true] {
        let (pem, config) = self_signed(&["127.0.0.1"], claims_to_be_authority);
        let server = device(config).await;
        let agent = server
            .agent()
            .root_certificate_pem(&pem)
            .build_transport()
            .expect("valid");
        success(&agent, &GET_STATE).await;
        let (error, _) =
            tls_failure(Agent::builder(server.localhost()).root_certificate_pem(&pem)).await;
        assert!(matches!(error, TlsError::NameMismatch { .. }), "{error:?}");
        let (_, other) = self_signed(&["127.0.0.1"], claims_to_be_authority);
        let impostor = device(other).await;
        let (error, _) = tls_failure(impostor.agent().root_certificate_pem(&pem)).await;
        assert!(
            matches!(error, TlsError::UnknownIssuer | TlsError::Handshake(_)),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn pins_replace_all_other_checks() {
    let (pem, config) = self_signed(&["factory-default.example"], true);
    let server = device(config).await;
    let fingerprint = crate::certificates::sha256(&pem);
    let agent = server
        .agent()
        .pin_certificate_sha256(&fingerprint)
        .build_transport()
        .expect("valid");
    success(&agent, &GET_STATE).await;
    let (error, line) = tls_failure(server.agent().pin_certificate_sha256("00".repeat(32))).await;
    assert_eq!(error, TlsError::PinMismatch);
    assert!(line.contains("not the pinned one"), "{line}");
}

#[tokio::test]
async fn verification_can_be_given_up() {
    let (_, config) = self_signed(&["other.example"], true);
    let server = device(config).await;
    let agent = server
        .agent()
        .danger_accept_invalid_certs()
        .build_transport()
        .expect("valid");
    success(&agent, &GET_STATE).await;
}

#[tokio::test]
async fn plain_text_on_a_tls_port_and_the_reverse() {
    let plain = Server::http(|_| Answer::Begin(String::new())).await;
    let agent = Agent::builder(format!("https://{}", plain.address)).build_transport();
    let get = request(&GET_STATE).with_timeout(Duration::from_secs(2));
    let error = in_time(call(&agent.expect("valid"), &get))
        .await
        .expect_err("no handshake");
    assert!(
        matches!(error.code(), "Tls.Handshake" | "Timeout.Connect"),
        "{error:?}"
    );

    let address = raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let (error, line) = tls_failure(Agent::builder(format!("https://{address}"))).await;
    assert_eq!(
        error,
        TlsError::Handshake("the peer does not speak TLS on this port".to_owned()),
        "{line}"
    );

    let server = device(Authority::new().server(&["127.0.0.1"])).await;
    let agent = Agent::builder(format!("http://{}", server.address))
        .build_transport()
        .expect("valid");
    let error = failure(&agent, &SET_STATE).await;
    assert!(
        matches!(error.code(), "HttpProtocol.Framing" | "ConnectionLost"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_stalled_handshake_ends_with_the_connect_limit() {
    let address = raw_server(b"").await;
    let start = Instant::now();
    let agent =
        Agent::builder(format!("https://{address}")).connect_timeout(Duration::from_millis(200));
    let error = failure(&agent.build_transport().expect("valid"), &SET_STATE).await;
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Connect", Outcome::NotExecuted),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .contains("timed out after 200ms connecting"),
        "{error}"
    );
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn no_process_wide_provider_is_installed() {
    let authority = Authority::new();
    let server = device(authority.server(&["127.0.0.1"])).await;
    let agent = server
        .agent()
        .root_certificate_pem(authority.pem())
        .build_transport()
        .expect("valid");
    success(&agent, &GET_STATE).await;
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}
