//! What is no message of WAMP, or none that may come now.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use xerus_rpc::wamp::Serializer;

use super::rows;
use crate::conformance::wamp::Router;
use crate::conformance::wamp::message::{ABORT, CALL, HELLO, Said, YIELD};
use crate::conformance::wamp::router::roles;
use crate::conformance::wamp::session::Session;
use crate::conformance::{Notes, Outcome, told};

rows! { ROWS:
    "W33", "a call before HELLO", "ABORT, or closed", before_hello;
    "W33", "HELLO a second time", "ABORT, or closed", |router| violation(router, |session, router| {
        session.frame(&json!([HELLO, router.setup.realm, {"roles": roles()}]))
    });
    "W33", "a frame that is nothing in this serializer", "ABORT, or closed", |router| violation(router, |session, _| nonsense(session));
    "W33", "a call in a frame of the other kind, binary or text", "ABORT, or closed", |router| violation(router, |session, router| {
        other_kind(&session.frame(&router.probe_with(json!(1))))
    });
    "W33", "an object where a message is a list", "ABORT, or closed", |router| violation(router, |session, _| session.frame(&json!({"a": 1})));
    "W33", "a message of an unknown kind", "ABORT, or closed", |router| violation(router, |session, _| session.frame(&json!([99, 1])));
    "W33", "CALL without a procedure", "ABORT, or closed", |router| violation(router, |session, _| session.frame(&json!([CALL, 1])));
    "W33", "CALL whose id is a text", "ABORT, or closed", |router| with_id(router, json!("1"));
    "W33", "CALL whose id is -1", "ABORT, or closed", |router| with_id(router, json!(-1));
    "W33", "CALL whose id is 2^53 + 1", "ABORT, or closed", |router| with_id(router, json!((1_u64 << 53) + 1));
    "W33", "RESULT from a client", "ABORT, or closed", |router| violation(router, |session, _| session.frame(&json!([50, 1, {}])));
    "W34", "CALL with an element behind those that it has", "answered, ABORT, or closed", extra_element;
    "W34", "CALL with an option that nobody knows", "answered", unknown_option;
    "W25", "YIELD for an invocation that there was not", "ignored, ABORT, or closed", stray_yield;
    "W31", "a call in two frames, with a ping between them", "a pong with the same payload, and an answer", fragments;
}

/// What stands for an end of the session by the router.
fn is_end(seen: &Result<Said, String>) -> bool {
    match seen {
        Ok(said) => said.is(ABORT),
        Err(seen) => seen.starts_with("closed"),
    }
}

fn text(seen: Result<Said, String>) -> String {
    seen.map_or_else(|seen| seen, |said| said.text())
}

async fn violation(
    router: &Router<'_>,
    frame: impl FnOnce(&Session, &Router<'_>) -> Message,
) -> Outcome {
    let mut session = router.join().await?;
    let frame = frame(&session, router);
    session.put([frame]).await;
    let seen = session.any().await;
    told(is_end(&seen), text(seen))
}

async fn with_id(router: &Router<'_>, id: Value) -> Outcome {
    violation(router, |session, router| {
        session.frame(&router.probe_with(id))
    })
    .await
}

fn nonsense(session: &Session) -> Message {
    match session.serializer() {
        Serializer::Json => Message::text("hello"),
        // The one byte that is nothing in MessagePack.
        _ => Message::binary(vec![0xc1]),
    }
}

fn other_kind(frame: &Message) -> Message {
    match frame {
        Message::Text(text) => Message::binary(text.as_bytes().to_vec()),
        _ => Message::text(r#"[48,1,{},"xerus.conformance.probe"]"#),
    }
}

async fn before_hello(router: &Router<'_>) -> Outcome {
    let mut session = router.open().await?;
    let (_, frame) = router.probe(&mut session);
    session.put([frame]).await;
    let seen = session.any().await;
    told(is_end(&seen), text(seen))
}

async fn extra_element(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    let id = session.request();
    let probe = router.probe_with(json!(id));
    let method = &probe[3];
    session
        .send(json!([CALL, id, {}, method, [], {}, "more"]))
        .await;
    let seen = session.any().await;
    let is_answer = seen.as_ref().is_ok_and(|said| said.answers(id));
    told(is_answer || is_end(&seen), text(seen))
}

async fn unknown_option(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    let id = session.request();
    let mut probe = router.probe_with(json!(id));
    probe[2] = json!({"xerus_unknown": [1, {"a": null}]});
    session.send(probe).await;
    let seen = session.any().await;
    let is_answer = seen.as_ref().is_ok_and(|said| said.answers(id));
    told(is_answer, text(seen))
}

async fn stray_yield(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    session.send(json!([YIELD, 4711, {}])).await;
    let (id, frame) = router.probe(&mut session);
    session.put([frame]).await;
    let seen = session.any().await;
    match seen {
        Ok(said) if said.answers(id) => Ok("ignored".to_owned()),
        seen => told(is_end(&seen), text(seen)),
    }
}

async fn fragments(router: &Router<'_>) -> Outcome {
    let mut session = router.join().await?;
    let (id, frame) = router.probe(&mut session);
    let kind = if frame.is_text() {
        Data::Text
    } else {
        Data::Binary
    };
    let bytes = frame.into_data();
    let (first, last) = bytes.split_at(bytes.len() / 2);
    let part = |bytes: &[u8], kind, is_last| {
        Message::Frame(Frame::message(bytes.to_vec(), OpCode::Data(kind), is_last))
    };
    let frames = [
        part(first, kind, false),
        Message::Ping("xerus".into()),
        part(last, Data::Continue, true),
    ];
    session.put(frames).await;
    let is_same = session.pong("xerus").await;
    let mut notes = Notes::default();
    notes.note(is_same, if is_same { "a pong" } else { "no pong" });
    let seen = session.answer(id).await;
    notes.note(seen.is_ok(), text(seen));
    notes.outcome()
}
