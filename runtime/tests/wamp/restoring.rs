//! What is put back on a new session, and what is taken away.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use xerus_rpc::error::ErrorMeaning;
use xerus_rpc::wamp::{Callee, Change, Content, Delivery, RegisterOptions, SubscribeOptions, Wamp};

use crate::router::{CROSSBAR, LONG, Peer, Router};

type Changes = Arc<Mutex<Vec<String>>>;

fn callee(changes: &Changes) -> Callee {
    let changes = Arc::clone(changes);
    Callee::default()
        .procedure("com.example.it", RegisterOptions::new(), |_| async {
            Ok(Content::new().arg("served"))
        })
        .on_change(move |change| {
            let told = match change {
                Change::Restored { uri } => format!("restored {uri}"),
                Change::Refused { error, again, .. } => {
                    format!(
                        "refused {} {}",
                        error.as_rpc().unwrap().code,
                        again.is_some()
                    )
                }
                Change::Revoked { reason, again, .. } => {
                    format!("revoked {reason} {}", again.is_some())
                }
                other => panic!("{other:?}"),
            };
            changes.lock().unwrap().push(told);
        })
}

async fn registered(peer: &mut Peer, id: u64) -> Value {
    let register = peer.takes(64).await;
    assert_eq!(register[3], "com.example.it");
    peer.send(json!([65, register[1], id])).await;
    register
}

/// Waits until so much was told.
async fn told(changes: &Changes, count: usize) -> Vec<String> {
    for _ in 0..1000 {
        let now = changes.lock().unwrap().clone();
        if now.len() >= count {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", changes.lock().unwrap())
}

async fn serving(wamp: &Wamp, callee: Callee) -> xerus_rpc::wamp::CalleeServing {
    let serving = tokio::time::timeout(LONG, callee.serve(wamp)).await;
    serving.unwrap().unwrap()
}

#[tokio::test]
async fn w7_what_was_served_and_subscribed_to_is_put_back_before_the_hook_is_called() {
    let router = Router::start().await;
    let changes = Changes::default();
    let joins = Arc::clone(&changes);
    let wamp = router
        .client()
        .on_join(move |_| {
            joins.lock().unwrap().push("joined".to_owned());
            async {}
        })
        .build()
        .unwrap();
    let client = wamp.clone();
    let callee = callee(&changes);
    let begun = tokio::spawn(async move {
        let serving = serving(&client, callee).await;
        let news = client
            .subscribe("com.example.news", SubscribeOptions::new())
            .await;
        (serving, news.unwrap())
    });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    let subscribe = peer.takes(32).await;
    peer.send(json!([33, subscribe[1], 11])).await;
    let (serving, mut news) = begun.await.unwrap();
    assert_eq!(told(&changes, 1).await, ["joined"]);
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 2).await;
    let subscribe = peer.takes(32).await;
    peer.send(json!([33, subscribe[1], 12])).await;
    assert_eq!(
        told(&changes, 3).await,
        ["joined", "restored com.example.it", "joined"]
    );
    assert_eq!(serving.ids(), [2]);
    peer.send(json!([68, 900, 2, {}])).await;
    assert_eq!(peer.takes(70).await, json!([70, 900, {}, ["served"]]));
    // The id of the session before means nothing here.
    peer.send(json!([68, 901, 1, {}])).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.no_such_registration");
    peer.send(json!([36, 11, 5, {}, ["old"]])).await;
    peer.send(json!([36, 12, 6, {}, ["new"]])).await;
    let first = news.next().await.unwrap().unwrap();
    assert!(matches!(first, Delivery::Restored), "{first:?}");
    let event = news.next().await.unwrap().unwrap().into_event().unwrap();
    assert_eq!(event.read::<String>().unwrap(), "new");
}

#[tokio::test]
async fn w7_work_for_a_session_that_is_lost_is_given_up_or_finished_by_choice() {
    for finish in [false, true] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let ended = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&ended);
        let callee = Callee::default().finish_when_lost(finish).procedure(
            "com.example.it",
            RegisterOptions::new(),
            move |call| {
                let noted = Arc::clone(&noted);
                async move {
                    let worked = tokio::select! {
                        () = call.context.cancelled() => "given up",
                        () = tokio::time::sleep(Duration::from_millis(300)) => "finished",
                    };
                    noted.lock().unwrap().push(worked);
                    Ok(Content::new())
                }
            },
        );
        let client = wamp.clone();
        let begun = tokio::spawn(async move { serving(&client, callee).await });
        let mut peer = router.session(CROSSBAR).await;
        registered(&mut peer, 1).await;
        let _serving = begun.await.unwrap();
        peer.send(json!([68, 900, 1, {}])).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(peer);
        let mut peer = router.session(CROSSBAR).await;
        registered(&mut peer, 2).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let expected = if finish { "finished" } else { "given up" };
        assert_eq!(*ended.lock().unwrap(), [expected]);
        assert!(peer.is_silent(Duration::from_millis(50)).await);
    }
}

