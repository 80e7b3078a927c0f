//! From nothing to a session, and what may be in the way.

use std::error::Error as _;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use xerus_rpc::wamp::{Auth, NoRouter, Serializer, Stage, Wamp};
use xerus_rpc::{Error, ErrorKind, Outcome};

use crate::router::{CROSSBAR, LONG, Router, call, done};

/// How far the first router was tried, and with what error.
fn cause(error: &Error) -> (Stage, &'static str) {
    assert_eq!(error.outcome(), Outcome::NotExecuted, "{error}");
    let source = error.source().expect("the causes");
    let causes = &source
        .downcast_ref::<NoRouter>()
        .expect("the causes")
        .causes;
    (causes[0].stage, causes[0].error.code())
}

async fn tried(url: String) -> Error {
    let wamp = Wamp::builder(url, "com.example.realm")
        .reconnect(Duration::from_secs(60), Duration::from_secs(60))
        .build()
        .unwrap();
    done(call(&wamp.agent(), "com.example.add", "{}"))
        .await
        .unwrap_err()
}

#[tokio::test]
async fn w1_a_router_that_does_not_run_is_told_at_once() {
    let router = Router::start().await;
    let url = router.url();
    drop(router);
    let start = Instant::now();
    let error = tried(url).await;
    assert_eq!(cause(&error), (Stage::Tcp, "Connect.Refused"));
    assert!(error.is_retryable());
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn w1_another_answer_than_a_websocket_says_what_it_is() {
    for (text, said) in [
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404"),
        (
            "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n",
            "426",
        ),
        ("HTTP/1.1 400 Bad\r\nContent-Length: 5\r\n\r\nwamp!", "400"),
    ] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 2048]).await;
            let _ = stream.write_all(text.as_bytes()).await;
        });
        let error = tried(url).await;
        assert_eq!(cause(&error), (Stage::WebSocket, "Connect.NoWebSocket"));
        let line = error.to_string();
        assert!(
            line.contains("no WebSocket") && line.contains("check the path"),
            "{line}"
        );
        assert!(
            error.source().unwrap().to_string().contains(said),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn w1_tls_without_a_word_whom_to_trust_says_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let error = tried(format!("wss://{}/", listener.local_addr().unwrap())).await;
    assert_eq!(cause(&error).0, Stage::Tls);
}

#[tokio::test]
async fn w2_another_protocol_or_none_is_no_session() {
    for protocol in [None, Some("wamp.2.cbor")] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let waiting = call(&wamp.agent(), "com.example.add", "{}");
        let _peer = router.peer_speaking(protocol).await;
        let error = done(waiting).await.unwrap_err();
        assert_eq!(cause(&error), (Stage::WebSocket, "Protocol"));
    }
}

#[tokio::test]
async fn w3_an_upgrade_that_is_never_answered_has_an_end() {
    let router = Router::start().await;
    let wamp = router.client().connect_timeout(Duration::from_millis(200));
    let wamp = wamp.build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.add", "{}");
    let _stream = router.tcp().await;
    let error = done(waiting).await.unwrap_err();
    assert_eq!(cause(&error), (Stage::WebSocket, "Timeout.Connect"));
}

