//! How sessions end, and how they begin again.

use std::error::Error as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use xerus_rpc::wamp::{ClosedBy, SessionEnded, Wamp};
use xerus_rpc::{ErrorKind, Outcome};

use crate::router::{CROSSBAR, LONG, Peer, Router, call, done};

/// A call under way.
async fn waiting(
    router: &Router,
    wamp: &Wamp,
) -> (
    Peer,
    serde_json::Value,
    tokio::task::JoinHandle<Result<xerus_rpc::Json, xerus_rpc::Error>>,
) {
    let waiting = call(&wamp.agent(), "com.example.slow", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    (peer, message, waiting)
}

#[tokio::test]
async fn w7_calls_are_lost_at_once_and_the_session_is_joined_again() {
    let router = Router::start().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let (on_join, on_leave) = (Arc::clone(&told), Arc::clone(&told));
    let wamp = router
        .client()
        .on_join(move |joined| {
            on_join
                .lock()
                .unwrap()
                .push(format!("join {}", joined.session));
            async {}
        })
        .on_leave(move |left| {
            on_leave
                .lock()
                .unwrap()
                .push(format!("leave {}", left.by_us));
        })
        .build()
        .unwrap();
    let (mut peer, _, lost) = waiting(&router, &wamp).await;
    // No goodbye, no close frame.
    let start = Instant::now();
    let _ = tokio::io::AsyncWriteExt::shutdown(peer.tcp()).await;
    drop(peer);
    let error = done(lost).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::ConnectionLost),
        "{error:?}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(start.elapsed() < Duration::from_secs(5));
    let next = call(&wamp.agent(), "com.example.add", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    // Nothing of the session before is left: ids begin again, and the lost call is not repeated.
    assert_eq!(message, json!([48, 1, {}, "com.example.add"]));
    peer.result(&message, json!([1])).await;
    assert!(done(next).await.is_ok());
    wamp.leave().await;
    let told = told.lock().unwrap().clone();
    assert_eq!(
        told,
        ["join 4711", "leave false", "join 4711", "leave true"]
    );
}

#[tokio::test]
async fn w9_goodbye_is_answered_and_who_was_thrown_out_waits() {
    for reason in ["wamp.close.killed", "wamp.close.normal"] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let (mut peer, message, lost) = waiting(&router, &wamp).await;
        peer.send(json!([6, {"message": "not you"}, reason])).await;
        // What still comes harms nothing.
        peer.result(&message, json!(["too late"])).await;
        assert_eq!(peer.takes(6).await[2], "wamp.close.goodbye_and_out");
        let error = done(lost).await.unwrap_err();
        let ended = error
            .source()
            .unwrap()
            .downcast_ref::<SessionEnded>()
            .unwrap();
        assert_eq!((&*ended.reason, &*ended.message), (reason, "not you"));
        assert_eq!(error.outcome(), Outcome::Unknown);
        drop(peer);
        // 400 ms are the longest pause here, which varies by a quarter.
        assert!(!router.is_tried(Duration::from_millis(200)).await);
        let error = done(call(&wamp.agent(), "com.example.add", "{}"))
            .await
            .unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        let _peer = router.session(CROSSBAR).await;
    }
}

#[tokio::test]
async fn w9_a_router_that_shuts_down_is_expected_back_soon() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let (mut peer, _, lost) = waiting(&router, &wamp).await;
    let start = Instant::now();
    peer.send(json!([6, {}, "wamp.close.system_shutdown"]))
        .await;
    assert!(done(lost).await.is_err());
    let _peer = router.session(CROSSBAR).await;
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn leaving_waits_for_calls_says_goodbye_and_takes_what_still_comes() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let (mut peer, message, last) = waiting(&router, &wamp).await;
    let leaving = tokio::spawn({
        let wamp = wamp.clone();
        async move { wamp.leave().await }
    });
    assert!(peer.is_silent(Duration::from_millis(100)).await);
    peer.result(&message, json!(["done"])).await;
    assert_eq!(done(last).await.unwrap().get(), r#""done""#);
    assert_eq!(
        peer.takes(6).await,
        json!([6, {}, "wamp.close.close_realm"])
    );
    peer.send(json!([8, 48, 9, {}, "wamp.error.canceled"]))
        .await;
    peer.send(json!([6, {}, "wamp.close.normal"])).await;
    tokio::time::timeout(LONG, leaving).await.unwrap().unwrap();
    assert_eq!(peer.closed_with().await, Some(1000));
    assert!(!router.is_tried(Duration::from_millis(100)).await);
    // And a call after that joins anew.
    let next = call(&wamp.agent(), "com.example.add", "{}");
    let _peer = router.session(CROSSBAR).await;
    next.abort();
}