#[tokio::test]
async fn w8_what_another_has_after_a_restart_is_told_and_asked_for_again() {
    let router = Router::start().await;
    let changes = Changes::default();
    let wamp = router.client().build().unwrap();
    let client = wamp.clone();
    let callee = callee(&changes).retry(Some(Duration::from_millis(50)));
    let begun = tokio::spawn(async move { serving(&client, callee).await });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    let serving = begun.await.unwrap();
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    for _ in 0..2 {
        let register = peer.takes(64).await;
        let uri = "wamp.error.procedure_already_exists";
        peer.send(json!([8, 64, register[1], {}, uri, ["taken"]]))
            .await;
    }
    registered(&mut peer, 3).await;
    let refused = "refused wamp.error.procedure_already_exists true";
    assert_eq!(
        told(&changes, 3).await,
        [refused, refused, "restored com.example.it"]
    );
    assert_eq!(serving.ids(), [3]);
}

#[tokio::test]
async fn w26_what_is_revoked_is_told_and_comes_back_where_that_is_wanted() {
    for reclaim in [None, Some(Duration::from_millis(50))] {
        let router = Router::start().await;
        let changes = Changes::default();
        let wamp = router.client().build().unwrap();
        let client = wamp.clone();
        let callee = callee(&changes).reclaim(reclaim);
        let begun = tokio::spawn(async move { serving(&client, callee).await });
        let mut peer = router.session(CROSSBAR).await;
        registered(&mut peer, 1).await;
        let serving = begun.await.unwrap();
        let reason = "wamp.error.unregistered";
        peer.send(json!([67, 0, {"reason": reason, "registration": 1}]))
            .await;
        // One that is nobody's, and one that says nothing.
        peer.send(json!([67, 0, {"reason": reason, "registration": 4711}]))
            .await;
        peer.send(json!([67, 0])).await;
        let first = format!("revoked {reason} {}", reclaim.is_some());
        if reclaim.is_some() {
            registered(&mut peer, 2).await;
            assert_eq!(
                told(&changes, 2).await,
                [first, "restored com.example.it".to_owned()]
            );
            assert_eq!(serving.ids(), [2]);
        } else {
            assert!(peer.is_silent(Duration::from_millis(200)).await);
            assert_eq!(told(&changes, 1).await, [first]);
            assert!(serving.ids().is_empty());
        }
        assert_eq!(serving.counters().revoked, 1);
    }
}

#[tokio::test]
async fn w27_refused_registrations_say_why() {
    for uri in [
        "wamp.error.procedure_already_exists",
        "wamp.error.procedure_exists_with_different_invocation_policy",
        "wamp.error.invalid_uri",
        "wamp.error.not_authorized",
    ] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let callee = Callee::default()
            .procedure("com.example.one", RegisterOptions::new(), |_| async {
                Ok(Content::new())
            })
            .procedure("com.example.two", RegisterOptions::new(), |_| async {
                Ok(Content::new())
            });
        let client = wamp.clone();
        let begun = tokio::spawn(async move { callee.serve(&client).await });
        let mut peer = router.session(CROSSBAR).await;
        let (one, two) = (peer.takes(64).await, peer.takes(64).await);
        peer.send(json!([65, one[1], 5])).await;
        peer.send(json!([8, 64, two[1], {}, uri, ["why"]])).await;
        // What was registered is taken back.
        let unregister = peer.takes(66).await;
        assert_eq!(unregister[2], 5);
        peer.send(json!([67, unregister[1]])).await;
        let error = begun.await.unwrap().unwrap_err();
        let told = error.as_rpc().unwrap();
        assert_eq!((told.code.text(), &*told.message), (Some(uri), "why"));
        assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
        let denied = told.meaning == Some(ErrorMeaning::PermissionDenied);
        assert_eq!(denied, uri.ends_with("not_authorized"));
        assert!(error.to_string().contains("com.example.two"), "{error}");
        // The session goes on.
        assert!(wamp.status().session.is_some());
    }
}

