//! Calls: what goes out, and how they end early.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xerus_rpc::wamp::{Layout, OneWay};
use xerus_rpc::wire::{Request, Transport as _, Values};
use xerus_rpc::{ErrorKind, Outcome};

use crate::router::{BONDY, CROSSBAR, LONG, Router, call, done};

#[tokio::test]
async fn a_call_goes_out_as_routers_know_it_and_its_result_comes_back() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.add", r#"{"x":2,"y":3}"#);
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    assert_eq!(message, json!([48, 1, {}, "com.example.add", [2, 3]]));
    peer.result(&message, json!([5])).await;
    assert_eq!(done(waiting).await.unwrap().get(), "5");
    for (layout, tail) in [
        (Layout::ByName, json!([[], {"x": 2, "y": 3}])),
        (Layout::Mixed(1), json!([[2], {"y": 3}])),
    ] {
        let wamp = router.client().layout(layout).build().unwrap();
        let waiting = call(&wamp.agent(), "com.example.add", r#"{"x":2,"y":3}"#);
        let mut peer = router.session(CROSSBAR).await;
        let message = peer.takes(48).await;
        assert_eq!(json!([message[4], message[5]]), tail, "{layout:?}");
        peer.result(&message, json!([])).await;
        assert_eq!(done(waiting).await.unwrap().get(), "null");
    }
}

#[tokio::test]
async fn w11_a_call_that_is_dropped_is_cancelled_and_its_late_result_dropped() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.slow", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    waiting.abort();
    assert_eq!(peer.takes(49).await, json!([49, 1, {"mode": "killnowait"}]));
    peer.result(&message, json!(["late"])).await;
    let next = call(&wamp.agent(), "com.example.add", "{}");
    let message = peer.takes(48).await;
    assert_eq!(message[1], 2);
    peer.result(&message, json!(["right"])).await;
    assert_eq!(done(next).await.unwrap().get(), r#""right""#);
    assert_eq!((wamp.status().dropped, wamp.status().waiting), (1, 0));
}

#[tokio::test]
async fn w11_nothing_is_cancelled_where_that_was_not_announced() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let waiting = call(&wamp.agent(), "com.example.slow", "{}");
    let mut peer = router.session(&[]).await;
    peer.takes(48).await;
    waiting.abort();
    assert!(peer.is_silent(Duration::from_millis(200)).await);
}

#[tokio::test]
async fn w12_w13_a_cancel_without_effect_and_a_second_error_harm_nothing() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let agent = wamp.agent();
    let request = agent.call("", "com.example.slow", "{}".parse().unwrap());
    let waiting = tokio::spawn(request.timeout(Duration::from_millis(100)).send());
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    // The end is here at once, whatever the router does with it.
    let error = waiting.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)));
    peer.takes(49).await;
    for _ in 0..2 {
        peer.error(&message, "wamp.error.canceled", json!([])).await;
    }
    let next = call(&agent, "com.example.add", "{}");
    let message = peer.takes(48).await;
    peer.result(&message, json!([1])).await;
    assert_eq!(done(next).await.unwrap().get(), "1");
    assert_eq!(wamp.status().dropped, 2);
}

#[tokio::test]
async fn w15_our_time_counts_whatever_the_router_says_later() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .timeout(Duration::from_millis(150))
        .build()
        .unwrap();
    let start = Instant::now();
    let waiting = call(&wamp.agent(), "com.example.slow", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    let error = done(waiting).await.unwrap_err();
    assert_eq!(error.code(), "Timeout.FirstByte");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(start.elapsed() < Duration::from_secs(5));
    peer.error(&message, "wamp.error.canceled", json!(["timeout reached"]))
        .await;
    peer.takes(49).await;
    assert!(peer.is_silent(Duration::from_millis(100)).await);
}

#[tokio::test]
async fn w16_time_is_announced_to_a_router_that_counts_in_milliseconds_and_to_no_other() {
    for (features, options) in [(BONDY, json!({"timeout": 1500})), (CROSSBAR, json!({}))] {
        let router = Router::start().await;
        let wamp = router
            .client()
            .timeout(Duration::from_millis(1500))
            .build()
            .unwrap();
        let waiting = call(&wamp.agent(), "com.example.add", "{}");
        let mut peer = router.session(features).await;
        let message = peer.takes(48).await;
        assert_eq!(message[2], options);
        peer.result(&message, json!([1])).await;
        assert!(done(waiting).await.is_ok());
    }
}

#[tokio::test]
async fn w22_a_uri_that_would_end_the_session_is_not_sent() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let agent = wamp.agent();
    let good = call(&agent, "com.example.slow", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    for bad in ["com.example a", "com.#", "com..x", "", ".", "a.b."] {
        let error = done(call(&agent, bad, "{}")).await.unwrap_err();
        assert_eq!(error.code(), "Config.Unsupported", "{bad}");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
    }
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    peer.result(&message, json!(["alive"])).await;
    assert!(done(good).await.is_ok());
}

