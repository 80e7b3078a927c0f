//! Status and headers.

use super::{PDU, answer, recorded};
use crate::support::admin;

#[tokio::test]
async fn an_answer_has_a_length_and_a_media_type() {
    let (_device, mut client) = recorded().await;
    let answer = answer(&mut client, PDU, "getMetaData").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("application/json; charset=UTF-8")
    );
    assert_eq!(answer.header("transfer-encoding"), None);
    let length = answer.body.len().to_string();
    assert_eq!(answer.header("content-length"), Some(length.as_str()));
}

#[tokio::test]
async fn the_connection_stays_and_nothing_is_stored() {
    let (_device, mut client) = recorded().await;
    let answer = answer(&mut client, PDU, "getMetaData").await;
    assert_eq!(answer.header("connection"), Some("keep-alive"));
    assert_eq!(answer.header("cache-control"), Some("no-cache, no-store"));
    assert_eq!(answer.header("vary"), Some("accept-encoding"));
}

#[tokio::test]
async fn browsers_are_told_to_be_careful() {
    let (_device, mut client) = recorded().await;
    let answer = answer(&mut client, PDU, "getMetaData").await;
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "sameorigin"),
        ("x-xss-protection", "1; mode=block"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(answer.header("content-security-policy").is_some());
}

#[tokio::test]
async fn an_answer_names_neither_program_nor_time() {
    let (_device, mut client) = recorded().await;
    let answer = answer(&mut client, PDU, "getMetaData").await;
    assert_eq!(
        (answer.header("server"), answer.header("date")),
        (None, None)
    );
}

#[tokio::test]
async fn a_connection_that_ends_is_announced() {
    let (_device, mut client) = recorded().await;
    let body = r#"{"method": "getMetaData", "id": 0}"#;
    let headers = [&*admin(), "Connection: close"];
    let answer = client.post(PDU, &headers, body).await;
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(client.is_closed().await);
}