#[tokio::test]
async fn what_was_detached_is_taken_over_by_the_same_once_more() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .on_join(|joined| async move {
            let name = joined.session.to_string();
            let callee =
                Callee::default().procedure("com.example.it", RegisterOptions::new(), move |_| {
                    let name = name.clone();
                    async move { Ok(Content::new().arg(&name)) }
                });
            callee.serve(&joined.wamp()).await.unwrap().detach();
        })
        .build()
        .unwrap();
    let client = wamp.clone();
    tokio::spawn(async move { client.join().await });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    peer.send(json!([68, 900, 1, {}])).await;
    assert_eq!(peer.takes(70).await[3], json!(["4711"]));
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    // Once by what was detached; the hook takes that over and registers nothing.
    registered(&mut peer, 2).await;
    assert!(peer.is_silent(Duration::from_millis(100)).await);
    peer.send(json!([68, 901, 2, {}])).await;
    assert_eq!(peer.takes(70).await[3], json!(["4711"]));
}

#[tokio::test]
async fn w8_what_a_session_says_that_is_over_counts_no_more() {
    let router = Router::start().await;
    let wamp = router
        .client()
        .ping(Duration::from_millis(300))
        .build()
        .unwrap();
    // A call that goes on keeps the session alive on which it came.
    let callee = Callee::default().finish_when_lost(true).procedure(
        "com.example.it",
        RegisterOptions::new(),
        |call| async move {
            if call.arg::<bool>(0)? {
                std::future::pending::<()>().await;
            }
            Ok(Content::new())
        },
    );
    let client = wamp.clone();
    let begun = tokio::spawn(async move { serving(&client, callee).await });
    let mut silent = router.session(CROSSBAR).await;
    registered(&mut silent, 1).await;
    let serving = begun.await.unwrap();
    silent.send(json!([68, 900, 1, {}, [true]])).await;
    // It answers no pings, so that the next one begins.
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 2).await;
    peer.send(json!([68, 900, 2, {}, [false]])).await;
    assert_eq!(peer.takes(70).await, json!([70, 900, {}]));
    silent.send(json!([68, 901, 1, {}, [false]])).await;
    silent
        .send(json!([67, 0, {"reason": "wamp.error.unregistered", "registration": 2}]))
        .await;
    assert!(peer.is_silent(Duration::from_millis(100)).await);
    peer.send(json!([68, 901, 2, {}, [false]])).await;
    assert_eq!(peer.takes(70).await, json!([70, 901, {}]));
    assert_eq!(serving.ids(), [2]);
}

#[tokio::test]
async fn w8_what_another_has_after_a_restart_is_asked_for_again_where_a_hook_serves_it() {
    let router = Router::start().await;
    let changes = Changes::default();
    let told_to = Arc::clone(&changes);
    let wamp = router
        .client()
        .on_join(move |joined| {
            let callee = callee(&told_to).retry(Some(Duration::from_millis(300)));
            async move { callee.serve(&joined.wamp()).await.unwrap().detach() }
        })
        .build()
        .unwrap();
    let client = wamp.clone();
    tokio::spawn(async move { client.join().await });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    peer.send(json!([68, 900, 1, {}])).await;
    assert_eq!(peer.takes(70).await, json!([70, 900, {}, ["served"]]));
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    // What was detached is put back, then the hook serves it.
    for _ in 0..2 {
        let register = peer.takes(64).await;
        let uri = "wamp.error.procedure_already_exists";
        peer.send(json!([8, 64, register[1], {}, uri, ["taken"]]))
            .await;
    }
    registered(&mut peer, 3).await;
    let refused = "refused wamp.error.procedure_already_exists true";
    assert_eq!(
        told(&changes, 3).await,
        [refused, refused, "restored com.example.it"]
    );
    peer.send(json!([68, 900, 3, {}])).await;
    assert_eq!(peer.takes(70).await, json!([70, 900, {}, ["served"]]));
    assert!(peer.is_silent(Duration::from_millis(400)).await);
}

