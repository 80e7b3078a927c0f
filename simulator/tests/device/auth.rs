//! Logging in: passwords, tokens, roles (`docs/protocol/sessions.md`).

use std::time::Duration;

use crate::support::{Client, admin, basic, builder, device};
use serde_json::json;
use xerus_sim::{Clock, Power, Role, Simulator};

const GET_VERSION: &str = r#"{"method":"getVersion","id":1}"#;

#[tokio::test]
async fn passwords() {
    let (_device, mut client) = device().await;
    for (header, status) in [
        (admin(), 200),
        ("authorization: basic YWRtaW46cGFzcw".to_owned(), 200),
        ("Authorization: Basic:YWRtaW46cGFzcw==".to_owned(), 200),
        (basic("admin", "wrong"), 401),
        (basic("nobody", "pass"), 401),
        ("Authorization: Bearer YWRtaW46cGFzcw==".to_owned(), 401),
        ("Authorization: Basic ???".to_owned(), 401),
        (
            "X-SessionToken: 00000000000000000000000000000000".to_owned(),
            401,
        ),
        ("Accept: */*".to_owned(), 401),
    ] {
        let answer = client.post("/firmware", &[&header], GET_VERSION).await;
        assert_eq!(answer.status, status, "{header}");
        let challenge = answer
            .header("www-authenticate")
            .map(|challenge| challenge.starts_with("Basic "));
        assert_eq!(challenge, (status == 401).then_some(true), "{header}");
    }
}

#[tokio::test]
async fn unknown_resources_are_not_shown_to_strangers() {
    let (_device, mut client) = device().await;
    assert_eq!(client.post("/nothing", &[], GET_VERSION).await.status, 401);
}

#[tokio::test]
async fn a_device_without_accounts_is_open() {
    let device = Simulator::builder().start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    assert_eq!(client.post("/firmware", &[], GET_VERSION).await.status, 200);
    device
        .device()
        .accounts()
        .set("admin", "pass", Role::Administrator);
    assert_eq!(client.post("/firmware", &[], GET_VERSION).await.status, 401);
}

#[tokio::test]
async fn viewers_may_only_read() {
    let device = builder()
        .account("guest", "guest", Role::Viewer)
        .start()
        .await
        .unwrap();
    let mut client = Client::connect(device.address()).await;
    let guest = basic("guest", "guest");
    let read = client
        .post(
            "/model/pdu/0/outlet/0",
            &[&guest],
            r#"{"method":"getState","id":1}"#,
        )
        .await;
    assert_eq!(read.json()["result"]["_ret_"]["powerState"], 1);
    for body in [
        r#"{"method":"setPowerState","params":{"pstate":0},"id":1}"#,
        r#"{"method":"cyclePowerState","id":1}"#,
    ] {
        let answer = client.post("/model/pdu/0/outlet/0", &[&guest], body).await;
        assert_eq!(
            (answer.status, &answer.json()["error"]["code"]),
            (200, &json!(-32001)),
            "{body}"
        );
    }
    assert_eq!(device.device().outlet_state(0).unwrap().power, Power::On);
}

#[tokio::test]
async fn a_session_from_login_to_logout() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().clock(clock.clone()).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let opened = client
        .post(
            "/session",
            &[&admin(), "X-Client-Type: Test RPC"],
            r#"{"method":"newSession","id":1}"#,
        )
        .await
        .json();
    assert_eq!(opened["result"]["_ret_"], 0);
    let token = opened["result"]["token"].as_str().unwrap().to_owned();
    assert!(
        token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{token}"
    );
    let with_token = format!("X-SessionToken: {token}");

    clock.advance(Duration::from_secs(5));
    // The token wins over a password, right or wrong.
    let wrong = basic("admin", "wrong");
    let current = client
        .post(
            "/session",
            &[&with_token, &wrong],
            r#"{"method":"getCurrentSession","id":1}"#,
        )
        .await;
    assert_eq!(
        current.json()["result"]["_ret_"],
        json!({"sessionId": 1, "username": "admin", "remoteIp": "127.0.0.1", "clientType": "Test RPC",
            "creationTime": 1_700_000_000, "timeout": 600, "idle": 0, "userIdle": 5})
    );

    let body = r#"{"method":"closeCurrentSession","params":{"reason":0},"id":1}"#;
    assert_eq!(
        client.post("/session", &[&with_token], body).await.json()["result"],
        json!(null)
    );
    assert_eq!(
        client
            .post("/firmware", &[&with_token], GET_VERSION)
            .await
            .status,
        401
    );
    let history = client
        .result("/session", "getSessionHistory", json!({}))
        .await;
    assert_eq!(history["_ret_"][0]["clientType"], "Test RPC");
}

#[tokio::test]
async fn sessions_expire_when_nobody_uses_them() {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = builder().clock(clock.clone()).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    let opened = client.result("/session", "newSession", json!({})).await;
    let token = format!("X-SessionToken: {}", opened["token"].as_str().unwrap());
    for _ in 0..3 {
        clock.advance(Duration::from_secs(599));
        assert_eq!(
            client
                .post("/firmware", &[&token], GET_VERSION)
                .await
                .status,
            200
        );
    }
    clock.advance(Duration::from_secs(600));
    assert_eq!(
        client
            .post("/firmware", &[&token], GET_VERSION)
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a_denied_session_is_still_complete() {
    let mut limits = xerus_sim::Limits::default();
    limits.sessions = 1;
    let device = builder().limits(limits).start().await.unwrap();
    let mut client = Client::connect(device.address()).await;
    assert_eq!(
        client.result("/session", "newSession", json!({})).await["_ret_"],
        0
    );
    let denied = client.result("/session", "newSession", json!({})).await;
    assert_eq!(
        (&denied["_ret_"], &denied["token"]),
        (&json!(1), &json!(""))
    );
    assert_eq!(denied["session"]["username"], "admin");
    assert_eq!(device.device().end_sessions(), 1);
    assert_eq!(
        client.result("/session", "newSession", json!({})).await["_ret_"],
        0
    );
}

#[tokio::test]
async fn a_call_with_a_password_belongs_to_no_session() {
    let (_device, mut client) = device().await;
    let answer = client
        .call("/session", "getCurrentSession", json!({}))
        .await;
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("session"),
        "{answer}"
    );
}