#[tokio::test]
async fn w4_a_router_that_will_not_let_us_in_is_asked_once() {
    for reason in [
        "wamp.error.no_such_realm",
        "wamp.error.no_auth_method",
        "wamp.error.not_authorized",
    ] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let waiting = call(&wamp.agent(), "com.example.add", "{}");
        let mut peer = router.peer().await;
        peer.takes(1).await;
        peer.send(json!([3, {"message": "go away"}, reason])).await;
        let error = done(waiting).await.unwrap_err();
        let told = error.as_rpc().expect("what the router said");
        assert_eq!(
            (told.code.text(), &*told.message),
            (Some(reason), "go away")
        );
        assert_eq!(cause(&error), (Stage::Join, "Rpc"));
        assert!(!error.is_retryable());
        // Not in the background, and not for the next call.
        let again = done(call(&wamp.agent(), "com.example.add", "{}")).await;
        assert_eq!(again.unwrap_err().code(), "Rpc");
        assert!(!router.is_tried(Duration::from_millis(300)).await);
        // Only when the program says so.
        let joining = tokio::spawn({
            let wamp = wamp.clone();
            async move { wamp.join().await }
        });
        let _peer = router.session(CROSSBAR).await;
        assert!(joining.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn w4_a_reason_that_passes_is_tried_again() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let joining = tokio::spawn(async move { wamp.join().await });
    let mut peer = router.peer().await;
    peer.takes(1).await;
    peer.send(json!([3, {}, "wamp.close.system_shutdown"]))
        .await;
    let _peer = router.session(CROSSBAR).await;
    assert_eq!(joining.await.unwrap().unwrap().session, 4711);
}

#[tokio::test]
async fn who_waits_for_a_session_can_learn_why_there_is_none() {
    // A free port, where nobody listens yet.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let wamp = Wamp::builder(format!("ws://{address}/ws"), "com.example.realm")
        .reconnect(Duration::from_millis(10), Duration::from_millis(20))
        .on_not_joined(move |why| {
            let _ = tell.send(why);
            panic!("as the test wants");
        })
        .build()
        .unwrap();
    assert!(wamp.status().not_joined.is_none());
    let waited = tokio::time::timeout(Duration::from_millis(1), wamp.join()).await;
    assert!(waited.is_err());
    for attempt in 1..=3 {
        let why = tokio::time::timeout(LONG, told.recv()).await.unwrap();
        let why = why.expect("why");
        assert_eq!(why.attempts, attempt);
        assert_eq!(cause(&why.error), (Stage::Tcp, "Connect.Refused"));
        assert!(why.again.is_some_and(|pause| pause < LONG));
        let text = why.to_string();
        assert!(text.contains(&address.to_string()), "{text}");
        assert!(text.contains("tried again"), "{text}");
    }
    let status = wamp.status();
    let why = status.not_joined.expect("why");
    assert!(status.session.is_none() && why.attempts >= 3, "{why:?}");
    wamp.leave().await;
    assert!(wamp.status().not_joined.is_none());
}

#[tokio::test]
async fn a_refusal_for_good_and_a_session_say_so_in_the_status() {
    let router = Router::start().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let tell = move |why| drop(tell.send(why));
    let wamp = router.client().on_not_joined(tell).build().unwrap();
    let joining = tokio::spawn({
        let wamp = wamp.clone();
        async move { wamp.join().await }
    });
    let mut peer = router.peer().await;
    peer.takes(1).await;
    let abort = json!([3, {"message": "go away"}, "wamp.error.no_such_realm"]);
    peer.send(abort).await;
    assert!(joining.await.unwrap().is_err());
    let why = told.recv().await.expect("why");
    assert_eq!((why.attempts, why.again), (1, None));
    let known = wamp.status().not_joined.expect("why");
    assert_eq!(known.to_string(), why.to_string());
    assert!(why.to_string().contains("before `join` is called"), "{why}");
    let joining = tokio::spawn({
        let wamp = wamp.clone();
        async move { wamp.join().await }
    });
    let mut peer = router.session(CROSSBAR).await;
    joining.await.unwrap().unwrap();
    let status = wamp.status();
    assert!(status.session.is_some() && status.not_joined.is_none());
    // Thrown out: no attempt has failed, and there is a reason all the same.
    peer.send(json!([6, {}, "wamp.close.killed"])).await;
    let why = loop {
        if let Some(why) = wamp.status().not_joined {
            break why;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(why.attempts, 0);
    assert!(why.to_string().starts_with("the session ended: "), "{why}");
    assert!(told.try_recv().is_err());
}

#[tokio::test]
async fn w5_welcome_that_never_comes_or_something_else_in_its_place() {
    let router = Router::start().await;
    let wamp = router.client().connect_timeout(Duration::from_millis(300));
    let wamp = wamp.build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.add", "{}");
    let mut peer = router.peer().await;
    peer.takes(1).await;
    assert_eq!(
        cause(&done(waiting).await.unwrap_err()),
        (Stage::Join, "Timeout.Connect")
    );
    for other in ["[50,1,{}]", "hello", "[2]", "[2,-1,{}]"] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let waiting = call(&wamp.agent(), "com.example.add", "{}");
        let mut peer = router.peer().await;
        peer.takes(1).await;
        peer.send_text(other).await;
        let error = done(waiting).await.unwrap_err();
        assert_eq!(cause(&error), (Stage::Join, "Protocol"), "{other}");
    }
}

#[tokio::test]
async fn w6_a_challenge_for_another_method_is_answered_with_abort() {
    let router = Router::start().await;
    let wamp = router.client().auth(Auth::ticket("tess", "s3cret"));
    let wamp = wamp.build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.add", "{}");
    let mut peer = router.peer().await;
    let hello = peer.takes(1).await;
    assert_eq!(hello[2]["authmethods"], json!(["ticket"]));
    assert_eq!(hello[2]["authid"], "tess");
    peer.send(json!([4, "scram", {}])).await;
    assert_eq!(peer.takes(3).await[2], "wamp.error.cannot_authenticate");
    let error = done(waiting).await.unwrap_err();
    assert_eq!(cause(&error), (Stage::Join, "Config.NoCredentials"));
    assert!(!format!("{error:?} {wamp:?}").contains("s3cret"));
    assert!(!router.is_tried(Duration::from_millis(200)).await);
}

#[tokio::test]
async fn a_ticket_is_shown_when_it_is_asked_for_and_only_then() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .auth(Auth::ticket("tess", "t1"))
        .build()
        .unwrap();
    let joining = tokio::spawn(async move { wamp.join().await });
    let mut peer = router.peer().await;
    let hello = peer.takes(1).await;
    assert!(!hello.to_string().contains("t1"));
    peer.send(json!([4, "ticket", {}])).await;
    assert_eq!(peer.takes(5).await, json!([5, "t1", {}]));
    // A second challenge is nothing that a router sends.
    peer.send(json!([4, "ticket", {}])).await;
    assert!(peer.next().await.is_none());
    let _peer = router.peer().await;
    joining.abort();
}

#[tokio::test]
async fn w39_of_two_routers_the_one_that_is_up_is_used_and_the_first_when_it_is_back() {
    let (first, second) = (Router::start().await, Router::start().await);
    let address = first.url();
    drop(first);
    let wamp = Wamp::builder(&address, "com.example.realm")
        .router(second.url())
        .reconnect(Duration::from_millis(10), Duration::from_millis(100));
    let wamp = wamp.build().unwrap();
    let joining = tokio::spawn({
        let wamp = wamp.clone();
        async move { wamp.join().await }
    });
    let peer = second.session(CROSSBAR).await;
    assert!(joining.await.unwrap().is_ok());
    // The first is back: it is used when the second ends.
    let port = address.trim_start_matches("ws://").trim_end_matches("/ws");
    let first = tokio::net::TcpListener::bind(port).await.unwrap();
    drop(peer);
    let accepted = tokio::time::timeout(LONG, first.accept()).await;
    assert!(accepted.expect("the first router").is_ok());
}

#[tokio::test]
async fn messagepack_is_asked_for_by_its_name() {
    let router = Router::start().await;
    let wamp = router.client().serializer(Serializer::MessagePack);
    let wamp = wamp.build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.add", "{}");
    let mut peer = router.peer_speaking(Some("wamp.2.msgpack")).await;
    let frame = peer.frame().await.expect("HELLO");
    assert!(frame.is_binary());
    assert_eq!(frame.into_data()[..2], [0x93, 1]);
    waiting.abort();
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_when_it_is_set_up() {
    for (url, realm, code) in [
        ("http://localhost/", "com.example.realm", "Config.BadUrl"),
        (
            "ws://user:s3cret@localhost/",
            "com.example.realm",
            "Config.BadUrl",
        ),
        ("ws://localhost/", "com example", "Config.OutOfRange"),
        ("ws://localhost/", "", "Config.OutOfRange"),
    ] {
        let error = Wamp::builder(url, realm).build().unwrap_err();
        assert_eq!(error.code(), code, "{url} {realm}");
        assert!(!error.to_string().contains("s3cret"));
    }
    assert!(matches!(
        Wamp::builder("ws://localhost/", "r")
            .router("x")
            .build()
            .unwrap_err()
            .kind(),
        ErrorKind::Config(_)
    ));
}
