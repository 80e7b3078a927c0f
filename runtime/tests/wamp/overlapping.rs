//! Two sessions of one client together: one that is being left, which its last call keeps open, and the one that was joined meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use xerus_rpc::wamp::{Content, Delivery, SubscribeOptions, Wamp};
use xerus_rpc::{Error, Json};

use crate::router::{CROSSBAR, LONG, Peer, Router, call, done};
use crate::serving::{REGISTRATION, serve, with};

/// A session that is being left, and the call for which that waits.
struct Leaving {
    peer: Peer,
    message: Value,
    call: JoinHandle<Result<Json, Error>>,
    leave: JoinHandle<()>,
}

async fn leaves(wamp: &Wamp, mut peer: Peer) -> Leaving {
    let call = call(&wamp.agent(), "com.example.slow", "{}");
    let message = peer.takes(48).await;
    let wamp = wamp.clone();
    let leave = tokio::spawn(async move { wamp.leave().await });
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    Leaving {
        peer,
        message,
        call,
        leave,
    }
}

impl Leaving {
    async fn ends(mut self) {
        self.peer.result(&self.message, json!([1])).await;
        done(self.call).await.unwrap();
        self.peer.takes(6).await;
        let goodbye = json!([6, {}, "wamp.close.goodbye_and_out"]);
        self.peer.send(goodbye).await;
        let left = tokio::time::timeout(LONG, self.leave).await;
        left.expect("an end").unwrap();
    }
}

fn joins(wamp: &Wamp) -> JoinHandle<()> {
    let wamp = wamp.clone();
    tokio::spawn(async move { wamp.join().await.map(drop).unwrap() })
}

#[tokio::test]
async fn the_end_of_an_old_session_leaves_the_subscriptions_of_the_new_one() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let client = wamp.clone();
    let begun = tokio::spawn(async move {
        let options = SubscribeOptions::new();
        client.subscribe("com.example.news", options).await
    });
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(32).await;
    peer.send(json!([33, message[1], 11])).await;
    let mut news = begun.await.unwrap().unwrap();
    let old = leaves(&wamp, peer).await;
    let joined = joins(&wamp);
    let mut peer = router.session(CROSSBAR).await;
    joined.await.unwrap();
    let message = peer.takes(32).await;
    peer.send(json!([33, message[1], 12])).await;
    let next = news.next().await.unwrap().unwrap();
    assert!(matches!(next, Delivery::Restored), "{next:?}");
    old.ends().await;
    peer.send(json!([36, 12, 1, {}, ["new"]])).await;
    let next = tokio::time::timeout(LONG, news.next()).await;
    let event = next.expect("an event").unwrap().unwrap().into_event();
    assert_eq!(event.unwrap().read::<String>().unwrap(), "new");
    assert_eq!(wamp.status().dropped, 0);
}

#[tokio::test]
async fn the_end_of_an_old_session_leaves_what_is_served_on_the_new_one() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let given_up = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&given_up);
    let callee = with(move |call| {
        let counted = Arc::clone(&counted);
        async move {
            let work = Duration::from_millis(call.arg::<i32>(0)?.unsigned_abs().into());
            tokio::select! {
                () = tokio::time::sleep(work) => {}
                () = call.context.cancelled() => {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            }
            Ok(Content::new().arg("served"))
        }
    });
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    // Of two that the old one began, one is given up by the router and one by the end.
    for request in [900, 901] {
        peer.send(json!([68, request, REGISTRATION, {}, [60_000]]))
            .await;
    }
    let mut old = leaves(&wamp, peer).await;
    let joined = joins(&wamp);
    let mut peer = router.session(CROSSBAR).await;
    joined.await.unwrap();
    let register = peer.takes(64).await;
    peer.send(json!([65, register[1], 2])).await;
    // The numbers of the two routers' requests have nothing to do with each other.
    peer.send(json!([68, 900, 2, {}, [800]])).await;
    old.peer.send(json!([69, 900, {"mode": "kill"}])).await;
    let answer = json!([70, 900, {}, ["served"]]);
    assert_eq!(old.peer.takes(70).await, answer);
    old.ends().await;
    assert_eq!(peer.takes(70).await, answer);
    assert_eq!(serving.ids(), [2]);
    peer.send(json!([68, 901, 2, {}, [0]])).await;
    assert_eq!(peer.takes(70).await, json!([70, 901, {}, ["served"]]));
    // What only the old router could have wanted does not go on.
    assert_eq!(given_up.load(Ordering::Relaxed), 2);
}

/// What a call is answered with that was not begun.
fn assert_not_begun(answer: &Value, request: u64) {
    assert_eq!(
        json!([answer[2], answer[4], answer[6]]),
        json!([request, "wamp.error.unavailable", {"executed": false, "procedure": "com.example.it"}])
    );
}

#[tokio::test]
async fn what_comes_on_an_old_session_is_told_that_it_was_not_begun() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| async { Ok(Content::new().arg("served")) });
    let (peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    let mut old = leaves(&wamp, peer).await;
    // Nothing else serves it yet, and what the last call waits for may be just this.
    old.peer.send(json!([68, 900, REGISTRATION, {}])).await;
    let served = json!([70, 900, {}, ["served"]]);
    assert_eq!(old.peer.takes(70).await, served);
    let joined = joins(&wamp);
    let mut peer = router.session(CROSSBAR).await;
    joined.await.unwrap();
    let register = peer.takes(64).await;
    peer.send(json!([65, register[1], 2])).await;
    old.peer.send(json!([68, 901, REGISTRATION, {}])).await;
    assert_not_begun(&old.peer.takes(8).await, 901);
    let by_a_pattern = json!({"procedure": "com.example.it"});
    old.peer
        .send(json!([68, 902, REGISTRATION, by_a_pattern]))
        .await;
    assert_not_begun(&old.peer.takes(8).await, 902);
    // The new one serves under its own ids.
    peer.send(json!([68, 900, 2, {}])).await;
    assert_eq!(peer.takes(70).await, served);
    old.ends().await;
    assert_eq!(serving.counters().calls, 2);
}

#[tokio::test]
async fn what_waits_on_an_old_session_for_its_registration_is_told_that_it_was_not_begun() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let client = wamp.clone();
    let serving = tokio::spawn(async move {
        let callee = with(|_| async { Ok(Content::new()) });
        callee.serve(&client).await
    });
    let mut peer = router.session(CROSSBAR).await;
    let register = peer.takes(64).await;
    let details = json!({"procedure": "com.example.it"});
    peer.send(json!([68, 900, REGISTRATION, details])).await;
    let mut old = leaves(&wamp, peer).await;
    let joined = joins(&wamp);
    let _peer = router.session(CROSSBAR).await;
    joined.await.unwrap();
    assert_not_begun(&old.peer.takes(8).await, 900);
    // Its answer is there, and it is left all the same.
    old.peer.send(json!([65, register[1], REGISTRATION])).await;
    old.peer.send(json!([68, 901, REGISTRATION, {}])).await;
    assert_not_begun(&old.peer.takes(8).await, 901);
    serving.abort();
}