#[tokio::test]
async fn leaving_a_router_that_says_nothing_has_an_end() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let joining = tokio::spawn({
        let wamp = wamp.clone();
        async move { wamp.join().await.map(drop) }
    });
    let _peer = router.session(CROSSBAR).await;
    joining.await.unwrap().unwrap();
    let start = Instant::now();
    wamp.leave().await;
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn run_joins_and_leaves_when_it_is_told_to() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn({
        let wamp = wamp.clone();
        async move { wamp.run(stopped).await }
    });
    let mut peer = router.session(CROSSBAR).await;
    while wamp.status().session.is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(()).unwrap();
    assert_eq!(peer.takes(6).await[2], "wamp.close.close_realm");
    peer.send(json!([6, {}, "wamp.close.goodbye_and_out"]))
        .await;
    assert!(running.await.unwrap().is_ok());
}

#[tokio::test]
async fn run_ends_when_the_router_will_not_let_us_in() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let running = tokio::spawn(async move { wamp.run(std::future::pending::<()>()).await });
    // In first, and then no more.
    drop(router.session(CROSSBAR).await);
    let mut peer = router.peer().await;
    peer.takes(1).await;
    peer.send(json!([3, {}, "wamp.error.no_such_realm"])).await;
    let ended = tokio::time::timeout(LONG, running).await.unwrap().unwrap();
    assert_eq!(ended.unwrap_err().code(), "Rpc");
}

#[tokio::test]
async fn w31_the_code_with_which_a_router_closes_is_kept() {
    for code in [1011, 1002] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let (mut peer, _, lost) = waiting(&router, &wamp).await;
        peer.close(code, "as the test wants").await;
        let error = done(lost).await.unwrap_err();
        let closed = error.source().unwrap().downcast_ref::<ClosedBy>().unwrap();
        assert_eq!((closed.code, &*closed.reason), (code, "as the test wants"));
    }
}

#[tokio::test]
async fn w32_a_router_that_answers_no_ping_is_gone() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .ping(Duration::from_millis(50))
        .build()
        .unwrap();
    let (peer, _, lost) = waiting(&router, &wamp).await;
    // The connection stays, and nobody reads from it.
    let error = done(lost).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionLost));
    assert!(error.source().unwrap().to_string().contains("ping"));
    let _again = router.session(CROSSBAR).await;
    drop(peer);
}

#[tokio::test]
async fn w32_a_router_that_answers_pings_may_say_nothing_else() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .ping(Duration::from_millis(30))
        .build()
        .unwrap();
    let (mut peer, message, slow) = waiting(&router, &wamp).await;
    // Pongs are sent where frames are read.
    assert!(peer.is_silent(Duration::from_millis(400)).await);
    peer.result(&message, json!([1])).await;
    assert!(done(slow).await.is_ok());
}

#[tokio::test]
async fn a_router_whose_answer_comes_slowly_is_not_gone() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .ping(Duration::from_millis(100))
        .build()
        .unwrap();
    let (mut peer, message, slow) = waiting(&router, &wamp).await;
    // One frame, which no pong can overtake.
    let text = json!([50, message[1], {}, ["x".repeat(60)]]).to_string();
    let mut frame = vec![0x81, u8::try_from(text.len()).unwrap()];
    frame.extend(text.bytes());
    for piece in frame.chunks(2) {
        let _ = peer.tcp().write_all(piece).await;
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(done(slow).await.unwrap().get().len(), 62);
}

#[tokio::test(start_paused = true)]
async fn w40_time_is_that_of_the_monotonic_clock() {
    // The clock of the runtime stands still and is moved on: a suspended machine, as far as timers know.
    let router = Router::start().await;
    let wamp = router
        .client()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap();
    let (peer, _, slow) = waiting(&router, &wamp).await;
    tokio::time::advance(Duration::from_secs(3600)).await;
    let error = done(slow).await.unwrap_err();
    assert!(error.may_have_executed(), "{error}");
    drop(peer);
}

#[tokio::test]
async fn a_router_that_comes_and_goes_is_not_stormed() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .reconnect(Duration::from_millis(50), Duration::from_millis(400))
        .build()
        .unwrap();
    let joining = tokio::spawn(async move { wamp.run(std::future::pending::<()>()).await });
    let start = Instant::now();
    for _ in 0..5 {
        // Lets us in and ends it at once.
        drop(router.session(CROSSBAR).await);
    }
    assert!(
        start.elapsed() > Duration::from_millis(400),
        "{:?}",
        start.elapsed()
    );
    joining.abort();
}
