//! Topics that are subscribed to once more: on the next session, and by a second reader.

use std::time::Duration;

use serde_json::json;
use xerus_rpc::Error;
use xerus_rpc::wamp::{Delivery, SubscribeOptions, Subscription, Wamp};

use crate::router::{CROSSBAR, LONG, Peer, Router};
use crate::serving::{serve, with};

type Begun = tokio::task::JoinHandle<Result<Subscription, Error>>;

fn begin(wamp: &Wamp, options: SubscribeOptions) -> Begun {
    let wamp = wamp.clone();
    tokio::spawn(async move { wamp.subscribe("com.example.news", options).await })
}

/// Answers the next SUBSCRIBE with this id; its options.
async fn subscribed(peer: &mut Peer, id: u64) -> serde_json::Value {
    let message = peer.takes(32).await;
    peer.send(json!([33, message[1], id])).await;
    message[2].clone()
}

/// The next connection, joined, of a router that keeps events.
async fn keeping(router: &Router) -> Peer {
    let mut peer = router.peer().await;
    peer.takes(1).await;
    let features = json!({"event_retention": true});
    let roles = json!({"broker": {"features": features}, "dealer": {"features": {}}});
    peer.send(json!([2, 4711, {"roles": roles}])).await;
    peer
}

async fn next(news: &mut Subscription) -> String {
    let next = tokio::time::timeout(LONG, news.next()).await;
    match next.expect("something").unwrap().unwrap() {
        Delivery::Event(event) => event.read::<String>().unwrap(),
        Delivery::Restored => "restored".to_owned(),
        Delivery::NotRestored { error, again } => {
            format!("{} again in {again:?}", error.as_rpc().unwrap().code)
        }
        other => panic!("{other:?}"),
    }
}

/// Moves the clock on.
async fn advance(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Whether nothing is there to read.
async fn is_silent(news: &mut Subscription) -> bool {
    let next = tokio::time::timeout(Duration::from_millis(50), news.next()).await;
    next.is_err()
}

#[tokio::test]
async fn a_router_that_is_slow_to_subscribe_again_does_not_end_the_subscription() {
    for answers_late in [false, true] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let begun = begin(&wamp, SubscribeOptions::new());
        let mut peer = router.session(CROSSBAR).await;
        subscribed(&mut peer, 5).await;
        let mut news = begun.await.unwrap().unwrap();
        drop(peer);
        let mut peer = router.session(CROSSBAR).await;
        let message = peer.takes(32).await;
        // Longer than anybody waits for the answer.
        advance(11).await;
        if answers_late {
            peer.send(json!([33, message[1], 6])).await;
        } else {
            subscribed(&mut peer, 6).await;
        }
        peer.send(json!([36, 6, 1, {}, ["new"]])).await;
        assert_eq!(next(&mut news).await, "restored");
        assert_eq!(next(&mut news).await, "new");
        assert!(peer.is_silent(Duration::from_millis(1500)).await);
        // A refusal is an answer.
        drop(peer);
        let mut peer = router.session(CROSSBAR).await;
        let message = peer.takes(32).await;
        let refused = json!([8, 32, message[1], {}, "wamp.error.not_authorized"]);
        peer.send(refused).await;
        let error = news.next().await.unwrap().unwrap_err();
        assert!(error.is_permission_denied(), "{error}");
    }
}

#[tokio::test]
async fn topics_do_not_wait_for_procedures_on_a_new_session() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| async { Ok(xerus_rpc::wamp::Content::new()) });
    let (mut peer, _serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    let begun = begin(&wamp, SubscribeOptions::new());
    subscribed(&mut peer, 5).await;
    let mut news = begun.await.unwrap().unwrap();
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    // This one is not answered.
    peer.takes(64).await;
    let again = tokio::time::timeout(LONG / 4, subscribed(&mut peer, 6));
    again.await.expect("before the time for the other is over");
    peer.send(json!([36, 6, 1, {}, ["new"]])).await;
    assert_eq!(next(&mut news).await, "restored");
    assert_eq!(next(&mut news).await, "new");
}

#[tokio::test]
async fn each_reader_of_a_topic_gets_what_the_router_kept_as_it_asked() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let plain = SubscribeOptions::new;
    let retained = || plain().with_retained(true);
    let kept = |number: u32| json!([36, 5, number, {"retained": true}, [format!("kept {number}")]]);
    // Somebody has the topic already when another asks for what was kept.
    let begun = begin(&wamp, plain());
    let mut peer = keeping(&router).await;
    assert_eq!(subscribed(&mut peer, 5).await, json!({}));
    let mut first = begun.await.unwrap().unwrap();
    let begun = begin(&wamp, retained());
    assert_eq!(
        subscribed(&mut peer, 5).await,
        json!({"get_retained": true})
    );
    peer.send(kept(1)).await;
    let mut second = begun.await.unwrap().unwrap();
    assert_eq!(next(&mut second).await, "kept 1");
    // One more who does not ask for it, and one who does.
    let begun = begin(&wamp, plain());
    assert_eq!(subscribed(&mut peer, 5).await, json!({}));
    let mut third = begun.await.unwrap().unwrap();
    let begun = begin(&wamp, retained());
    subscribed(&mut peer, 5).await;
    peer.send(kept(2)).await;
    let mut fourth = begun.await.unwrap().unwrap();
    assert_eq!(next(&mut fourth).await, "kept 2");
    for news in [&mut first, &mut second, &mut third, &mut fourth] {
        assert!(is_silent(news).await);
    }
    peer.send(json!([36, 5, 9, {}, ["new"]])).await;
    for news in [&mut first, &mut second, &mut third, &mut fourth] {
        assert_eq!(next(news).await, "new");
    }
    // On the next session it is asked for all who did, and comes to those.
    drop(peer);
    let mut peer = keeping(&router).await;
    assert_eq!(
        subscribed(&mut peer, 5).await,
        json!({"get_retained": true})
    );
    peer.send(kept(3)).await;
    for news in [&mut first, &mut second, &mut third, &mut fourth] {
        assert_eq!(next(news).await, "restored");
    }
    assert_eq!(next(&mut second).await, "kept 3");
    assert_eq!(next(&mut fourth).await, "kept 3");
    assert!(is_silent(&mut first).await && is_silent(&mut third).await);
    // A router that keeps nothing is not asked for it.
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    assert_eq!(subscribed(&mut peer, 5).await, json!({}));
    // Where none who asked is left nobody gets what comes all the same.
    assert_eq!(next(&mut first).await, "restored");
    drop((second, fourth));
    peer.send(kept(4)).await;
    assert!(is_silent(&mut first).await);
}

