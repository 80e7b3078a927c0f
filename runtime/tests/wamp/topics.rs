//! Publish and subscribe.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use xerus_rpc::TypeInfo;
use xerus_rpc::server::{Context, Fault, Incoming, Reply, Servant};
use xerus_rpc::wamp::registration::{Registration, server};
use xerus_rpc::wamp::{Content, Delivery, Match, SubscribeOptions, Subscription, Trouble, Wamp};

use crate::router::{CROSSBAR, Peer, Router, call, done};

/// Subscribes to a topic, which gets this id.
async fn subscribe(
    router: &Router,
    wamp: &Wamp,
    options: SubscribeOptions,
    id: u64,
) -> (Peer, Subscription) {
    let wamp = wamp.clone();
    let begun = tokio::spawn(async move { wamp.subscribe("com.example.news", options).await });
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(32).await;
    assert_eq!(message[3], "com.example.news");
    peer.send(json!([33, message[1], id])).await;
    (peer, begun.await.unwrap().unwrap())
}

#[tokio::test]
async fn events_come_in_order_with_what_is_known_of_them() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let options = SubscribeOptions::new().with_match(Match::Prefix);
    let (mut peer, mut news) = subscribe(&router, &wamp, options, 5).await;
    // One that nobody subscribed to.
    peer.send(json!([36, 4711, 1, {}, ["stray"]])).await;
    let details = json!({"topic": "com.example.news.a", "publisher": 9, "publisher_authid": "kim", "retained": true});
    peer.send(json!([36, 5, 2, details, [1], {"k": null}]))
        .await;
    peer.send(json!([36, 5, 3, {}])).await;
    let first = news.next().await.unwrap().unwrap().into_event().unwrap();
    assert_eq!(
        (first.topic.as_str(), first.publication, first.retained),
        ("com.example.news.a", 2, true)
    );
    assert_eq!(
        (first.publisher.session, first.publisher.authid.as_deref()),
        (Some(9), Some("kim"))
    );
    assert_eq!(first.read::<i32>().unwrap(), 1);
    assert_eq!(first.content.named::<Option<i32>>("k").unwrap(), Some(None));
    let second = news.next().await.unwrap().unwrap().into_event().unwrap();
    assert_eq!(
        (second.topic.as_str(), second.publication),
        ("com.example.news", 3)
    );
    assert!(second.read::<i32>().is_err());
    assert_eq!(wamp.status().dropped, 1);
    // What came before it was dropped is not asked for any more.
    let unsubscribe = tokio::spawn(news.unsubscribe());
    let message = peer.takes(34).await;
    assert_eq!(message[2], 5);
    peer.send(json!([35, message[1]])).await;
    unsubscribe.await.unwrap();
}

#[tokio::test]
async fn an_event_right_behind_the_answer_is_not_lost() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let client = wamp.clone();
    let begun = tokio::spawn(async move {
        client
            .subscribe("com.example.news", SubscribeOptions::new())
            .await
    });
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(32).await;
    peer.send(json!([33, message[1], 5])).await;
    for number in 0..100 {
        peer.send(json!([36, 5, number, {}, [number]])).await;
    }
    let mut news = begun.await.unwrap().unwrap();
    for number in 0..100 {
        let event = news.next().await.unwrap().unwrap().into_event().unwrap();
        assert_eq!(event.read::<i32>().unwrap(), number);
    }
}

#[tokio::test]
async fn a_subscription_that_the_router_takes_back_ends_with_the_reason() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let (mut peer, mut news) = subscribe(&router, &wamp, SubscribeOptions::new(), 5).await;
    peer.send(json!([36, 5, 1, {}, [1]])).await;
    let details = json!({"subscription": 5, "reason": "wamp.error.not_authorized"});
    peer.send(json!([35, 0, details])).await;
    news.next().await.unwrap().unwrap().into_event().unwrap();
    let error = tokio::time::timeout(crate::router::LONG, news.next())
        .await
        .expect("an end")
        .unwrap()
        .unwrap_err();
    let told = error.as_rpc().unwrap();
    assert_eq!(told.code.text(), Some("wamp.error.not_authorized"));
    assert!(told.message.contains("subscribe again"), "{error}");
    assert!(news.next().await.is_none());
    // One that is not known is counted.
    peer.send(json!([35, 0, {"subscription": 77}])).await;
    let again = wamp.clone();
    let again = tokio::spawn(async move {
        again
            .subscribe("com.example.news", SubscribeOptions::new())
            .await
    });
    let message = peer.takes(32).await;
    peer.send(json!([33, message[1], 6])).await;
    let mut again = again.await.unwrap().unwrap();
    peer.send(json!([36, 6, 2, {}, [2]])).await;
    assert!(again.next().await.unwrap().is_ok());
    assert_eq!(wamp.status().dropped, 1);
}

