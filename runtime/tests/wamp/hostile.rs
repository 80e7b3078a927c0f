//! What no router sends.

use std::time::Duration;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use xerus_rpc::wamp::Serializer;
use xerus_rpc::{ErrorKind, Outcome};

use crate::router::{CROSSBAR, Router, call, done};

#[tokio::test]
async fn w33_what_is_no_message_ends_the_session_with_1002_and_it_is_joined_again() {
    for bad in [
        "hello",
        r#"{"a":1}"#,
        "[]",
        "[99,1]",
        "[50]",
        r#"[50,"1",{}]"#,
        "[50,1.5,{}]",
        "[50,1,{}",
        "[8,48,1]",
    ] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let waiting = call(&wamp.agent(), "com.example.slow", "{}");
        let mut peer = router.session(CROSSBAR).await;
        peer.takes(48).await;
        peer.send_text(bad).await;
        let error = done(waiting).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Protocol(_)),
            "{bad}: {error:?}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown);
        let ErrorKind::Protocol(told) = error.kind() else {
            panic!("{error:?}");
        };
        // What a message carries may be a secret.
        assert_eq!(told.excerpt.is_empty(), bad.starts_with('['), "{bad}");
        assert_eq!(peer.closed_with().await, Some(1002), "{bad}");
        let _peer = router.session(CROSSBAR).await;
    }
}

#[tokio::test]
async fn w33_a_frame_of_the_other_kind_ends_the_session() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.slow", "{}");
    let mut peer = router.session(CROSSBAR).await;
    peer.takes(48).await;
    peer.send_frame(Message::binary(b"[50,1,{}]".to_vec()))
        .await;
    assert_eq!(done(waiting).await.unwrap_err().code(), "Protocol");
}

#[tokio::test]
async fn w33_nesting_without_end_ends_one_call_and_no_stack() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.deep", "{}");
    let other = call(&wamp.agent(), "com.example.other", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let mut messages = [peer.takes(48).await, peer.takes(48).await];
    messages.sort_by_key(|message| message[3].to_string());
    let [deep_call, other_call] = messages;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    peer.send_text(&format!("[50,{},{{}},{deep}]", deep_call[1]))
        .await;
    let error = done(waiting).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Executed, "{error:?}");
    peer.result(&other_call, json!([1])).await;
    assert!(done(other).await.is_ok());
}

#[tokio::test]
async fn w33_nonsense_in_arguments_ends_one_call() {
    for nonsense in [r#"[50,ID,{},[nonsense]]"#, r#"[50,ID,{},["\ud800"]]"#] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let waiting = call(&wamp.agent(), "com.example.x", "{}");
        let mut peer = router.session(CROSSBAR).await;
        let message = peer.takes(48).await;
        peer.send_text(&nonsense.replace("ID", &message[1].to_string()))
            .await;
        assert!(done(waiting).await.is_err());
        let next = call(&wamp.agent(), "com.example.y", "{}");
        let message = peer.takes(48).await;
        peer.result(&message, json!([1])).await;
        assert!(done(next).await.is_ok());
    }
}

#[tokio::test]
async fn w33_what_json_has_no_form_for_ends_one_call() {
    let router = Router::start().await;
    let wamp = router.client().serializer(Serializer::MessagePack);
    let wamp = wamp.build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.x", "{}");
    let mut peer = router.peer_speaking(Some("wamp.2.msgpack")).await;
    peer.frame().await.expect("HELLO");
    let welcome = [&[0x93, 2, 7, 0x81, 0xa5][..], b"roles", &[0x80]].concat();
    peer.send_frame(Message::binary(welcome)).await;
    assert_eq!(peer.frame().await.unwrap().into_data()[1..3], [48, 1]);
    // The result is not a number.
    let nan = [0x94, 50, 1, 0x80, 0x91, 0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0];
    peer.send_frame(Message::binary(nan.to_vec())).await;
    let error = done(waiting).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Executed, "{error:?}");
    let next = call(&wamp.agent(), "com.example.y", "{}");
    assert_eq!(peer.frame().await.unwrap().into_data()[1..3], [48, 2]);
    let five = [0x94, 50, 2, 0x80, 0x91, 5];
    peer.send_frame(Message::binary(five.to_vec())).await;
    assert_eq!(done(next).await.unwrap().get(), "5");
}

