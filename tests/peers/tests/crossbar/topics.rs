//! Publish and subscribe with Crossbar, and what it tells of registrations.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::server::{Context, Reply};
use xerus_rpc::wamp::registration::{Registration, registration, server};
use xerus_rpc::wamp::{
    Callee, Content, Delivery, Event, Match, OneWay, Overflow, RegisterOptions, SubscribeOptions,
    Subscription,
};
use xerus_rpc::{Agent, Object};

use crate::api::headings::Sayings;
use crate::router::{Router, SERIALIZERS, is_installed};
use crate::served::{self, Seen};

async fn event(subscription: &mut Subscription) -> Event {
    let next = tokio::time::timeout(Duration::from_secs(10), subscription.next());
    match next.await.expect("an event").unwrap().unwrap() {
        Delivery::Event(event) => event,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_reaches_those_who_subscribed() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    for serializer in SERIALIZERS {
        let (here, there) = (
            router.client().serializer(serializer).build().unwrap(),
            router.client().build().unwrap(),
        );
        let by_prefix = SubscribeOptions::new().with_match(Match::Prefix);
        let by_wildcard = SubscribeOptions::new().with_match(Match::Wildcard);
        let mut exact = here
            .subscribe("com.example.news.all", SubscribeOptions::new())
            .await
            .unwrap();
        let mut twice = here
            .subscribe("com.example.news.all", SubscribeOptions::new())
            .await
            .unwrap();
        let mut prefix = here.subscribe("com.example.news", by_prefix).await.unwrap();
        let mut wildcard = here.subscribe("com..news.all", by_wildcard).await.unwrap();
        let id = there
            .publish("com.example.news.all")
            .arg("ü")
            .arg(&9_007_199_254_740_993_i64)
            .named("k", &vec![true])
            .acknowledge(true)
            .await
            .unwrap();
        let joined = there.join().await.unwrap();
        for subscription in [&mut exact, &mut twice, &mut prefix, &mut wildcard] {
            let event = event(subscription).await;
            assert_eq!(event.topic, "com.example.news.all");
            assert_eq!(Some(event.publication), id);
            assert_eq!(
                event.read::<(String, i64)>().unwrap(),
                ("ü".to_owned(), 9_007_199_254_740_993)
            );
            assert_eq!(
                event.content.named::<Vec<bool>>("k").unwrap(),
                Some(vec![true])
            );
            assert_eq!(event.publisher.session, Some(joined.session));
            assert_eq!(event.publisher.authrole.as_deref(), Some("anonymous"));
        }
        // Whoever publishes does not hear it, unless that is asked for.
        let silent = here
            .publish("com.example.news.all")
            .arg(&1)
            .acknowledge(true);
        silent.await.unwrap();
        assert_eq!(
            here.publish("com.example.news.all")
                .arg(&2)
                .to_myself(true)
                .await
                .unwrap(),
            None
        );
        assert_eq!(event(&mut exact).await.read::<i32>().unwrap(), 2);
        // Of two who read one topic the other goes on.
        twice.unsubscribe().await;
        there.publish("com.example.news.all").arg(&3).await.unwrap();
        assert_eq!(event(&mut exact).await.read::<i32>().unwrap(), 3);
        exact.unsubscribe().await;
        let refused = there
            .subscribe("com.example news", SubscribeOptions::new())
            .await;
        assert_eq!(refused.unwrap_err().code(), "Config.Unsupported");
        let refused = there.publish("com..news").await;
        assert_eq!(refused.unwrap_err().code(), "Config.Unsupported");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w21_a_reader_that_sleeps_is_told_what_it_missed() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let (here, there) = (
        router.client().build().unwrap(),
        router.client().build().unwrap(),
    );
    let little = SubscribeOptions::new().with_room(10, Overflow::DropOldest);
    let mut slow = here.subscribe("com.example.flood", little).await.unwrap();
    let mut all = here
        .subscribe(
            "com.example.flood",
            SubscribeOptions::new().with_room(2000, Overflow::DropNewest),
        )
        .await
        .unwrap();
    for number in 0..1000 {
        there
            .publish("com.example.flood")
            .arg(&number)
            .await
            .unwrap();
    }
    for number in 0..1000 {
        assert_eq!(event(&mut all).await.read::<i32>().unwrap(), number);
    }
    let Some(Ok(Delivery::Missed(990))) = slow.next().await else {
        panic!("990 are told");
    };
    for number in 990..1000 {
        assert_eq!(event(&mut slow).await.read::<i32>().unwrap(), number);
    }
    // The session that it is on was not held up.
    assert_eq!(here.status().dropped, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_way_methods_are_topics() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let here = router.client().build().unwrap();
    let there = router.client().one_way(OneWay::Publish).build().unwrap();
    let seen = Arc::new(Seen::default());
    let hearing = served::hear(&here, &seen).await;
    let sayings: Sayings = Object::at(&there.agent(), "").assume();
    for number in 0..20 {
        sayings.heard(number).await.unwrap();
    }
    let heard = || seen.heard.lock().unwrap().clone();
    for _ in 0..200 {
        if heard().len() == 20 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(heard(), (0..20).collect::<Vec<_>>());
    drop(hearing);
}

/// What came or went, of which session, and its id.
type Note = (String, Option<i64>, i64);

/// What comes and goes, in words.
#[derive(Default)]
struct Log(Arc<Mutex<Vec<Note>>>);

impl Log {
    fn note<'a>(&self, what: &str, session: Option<i64>, id: i64) -> Reply<'a, ()> {
        self.0.lock().unwrap().push((what.to_owned(), session, id));
        Reply::ok(())
    }
}

impl server::RegistrationEvents for Log {
    fn on_create<'a>(
        &'a self,
        _: &'a Context,
        session: Option<i64>,
        details: registration::Details,
    ) -> Reply<'a, ()> {
        assert_eq!((&*details.r#match, &*details.invoke), ("exact", "single"));
        self.note(&details.uri, session, details.id)
    }

    fn on_register<'a>(&'a self, _: &'a Context, session: Option<i64>, id: i64) -> Reply<'a, ()> {
        self.note("register", session, id)
    }

    fn on_unregister<'a>(&'a self, _: &'a Context, session: Option<i64>, id: i64) -> Reply<'a, ()> {
        self.note("unregister", session, id)
    }

    fn on_delete<'a>(&'a self, _: &'a Context, session: Option<i64>, id: i64) -> Reply<'a, ()> {
        self.note("delete", session, id)
    }
}

/// W37: the session is null for those who leave; W38: procedures that a router does not have are errors.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w37_what_a_router_tells_of_registrations_is_typed() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let (here, there) = (
        router.client().build().unwrap(),
        router.client().build().unwrap(),
    );
    let notes = Arc::new(Mutex::new(Vec::new()));
    let log = server::registration_events(Log(Arc::clone(&notes)));
    let trouble = |trouble| panic!("{trouble:?}");
    let watching = here
        .subscribe_servant(log, SubscribeOptions::new(), trouble)
        .await
        .unwrap();
    let session = i64::try_from(there.join().await.unwrap().session).unwrap();
    let procedure = |uri: &str| {
        let handler = |_| async { Ok(Content::new()) };
        Callee::default().procedure(uri, RegisterOptions::new(), handler)
    };
    let one = procedure("com.example.meta").serve(&there).await.unwrap();
    let id = i64::try_from(one.ids()[0]).unwrap();

    let agent: Agent = here.agent();
    let of_router = Registration::at(&agent, "");
    assert_eq!(
        of_router.r#match("com.example.meta").await.unwrap(),
        Some(id)
    );
    assert_eq!(
        of_router.r#match("com.example.nothing").await.unwrap(),
        None
    );
    let exact = registration::Lookup {
        r#match: "exact".to_owned(),
        ..registration::Lookup::default()
    };
    assert_eq!(
        of_router.lookup("com.example.meta", &exact).await.unwrap(),
        Some(id)
    );
    assert_eq!(
        of_router
            .lookup("com.example.nothing", &exact)
            .await
            .unwrap(),
        None
    );
    let details = of_router.get(id).await.unwrap();
    assert_eq!(
        (&*details.uri, &*details.r#match),
        ("com.example.meta", "exact")
    );
    assert!(details.created.starts_with("20"), "{details:?}");
    assert_eq!(of_router.list_callees(id).await.unwrap(), [session]);
    assert_eq!(of_router.count_callees(id).await.unwrap(), 1);
    assert_eq!(of_router.list().await.unwrap().exact, [id]);
    let unknown = of_router.get(12345).await.unwrap_err();
    assert_eq!(unknown.as_rpc().unwrap().name, Some("NoSuchRegistration"));

    one.shutdown().await;
    let _two = procedure("com.example.left").serve(&there).await.unwrap();
    there.leave().await;
    let told = || notes.lock().unwrap().clone();
    for _ in 0..200 {
        if told().len() == 8 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let told = told();
    let words: Vec<_> = told.iter().map(|(what, ..)| what.as_str()).collect();
    let mut sorted = words.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            "com.example.left",
            "com.example.meta",
            "delete",
            "delete",
            "register",
            "register",
            "unregister",
            "unregister"
        ]
    );
    for (what, who, which) in &told {
        let left = *which != id && matches!(what.as_str(), "unregister" | "delete");
        assert_eq!(*who, (!left).then_some(session), "{what} of {which}");
    }
    drop(watching);
}
