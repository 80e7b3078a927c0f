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
