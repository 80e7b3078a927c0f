//! Broken, hostile and endless answers end in a clear error, in bounded time and memory.

use std::time::{Duration, Instant};

use crate::support::{
    Answer, GET_STATE, Server, call, eventually, failure, http, in_time, raw_server, request,
    success,
};
use xerus_rpc::error::{ErrorKind, TimeoutPhase};
use xerus_rpc::{Agent, Outcome};

/// The error of a call that is answered with these bytes, after which the connection is closed.
async fn answered_with(bytes: &str) -> xerus_rpc::Error {
    let bytes = bytes.to_owned();
    let server = Server::http(move |_| Answer::Last(bytes.clone())).await;
    let error = failure(&server.transport(), &GET_STATE).await;
    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
    error
}

#[tokio::test]
async fn cut_bodies_are_noticed() {
    let error =
        answered_with("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\":\"2.0\"").await;
    assert_eq!(error.code(), "HttpProtocol.Truncated");
    assert!(error.may_have_executed());
    assert!(
        std::error::Error::source(&error).is_some(),
        "the cause is kept"
    );
    let error =
        answered_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n").await;
    assert_eq!(error.code(), "HttpProtocol.Truncated");
}

#[tokio::test]
async fn what_is_not_http_is_called_so() {
    let many_headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-A: b\r\n".repeat(100_000));
    let large_header = format!("HTTP/1.1 200 OK\r\nX-A: {}\r\n\r\n", "b".repeat(10_000_000));
    for bytes in [
        "<html>Hello</html>\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: \0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        &many_headers,
        &large_header,
    ] {
        let error = answered_with(bytes).await;
        let shown = &bytes[..bytes.len().min(60)];
        assert_eq!(error.code(), "HttpProtocol.Framing", "{shown:?}: {error:?}");
    }
}

#[tokio::test]
async fn large_answers_are_refused_at_the_limit() {
    let server = Server::http(|_| {
        Answer::Keep("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n".into())
    })
    .await;
    let error = failure(&server.transport(), &GET_STATE).await;
    let ErrorKind::ResponseTooLarge(sizes) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!((sizes.limit, sizes.seen), (32 << 20, 1 << 30));

    let head = "HTTP/1.1 200 OK\r\n\r\n";
    let server = Server::http(|_| Answer::Endless(head.into(), "x".repeat(10_000))).await;
    let transport = server.transport();
    let limited = request(&GET_STATE).with_max_response_bytes(100_000);
    let error = in_time(call(&transport, &limited))
        .await
        .expect_err("endless");
    let ErrorKind::ResponseTooLarge(sizes) = error.kind() else {
        panic!("{error:?}")
    };
    assert_eq!(sizes.limit, 100_000);
    assert!((100_001..2_000_000).contains(&sizes.seen), "{}", sizes.seen);
    eventually("the connection is closed", || {
        server.open_connections() == 0
    })
    .await;
}

#[tokio::test]
async fn an_answer_of_exactly_the_limit_is_fine() {
    let server = Server::http(|seen| seen.answer(&format!("{:?}", "x".repeat(50_000)))).await;
    let transport = server.transport();
    let size = success(&transport, &GET_STATE).await.len();
    let exact = request(&GET_STATE).with_max_response_bytes(size);
    assert_eq!(
        in_time(call(&transport, &exact)).await.expect("fits").len(),
        size
    );
    let less = request(&GET_STATE).with_max_response_bytes(size - 1);
    assert_eq!(
        in_time(call(&transport, &less))
            .await
            .expect_err("too large")
            .code(),
        "ResponseTooLarge"
    );
}

#[tokio::test]
async fn slow_drips_meet_the_total_limit() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    let every = Duration::from_millis(20);
    for (phase, limit) in [
        (TimeoutPhase::FirstByte, Duration::from_millis(300)),
        (TimeoutPhase::Body, Duration::from_millis(1500)),
    ] {
        let server = Server::http(move |_| match phase {
            TimeoutPhase::FirstByte => Answer::Drip(String::new(), head.into(), every),
            _ => Answer::Drip(head.into(), "x".repeat(1000), every),
        })
        .await;
        let transport = server.transport();
        let start = Instant::now();
        let drip = request(&GET_STATE).with_timeout(limit);
        let error = in_time(call(&transport, &drip)).await.expect_err("late");
        let ErrorKind::Timeout(timeout) = error.kind() else {
            panic!("{error:?}")
        };
        assert_eq!((timeout.phase, timeout.limit), (phase, limit));
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(start.elapsed() < Duration::from_secs(10));
        eventually("the connection is closed", || {
            server.open_connections() == 0
        })
        .await;
    }
}

