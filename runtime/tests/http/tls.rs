//! Who is trusted, and how distrust is told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::certificates::{Authority, Dates, self_signed, sha256};
use crate::presented::VERSIONS;
use crate::support::{
    Answer, GET_STATE, SET_STATE, Server, call, failure, in_time, raw_server, request, success,
};
use rustls::ServerConfig;
use xerus_rpc::error::{ErrorKind, TlsError, TlsErrorKind};
use xerus_rpc::{Agent, AgentBuilder, Outcome};

pub(crate) async fn device(config: Arc<ServerConfig>) -> Server {
    Server::https(config, |seen| seen.answer("{}")).await
}

pub(crate) async fn tls_failure(agent: AgentBuilder) -> (TlsError, String) {
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
        assert_eq!(error.kind(), TlsErrorKind::UnknownIssuer);
        assert_eq!(error.names(), ["127.0.0.1"]);
        let print = error.certificate_sha256().expect("it was presented");
        assert!(line.contains(&print.to_string()), "{line}");
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
        assert_eq!(error.kind(), TlsErrorKind::NameMismatch);
        assert_eq!(error.names(), ["pdu.example.com", "10.0.0.1"]);
        assert!(
            line.contains("another host name (pdu.example.com, 10.0.0.1)"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn dates_are_told_apart() {
    let authority = Authority::new();
    for (dates, expected) in [
        (Dates::Past, TlsErrorKind::Expired),
        (Dates::Future, TlsErrorKind::NotYetValid),
    ] {
        let server = device(authority.server_dated(&["127.0.0.1"], dates)).await;
        let (error, line) = tls_failure(server.agent().root_certificate_pem(authority.pem())).await;
        assert_eq!(error.kind(), expected);
        let date = match dates {
            Dates::Past => error.not_after(),
            _ => error.not_before(),
        };
        let date = date.expect("a date").to_string();
        assert!(["2002-01-01T00:00:00Z", "2118-01-01T00:00:00Z"].contains(&&*date));
        assert!(line.contains(&date), "{line}");
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
        assert_eq!(error.kind(), TlsErrorKind::NameMismatch);
        let (_, other) = self_signed(&["127.0.0.1"], claims_to_be_authority);
        let impostor = device(other).await;
        let (error, _) = tls_failure(impostor.agent().root_certificate_pem(&pem)).await;
        assert_eq!(error.kind(), TlsErrorKind::UnknownIssuer);
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
    assert_eq!(error.kind(), TlsErrorKind::PinMismatch);
    assert!(line.contains("not the pinned one"), "{line}");
    let presented = fingerprint.replace(':', "").to_lowercase();
    for print in ["00".repeat(32), presented] {
        assert!(line.contains(&print), "{line}");
    }
    assert_eq!(error.pinned_certificates().len(), 1);
    assert_eq!(error.pinned_public_keys(), []);
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
async fn a_pin_holds_also_where_verification_is_given_up() {
    let (_, config) = self_signed(&["other.example"], true);
    let server = device(config).await;
    let (certificate, key) = ("00".repeat(32), "11".repeat(32));
    for agent in [
        server
            .agent()
            .pin_certificate_sha256(certificate)
            .danger_accept_invalid_certs(),
        server
            .agent()
            .danger_accept_invalid_certs()
            .pin_public_key_sha256(key),
    ] {
        let (error, line) = tls_failure(agent).await;
        assert_eq!(error.kind(), TlsErrorKind::PinMismatch, "{line}");
    }
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
        matches!(error.code(), "Tls.Closed" | "Timeout.Tls"),
        "{error:?}"
    );

    for banner in [
        &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
        b"SSH-2.0-dropbear\r\n",
        b"220 mail ready\r\n",
    ] {
        let address = raw_server(banner).await;
        let (error, line) = tls_failure(Agent::builder(format!("https://{address}"))).await;
        assert_eq!(error.kind(), TlsErrorKind::NotTls, "{line}");
        assert!(line.contains("try http://"), "{line}");
    }

    let server = device(Authority::new().server(&["127.0.0.1"])).await;
    let agent = Agent::builder(format!("http://{}", server.address))
        .build_transport()
        .expect("valid");
    let error = failure(&agent, &SET_STATE).await;
    assert!(
        matches!(error.code(), "HttpProtocol.SpeaksTls" | "ConnectionLost"),
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
        ("Timeout.Tls", Outcome::NotExecuted),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .contains("timed out after 200ms in the TLS handshake: TCP is open"),
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

#[tokio::test]
async fn certificates_without_names_are_told() {
    let authority = Authority::new();
    let server = device(authority.server(&[])).await;
    let (error, line) = tls_failure(server.agent().root_certificate_pem(authority.pem())).await;
    assert_eq!(error.kind(), TlsErrorKind::NoNames);
    assert!(
        line.contains("no subject alternative name") && line.contains("pin_certificate_sha256"),
        "{line}"
    );
}

#[tokio::test]
async fn alerts_are_told_in_words_that_lead_on() {
    for (alert, kind, words) in [
        (70, TlsErrorKind::NoCommonVersion, "no TLS 1.2 or newer"),
        (40, TlsErrorKind::NoCommonCipher, "ECDHE and AES-GCM"),
        (
            116,
            TlsErrorKind::ClientCertificateRequired,
            "turn that off",
        ),
        (112, TlsErrorKind::PeerAlert, "the host name of the URL"),
        (80, TlsErrorKind::PeerAlert, "alert 80"),
        (233, TlsErrorKind::PeerAlert, "alert 233"),
    ] {
        let bytes = vec![0x15, 3, 1, 0, 2, 2, alert];
        let address = raw_server(Box::leak(bytes.into_boxed_slice())).await;
        for agent in [
            Agent::builder(format!("https://{address}")),
            Agent::builder(format!("https://{address}")).danger_accept_invalid_certs(),
        ] {
            let (error, line) = tls_failure(agent).await;
            assert_eq!((error.kind(), error.alert()), (kind, Some(alert)), "{line}");
            assert!(line.contains(words), "{line}");
        }
    }
}

#[tokio::test]
async fn an_end_inside_the_handshake_is_a_tls_error() {
    for reset in [false, true] {
        let address = ending_server(reset).await;
        let (error, line) = tls_failure(Agent::builder(format!("https://{address}"))).await;
        assert_eq!(error.kind(), TlsErrorKind::Closed, "{line}");
        assert!(line.contains("during the TLS handshake"), "{line}");
    }
}

/// A server that takes the first bytes of a handshake and goes away.
async fn ending_server(reset: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = [0; 2048];
            // What is left unread makes a reset of the end.
            let size = if reset { 1 } else { bytes.len() };
            let _ = stream.read(&mut bytes[..size]).await;
            let _ = stream.shutdown().await;
        }
    });
    address
}

#[tokio::test]
async fn a_demand_for_a_client_certificate_is_told() {
    let authority = Authority::new();
    let (pem, config) = self_signed(&["127.0.0.1"], false);
    let server = device(authority.demanding(config, VERSIONS[0])).await;
    let (error, line) = tls_failure(server.agent().pin_certificate_sha256(sha256(&pem))).await;
    assert_eq!(
        error.kind(),
        TlsErrorKind::ClientCertificateRequired,
        "{line}"
    );

    // Under TLS 1.3 the handshake is over for the client before the device has looked at it.
    let (pem, config) = self_signed(&["127.0.0.1"], false);
    let server = device(authority.demanding(config, VERSIONS[1])).await;
    let agent = server.agent().pin_certificate_sha256(sha256(&pem));
    let error = failure(&agent.build_transport().expect("valid"), &SET_STATE).await;
    assert_eq!(error.code(), "Tls.ClientCertificateRequired", "{error:?}");
    assert_eq!(server.requests(), 0);
}
