//! What goes wrong below the calls.

use std::io::Write as _;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tokio::net::TcpListener;
use xerus_ripex2_tests::api::ripex2::Unit;
use xerus_ripex2_tests::options::Options;
use xerus_ripex2_tests::unit;
use xerus_rpc::ripex2::{FaultCode, Ripex2, Ripex2Server, Role, from_base64};
use xerus_rpc::server::Router;
use xerus_rpc::{Agent, ErrorKind, Json, Outcome};

use crate::fake::{Fake, Say, result};

fn packed(text: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

fn ask(agent: &Agent) -> xerus_rpc::Call<Json> {
    agent.call("", "settings_get", Json::EMPTY_OBJECT)
}

#[tokio::test]
async fn r15_a_certificate_that_signed_itself_needs_a_pin() {
    let options = Options {
        tls: true,
        ..Options::default()
    };
    let (serving, _) = unit::serve(&options).await.unwrap();
    let builder = || Ripex2::builder(serving.url()).login("admin", unit::PASSWORD);
    let refused = ask(&builder().build().unwrap()).await.unwrap_err();
    assert!(refused.code().starts_with("Tls."), "{refused}");
    assert_eq!(refused.outcome(), Outcome::NotExecuted);
    // Another pin than that of the unit: its certificate was changed, or somebody else answers.
    let wrong = builder()
        .pin_certificate_sha256("0f".repeat(32))
        .build()
        .unwrap();
    let error = ask(&wrong).await.unwrap_err();
    assert_eq!(error.code(), "Tls.PinMismatch");
    let accepts = builder().connection(xerus_rpc::AgentBuilder::danger_accept_invalid_certs);
    ask(&accepts.build().unwrap()).await.unwrap();
    serving.shutdown().await;
}

#[tokio::test]
async fn r15_an_expired_certificate_is_refused_unless_it_is_pinned() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    parameters.not_before = rcgen::date_time_ymd(2019, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let certificate = parameters.self_signed(&key).unwrap();
    let server = Ripex2Server::new(Router::new()).user("admin", "mock-password", Role::Admin);
    let server = server.tls(certificate.pem(), key.serialize_pem()).unwrap();
    let serving = server.bind(("127.0.0.1", 0)).await.unwrap();
    let builder = || Ripex2::builder(serving.url()).login("admin", "mock-password");
    let trusting = builder().root_certificate_pem(certificate.pem());
    let refused = ask(&trusting.build().unwrap()).await.unwrap_err();
    assert_eq!(refused.code(), "Tls.Expired");
    assert_eq!(refused.outcome(), Outcome::NotExecuted);
    let ErrorKind::Tls(told) = refused.kind() else {
        panic!("{refused:?}");
    };
    let print = told.certificate_sha256().unwrap().to_string();
    let pinned = builder().pin_certificate_sha256(print).build().unwrap();
    // The unit answers, and has no such method.
    let answer = ask(&pinned).await.unwrap_err();
    assert_eq!(FaultCode::of(&answer), Some(FaultCode::MethodNotFound));
    serving.shutdown().await;
}

#[tokio::test]
async fn two_objects_with_one_method_are_refused_at_the_start() {
    let served = || xerus_ripex2_tests::api::server::ripex2::unit(Nothing);
    let two = || {
        let router = Router::new();
        router.insert("/a", served());
        router.insert("/b", served());
        router
    };
    let behind = Ripex2Server::new(Router::new()).unit("10.9.9.9".parse().unwrap(), two());
    for server in [Ripex2Server::new(two()), behind] {
        let error = server.bind(("127.0.0.1", 0)).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(
            error.to_string().starts_with("/a and /b both have"),
            "{error}"
        );
    }
    // Where the second one comes later, neither is called.
    let router = Router::new();
    router.insert("/a", served());
    let server = Ripex2Server::new(router.clone()).user("admin", "mock-password", Role::Admin);
    let serving = server.bind(("127.0.0.1", 0)).await.unwrap();
    let builder = Ripex2::builder(serving.url()).login("admin", "mock-password");
    let agent = builder.build().unwrap();
    router.insert("/b", served());
    let refused = ask(&agent).await.unwrap_err();
    assert_eq!(FaultCode::of(&refused), Some(FaultCode::MethodNotFound));
    assert_eq!(refused.outcome(), Outcome::NotExecuted);
    assert!(refused.to_string().contains("/a, /b"), "{refused}");
    serving.shutdown().await;
}

struct Nothing;

impl xerus_ripex2_tests::api::server::ripex2::Unit for Nothing {}

#[tokio::test]
async fn r16_a_handshake_that_hangs_ends_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", silent.local_addr().unwrap());
    let agent = Ripex2::builder(url)
        .login("admin", "x")
        .connection(|http| http.connect_timeout(Duration::from_millis(300)))
        .build()
        .unwrap();
    let start = Instant::now();
    let error = ask(&agent).await.unwrap_err();
    assert_eq!(error.code(), "Timeout.Tls");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    let text = error.to_string();
    assert!(text.contains("TCP is open, TLS is silent"), "{text}");
    // The time of the call ends it in the same way.
    let call = ask(&agent).timeout(Duration::from_millis(100));
    assert_eq!(call.await.unwrap_err().code(), "Timeout.Tls");
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn r17_compressed_answers_are_unpacked_with_a_limit() {
    let plain = json!({"result": "x".repeat(5000)}).to_string();
    let good = packed(plain.as_bytes());
    let bomb = packed(&[b' '].repeat(50 << 20));
    assert!(bomb.len() < 100_000);
    let bodies = [good, b"no gzip".to_vec(), bomb, Vec::new()];
    let fake =
        Fake::of(move |_, number| Say::With("Content-Encoding: gzip", bodies[number % 4].clone()))
            .await;
    let agent = fake
        .builder()
        .connection(|http| http.max_response_bytes(1 << 20))
        .build()
        .unwrap();
    assert_eq!(ask(&agent).await.unwrap().get().len(), 5002);
    assert_eq!(ask(&agent).await.unwrap_err().code(), "Protocol");
    assert_eq!(ask(&agent).await.unwrap_err().code(), "ResponseTooLarge");
    assert_eq!(ask(&agent).await.unwrap_err().code(), "Protocol");
    assert_eq!(ask(&agent).await.unwrap().get().len(), 5002);
    assert!(
        fake.asked()
            .iter()
            .any(|asked| asked.head.to_lowercase().contains("accept-encoding: gzip"))
    );
}

#[tokio::test]
async fn r18_what_is_no_answer_is_told_as_such() {
    let fake = Fake::of(|_, number| match number {
        0 => Say::Status(500, "boom"),
        1 => Say::Status(502, "<html>bad gateway</html>"),
        2 => Say::Status(200, "<html><body>Please log in</body></html>"),
        3 => Say::Status(200, ""),
        4 => Say::Status(200, "[1]"),
        5 => Say::Status(200, r#"{"result":1,"result":2}"#),
        6 => Say::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"result\":".to_vec()),
        7 => Say::Cut(b"SSH-2.0-dropbear\r\n".to_vec()),
        _ => result(json!(1)),
    })
    .await;
    let agent = fake.agent();
    let mut codes = Vec::new();
    for _ in 0..8 {
        let error = agent
            .call("", "anything", Json::EMPTY_OBJECT)
            .await
            .unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        codes.push(error.code());
    }
    assert_eq!(codes[..2], ["HttpStatus.Server"; 2]);
    assert_eq!(codes[2..6], ["Protocol"; 4]);
    assert!(
        codes[6..]
            .iter()
            .all(|code| code.starts_with("HttpProtocol.") || *code == "ConnectionLost"),
        "{codes:?}"
    );
    assert_eq!(
        agent
            .call("", "anything", Json::EMPTY_OBJECT)
            .await
            .unwrap()
            .get(),
        "1"
    );
    let page = Fake::of(|_, _| Say::Status(200, "<html><body>Please log in")).await;
    let error = ask(&page.agent()).await.unwrap_err();
    assert!(error.to_string().contains("Please log in"), "{error}");
}

#[tokio::test]
async fn r36_a_large_file_is_limited_and_its_text_checked() {
    let fake = Fake::of(|_, number| {
        let base64 = if number == 0 {
            "QUJD".repeat(100_000)
        } else {
            "Q$JD".to_owned()
        };
        Say::Json(json!({"base64": base64, "extension": "zip"}))
    })
    .await;
    let unit = Unit::at(&fake.agent(), "");
    let file = unit.settings_package_get().await.unwrap();
    assert_eq!(from_base64(&file.base64).unwrap().len(), 300_000);
    let broken = unit.settings_package_get().await.unwrap();
    assert_eq!(from_base64(&broken.base64).unwrap_err().code(), "Protocol");
    let small = fake
        .builder()
        .connection(|http| http.max_response_bytes(1000))
        .build()
        .unwrap();
    let large = Fake::of(|_, _| Say::Json(json!({"base64": "QUJD".repeat(100_000)}))).await;
    drop(small);
    let small = large
        .builder()
        .connection(|http| http.max_response_bytes(1000))
        .build()
        .unwrap();
    let error = Unit::at(&small, "")
        .settings_package_get()
        .await
        .unwrap_err();
    assert_eq!(error.code(), "ResponseTooLarge");
}

#[tokio::test]
async fn a_device_that_ends_its_answers_with_the_connection_is_understood() {
    let fake = Fake::of(|_, _| {
        Say::Cut(
            b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"result\":{\"a\":1}}"
                .to_vec(),
        )
    })
    .await;
    let agent = fake.agent();
    for _ in 0..3 {
        assert_eq!(ask(&agent).await.unwrap().get(), r#"{"a":1}"#);
    }
}

#[tokio::test]
async fn a_compressed_answer_ends_where_it_says_so() {
    let good = packed(br#"{"result":{"a":1}}"#);
    let half = good[..good.len() - 9].to_vec();
    let fake = Fake::of(move |_, number| {
        let body = if number == 0 { &good } else { &half };
        // The connection ends within the end of the last chunk.
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
            body.len()
        );
        Say::Cut([head.as_bytes(), body, b"\r\n0\r\n"].concat())
    })
    .await;
    let agent = fake.agent();
    let once = || ask(&agent).repeatable(false);
    assert_eq!(once().await.unwrap().get(), r#"{"a":1}"#);
    let lost = once().await.unwrap_err();
    assert_eq!(lost.code(), "HttpProtocol.Truncated");
    assert_eq!(lost.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn a_compressed_error_page_is_not_shown() {
    let page = packed(b"<html>starting</html>");
    let fake = Fake::of(move |_, _| {
        let head = format!(
            "HTTP/1.1 500 X\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            page.len()
        );
        Say::Cut([head.as_bytes(), &page].concat())
    })
    .await;
    let error = ask(&fake.agent()).await.unwrap_err();
    assert_eq!(error.http_status(), Some(500));
    let text = error.to_string();
    assert!(
        text.chars().all(|c| c.is_ascii_graphic() || c == ' '),
        "{text}"
    );
}