#[tokio::test]
async fn w30_a_message_over_the_limit_ends_the_session_with_1009() {
    let router = Router::start().await;
    let wamp = router.client().max_answer_bytes(10_000).build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.large", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    peer.result(&message, json!(["x".repeat(20_000)])).await;
    let error = done(waiting).await.unwrap_err();
    assert_eq!(error.code(), "ResponseTooLarge");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(peer.closed_with().await, Some(1009));
}

#[tokio::test]
async fn w31_a_message_in_pieces_with_a_ping_between_them_is_put_together() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.add", "{}");
    let mut peer = router.session(CROSSBAR).await;
    peer.takes(48).await;
    let piece = |text: &'static str, code, last| {
        Message::Frame(Frame::message(text.as_bytes(), OpCode::Data(code), last))
    };
    peer.send_frame(piece("[50,1,", Data::Text, false)).await;
    peer.send_frame(Message::Ping("hi".into())).await;
    peer.send_frame(piece("{},[", Data::Continue, false)).await;
    peer.send_frame(piece("5]]", Data::Continue, true)).await;
    assert_eq!(done(waiting).await.unwrap().get(), "5");
    assert!(matches!(peer.frame().await, Some(Message::Pong(_))));
}

#[tokio::test]
async fn messages_of_no_session_and_for_nobody_are_counted_and_dropped() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.add", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    for stray in [
        json!([2, 1, {}]),
        json!([4, "ticket", {}]),
        json!([50, 99, {}]),
        json!([8, 48, 99, {}, "wamp.error.runtime_error"]),
        json!([36, 1, 2, {}]),
        json!([69, 1, {}]),
        json!([65, 99, 1]),
        json!([67, 0, {"registration": 1}]),
    ] {
        peer.send(stray).await;
    }
    peer.result(&message, json!([1])).await;
    assert!(done(waiting).await.is_ok());
    assert_eq!(wamp.status().dropped, 8);
}

#[tokio::test]
async fn w23_an_invocation_of_nothing_that_is_registered_is_answered() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let joining = tokio::spawn({
        let wamp = wamp.clone();
        async move { wamp.join().await.map(drop) }
    });
    let mut peer = router.session(CROSSBAR).await;
    peer.send(json!([68, 50, 1234, {}, [1]])).await;
    let error = peer.takes(8).await;
    assert_eq!(error[4], "wamp.error.no_such_registration");
    // Without a name the caller cannot know that it is told of its own call.
    assert_eq!(error.get(6), None);
    peer.send(json!([68, 51, 1234, {"procedure": "com.example.gone"}, [1]]))
        .await;
    let error = peer.takes(8).await;
    assert_eq!(
        json!([error[4], error[6]]),
        json!([
            "wamp.error.no_such_registration",
            {"executed": false, "procedure": "com.example.gone"}
        ])
    );
    joining.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_router_that_reads_nothing_costs_bounded_memory_and_its_session() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .write_timeout(Duration::from_millis(300))
        .max_request_bytes(4 << 20)
        .build()
        .unwrap();
    let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(1 << 20));
    let joining = tokio::spawn({
        let wamp = wamp.clone();
        async move { wamp.join().await.map(drop) }
    });
    let peer = router.session(CROSSBAR).await;
    joining.await.unwrap().unwrap();
    let calls: Vec<_> = (0..40)
        .map(|_| call(&wamp.agent(), "com.example.x", &large))
        .collect();
    let mut not_executed = 0;
    for waiting in calls {
        let error = done(waiting).await.unwrap_err();
        not_executed += u32::from(error.outcome() == Outcome::NotExecuted);
    }
    // What never left is known not to have been executed.
    assert!(not_executed >= 10, "{not_executed}");
    drop(peer);
}
