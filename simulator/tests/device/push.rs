//! Data push: the device is the client.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{Client, device};

/// Reads one request, answers with `status`, and gives head and body.
async fn receive(
    mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    status: &str,
) -> (String, Value) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    (head, serde_json::from_slice(&body).unwrap())
}

/// Waits until the entry is not being sent, and gives its status.
async fn ended(client: &mut Client, id: i64) -> Value {
    loop {
        let status = client
            .result("/datapush", "getEntryStatus", json!({"entryId": id}))
            .await;
        if status["entryStatus"]["busy"] == false {
            return status["entryStatus"].clone();
        }
        tokio::task::yield_now().await;
    }
}

async fn add(client: &mut Client, settings: Value) -> i64 {
    let added = client
        .result("/datapush", "addEntry", json!({"entrySettings": settings}))
        .await;
    assert_eq!(added["_ret_"], 0);
    added["entryId"].as_i64().unwrap()
}

async fn push(client: &mut Client, id: i64) {
    let pushed = client
        .result("/datapush", "pushData", json!({"entryId": id}))
        .await;
    assert_eq!(pushed["_ret_"], 0);
}

#[tokio::test]
async fn sensors_are_sent_to_a_server() {
    let (running, mut client) = device().await;
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = server.local_addr().unwrap().port();
    let settings = json!({
        "url": format!("http://127.0.0.1:{port}/in?key=1"),
        "useAuth": true, "username": "pdu", "password": "secret",
        "type": 1, "items": ["1/activePower"],
    });
    let id = add(&mut client, settings).await;
    let entry = client
        .result("/datapush", "getEntry", json!({"entryId": id}))
        .await;
    assert_eq!(entry["entrySettings"]["password"], "");
    push(&mut client, id).await;
    let (stream, _) = server.accept().await.unwrap();
    let (head, body) = receive(stream, "200 OK").await;
    assert!(head.starts_with("post /in?key=1 http/1.1\r\n"), "{head}");
    assert!(
        head.contains("authorization: basic cgr1onnly3jlda==\r\n"),
        "{head}"
    );
    assert_eq!(body["sensors"].as_array().map(Vec::len), Some(1));
    assert_eq!(body["sensors"][0]["device"]["type"], 4);
    let watts = body["rows"][0]["records"][0]["avgValue"].as_f64().unwrap();
    let outlet = xerus_sim::Place::Outlet(0);
    let id_of = xerus_sim::SensorId::new(outlet, xerus_sim::Quantity::ActivePower);
    assert_eq!(watts, running.device().reading(id_of).value);
    let status = ended(&mut client, id).await;
    assert_eq!(status["lastAttemptTime"], status["lastSuccessTime"]);
    assert_ne!(status["lastSuccessTime"], 0);
}

#[tokio::test]
async fn what_does_not_arrive_is_told() {
    let (running, mut client) = device().await;
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", server.local_addr().unwrap());
    let refused = add(&mut client, json!({"url": url})).await;
    let nowhere = add(&mut client, json!({"url": "http://127.0.0.1:1/"})).await;
    let assets = add(&mut client, json!({"url": url, "type": 2})).await;
    push(&mut client, refused).await;
    let (stream, _) = server.accept().await.unwrap();
    receive(stream, "500 Oops").await;
    for id in [refused, nowhere, assets] {
        if id != refused {
            push(&mut client, id).await;
        }
        let status = ended(&mut client, id).await;
        assert_ne!(status["lastAttemptTime"], 0);
        assert_eq!(status["lastSuccessTime"], 0);
    }
    let log = client
        .result(
            "/debuglog",
            "getChunk",
            json!({"refId": 0, "count": -1, "direction": 0}),
        )
        .await;
    let entries = log["_ret_"]["selEntries"].as_array().unwrap();
    let words: Vec<_> = entries
        .iter()
        .filter_map(|e| e["message"].as_str())
        .collect();
    for why in ["another status", "cannot be reached", "not simulated"] {
        assert!(
            words.iter().any(|text| text.contains(why)),
            "{why}: {words:?}"
        );
    }
    drop(running);
}

#[tokio::test]
async fn a_server_with_https_needs_a_certificate_that_is_trusted() {
    let (_running, mut client) = device().await;
    let key = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![key.cert.der().clone()],
            rustls::pki_types::PrivateKeyDer::Pkcs8(key.signing_key.serialize_der().into()),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(std::sync::Arc::new(config));
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = server.local_addr().unwrap().port();
    let url = format!("https://localhost:{port}/");
    let trusted = add(
        &mut client,
        json!({"url": url, "caCertChain": key.cert.pem()}),
    )
    .await;
    let unknown = add(&mut client, json!({"url": url})).await;
    push(&mut client, trusted).await;
    let (stream, _) = server.accept().await.unwrap();
    let (_, body) = receive(acceptor.accept(stream).await.unwrap(), "200 OK").await;
    assert!(body["sensors"].as_array().unwrap().len() > 8);
    assert_ne!(ended(&mut client, trusted).await["lastSuccessTime"], 0);
    push(&mut client, unknown).await;
    let (stream, _) = server.accept().await.unwrap();
    assert!(acceptor.accept(stream).await.is_err());
    assert_eq!(ended(&mut client, unknown).await["lastSuccessTime"], 0);
}
