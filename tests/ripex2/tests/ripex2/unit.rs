//! The unit of this crate, and clients that are not ours.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use xerus_ripex2_tests::api::ripex2::Unit;
use xerus_ripex2_tests::options::Options;
use xerus_ripex2_tests::unit;
use xerus_rpc::ripex2::{FaultCode, Ripex2, Role, Serving};
use xerus_rpc::{Agent, Json};

async fn serve(options: Options) -> Serving {
    unit::serve(&options).await.unwrap().0
}

fn agent(serving: &Serving) -> Agent {
    Ripex2::builder(serving.url())
        .login("admin", unit::PASSWORD)
        .build()
        .unwrap()
}

async fn send(serving: &Serving, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(serving.address()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(5), read)
        .await
        .unwrap()
        .unwrap();
    answer
}

fn post(script: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST /cgi-bin//{script} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}").into()
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_its_words() {
    let serving = serve(Options::default()).await;
    for (request, expected) in [
        (post("rpc.cgi", "{"), "rpc_invalid_request"),
        (
            post("rpc.cgi", r#"{"method":"device_ping","params":[]}"#),
            "rpc_invalid_request",
        ),
        (
            post("rpc.cgi", r#"{"method":"device_ping","target":"x"}"#),
            "rpc_invalid_request",
        ),
        (post("rpc.cgi", r#"{"method":"settings_get"}"#), "401"),
        (
            post("rpc.cgi", r#"{"method":"device_ping"}"#),
            r#"{"device":{"tstamp":"#,
        ),
        (post("login.cgi", r#"{"username":"admin"}"#), "400"),
        (
            post(
                "login.cgi",
                r#"{"username":"admin","password":"wrong-password"}"#,
            ),
            "400",
        ),
        (post("logout.cgi", "{}"), "400"),
        (post("other.cgi", "{}"), "404"),
        (
            b"GET /cgi-bin/rpc.cgi HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(),
            "405",
        ),
    ] {
        let answer = send(&serving, &request).await;
        assert!(answer.contains(expected), "{expected}: {answer}");
    }
}

#[tokio::test]
async fn sessions_slide_and_end() {
    let serving = serve(Options {
        inactivity: Duration::from_millis(400),
        ..Options::default()
    })
    .await;
    let body = r#"{"username":"admin","password":"mock-password"}"#;
    let answer = send(&serving, &post("login.cgi", body)).await;
    let token = answer
        .split("\"token\":\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let agent = Ripex2::builder(serving.url()).token(token).build().unwrap();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        Unit::at(&agent, "").settings_get().await.unwrap();
    }
    tokio::time::sleep(Duration::from_millis(600)).await;
    let error = Unit::at(&agent, "").settings_get().await.unwrap_err();
    assert_eq!(error.http_status(), Some(401));
}

#[tokio::test]
async fn roles_count() {
    let serving = serve(Options::default()).await;
    let guest = Ripex2::builder(serving.url())
        .login("guest", unit::GUEST_PASSWORD)
        .build()
        .unwrap();
    let unit = Unit::at(&guest, "");
    unit.settings_get().await.unwrap();
    let error = unit
        .settings_save_init(&Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert_eq!(
        FaultCode::of(error.error()),
        Some(FaultCode::PermissionDenied)
    );
    assert!(Role::Admin > Role::Sectech && Role::Sectech > Role::Tech && Role::Tech > Role::Guest);
    assert_eq!(Role::named("sectech"), Some(Role::Sectech));
}

#[tokio::test]
async fn a_restart_closes_the_listener_and_comes_back_at_the_same_address() {
    let serving = serve(Options::default()).await;
    let agent = agent(&serving);
    Unit::at(&agent, "").settings_get().await.unwrap();
    let (power, address) = (serving.power(), serving.address());
    let restart = tokio::spawn(async move { power.restart(Duration::from_secs(1), true).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(TcpStream::connect(address).await.is_err());
    assert!(restart.await.unwrap());
    Unit::at(&agent, "").settings_get().await.unwrap();
}

#[tokio::test]
async fn large_answers_come_compressed_and_whole() {
    let serving = serve(Options::default()).await;
    let file = Unit::at(&agent(&serving), "")
        .settings_package_get()
        .await
        .unwrap();
    assert_eq!(file.base64.len(), 4000);
    // Who does not ask for it gets it plain.
    let plain = post("rpc.cgi", r#"{"method":"device_info_get_public"}"#);
    assert!(
        send(&serving, &plain)
            .await
            .contains("\"product\":\"mock\"")
    );
}

#[tokio::test]
async fn calls_come_compressed_or_not() {
    let packed = |bytes: &[u8]| {
        let mut packing = GzEncoder::new(Vec::new(), Compression::default());
        packing.write_all(bytes).unwrap();
        packing.finish().unwrap()
    };
    let serving = serve(Options::default()).await;
    // A bomb: its limit is that of a request.
    let bomb = packed(&vec![b' '; 33 << 20]);
    for (body, expected) in [
        (
            packed(br#"{"method":"device_ping"}"#),
            r#"{"device":{"tstamp":"#,
        ),
        (br#"{"method":"device_ping"}"#.to_vec(), "HTTP/1.1 400 "),
        (bomb, "HTTP/1.1 413 "),
    ] {
        let mut request = format!(
            "POST /cgi-bin/rpc.cgi HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend(body);
        let answer = send(&serving, &request).await;
        assert!(answer.contains(expected), "{answer}");
    }
}

#[tokio::test]
async fn a_reboot_ends_well() {
    let serving = serve(Options {
        offline: Duration::from_secs(1),
        ..Options::default()
    })
    .await;
    let agent = agent(&serving);
    let mut reboot = Unit::at(&agent, "").reboot_init().await.unwrap();
    reboot.wait().await.unwrap();
}

#[tokio::test]
async fn a_stream_of_the_unit_is_read_to_its_end() {
    let serving = serve(Options::default()).await;
    let mut ping = Unit::at(&agent(&serving), "")
        .icmp_ping_start(2)
        .await
        .unwrap();
    let mut all = Vec::new();
    while let Some(part) = ping.next().await {
        all.extend(part.unwrap().lines);
    }
    assert_eq!(all, ["reply 1", "reply 2"]);
}

#[tokio::test]
async fn an_unknown_unit_is_not_reached() {
    let serving = serve(Options::default()).await;
    let error = Unit::at(&agent(&serving), "10.1.1.1")
        .settings_get()
        .await
        .unwrap_err();
    assert_eq!(FaultCode::of(&error), Some(FaultCode::RemoteCallError));
    let error = agent(&serving)
        .call("", "no_such_method", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert!(error.is_method_not_found());
}