#[tokio::test]
async fn a_subscription_given_up_before_the_answer_leaves_nothing_on_the_router() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let begin = || {
        let wamp = wamp.clone();
        tokio::spawn(async move {
            wamp.subscribe("com.example.news", SubscribeOptions::new())
                .await
        })
    };
    let given_up = begin();
    let mut peer = router.session(CROSSBAR).await;
    let first = peer.takes(32).await;
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    assert_eq!(wamp.status().waiting, 0);
    peer.send(json!([33, first[1], 5])).await;
    let message = peer.takes(34).await;
    assert_eq!(message[2], 5);
    peer.send(json!([35, message[1]])).await;
    // Whoever asks meanwhile keeps what is one subscription there.
    let given_up = begin();
    let first = peer.takes(32).await;
    given_up.abort();
    let _ = given_up.await;
    let kept = begin();
    let second = peer.takes(32).await;
    peer.send(json!([33, first[1], 6])).await;
    peer.send(json!([33, second[1], 6])).await;
    let mut kept = kept.await.unwrap().unwrap();
    peer.send(json!([36, 6, 1, {}, [1]])).await;
    assert!(kept.next().await.unwrap().is_ok());
    assert!(peer.is_silent(Duration::from_millis(100)).await);
    assert_eq!(wamp.status().dropped, 0);
}

#[tokio::test]
async fn a_subscription_given_up_with_the_answer_leaves_nothing_on_the_router() {
    use std::future::Future as _;
    use std::task::{Context, Waker};
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let joined = wamp.clone();
    let joined = tokio::spawn(async move { joined.join().await });
    let mut peer = router.session(CROSSBAR).await;
    joined.await.unwrap().unwrap();
    let mut context = Context::from_waker(Waker::noop());
    for others_read in [false, true] {
        let mut other = None;
        if others_read {
            let wamp = wamp.clone();
            let reading = tokio::spawn(async move {
                wamp.subscribe("com.example.news", SubscribeOptions::new())
                    .await
            });
            let message = peer.takes(32).await;
            peer.send(json!([33, message[1], 5])).await;
            other = Some(reading.await.unwrap().unwrap());
        }
        let options = SubscribeOptions::new();
        let mut given_up = Box::pin(wamp.subscribe("com.example.news", options));
        assert!(given_up.as_mut().poll(&mut context).is_pending());
        let message = peer.takes(32).await;
        peer.send(json!([33, message[1], 5])).await;
        // The answer is taken before this one, and nobody has looked at it.
        peer.send(json!([36, 5, 1, {}, [1]])).await;
        let call = crate::router::call(&wamp.agent(), "com.example.add", "{}");
        let message = peer.takes(48).await;
        peer.result(&message, json!([1])).await;
        crate::router::done(call).await.unwrap();
        drop(given_up);
        match &mut other {
            // What others read stays.
            Some(other) => {
                assert!(peer.is_silent(Duration::from_millis(100)).await);
                assert!(other.next().await.unwrap().is_ok());
            }
            None => {
                let message = peer.takes(34).await;
                assert_eq!(message[2], 5);
                peer.send(json!([35, message[1]])).await;
                assert!(peer.is_silent(Duration::from_millis(50)).await);
            }
        }
    }
}

#[tokio::test]
async fn what_is_dropped_on_a_thread_without_a_runtime_is_unsubscribed_from() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let (mut peer, news) = subscribe(&router, &wamp, SubscribeOptions::new(), 5).await;
    std::thread::spawn(move || drop(news)).join().unwrap();
    let message = peer.takes(34).await;
    assert_eq!(message[2], 5);
    peer.send(json!([35, message[1]])).await;
}

#[tokio::test]
async fn who_waits_for_a_topic_that_is_being_given_up_has_it_on_the_next_session() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let (mut peer, news) = subscribe(&router, &wamp, SubscribeOptions::new(), 5).await;
    let gone = tokio::spawn(news.unsubscribe());
    let message = peer.takes(34).await;
    let client = wamp.clone();
    let waits = tokio::spawn(async move {
        client
            .subscribe("com.example.news", SubscribeOptions::new())
            .await
    });
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    peer.send(json!([35, message[1]])).await;
    gone.await.unwrap();
    let message = peer.takes(32).await;
    peer.send(json!([33, message[1], 6])).await;
    let mut news = waits.await.unwrap().unwrap();
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(32).await;
    peer.send(json!([33, message[1], 7])).await;
    peer.send(json!([36, 7, 1, {}, [1]])).await;
    assert!(matches!(
        news.next().await.unwrap().unwrap(),
        Delivery::Restored
    ));
    assert!(news.next().await.unwrap().unwrap().into_event().is_some());
}

