//! What is sent again and what is not.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::certificates::Authority;
use crate::support::{
    Answer, GET_SECRET, GET_STATE, POLL, SET_STATE, Server, call, dead_port, failure, http,
    in_time, request, success, values,
};
use xerus_rpc::error::ErrorClass;
use xerus_rpc::error::ErrorKind;
use xerus_rpc::rt::{Marks, Method};
use xerus_rpc::{Agent, Json, Outcome};

#[tokio::test]
async fn a_switching_call_is_never_sent_twice() {
    for method in [&SET_STATE, &POLL, &GET_SECRET] {
        let server = Server::http(|_| Answer::Cut).await;
        let error = failure(&server.transport(), method).await;
        assert_eq!(error.code(), "ConnectionLost", "{error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(!error.is_retryable());
        assert!(error.to_string().contains("may have executed"), "{error}");
        assert_eq!(server.requests(), 1, "{} was sent again", method.name);
    }
}

/// Whether a call of a method that is known by its name only is sent again after a cut.
async fn is_guessed_repeatable(name: &str) -> bool {
    let server = Server::http(|_| Answer::Cut).await;
    let agent = server.agent().build().expect("valid");
    let call = agent.call("/model/pdu/0", name, Json::EMPTY_OBJECT);
    let error = in_time(call).await.expect_err("cut");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.is_retryable(), server.requests() == 2, "{name}");
    server.requests() == 2
}

#[tokio::test]
async fn names_count_where_nothing_else_is_known() {
    for name in [
        "setPowerState",
        "cyclePowerState",
        "deleteAccount",
        "pollEvents",
        "performBulk",
        "getInformationWithPin",
    ] {
        assert!(!is_guessed_repeatable(name).await, "{name}");
    }
    assert!(is_guessed_repeatable("getState").await);
    // With bindings the mark decides, whatever the name.
    static MARKED: Method = Method {
        name: "setSomething",
        marks: &Marks::REPEATABLE,
        ..Method::PLAIN
    };
    for (method, requests) in [(&GET_SECRET, 1), (&MARKED, 2)] {
        let server = Server::http(|_| Answer::Cut).await;
        let error = failure(&server.transport(), method).await;
        assert_eq!(server.requests(), requests, "{}", method.name);
        assert_eq!(error.is_retryable(), requests == 2);
    }
}

#[tokio::test]
async fn a_bulk_is_sent_again_if_each_of_its_calls_may_be() {
    for (names, requests) in [(["getState", "getState"], 2), (["getState", "setState"], 1)] {
        let server = Server::http(|_| Answer::Cut).await;
        let agent = server.agent().build().expect("valid");
        let calls = names.map(|name| agent.call("/model/pdu/0", name, Json::EMPTY_OBJECT));
        let error = in_time(agent.bulk(calls)).await.expect_err("cut");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(error.is_retryable(), requests == 2);
        assert_eq!(server.requests(), requests, "{names:?}");
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
    success(&transport, &GET_STATE).await;
    let error = failure(&transport, &SET_STATE).await;
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
    success(&server.transport(), &GET_STATE).await;
    assert_eq!((server.requests(), server.connections()), (2, 2));

    let server = Server::http(|_| Answer::Cut).await;
    let error = failure(&server.transport(), &GET_STATE).await;
    assert!(error.is_retryable());
    assert_eq!(server.requests(), 2, "twice and never more");
}

#[tokio::test]
async fn the_caller_has_the_last_word() {
    let server = Server::http(|_| Answer::Cut).await;
    let repeatable = request(&SET_STATE).with_repeatable(true);
    assert!(
        in_time(call(&server.transport(), &repeatable))
            .await
            .is_err()
    );
    assert_eq!(server.requests(), 2);
    let once = request(&GET_STATE).with_repeatable(false);
    assert!(in_time(call(&server.transport(), &once)).await.is_err());
    assert_eq!(server.requests(), 3);
}

/// What becomes of a repeatable call whose first request was read before the connection was closed.
fn assert_unknown(error: &xerus_rpc::Error, code: &str) {
    assert_eq!(error.code(), code, "{error:?}");
    assert_eq!(
        (error.outcome(), error.was_sent()),
        (Outcome::Unknown, Some(true)),
        "{error:?}"
    );
    assert!(error.may_have_executed());
    assert!(error.is_retryable(), "the caller said so");
}

#[tokio::test]
async fn a_refused_second_attempt_does_not_undo_the_first() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let device = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        drop(listener);
        let mut bytes = [0; 4096];
        assert!(stream.read(&mut bytes).await.expect("a request") > 0);
    });
    let transport = Agent::builder(format!("http://{address}"))
        .build_transport()
        .expect("valid");
    let request = request(&SET_STATE).with_repeatable(true);
    let error = in_time(call(&transport, &request))
        .await
        .expect_err("fails");
    device.await.expect("the request was read");
    assert_unknown(&error, "Connect.Refused");
    assert!(error.to_string().contains("may have executed"), "{error}");
}