#[tokio::test]
async fn hooks_that_panic_end_nothing() {
    let router = Router::start().await;
    let joins = AtomicU32::new(0);
    let wamp = router
        .client()
        .on_join(move |_| {
            let before = joins.fetch_add(1, Ordering::Relaxed);
            assert_ne!(before, 0, "as the test wants");
            async move { assert_eq!(before, 0, "as the test wants") }
        })
        .on_leave(|_| panic!("as the test wants"))
        .build()
        .unwrap();
    let callee = Callee::default()
        .procedure("com.example.it", RegisterOptions::new(), |_| async {
            Ok(Content::new().arg("served"))
        })
        .on_change(|_| panic!("as the test wants"));
    let client = wamp.clone();
    let begun = tokio::spawn(async move { serving(&client, callee).await });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    let _serving = begun.await.unwrap();
    for id in 2..4 {
        drop(peer);
        peer = router.session(CROSSBAR).await;
        registered(&mut peer, id).await;
        peer.send(json!([68, 900, id, {}])).await;
        assert_eq!(peer.takes(70).await, json!([70, 900, {}, ["served"]]));
    }
}

#[tokio::test]
async fn w9_a_router_that_drops_each_session_is_asked_less_and_less() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let changes = Changes::default();
    let client = wamp.clone();
    let callee = callee(&changes);
    let begun = tokio::spawn(async move { serving(&client, callee).await });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    let _serving = begun.await.unwrap();
    let begin = std::time::Instant::now();
    for id in 2..10 {
        drop(peer);
        peer = router.session(CROSSBAR).await;
        registered(&mut peer, id).await;
        told(&changes, id as usize - 1).await;
    }
    // At the pace of the first time it would be 80 ms at most.
    let time = begin.elapsed();
    assert!(time > Duration::from_millis(700), "{time:?}");
}

/// A callee whose retry is on its way when the answer is what the test says.
async fn retrying(
    router: &Router,
    changes: &Changes,
) -> (Wamp, Peer, xerus_rpc::wamp::CalleeServing, Value) {
    let wamp = router.client().build().unwrap();
    let client = wamp.clone();
    let callee = callee(changes).retry(Some(Duration::from_millis(20)));
    let begun = tokio::spawn(async move { serving(&client, callee).await });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    let serving = begun.await.unwrap();
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    let register = peer.takes(64).await;
    let uri = "wamp.error.procedure_already_exists";
    peer.send(json!([8, 64, register[1], {}, uri, ["taken"]]))
        .await;
    let retry = peer.takes(64).await;
    (wamp, peer, serving, retry)
}

#[tokio::test]
async fn w8_a_retry_under_way_is_taken_over_and_nothing_is_registered_twice() {
    for is_taken in [true, false] {
        let router = Router::start().await;
        let changes = Changes::default();
        let (wamp, mut peer, old, retry) = retrying(&router, &changes).await;
        old.detach();
        // A hook serves the same again, before the router has answered.
        let client = wamp.clone();
        let again =
            Callee::default().procedure("com.example.it", RegisterOptions::new(), |_| async {
                Ok(Content::new().arg("served anew"))
            });
        let again = tokio::spawn(async move { serving(&client, again).await });
        assert!(peer.is_silent(Duration::from_millis(100)).await);
        if is_taken {
            peer.send(json!([65, retry[1], 7])).await;
        } else {
            let uri = "wamp.error.procedure_already_exists";
            peer.send(json!([8, 64, retry[1], {}, uri, ["taken"]]))
                .await;
            registered(&mut peer, 7).await;
        }
        let again = again.await.unwrap();
        assert_eq!(again.ids(), [7]);
        peer.send(json!([68, 900, 7, {}])).await;
        assert_eq!(peer.takes(70).await, json!([70, 900, {}, ["served anew"]]));
        again.shutdown().await_with(&mut peer, 7).await;
        let refused = "refused wamp.error.procedure_already_exists true";
        assert_eq!(told(&changes, 1).await, [refused]);
    }
}