#[tokio::test]
async fn a_publication_waits_no_longer_than_it_may() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let publish = wamp
        .publish("com.example.news")
        .timeout(Duration::from_millis(50));
    let error = publish.await.unwrap_err();
    assert_eq!(error.code(), "Timeout.Connect");
    assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
    // The longest time is no reason to panic.
    let wamp = router.client().ping(Duration::MAX).build().unwrap();
    let publish = wamp.publish("com.example.news").timeout(Duration::MAX);
    let sent = tokio::spawn(publish.into_future());
    // The connection of the client that gave up.
    let _first = router.tcp().await;
    let mut peer = router.session(CROSSBAR).await;
    peer.takes(16).await;
    assert_eq!(sent.await.unwrap().unwrap(), None);
}

#[tokio::test]
async fn publications_go_out_as_routers_know_them() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let client = wamp.clone();
    let plain = tokio::spawn(async move { client.publish("com.example.news").arg("x").await });
    let mut peer = router.session(CROSSBAR).await;
    assert_eq!(
        peer.takes(16).await,
        json!([16, 1, {}, "com.example.news", ["x"]])
    );
    assert_eq!(plain.await.unwrap().unwrap(), None);
    let publish = || {
        wamp.publish("com.example.news")
            .content(Content::new().named("k", &1))
            .acknowledge(true)
            .to_myself(true)
            .eligible(&[7])
            .exclude(&[8, 9])
    };
    let confirmed = tokio::spawn(publish().into_future());
    let message = peer.takes(16).await;
    let options =
        json!({"acknowledge": true, "exclude_me": false, "eligible": [7], "exclude": [8, 9]});
    assert_eq!(
        message,
        json!([16, 2, options, "com.example.news", [], {"k": 1}])
    );
    peer.send(json!([17, 2, 99])).await;
    assert_eq!(confirmed.await.unwrap().unwrap(), Some(99));
    let refused = tokio::spawn(publish().into_future());
    peer.takes(16).await;
    peer.send(json!([8, 16, 3, {}, "wamp.error.not_authorized", ["no"]]))
        .await;
    let error = refused.await.unwrap().unwrap_err();
    assert!(error.is_permission_denied(), "{error}");
    let late = publish()
        .timeout(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert_eq!(late.code(), "Timeout.FirstByte");
    peer.takes(16).await;
    // What cannot be is not sent.
    for error in [
        wamp.publish("com..news").await.unwrap_err(),
        wamp.publish("com.example.news")
            .arg(&f64::NAN)
            .await
            .unwrap_err(),
        wamp.publish("com.example.news")
            .retain(true)
            .await
            .unwrap_err(),
        wamp.subscribe(
            "com.example.news",
            SubscribeOptions::new().with_retained(true),
        )
        .await
        .unwrap_err(),
    ] {
        assert!(
            matches!(error.code(), "Config.Unsupported" | "Encode.NotFinite"),
            "{error:?}"
        );
    }
    assert!(peer.is_silent(Duration::from_millis(50)).await);
}

#[tokio::test]
async fn a_subscription_that_is_refused_on_a_new_session_ends_with_the_reason() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let (peer, mut news) = subscribe(&router, &wamp, SubscribeOptions::new(), 5).await;
    drop(peer);
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(32).await;
    peer.send(json!([
        8,
        32,
        message[1],
        {},
        "wamp.error.not_authorized",
        []
    ]))
    .await;
    let error = news.next().await.unwrap().unwrap_err();
    assert!(error.is_permission_denied(), "{error}");
    assert!(news.next().await.is_none());
}

/// Sessions that left, and what went with them.
type Seen = Arc<Mutex<Vec<(Option<i64>, i64)>>>;

struct Log(Seen);

impl server::RegistrationEvents for Log {
    fn on_delete<'a>(
        &'a self,
        _: &'a Context,
        session: Option<i64>,
        registration: i64,
    ) -> Reply<'a, ()> {
        assert_ne!(registration, 13, "as the test wants");
        self.0.lock().unwrap().push((session, registration));
        Reply::ok(())
    }
}