#[tokio::test]
async fn a_second_attempt_without_a_connection_does_not_undo_the_first() {
    for (connect_timeout, timeout) in [(300, 20_000), (20_000, 600)] {
        let authority = Authority::new();
        let acceptor = TlsAcceptor::from(authority.server(&["127.0.0.1"]));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let device = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.expect("a connection");
            let mut stream = acceptor.accept(stream).await.expect("a handshake");
            let mut bytes = [0; 4096];
            assert!(stream.read(&mut bytes).await.expect("a request") > 0);
            drop(stream);
            // The second handshake gets no answer.
            listener.accept().await.expect("another connection")
        });
        let transport = Agent::builder(format!("https://{address}"))
            .root_certificate_pem(authority.pem())
            .connect_timeout(Duration::from_millis(connect_timeout))
            .build_transport()
            .expect("valid");
        let request = request(&SET_STATE)
            .with_timeout(Duration::from_millis(timeout))
            .with_repeatable(true);
        let error = in_time(call(&transport, &request))
            .await
            .expect_err("fails");
        let held = device.await.expect("two connections");
        assert_unknown(&error, "Timeout.Tls");
        assert!(error.to_string().contains("may have executed"), "{error}");
        drop(held);
    }
}

#[tokio::test]
async fn a_second_attempt_without_an_answer_is_unknown_too() {
    let server = Server::http(|seen| match seen.number {
        0 => Answer::Cut,
        _ => Answer::Begin(String::new()),
    })
    .await;
    let request = request(&SET_STATE)
        .with_timeout(Duration::from_millis(600))
        .with_repeatable(true);
    let error = in_time(call(&server.transport(), &request))
        .await
        .expect_err("fails");
    assert_unknown(&error, "Timeout.FirstByte");
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_farewell_before_a_refused_attempt_was_no_execution() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let device = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        drop(listener);
        let mut bytes = [0; 4096];
        for answer in [
            http(200, "", r#"{"jsonrpc":"2.0","result":{},"id":1}"#),
            http(408, "Connection: close\r\n", ""),
        ] {
            // Head and body may come apart; the document ends with its id.
            let mut text = String::new();
            while !text.contains("\"id\":") {
                let read = stream.read(&mut bytes).await.expect("a request");
                assert!(read > 0);
                text.push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
            stream.write_all(answer.as_bytes()).await.expect("sent");
        }
    });
    let transport = Agent::builder(format!("http://{address}"))
        .build_transport()
        .expect("valid");
    success(&transport, &GET_STATE).await;
    let error = failure(&transport, &SET_STATE).await;
    device.await.expect("two requests");
    assert_eq!(error.code(), "Connect.Refused", "{error:?}");
    assert_eq!(
        (error.outcome(), error.was_sent()),
        (Outcome::NotExecuted, Some(false))
    );
}

#[tokio::test]
async fn connections_closed_while_idle_go_unnoticed() {
    let server = Server::http(|seen| Answer::Last(http(200, "", &seen.document("{}")))).await;
    let transport = server.transport();
    for _ in 0..3 {
        success(&transport, &SET_STATE).await;
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
    success(&transport, &GET_STATE).await;
    success(&transport, &SET_STATE).await;
    let connections: Vec<_> = server.seen().iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
}

#[tokio::test]
async fn a_farewell_on_a_fresh_connection_is_an_error() {
    let server = Server::http(|_| Answer::Keep(http(408, "", ""))).await;
    let transport = server.transport();
    for requests in 1..4 {
        assert_eq!(
            failure(&transport, &GET_STATE).await.code(),
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
    let error = failure(&agent, &SET_STATE).await;
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
    let error = failure(&agent, &GET_STATE).await;
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
        let request = xerus_rpc::wire::Request::new(rid, &GET_STATE, values("{}"));
        let error = in_time(call(&transport, &request))
            .await
            .expect_err("refused");
        assert!(matches!(error.kind(), ErrorKind::Config(_)), "{error:?}");
        assert_eq!(error.code(), "Config.BadRid");
        assert!(!error.to_string().contains('\n'));
    }
    assert_eq!(server.connections(), 0);
}
