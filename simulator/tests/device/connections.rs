//! Connections: keeping, limiting, encrypting, ending them.

use std::sync::Arc;
use std::time::Duration;

use crate::support::{Client, admin, builder, device, encrypted, request};
use rustls::CertificateError;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use xerus_sim::{Certificate, Limits};

const GET_VERSION: &str = r#"{"method":"getVersion","id":1}"#;

#[tokio::test]
async fn a_connection_serves_many_calls() {
    let (_device, mut client) = device().await;
    for _ in 0..50 {
        let answer = client.post("/firmware", &[&admin()], GET_VERSION).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("content-length"),
            Some(answer.body.len().to_string().as_str())
        );
        assert_eq!(answer.header("transfer-encoding"), None);
    }
}

#[tokio::test]
async fn requests_may_arrive_in_pieces_or_together() {
    let (_device, mut client) = device().await;
    let request = request("/firmware", &[&admin()], GET_VERSION);
    for byte in request.as_bytes() {
        client.0.write_all(&[*byte]).await.unwrap();
        client.0.flush().await.unwrap();
    }
    assert_eq!(client.answer().await.unwrap().status, 200);
    client
        .0
        .write_all(request.repeat(3).as_bytes())
        .await
        .unwrap();
    for _ in 0..3 {
        assert_eq!(client.answer().await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let mut limits = Limits::default();
    limits.body_bytes = 1_000;
    let device = builder().limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let body = format!(
        r#"{{"method":"getVersion","id":1,"x":"{}"}}"#,
        "x".repeat(1_000)
    );
    assert_eq!(
        client.post("/firmware", &[&admin()], &body).await.status,
        413
    );
    let mut client = Client::connect(device.address()).await;
    assert_eq!(
        client
            .post("/firmware", &[&admin()], GET_VERSION)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn slow_bodies_are_not_awaited_for_ever() {
    let mut limits = Limits::default();
    limits.body_timeout = Duration::from_millis(100);
    let device = builder().limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let head = format!(
        "POST /firmware HTTP/1.1\r\nHost: pdu\r\n{}\r\nContent-Length: 30\r\n\r\n{{",
        admin()
    );
    assert_eq!(client.raw(head.as_bytes()).await.unwrap().status, 408);
}

#[tokio::test]
async fn slow_heads_are_not_awaited_for_ever() {
    let mut limits = Limits::default();
    limits.header_timeout = Duration::from_millis(100);
    let device = builder().limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    client
        .0
        .write_all(b"POST /firmware HTTP/1.1\r\nHost:")
        .await
        .unwrap();
    assert!(
        tokio::time::timeout(Duration::from_secs(10), client.is_closed())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn idle_connections_are_closed() {
    let mut limits = Limits::default();
    limits.header_timeout = Duration::from_millis(100);
    let device = builder().limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    assert_eq!(
        client
            .post("/firmware", &[&admin()], GET_VERSION)
            .await
            .status,
        200
    );
    assert!(
        tokio::time::timeout(Duration::from_secs(10), client.is_closed())
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn large_heads_are_refused() {
    let mut limits = Limits::default();
    limits.header_bytes = 1;
    let device = builder().limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    assert_eq!(
        client
            .post("/firmware", &[&admin()], GET_VERSION)
            .await
            .status,
        200
    );
    let filler = format!("X-Filler: {}", "x".repeat(20_000));
    let request = request("/firmware", &[&admin(), &filler], GET_VERSION);
    let answer = client.raw(request.as_bytes()).await;
    assert!(answer.is_none_or(|answer| answer.status == 431));
}

#[tokio::test]
async fn a_new_connection_takes_the_place_of_the_oldest_idle_one() {
    let mut limits = Limits::default();
    limits.connections = 2;
    let device = builder().limits(limits).start().await.unwrap();
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = Client::connect(device.address()).await;
        let answer = client.post("/firmware", &[&admin()], GET_VERSION).await;
        assert_eq!(answer.status, 200);
        clients.push(client);
    }
    assert!(
        tokio::time::timeout(Duration::from_secs(10), clients[0].is_closed())
            .await
            .unwrap()
    );
    for client in &mut clients[1..] {
        let answer = client.post("/firmware", &[&admin()], GET_VERSION).await;
        assert_eq!(answer.status, 200);
    }
}

#[tokio::test]
async fn dropping_the_device_ends_everything() {
    let (device, mut client) = device().await;
    assert_eq!(
        client
            .post("/firmware", &[&admin()], GET_VERSION)
            .await
            .status,
        200
    );
    let (address, handle) = (device.address(), Arc::clone(device.device()));
    drop(device);
    assert!(
        tokio::time::timeout(Duration::from_secs(10), client.is_closed())
            .await
            .unwrap()
    );
    assert!(TcpStream::connect(address).await.is_err());
    assert_eq!(handle.make_up().outlets, 8);
}

#[tokio::test]
async fn garbage_is_answered_or_cut() {
    let (_device, mut client) = device().await;
    let answer = client
        .raw(b"\x16\x03\x01\x02\x00 no http at all\r\n\r\n")
        .await;
    assert!(answer.is_none_or(|answer| answer.status == 400));
    let mut client = Client::connect(_device.address()).await;
    assert_eq!(
        client
            .post("/firmware", &[&admin()], GET_VERSION)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn https_under_every_loopback_name() {
    let device = builder().https(true).start().await.unwrap();
    let pem = device.certificate_pem().unwrap();
    for name in ["localhost", "127.0.0.1", "::1"] {
        let mut client = encrypted(device.address(), pem, name)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let version = client.result("/firmware", "getVersion", json!({})).await;
        assert_eq!(version["_ret_"], device.device().firmware().version_text());
    }
    let error = encrypted(device.address(), pem, "pdu.example.com")
        .await
        .err()
        .unwrap();
    assert!(
        matches!(
            refusal(&error),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        ),
        "{error}"
    );
}

/// What is wrong with the certificate.
fn refusal(error: &std::io::Error) -> &CertificateError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(rustls::Error::InvalidCertificate(refusal)) => refusal,
        _ => panic!("{error}"),
    }
}

#[tokio::test]
async fn certificates_that_must_be_refused() {
    let expired = builder()
        .certificate(Certificate::self_signed().expired())
        .start()
        .await
        .unwrap();
    let error = encrypted(
        expired.address(),
        expired.certificate_pem().unwrap(),
        "localhost",
    )
    .await
    .err()
    .unwrap();
    assert!(
        matches!(
            refusal(&error),
            CertificateError::Expired | CertificateError::ExpiredContext { .. }
        ),
        "{error}"
    );
    // Two devices, each with a certificate that is good by itself, of the other's.
    let one = builder().https(true).start().await.unwrap();
    let other = builder().https(true).start().await.unwrap();
    for (device, trusted) in [(&one, &other), (&other, &one)] {
        let error = encrypted(
            device.address(),
            trusted.certificate_pem().unwrap(),
            "localhost",
        )
        .await
        .err()
        .unwrap();
        assert!(
            matches!(
                refusal(&error),
                CertificateError::UnknownIssuer | CertificateError::BadSignature
            ),
            "{error}"
        );
        let own = device.certificate_pem().unwrap();
        assert!(encrypted(device.address(), own, "localhost").await.is_ok());
    }
}

#[tokio::test]
async fn plain_http_on_the_encrypted_port_does_no_harm() {
    let device = builder().https(true).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    client.0.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    assert!(
        encrypted(
            device.address(),
            device.certificate_pem().unwrap(),
            "localhost"
        )
        .await
        .is_ok()
    );
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error() {
    let (device, _client) = device().await;
    let error = builder()
        .listen(device.address().to_string())
        .start()
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot listen on {}", device.address())),
        "{error}"
    );
    let error = builder()
        .certificate(Certificate::self_signed().names(["ü ü"]))
        .start()
        .await
        .unwrap_err();
    assert!(
        error.to_string().starts_with("cannot make a certificate"),
        "{error}"
    );
}
