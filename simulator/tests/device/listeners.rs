//! More than one listener, and certificates from elsewhere.

use serde_json::json;
use xerus_sim::{Certificate, StartError};

use crate::support::{Client, admin, builder, encrypted};

const GET_VERSION: &str = r#"{"method":"getVersion","id":1}"#;

fn plain_address(url: Option<&str>) -> std::net::SocketAddr {
    let address = url.and_then(|url| url.strip_prefix("http://"));
    address.expect("a plain address").parse().unwrap()
}

#[tokio::test]
async fn http_and_https_at_once() {
    let device = builder()
        .https(true)
        .http_also("127.0.0.1:0")
        .start()
        .await
        .unwrap();
    assert!(device.url().starts_with("https://"));
    let mut plain = Client::connect(plain_address(device.http_url())).await;
    let pem = device.certificate_pem().unwrap();
    let mut secret = encrypted(device.address(), pem, "localhost").await.unwrap();
    let off = json!({"pstate": 0});
    plain
        .result("/model/pdu/0/outlet/0", "setPowerState", off)
        .await;
    let state = secret
        .result("/model/pdu/0/outlet/0", "getState", json!({}))
        .await;
    assert_eq!(state["_ret_"]["powerState"], 0);
}

#[tokio::test]
async fn plain_http_leads_to_https() {
    let device = builder()
        .https(true)
        .http_redirect("127.0.0.1:0")
        .record(10)
        .start()
        .await
        .unwrap();
    let mut client = Client::connect(plain_address(device.http_url())).await;
    // Whoever it is, and whatever it asks for.
    let path = "/model/pdu/0?x=1";
    let answer = client.post(path, &[&admin()], GET_VERSION).await;
    let port = device.address().port();
    let expected = format!("https://pdu:{port}{path}");
    assert_eq!(
        (answer.status, answer.header("location")),
        (302, Some(&*expected))
    );
    assert_eq!(device.requests(), []);
    let answer = client.raw(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    assert_eq!(answer.status, 400);

    let refused = builder().http_redirect("127.0.0.1:0").start().await;
    assert!(matches!(refused, Err(StartError::RedirectToNowhere)));
}

#[tokio::test]
async fn certificates_that_are_given() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (pem, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    let device = builder()
        .certificate(Certificate::from_pem(pem.clone(), key.clone()))
        .start()
        .await
        .unwrap();
    assert_eq!(device.certificate_pem(), Some(&*pem));
    let mut client = encrypted(device.address(), &pem, "localhost")
        .await
        .unwrap();
    client.result("/firmware", "getVersion", json!({})).await;
    for (pem, key) in [
        (pem.as_str(), "no key"),
        ("", key.as_str()),
        ("none", "none"),
    ] {
        let refused = builder()
            .certificate(Certificate::from_pem(pem, key))
            .start()
            .await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("PEM"), "{error}");
    }
}

#[tokio::test]
async fn a_certificate_is_replaced_while_it_serves() {
    let router = xerus_rpc::server::Router::new();
    let mut served = xerus_sim::serve(router).https(true).start().await.unwrap();
    let before = served.certificate_pem().unwrap().to_owned();
    let address = served.address();
    let mut old = encrypted(address, &before, "localhost").await.unwrap();
    served
        .install_certificate(&Certificate::self_signed())
        .unwrap();
    let after = served.certificate_pem().unwrap().to_owned();
    assert_ne!(before, after);
    assert!(encrypted(address, &before, "localhost").await.is_err());
    assert!(encrypted(address, &after, "localhost").await.is_ok());
    let answer = old
        .call("/bulk", "performBulk", json!({"requests": []}))
        .await;
    assert_eq!(answer["result"], json!({"responses": []}));
}