#[tokio::test]
async fn w30_what_is_too_large_is_not_sent_and_the_session_lives() {
    let router = Router::start().await;
    let wamp = router.client().max_request_bytes(1000).build().unwrap();
    let agent = wamp.agent();
    let good = call(&agent, "com.example.slow", "{}");
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(2000));
    let error = done(call(&agent, "com.example.add", &large))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Config.Unsupported");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(error.to_string().contains("max_request_bytes"), "{error}");
    peer.result(&message, json!([1])).await;
    assert!(done(good).await.is_ok());
}

#[tokio::test]
async fn w36_two_thousand_calls_at_a_time_are_all_answered() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let agent = wamp.agent();
    let calls: Vec<_> = (0..2000)
        .map(|number| call(&agent, "com.example.echo", &format!(r#"{{"x":{number}}}"#)))
        .collect();
    let mut peer = router.session(CROSSBAR).await;
    let mut messages = Vec::new();
    while messages.len() < 2000 {
        messages.push(peer.takes(48).await);
    }
    // Newest first.
    for message in messages.iter().rev() {
        peer.result(message, message[4].clone()).await;
    }
    for (number, waiting) in calls.into_iter().enumerate() {
        assert_eq!(done(waiting).await.unwrap().get(), number.to_string());
    }
    assert_eq!(wamp.status().waiting, 0);
}

#[tokio::test]
async fn a_call_given_up_before_it_was_written_is_never_sent() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    // There is no session yet, so nothing can have left.
    let waiting = call(&wamp.agent(), "com.example.cycle", "{}");
    tokio::time::sleep(Duration::from_millis(50)).await;
    waiting.abort();
    let _ = waiting.await;
    let mut peer = router.session(CROSSBAR).await;
    assert!(peer.is_silent(Duration::from_millis(200)).await);
}

#[tokio::test]
async fn calls_without_an_answer_are_calls_or_publications() {
    for (one_way, expected) in [
        (
            OneWay::DropAnswer,
            json!([48, 1, {}, "com.example.knock", ["kim"]]),
        ),
        (
            OneWay::Publish,
            json!([16, 1, {}, "com.example.knock", ["kim"]]),
        ),
    ] {
        let router = Router::start().await;
        let wamp = router.client().one_way(one_way).build().unwrap();
        let args = Values::from_object(r#"{"who":"kim"}"#).unwrap();
        let request = Request::untyped("", "com.example.knock", args).with_timeout(LONG);
        let knocking = tokio::spawn(async move { wamp.notify(&request).await });
        let mut peer = router.session(CROSSBAR).await;
        assert_eq!(peer.next().await, Some(expected));
        assert!(knocking.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn options_that_one_router_has_are_said_as_attributes() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let asked = wamp
        .agent()
        .call("", "com.example.add", "{}".parse().unwrap())
        .attribute("wamp.option.disclose_me", "true")
        .attribute("wamp.option.rkey", "rack 4");
    let waiting = tokio::spawn(asked.send());
    let mut peer = router.session(BONDY).await;
    let message = peer.takes(48).await;
    let options: Value = message[2].clone();
    assert_eq!(options["disclose_me"], true);
    assert_eq!(options["rkey"], "rack 4");
    peer.result(&message, json!([])).await;
    assert!(waiting.await.unwrap().is_ok());
}

#[test]
fn a_second_runtime_gets_a_session_of_its_own() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    let (router, wamp) = first.block_on(async {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let waiting = call(&wamp.agent(), "com.example.add", "{}");
        let mut peer = router.session(CROSSBAR).await;
        let message = peer.takes(48).await;
        peer.result(&message, json!([1])).await;
        assert!(done(waiting).await.is_ok());
        (router, wamp)
    });
    let url = router.url();
    drop(router);
    drop(first);
    let address = url
        .trim_start_matches("ws://")
        .trim_end_matches("/ws")
        .to_owned();
    runtime().block_on(async move {
        let router = Router::at(&address).await;
        let waiting = call(&wamp.agent(), "com.example.add", "{}");
        let mut peer = router.session(CROSSBAR).await;
        let message = peer.takes(48).await;
        peer.result(&message, json!([2])).await;
        assert_eq!(done(waiting).await.unwrap().get(), "2");
    });
}

#[test]
fn w15_a_call_ends_in_its_time_while_the_runtime_of_the_session_rests() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (first, second) = (runtime(), runtime());
    let (wamp, peer) = first.block_on(async {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let waiting = call(&wamp.agent(), "com.example.add", "{}");
        let mut peer = router.session(CROSSBAR).await;
        let message = peer.takes(48).await;
        peer.result(&message, json!([1])).await;
        assert!(done(waiting).await.is_ok());
        (wamp, peer)
    });
    // The session is there, and nobody drives it.
    let error = second.block_on(async {
        let call = wamp
            .agent()
            .call("", "com.example.add", "{}".parse().unwrap());
        let call = call.timeout(Duration::from_millis(300)).into_future();
        tokio::time::timeout(LONG, call).await.unwrap().unwrap_err()
    });
    // Not the router is to blame.
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Runtime", Outcome::NotExecuted)
    );
    assert!(error.to_string().contains("was not sent"), "{error}");
    assert_eq!(wamp.status().waiting, 0);
    drop(peer);
}
