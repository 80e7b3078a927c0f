//! A router that is stopped and started again.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::wamp::{
    Callee, Change, Content, Delivery, Match, RegisterOptions, SubscribeOptions,
};

use crate::router::{Router, is_installed};

/// W7: registrations and subscriptions are put back, and then the hook is called.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w7_what_stood_on_a_session_stands_on_the_next() {
    if !is_installed() {
        return;
    }
    let mut router = Router::start().await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let (joins, changes) = (Arc::clone(&order), Arc::clone(&order));
    let callee = router
        .client()
        .reconnect(Duration::from_millis(50), Duration::from_millis(500))
        .on_join(move |_| {
            joins.lock().unwrap().push("joined".to_owned());
            async {}
        })
        .build()
        .unwrap();
    let caller = router
        .client()
        .reconnect(Duration::from_millis(50), Duration::from_millis(500))
        .build()
        .unwrap();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    let serving = Callee::default()
        .procedure("com.example.count", RegisterOptions::new(), move |_| {
            let number = counted.fetch_add(1, Ordering::Relaxed);
            async move { Ok(Content::new().arg(&i64::from(number))) }
        })
        .procedure(
            "com.example.any",
            RegisterOptions::new().with_match(Match::Prefix),
            |call| async move { Ok(Content::new().arg(&call.procedure)) },
        )
        .on_change(move |change| {
            let Change::Restored { uri } = change else {
                panic!("{change:?}");
            };
            changes.lock().unwrap().push(uri.clone());
        })
        .serve(&callee)
        .await
        .unwrap();
    let before = serving.ids();
    let mut news = callee
        .subscribe("com.example.news", SubscribeOptions::new())
        .await
        .unwrap();
    let call = |procedure: &'static str| async {
        let called = caller
            .agent()
            .call("", procedure, "{}".parse().unwrap())
            .await;
        called.map(|told| told.get().to_owned())
    };
    assert_eq!(call("com.example.count").await.unwrap(), "0");
    assert_eq!(order.lock().unwrap().len(), 1);

    router.down().await;
    router.up().await;
    callee.join().await.unwrap();
    caller.join().await.unwrap();
    for _ in 0..500 {
        // The hook is told last.
        if order.lock().unwrap().len() == 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let told = order.lock().unwrap().clone();
    assert_eq!(told[0], "joined");
    let mut put_back = told[1..3].to_vec();
    put_back.sort_unstable();
    assert_eq!(put_back, ["com.example.any", "com.example.count"]);
    assert_eq!(told[3..], ["joined".to_owned()]);
    assert_eq!(serving.ids().len(), 2);
    assert_ne!(serving.ids(), before);

    assert_eq!(call("com.example.count").await.unwrap(), "1");
    assert_eq!(
        call("com.example.anything").await.unwrap(),
        r#""com.example.anything""#
    );
    caller
        .publish("com.example.news")
        .arg(&7)
        .acknowledge(true)
        .await
        .unwrap();
    let next = news.next().await.unwrap().unwrap();
    assert!(matches!(next, Delivery::Restored), "{next:?}");
    let next = tokio::time::timeout(Duration::from_secs(10), news.next()).await;
    let event = next.unwrap().unwrap().unwrap().into_event().unwrap();
    assert_eq!(event.read::<i32>().unwrap(), 7);
    assert_eq!(calls.load(Ordering::Relaxed), 2);
}

/// W26: who loses a registration is told, and gets it back when it asks for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w26_what_is_taken_away_is_told() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let (first, second) = (
        router.client().build().unwrap(),
        router.client().build().unwrap(),
    );
    let changes = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&changes);
    let procedure = |name: &'static str, options: RegisterOptions| {
        Callee::default().procedure("com.example.mine", options, move |_| async move {
            Ok(Content::new().arg(name))
        })
    };
    let serving = procedure("first", RegisterOptions::new())
        .on_change(move |change| told.lock().unwrap().push(change.clone()))
        .serve(&first)
        .await
        .unwrap();
    let force = RegisterOptions::new().with_force(true);
    let taker = procedure("second", force).serve(&second).await.unwrap();
    for _ in 0..200 {
        if !changes.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    {
        let changes = changes.lock().unwrap();
        let [Change::Revoked { uri, reason, again }] = &changes[..] else {
            panic!("{changes:?}");
        };
        assert_eq!(
            (uri.as_str(), reason.as_str(), *again),
            ("com.example.mine", "wamp.error.unregistered", None)
        );
    }
    assert!(serving.ids().is_empty());
    assert_eq!(serving.counters().revoked, 1);
    let said = first
        .agent()
        .call("", "com.example.mine", "{}".parse().unwrap())
        .await;
    assert_eq!(said.unwrap().get(), r#""second""#);
    taker.shutdown().await;
}
