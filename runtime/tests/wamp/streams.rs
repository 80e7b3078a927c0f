//! Calls that report progress.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::json;
use xerus_rpc::wamp::Wamp;
use xerus_rpc::wire::{BoxStream, Item, Request, Transport as _, Values};
use xerus_rpc::{Error, ErrorKind, Outcome};

use crate::router::{BONDY, CROSSBAR, LONG, Peer, Router, call, done};

type Items = BoxStream<'static, Result<Item, Error>>;

fn stream(wamp: &Wamp, time: Duration) -> Items {
    let request = Request::untyped("", "com.example.count", Values::none()).with_timeout(time);
    Arc::new(wamp.clone()).stream(request)
}

/// Reads a stream in a task of its own: what was reported, and how it ended.
async fn read(mut items: Items) -> (Vec<String>, Result<Vec<String>, Error>) {
    let mut seen = Vec::new();
    loop {
        match items.next().await.expect("an end") {
            Ok(Item::Progress(reply)) => {
                seen.push(String::from_utf8(reply.results().body().to_vec()).unwrap());
            }
            Ok(Item::Final(reply)) => {
                assert!(items.next().await.is_none());
                return (seen, Ok(reply.meta().warnings.clone()));
            }
            Err(error) => {
                assert!(items.next().await.is_none());
                return (seen, Err(error));
            }
            Ok(_) => panic!("neither"),
        }
    }
}

async fn progress(peer: &mut Peer, id: &serde_json::Value, number: u32) {
    peer.send(json!([50, id, {"progress": true}, [number]]))
        .await;
}

#[tokio::test]
async fn progress_comes_in_order_and_then_the_result() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let reading = tokio::spawn(read(stream(&wamp, LONG)));
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    assert_eq!(message[2], json!({"receive_progress": true}));
    for number in 0..5 {
        progress(&mut peer, &message[1], number).await;
    }
    peer.result(&message, json!([5])).await;
    let (seen, end) = reading.await.unwrap();
    assert_eq!(seen, ["[0]", "[1]", "[2]", "[3]", "[4]"]);
    assert!(end.unwrap().is_empty());
}

#[tokio::test]
async fn w18_progress_that_was_not_asked_for_is_dropped_and_the_call_goes_on() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.count", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    assert_eq!(message[2], json!({}));
    progress(&mut peer, &message[1], 1).await;
    peer.result(&message, json!(["final"])).await;
    assert_eq!(done(waiting).await.unwrap().get(), r#""final""#);
    assert_eq!(wamp.status().dropped, 1);
}

#[tokio::test]
async fn w19_progress_behind_the_end_is_ignored() {
    for ends_with_error in [false, true] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let reading = tokio::spawn(read(stream(&wamp, LONG)));
        let mut peer = router.session(CROSSBAR).await;
        let message = peer.takes(48).await;
        progress(&mut peer, &message[1], 1).await;
        if ends_with_error {
            peer.error(&message, "com.example.error.broken", json!([]))
                .await;
        } else {
            peer.result(&message, json!([5])).await;
        }
        progress(&mut peer, &message[1], 2).await;
        peer.error(&message, "wamp.error.runtime_error", json!([]))
            .await;
        let (seen, end) = reading.await.unwrap();
        assert_eq!(seen, ["[1]"]);
        assert_eq!(end.is_err(), ends_with_error);
        let next = call(&wamp.agent(), "com.example.add", "{}");
        let message = peer.takes(48).await;
        peer.result(&message, json!([1])).await;
        assert!(done(next).await.is_ok());
        assert_eq!(wamp.status().dropped, 2);
    }
}

#[tokio::test]
async fn w20_a_callee_that_stops_in_the_middle_ends_the_stream() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let reading = tokio::spawn(read(stream(&wamp, LONG)));
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    progress(&mut peer, &message[1], 1).await;
    let why = "callee disconnected from in-flight request";
    peer.error(&message, "wamp.error.canceled", json!([why]))
        .await;
    let (seen, end) = reading.await.unwrap();
    assert_eq!(seen, ["[1]"]);
    let error = end.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionLost));
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn w20_a_session_that_ends_in_the_middle_ends_the_stream() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let reading = tokio::spawn(read(stream(&wamp, LONG)));
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    progress(&mut peer, &message[1], 1).await;
    drop(peer);
    let (seen, end) = reading.await.unwrap();
    assert_eq!(seen, ["[1]"]);
    assert_eq!(end.unwrap_err().outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn a_stream_that_is_dropped_cancels_its_call() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let reading = tokio::spawn(read(stream(&wamp, LONG)));
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    progress(&mut peer, &message[1], 0).await;
    reading.abort();
    assert_eq!(peer.takes(49).await[1], message[1]);
    assert_eq!(wamp.status().waiting, 0);
}

#[tokio::test]
async fn a_stream_has_the_time_of_its_call() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let reading = tokio::spawn(read(stream(&wamp, Duration::from_millis(150))));
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    progress(&mut peer, &message[1], 0).await;
    let (seen, end) = reading.await.unwrap();
    assert_eq!(
        (seen.len(), end.unwrap_err().code()),
        (1, "Timeout.FirstByte")
    );
    peer.takes(49).await;
}

#[tokio::test]
async fn reports_that_come_without_end_do_not_outrun_the_time() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let mut items = stream(&wamp, Duration::from_millis(200));
    let read = tokio::spawn(async move {
        loop {
            match items.next().await {
                // Another is there whenever the time is looked at.
                Some(Ok(_)) => tokio::time::sleep(Duration::from_millis(2)).await,
                Some(Err(error)) => return Some(error),
                None => return None,
            }
        }
    });
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    for number in 0..4000 {
        if read.is_finished() {
            break;
        }
        progress(&mut peer, &message[1], number).await;
        if number > 50 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    assert!(read.is_finished());
    let error = read.await.unwrap().unwrap();
    assert_eq!(error.code(), "Timeout.FirstByte");
}

#[tokio::test]
async fn a_router_without_progress_is_not_asked_for_it() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let reading = tokio::spawn(read(stream(&wamp, LONG)));
    let mut peer = router.session(BONDY).await;
    let (seen, end) = reading.await.unwrap();
    assert!(seen.is_empty());
    let error = end.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Config.Unsupported", Outcome::NotExecuted)
    );
    assert!(peer.is_silent(Duration::from_millis(100)).await);
}