#[tokio::test]
async fn w8_what_is_not_served_any_more_does_not_stay_registered_by_a_retry() {
    for drops in [true, false] {
        let router = Router::start().await;
        let changes = Changes::default();
        let (_wamp, mut peer, serving, retry) = retrying(&router, &changes).await;
        let ended = tokio::spawn(async move {
            match drops {
                true => drop(serving),
                false => serving.shutdown().await,
            }
        });
        assert!(peer.is_silent(Duration::from_millis(50)).await);
        peer.send(json!([65, retry[1], 7])).await;
        let unregister = peer.takes(66).await;
        assert_eq!(unregister[2], 7);
        peer.send(json!([67, unregister[1]])).await;
        ended.await.unwrap();
        assert!(peer.is_silent(Duration::from_millis(100)).await);
    }
}

/// An end that unregisters this.
trait AwaitWith {
    async fn await_with(self, peer: &mut Peer, id: u64);
}

impl<F: Future<Output = ()> + Send + 'static> AwaitWith for F {
    async fn await_with(self, peer: &mut Peer, id: u64) {
        let ended = tokio::spawn(self);
        let unregister = peer.takes(66).await;
        assert_eq!(unregister[2], id);
        peer.send(json!([67, unregister[1]])).await;
        ended.await.unwrap();
        assert!(peer.is_silent(Duration::from_millis(50)).await);
    }
}

#[tokio::test]
async fn a_router_that_refuses_at_once_is_not_asked_without_a_pause() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let client = wamp.clone();
    let callee = callee(&Changes::default());
    let callee = callee.retry(Some(Duration::ZERO));
    let begun = tokio::spawn(async move { serving(&client, callee).await });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    let _serving = begun.await.unwrap();
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    let mut asked = 0;
    let refuses = async {
        loop {
            let register = peer.takes(64).await;
            asked += 1;
            let taken = "wamp.error.procedure_already_exists";
            peer.send(json!([8, 64, register[1], {}, taken])).await;
        }
    };
    let _ = tokio::time::timeout(Duration::from_millis(400), refuses).await;
    assert!((2..8).contains(&asked), "{asked}");
}

#[tokio::test]
async fn who_registers_and_does_not_go_on_holds_no_session_up() {
    let router = Router::start().await;
    let (joined, mut joins) = tokio::sync::mpsc::unbounded_channel();
    let client = router.client().on_join(move |_| {
        let _ = joined.send(());
        async {}
    });
    let wamp = client.build().unwrap();
    let client = wamp.clone();
    let first = callee(&Changes::default()).retry(None);
    let begun = tokio::spawn(async move { serving(&client, first).await });
    let mut peer = router.session(CROSSBAR).await;
    registered(&mut peer, 1).await;
    begun.await.unwrap().detach();
    joins.recv().await.unwrap();
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    let register = peer.takes(64).await;
    let taken = "wamp.error.procedure_already_exists";
    peer.send(json!([8, 64, register[1], {}, taken])).await;
    joins.recv().await.unwrap();
    // What takes its place asks the router, and is not looked at any more.
    let changes = Arc::new(Mutex::new(Vec::new()));
    let told_to = Arc::clone(&changes);
    let again = callee(&Changes::default()).on_change(move |change| {
        if let Change::Refused { error, .. } = change {
            told_to.lock().unwrap().push(error.clone());
        }
    });
    let mut stuck = Box::pin(again.serve(&wamp));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(stuck.as_mut().poll(&mut context).is_pending());
    peer.takes(64).await;
    drop(peer);
    let _peer = router.session(CROSSBAR).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    tokio::time::resume();
    let told = tokio::time::timeout(LONG, joins.recv()).await;
    told.expect("the hook is called").unwrap();
    let error = changes.lock().unwrap()[0].clone();
    assert_eq!(error.code(), "Timeout.Queue");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("keep the runtime"), "{source}");
    drop(stuck);
}
