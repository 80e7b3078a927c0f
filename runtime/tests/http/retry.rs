//! What is sent again and what is not (spec section 1.7).

use std::time::Duration;

use crate::support::{Answer, Server, call, dead_port, failure, http, in_time, request, success};
use xerus_rpc::error::ErrorKind;
use xerus_rpc::{Agent, ErrorClass, Outcome};

#[tokio::test]
async fn a_switching_call_is_never_sent_twice() {
    for method in [
        "setPowerState",
        "cyclePowerState",
        "deleteAccount",
        "pollEvents",
        "performBulk",
    ] {
        let server = Server::http(|_| Answer::Cut).await;
        let error = failure(&server.transport(), method).await;
        assert_eq!(error.code(), "ConnectionLost", "{error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(!error.is_retryable());
        assert!(error.to_string().contains("may have executed"), "{error}");
        assert_eq!(server.requests(), 1, "{method} was sent again");
    }
}

#[tokio::test]
async fn a_switching_call_is_not_sent_twice_on_a_reused_connection_either() {
    let server = Server::http(|seen| match seen.number {
        0 => seen.answer("{}"),
        _ => Answer::Cut,
    })
    .await;
    let transport = server.transport();
    success(&transport, "getState").await;
    let error = failure(&transport, "cyclePowerState").await;
    assert_eq!(
        (error.code(), error.outcome()),
        ("ConnectionLost", Outcome::Unknown)
    );
    assert_eq!(server.requests(), 2, "one getter and one switch");
}

#[tokio::test]
async fn a_reading_call_is_sent_once_more() {
    let server = Server::http(|seen| match seen.number {
        0 => Answer::Cut,
        _ => seen.answer("{}"),
    })
    .await;
    success(&server.transport(), "getState").await;
    assert_eq!((server.requests(), server.connections()), (2, 2));

    let server = Server::http(|_| Answer::Cut).await;
    let error = failure(&server.transport(), "getState").await;
    assert!(error.is_retryable());
    assert_eq!(server.requests(), 2, "twice and never more");
}

#[tokio::test]
async fn the_caller_has_the_last_word() {
    let server = Server::http(|_| Answer::Cut).await;
    let repeatable = request("setLabel").with_repeatable(true);
    assert!(
        in_time(call(&server.transport(), &repeatable))
            .await
            .is_err()
    );
    assert_eq!(server.requests(), 2);
    let once = request("getState").with_repeatable(false);
    assert!(in_time(call(&server.transport(), &once)).await.is_err());
    assert_eq!(server.requests(), 3);
}

#[tokio::test]
async fn connections_closed_while_idle_go_unnoticed() {
    let server = Server::http(|seen| Answer::Last(http(200, "", &seen.document("{}")))).await;
    let transport = server.transport();
    for _ in 0..3 {
        success(&transport, "setPowerState").await;
        crate::support::eventually("closed", || server.open_connections() == 0).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!((server.requests(), server.connections()), (3, 3));
}

#[tokio::test]
async fn a_farewell_on_a_reused_connection_is_repeated_on_a_new_one() {
    let server = Server::http(|seen| match seen.number {
        1 => Answer::Keep(http(408, "", "")),
        _ => seen.answer("{}"),
    })
    .await;
    let transport = server.transport();
    success(&transport, "getState").await;
    success(&transport, "setPowerState").await;
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
}

#[tokio::test]
async fn a_farewell_on_a_fresh_connection_is_an_error() {
    let server = Server::http(|_| Answer::Keep(http(408, "", ""))).await;
    let transport = server.transport();
    for requests in 1..4 {
        assert_eq!(
            failure(&transport, "getState").await.code(),
            "HttpStatus.RequestTimeout"
        );
        assert_eq!(server.requests(), requests);
    }
}

#[tokio::test]
async fn nobody_listens() {
    let agent = Agent::builder(format!("http://127.0.0.1:{}", dead_port().await))
        .build_transport()
        .expect("valid");
    let error = failure(&agent, "setPowerState").await;
    assert_eq!(error.code(), "Connect.Refused", "{error:?}");
    assert_eq!(
        (error.outcome(), error.was_sent()),
        (Outcome::NotExecuted, Some(false))
    );
    assert!(error.is_retryable(), "nothing was sent");
    assert_eq!(error.class(), ErrorClass::Http);
    assert!(error.to_string().contains("connection refused"), "{error}");
}

#[tokio::test]
async fn names_that_do_not_exist() {
    let agent = Agent::builder("http://no-such-device.invalid")
        .connect_timeout(Duration::from_secs(5))
        .build_transport()
        .expect("valid");
    let error = failure(&agent, "getState").await;
    // Without any network the resolver may take longer than the test wants to wait.
    assert!(
        matches!(error.code(), "Connect.Dns" | "Timeout.Connect"),
        "{error:?}"
    );
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}

#[tokio::test]
async fn faults_of_the_request_are_found_before_anything_is_sent() {
    let server = Server::http(|seen| seen.answer("{}")).await;
    let transport = server.transport();
    for rid in [
        "//other.example/x",
        "http://other.example/",
        "/a\r\nX: y",
        "/model/../auth",
        "",
    ] {
        let request = xerus_rpc::Request::new(rid, "getState", "{}");
        let error = in_time(call(&transport, &request))
            .await
            .expect_err("refused");
        assert!(matches!(error.kind(), ErrorKind::Config(_)), "{error:?}");
        assert_eq!(error.code(), "Config.BadRid");
        assert!(!error.to_string().contains('\n'));
    }
    assert_eq!(server.connections(), 0);
}