#[tokio::test]
async fn silence_meets_the_limit() {
    let server = Server::http(|_| Answer::Begin(String::new())).await;
    let quick = request(&GET_STATE).with_timeout(Duration::from_millis(100));
    let error = in_time(call(&server.transport(), &quick))
        .await
        .expect_err("silence");
    assert_eq!(error.code(), "Timeout.FirstByte");
    assert!(error.is_retryable() && error.was_sent() == Some(true));
    assert_eq!(
        error.to_string(),
        format!(
            "{}: timed out after 100ms waiting for the answer: the other side is busy or gone; raise timeout if it needs longer; the other side may have executed the call: read its state before you repeat a change (getState on /model/pdu/0)",
            server.url()
        )
    );
}

#[tokio::test]
async fn endless_interim_answers_meet_the_limit() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n";
    let server = Server::http(|_| Answer::Endless(String::new(), interim.repeat(100))).await;
    let quick = request(&GET_STATE).with_timeout(Duration::from_millis(300));
    let error = in_time(call(&server.transport(), &quick))
        .await
        .expect_err("endless");
    assert!(
        matches!(error.code(), "Timeout.FirstByte" | "HttpProtocol.Framing"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_single_interim_answer_is_skipped() {
    let server = Server::http(|seen| {
        let answer = http(200, "", &seen.document("1"));
        Answer::Keep(format!("HTTP/1.1 100 Continue\r\n\r\n{answer}"))
    })
    .await;
    assert!(
        success(&server.transport(), &GET_STATE)
            .await
            .contains("\"result\":1")
    );
}

#[tokio::test]
async fn encodings_that_were_not_asked_for_are_refused() {
    let server =
        Server::http(|_| Answer::Keep(http(200, "Content-Encoding: gzip\r\n", "\u{1f}..."))).await;
    let error = failure(&server.transport(), &GET_STATE).await;
    assert_eq!(error.code(), "HttpProtocol.ContentEncoding");
    assert_eq!(server.seen()[0].headers("accept-encoding"), ["identity"]);
    let server = Server::http(|seen| {
        Answer::Keep(http(
            200,
            "Content-Encoding: Identity\r\n",
            &seen.document("1"),
        ))
    })
    .await;
    success(&server.transport(), &GET_STATE).await;
}

#[tokio::test]
async fn bodies_without_a_declared_length_are_read_to_their_end() {
    let server =
        Server::http(|seen| Answer::Last(format!("HTTP/1.1 200 OK\r\n\r\n{}", seen.document("1"))))
            .await;
    success(&server.transport(), &GET_STATE).await;
    let server = Server::http(|seen| {
        let document = seen.document("2");
        let (first, second) = document.split_at(10);
        let chunks = format!(
            "{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
            first.len(),
            second.len()
        );
        Answer::Keep(format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}"
        ))
    })
    .await;
    assert!(
        success(&server.transport(), &GET_STATE)
            .await
            .ends_with("\"result\":2,\"id\":1}")
    );
}

#[tokio::test]
async fn bytes_behind_the_declared_length_are_never_taken_for_an_answer() {
    let server = Server::http(|seen| {
        let stale = http(200, "", r#"{"jsonrpc":"2.0","result":"stale","id":2}"#);
        Answer::Keep(format!("{}{stale}", http(200, "", &seen.document("1"))))
    })
    .await;
    let transport = server.transport();
    for _ in 0..5 {
        let document = success(&transport, &GET_STATE).await;
        let last = server.seen().last().expect("a request").document("1");
        assert!(document == last || document.contains("stale"), "{document}");
    }
    // A stale answer costs its connection, so it cannot shift all that follow.
    let documents = [
        success(&transport, &GET_STATE).await,
        success(&transport, &GET_STATE).await,
    ];
    assert!(
        documents
            .iter()
            .any(|document| document.contains("\"result\":1")),
        "{documents:?}"
    );
}

#[tokio::test]
async fn an_answer_to_another_request_costs_the_connection() {
    let server = Server::http(|seen| match seen.number {
        0 => Answer::Keep(http(
            200,
            "",
            r#"{"jsonrpc":"2.0","result":"foreign","id":4711}"#,
        )),
        _ => seen.answer("1"),
    })
    .await;
    let transport = server.transport();
    assert!(
        success(&transport, &GET_STATE).await.contains("foreign"),
        "the caller judges the document"
    );
    assert!(success(&transport, &GET_STATE).await.contains("\"id\":2"));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn whoever_talks_first_is_no_http_server() {
    let address = raw_server(b"220 ftp.example ready\r\n").await;
    let transport = Agent::builder(format!("http://{address}")).build_transport();
    let get = request(&GET_STATE).with_timeout(Duration::from_secs(5));
    let error = in_time(call(&transport.expect("valid"), &get))
        .await
        .expect_err("no answer");
    assert!(
        matches!(error.code(), "HttpProtocol.Framing" | "ConnectionLost"),
        "{error:?}"
    );
}
