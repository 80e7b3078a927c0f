//! What goes wrong, with a real router.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xerus_rpc::wamp::Auth;
use xerus_rpc::{Agent, Error, ErrorKind, Json, Outcome};

use crate::router::{Router, is_installed};

async fn call(agent: &Agent, procedure: &str, params: Value) -> Result<Json, Error> {
    agent
        .call("", procedure, params.to_string().parse().unwrap())
        .await
}

fn uri(error: &Error) -> &str {
    error
        .as_rpc()
        .and_then(|told| told.code.text())
        .unwrap_or("")
}

async fn w4_who_is_not_let_in_is_told_why(router: &Router) {
    for (realm, auth, reason) in [
        (
            "com.example.nowhere",
            Auth::anonymous(),
            "wamp.error.no_such_realm",
        ),
        (
            "com.example.realm",
            Auth::ticket("teresa", "a guess"),
            "wamp.error.not_authorized",
        ),
        (
            "com.example.realm",
            Auth::ticket("nobody", "a guess"),
            "wamp.error.not_authorized",
        ),
        (
            "com.example.realm",
            Auth::wampcra("carla", "a guess"),
            "wamp.error.not_authorized",
        ),
        (
            "com.example.realm",
            Auth::cryptosign("karim", "11".repeat(32)).unwrap(),
            "wamp.error.not_authorized",
        ),
    ] {
        let wamp = router.client_in(realm).auth(auth).build().unwrap();
        let error = wamp.join().await.unwrap_err();
        assert_eq!(uri(&error), reason, "{error:?}");
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        assert!(!format!("{error:?}").contains("a guess"));
    }
}

async fn what_a_realm_does_not_permit_is_denied(router: &Router) {
    let wamp = router.client_in("com.example.locked").build().unwrap();
    let error = call(&wamp.agent(), "org.example.add", json!({}))
        .await
        .unwrap_err();
    assert!(error.is_permission_denied(), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    let error = call(&wamp.agent(), "com.example.add", json!({}))
        .await
        .unwrap_err();
    assert!(error.is_method_not_found());
    wamp.leave().await;
}

async fn w10_a_callee_that_is_killed_loses_its_calls(router: &Router) {
    let callee = router.callee("A", &[]).await;
    let wamp = router.client().build().unwrap();
    let agent = wamp.agent();
    let slow = tokio::spawn({
        let agent = agent.clone();
        async move { call(&agent, "com.example.sleep", json!({"ms": 60_000})).await }
    });
    while wamp.status().waiting == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    callee.kill().await;
    let error = slow.await.unwrap().unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::ConnectionLost),
        "{error:?}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    // The session is not the callee's.
    assert!(wamp.status().session.is_some());
    wamp.leave().await;
}

async fn w11_a_dropped_call_leaves_nothing_behind(router: &Router) {
    let _callee = router.callee("A", &[]).await;
    let wamp = router.client().build().unwrap();
    let agent = wamp.agent();
    for _ in 0..20 {
        let slow = call(&agent, "com.example.sleep", json!({"ms": 60_000}));
        let _ = tokio::time::timeout(Duration::from_millis(20), slow).await;
    }
    assert_eq!(wamp.status().waiting, 0);
    let sum = call(&agent, "com.example.add", json!({"x": 1, "y": 2})).await;
    assert_eq!(sum.unwrap().get(), "3.0");
    wamp.leave().await;
}

async fn w30_four_megabytes_go_both_ways_where_that_is_permitted(router: &Router) {
    let wamp = router.client().build().unwrap();
    let text = "x".repeat(4 << 20);
    let large = json!({ "x": text });
    let error = call(&wamp.agent(), "com.example.echo", large.clone())
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Config.Unsupported");
    assert!(wamp.status().session.is_some());
    let wamp = router.client().max_request_bytes(8 << 20).build().unwrap();
    // Nobody serves it; the router has read it all.
    let error = call(&wamp.agent(), "com.example.nobody", large)
        .await
        .unwrap_err();
    assert!(error.is_method_not_found(), "{error:?}");
    wamp.leave().await;
}

async fn w7_a_router_that_is_restarted_is_joined_again(router: &mut Router) {
    let (told, mut joins) = tokio::sync::mpsc::unbounded_channel();
    let wamp = router
        .client()
        .on_join(move |joined| {
            let _ = told.send(joined.session);
            async {}
        })
        .build()
        .unwrap();
    let agent = wamp.agent();
    let callee = router.callee("A", &[]).await;
    let slow = tokio::spawn({
        let agent = agent.clone();
        async move { call(&agent, "com.example.sleep", json!({"ms": 60_000})).await }
    });
    let first = joins.recv().await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let start = Instant::now();
    let (slow, ()) = tokio::join!(slow, router.down());
    let error = slow.unwrap().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(30));
    drop(callee);
    let error = call(&agent, "com.example.add", json!({}))
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted, "{error:?}");
    router.up().await;
    let second = joins.recv().await.unwrap();
    assert_ne!(first, second);
    let error = call(&agent, "com.example.add", json!({}))
        .await
        .unwrap_err();
    assert!(error.is_method_not_found(), "{error:?}");
    wamp.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_is_told_and_the_next_call_works() {
    if !is_installed() {
        return;
    }
    let mut router = Router::start().await;
    w4_who_is_not_let_in_is_told_why(&router).await;
    what_a_realm_does_not_permit_is_denied(&router).await;
    w10_a_callee_that_is_killed_loses_its_calls(&router).await;
    w11_a_dropped_call_leaves_nothing_behind(&router).await;
    w30_four_megabytes_go_both_ways_where_that_is_permitted(&router).await;
    w7_a_router_that_is_restarted_is_joined_again(&mut router).await;
}