#[tokio::test]
async fn a_servant_is_told_of_events_and_what_it_does_not_take_is_told() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let seen = Seen::default();
    let troubles = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&troubles);
    let log = server::registration_events(Log(Arc::clone(&seen)));
    let client = wamp.clone();
    let begun = tokio::spawn(async move {
        let trouble = move |trouble| told.lock().unwrap().push(trouble);
        client
            .subscribe_servant(log, SubscribeOptions::new(), trouble)
            .await
    });
    let mut peer = router.session(CROSSBAR).await;
    for (id, topic) in ["on_create", "on_register", "on_unregister", "on_delete"]
        .iter()
        .enumerate()
    {
        let message = peer.takes(32).await;
        assert_eq!(message[3], format!("wamp.registration.{topic}"));
        peer.send(json!([33, message[1], 100 + id])).await;
    }
    let _watching = begun.await.unwrap().unwrap();
    peer.send(json!([36, 103, 1, {}, [7, 8]])).await;
    // W37: who leaves has no session any more.
    peer.send(json!([36, 103, 2, {}, [null, 9]])).await;
    peer.send(json!([36, 103, 3, {}, [7, 13]])).await;
    peer.send(json!([36, 103, 4, {}, ["nonsense"]])).await;
    peer.send(json!([36, 100, 5, {}, [7, {}]])).await;
    for _ in 0..500 {
        if troubles.lock().unwrap().len() == 3 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(*seen.lock().unwrap(), [(Some(7), 8), (None, 9)]);
    let troubles = troubles.lock().unwrap();
    let refused = troubles
        .iter()
        .filter(|trouble| matches!(trouble, Trouble::Refused { .. }));
    assert_eq!((troubles.len(), refused.count()), (3, 3), "{troubles:?}");
}

#[tokio::test]
async fn a_servant_without_topics_is_refused_with_the_way_out() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let info = TypeInfo::new("acme.Fan:1.0.0".parse().unwrap(), []);
    let fan = Servant::of_type(info, (), |(), _: &Incoming<'_>| {
        Err(Fault::method_not_found())
    });
    let watching = wamp
        .subscribe_servant(fan, SubscribeOptions::new(), |_| ())
        .await;
    let error = watching.unwrap_err();
    assert_eq!(error.code(), "Config.Unsupported");
    assert!(error.to_string().contains("one-way"), "{error}");
    assert!(!router.is_tried(Duration::from_millis(50)).await);
}

#[tokio::test]
async fn w38_a_procedure_that_a_router_does_not_have_is_an_error() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let of_router = Registration::at(&wamp.agent(), "");
    let count = tokio::spawn(of_router.count_callees(5).send());
    let mut peer = router.session(CROSSBAR).await;
    let message = peer.takes(48).await;
    assert_eq!(
        message,
        json!([48, 1, {}, "wamp.registration.count_callees", [5]])
    );
    peer.error(
        &message,
        "wamp.error.runtime_error",
        json!(["not implemented"]),
    )
    .await;
    let error = count.await.unwrap().unwrap_err();
    assert_eq!(error.as_rpc().unwrap().message, "not implemented");
    // Nothing found is null, and not an error.
    let found = tokio::spawn(of_router.r#match("com.example.x").send());
    let message = peer.takes(48).await;
    peer.result(&message, json!([null])).await;
    assert_eq!(found.await.unwrap().unwrap(), None);
    // And a null that cannot be is one.
    let bad = tokio::spawn(of_router.count_callees(5).send());
    let message = peer.takes(48).await;
    peer.result(&message, json!([null])).await;
    assert!(bad.await.unwrap().unwrap_err().code().starts_with("Decode"));
}

#[tokio::test]
async fn calls_events_and_answers_go_beside_each_other() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let (mut peer, mut news) = subscribe(&router, &wamp, SubscribeOptions::new(), 5).await;
    let waiting = call(&wamp.agent(), "com.example.slow", "{}");
    let message = peer.takes(48).await;
    peer.send(json!([36, 5, 1, {}, ["meanwhile"]])).await;
    let event = news.next().await.unwrap().unwrap();
    assert!(matches!(event, Delivery::Event(_)));
    peer.result(&message, json!([1])).await;
    assert_eq!(done(waiting).await.unwrap().get(), "1");
}

/// Tells of one registration.
struct One;

impl server::Registration for One {
    fn r#match<'a>(&'a self, _: &'a Context, procedure: String) -> Reply<'a, Option<i64>> {
        Reply::ok((procedure == "com.example.it").then_some(7))
    }
}

#[tokio::test]
async fn what_may_be_null_goes_over_other_wires_too() {
    let objects = xerus_rpc::server::Router::new();
    objects.insert("/one", server::registration(One));
    let memory = Arc::new(xerus_rpc::MemoryTransport::new(objects));
    let agent = xerus_rpc::Agent::with_transport(memory);
    let one = Registration::at(&agent, "/one");
    assert_eq!(one.r#match("com.example.it").await.unwrap(), Some(7));
    assert_eq!(one.r#match("com.example.other").await.unwrap(), None);
    let (both, none) = (one.r#match("com.example.it"), one.r#match("x"));
    let all = agent.bulk([both, none]).all().await.unwrap();
    assert_eq!(all, [Some(7), None]);
}