/// A subscription that was begun, sent, and is not looked at any more; it is the second one of its topic.
async fn stuck(peer: &mut Peer, wamp: &Wamp) -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
    let wamp = wamp.clone();
    let mut stuck: std::pin::Pin<Box<dyn Future<Output = ()>>> = Box::pin(async move {
        let _ = wamp
            .subscribe("com.example.news", SubscribeOptions::new())
            .await;
    });
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(stuck.as_mut().poll(&mut context).is_pending());
    peer.takes(32).await;
    stuck
}

#[tokio::test]
async fn who_subscribes_and_does_not_go_on_holds_no_session_up() {
    let router = Router::start().await;
    let (joined, mut joins) = tokio::sync::mpsc::unbounded_channel();
    let client = router.client().on_join(move |_| {
        let _ = joined.send(());
        async {}
    });
    let wamp = client.build().unwrap();
    let begun = begin(&wamp, SubscribeOptions::new());
    let mut peer = router.session(CROSSBAR).await;
    subscribed(&mut peer, 5).await;
    let mut news = begun.await.unwrap().unwrap();
    joins.recv().await.unwrap();
    let stuck = stuck(&mut peer, &wamp).await;
    // Whoever else wants the topic is told.
    let waits = begin(&wamp, SubscribeOptions::new());
    tokio::time::sleep(Duration::from_millis(50)).await;
    advance(11).await;
    let error = waits.await.unwrap().unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Queue", xerus_rpc::Outcome::NotExecuted)
    );
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("keep the runtime"), "{source}");
    // Whoever reads it has it on the next session, and the program is told of that.
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    advance(11).await;
    subscribed(&mut peer, 6).await;
    peer.send(json!([36, 6, 1, {}, ["new"]])).await;
    assert_eq!(next(&mut news).await, "restored");
    assert_eq!(next(&mut news).await, "new");
    let told = tokio::time::timeout(LONG, joins.recv()).await;
    told.expect("the hook is called").unwrap();
    drop(stuck);
}

#[tokio::test]
async fn an_end_that_nobody_waits_for_is_an_end() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let begun = begin(&wamp, SubscribeOptions::new());
    let mut peer = router.session(CROSSBAR).await;
    subscribed(&mut peer, 5).await;
    let news = begun.await.unwrap().unwrap();
    tokio::select! {
        biased;
        () = news.unsubscribe() => panic!("too early"),
        () = async {} => {}
    }
    assert_eq!(peer.takes(34).await[2], 5);
}

#[tokio::test]
async fn a_refusal_that_may_pass_does_not_end_the_subscription() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let begun = begin(&wamp, SubscribeOptions::new());
    let mut peer = router.session(CROSSBAR).await;
    subscribed(&mut peer, 5).await;
    let mut news = begun.await.unwrap().unwrap();
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    // Who gives permissions there has not joined yet.
    for pause in [10, 20] {
        let message = peer.takes(32).await;
        let reason = "wamp.error.authorization_failed";
        peer.send(json!([8, 32, message[1], {}, reason])).await;
        let told = format!("{reason} again in {pause}s");
        assert_eq!(next(&mut news).await, told);
        assert!(peer.is_silent(Duration::from_millis(50)).await);
        advance(pause + 1).await;
    }
    subscribed(&mut peer, 6).await;
    peer.send(json!([36, 6, 1, {}, ["new"]])).await;
    assert_eq!(next(&mut news).await, "restored");
    assert_eq!(next(&mut news).await, "new");
}

#[tokio::test]
async fn who_is_put_back_by_another_reader_is_told() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let begun = begin(&wamp, SubscribeOptions::new());
    let mut peer = router.session(CROSSBAR).await;
    subscribed(&mut peer, 5).await;
    let mut first = begun.await.unwrap().unwrap();
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(32).await;
    let reason = "wamp.error.authorization_failed";
    peer.send(json!([8, 32, message[1], {}, reason])).await;
    assert!(next(&mut first).await.starts_with(reason));
    let begun = begin(&wamp, SubscribeOptions::new());
    subscribed(&mut peer, 6).await;
    let mut second = begun.await.unwrap().unwrap();
    peer.send(json!([36, 6, 1, {}, ["new"]])).await;
    assert_eq!(next(&mut first).await, "restored");
    assert_eq!(next(&mut first).await, "new");
    assert_eq!(next(&mut second).await, "new");
}
