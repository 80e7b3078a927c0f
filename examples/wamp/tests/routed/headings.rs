//! What a WAMP router has besides: one test for each heading.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use xerus_rpc::server::{Context, Reply, Router as Objects};
use xerus_rpc::wamp::registration::{Registration, registration, server};
use xerus_rpc::wamp::{
    Callee, Caller, Content, Invocation, Invoke, Match, RegisterOptions, SubscribeOptions, Wamp,
};
use xerus_rpc::wire::Overflow;
use xerus_rpc::{Error, Json, Outcome};

use crate::api::{calc, server as served};
use crate::router::{Router, SERIALIZERS, is_installed};

async fn call(wamp: &Wamp, procedure: &str, params: &str) -> Result<Json, Error> {
    wamp.agent()
        .call("", procedure, params.parse().unwrap())
        .await
}

fn procedure(uri: &str, options: RegisterOptions) -> Callee {
    let handler = |call: Invocation| async move {
        let caller = Caller::of(&call.context);
        let session = caller.session.unwrap_or(0).to_string();
        let told = vec![call.procedure, session, caller.authrole.unwrap_or_default()];
        Ok(Content::new().arg(&told))
    };
    Callee::default().procedure(uri, options, handler)
}

/// Waits for what must come, however slow the machine is.
async fn patiently(what: impl Future<Output = ()>) {
    let limit = Duration::from_secs(120);
    tokio::time::timeout(limit, what).await.expect("it comes");
}

/// Two clients of one router.
async fn both(router: &Router) -> (Wamp, Wamp) {
    let (here, there) = (
        router.client().build().unwrap(),
        router.client().build().unwrap(),
    );
    here.join().await.unwrap();
    there.join().await.unwrap();
    (here, there)
}

#[tokio::test]
async fn call_timeouts() {
    if !is_installed() {
        return;
    }
    struct Slow;
    impl served::calc::Adder for Slow {
        fn add<'a>(&'a self, context: &'a Context, x: f64, _: f64) -> Reply<'a, f64> {
            Reply::future(async move {
                context.cancelled().await;
                Ok(x)
            })
        }
    }
    let router = Router::start().await;
    let (callee, caller) = both(&router).await;
    let objects = Objects::new();
    objects.insert("/", served::calc::adder(Slow));
    let serving = Callee::new(objects).serve(&callee).await.unwrap();
    let adder = calc::Adder::at(&caller.agent(), "");
    let begin = Instant::now();
    let late = adder
        .add(1.0, 2.0)
        .timeout(Duration::from_millis(300))
        .await;
    let error = late.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.FirstByte", Outcome::Unknown)
    );
    assert!(
        begin.elapsed() < Duration::from_secs(2),
        "{:?}",
        begin.elapsed()
    );
    // Who served it was told, and what it gave then was not sent.
    for _ in 0..200 {
        if serving.counters().late == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(serving.counters().late, 1);
}

#[tokio::test]
async fn caller_identification() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let (callee, caller) = both(&router).await;
    let _serving = procedure("com.example.who", RegisterOptions::new())
        .serve(&callee)
        .await
        .unwrap();
    let session = caller.join().await.unwrap().session;
    let told = call(&caller, "com.example.who", "{}").await.unwrap();
    assert_eq!(
        told.get(),
        format!(r#"["com.example.who","{session}","anonymous"]"#)
    );
    // A realm that discloses nobody.
    let hidden = || router.client_in("com.example.private").build().unwrap();
    let (callee, caller) = (hidden(), hidden());
    let _serving = procedure("com.example.who", RegisterOptions::new())
        .serve(&callee)
        .await
        .unwrap();
    let told = call(&caller, "com.example.who", "{}").await.unwrap();
    assert_eq!(told.get(), r#"["com.example.who","0",""]"#);
}

#[tokio::test]
async fn progressive_call_results() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let (callee, caller) = both(&router).await;
    let count = Callee::default().procedure(
        "com.example.count",
        RegisterOptions::new(),
        |call| async move {
            for number in 0..call.arg::<i32>(0)? {
                call.context.report(&number).await?;
            }
            Ok(Content::new().arg("done"))
        },
    );
    let _serving = count.serve(&callee).await.unwrap();
    let agent = caller.agent();
    let calling = agent.call("", "com.example.count", r#"{"n":5}"#.parse().unwrap());
    let mut stream = calling.reporting::<i32>().stream();
    let mut seen = Vec::new();
    while let Some(number) = stream.next().await {
        seen.push(number.unwrap());
    }
    assert_eq!(seen, [0, 1, 2, 3, 4]);
    assert_eq!(stream.finish().await.unwrap().get(), r#""done""#);
}

#[tokio::test]
async fn progress_that_is_read_too_slowly() {
    if !is_installed() {
        return;
    }
    const ALL: i32 = 1000;
    let router = Router::start().await;
    for serializer in SERIALIZERS {
        let client = || router.client().serializer(serializer).build().unwrap();
        let (callee, caller) = (client(), client());
        let (given_up, reported) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let notify = (Arc::clone(&given_up), Arc::clone(&reported));
        let options = RegisterOptions::new();
        let count = Callee::default().procedure("com.example.count", options, move |call| {
            let (given_up, reported) = notify.clone();
            async move {
                let waits = call.arg::<bool>(0)?;
                for number in 0..ALL {
                    match call.context.report(&number).await {
                        // The call may be given up before all was said.
                        Err(_) if waits => break,
                        told => told?,
                    }
                }
                reported.notify_one();
                if waits {
                    call.context.cancelled().await;
                    given_up.notify_one();
                }
                Ok(Content::new().arg("done"))
            }
        });
        let options = RegisterOptions::new();
        let count = count.procedure("com.example.ping", options, |_| async move {
            Ok(Content::new().arg("pong"))
        });
        let _serving = count.serve(&callee).await.unwrap();
        let agent = caller.agent();
        let start = |overflow, waits: bool| {
            let params = format!(r#"{{"waits":{waits}}}"#).parse().unwrap();
            let call = agent.call("", "com.example.count", params);
            call.reporting::<i32>().room(10, overflow).stream()
        };
        for overflow in [Overflow::DropOldest, Overflow::DropNewest] {
            let mut stream = start(overflow, false);
            let (mut read, mut missed) = (0, 0);
            while let Some(value) = stream.next().await {
                value.unwrap();
                if read == 0 {
                    // Nobody reads, and all others are served. What the callee answers now is behind all that it has reported.
                    patiently(reported.notified()).await;
                    let pong = call(&caller, "com.example.ping", "{}").await.unwrap();
                    assert_eq!(pong.get(), r#""pong""#);
                    call(&caller, "com.example.nobody", "{}").await.unwrap_err();
                }
                read += 1;
                missed += stream.missed();
            }
            missed += stream.missed();
            assert!(missed > 0, "{overflow:?}");
            assert_eq!(read + missed, 1000, "{overflow:?}");
        }
        let mut stream = start(Overflow::Fail, true);
        stream.next().await.unwrap().unwrap();
        // The callee learns of it although nobody reads.
        patiently(given_up.notified()).await;
        let error = stream.finish().await.unwrap_err();
        assert_eq!(
            (error.code(), error.outcome()),
            ("Overflow", Outcome::Unknown)
        );
        for client in [caller, callee] {
            client.leave().await;
        }
    }
}

#[tokio::test]
async fn pattern_based_registrations() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let (callee, caller) = both(&router).await;
    let by = |matching| RegisterOptions::new().with_match(matching);
    let _prefix = procedure("com.example.docs", by(Match::Prefix))
        .serve(&callee)
        .await
        .unwrap();
    let _wildcard = procedure("com.example..status", by(Match::Wildcard))
        .serve(&callee)
        .await
        .unwrap();
    for uri in [
        "com.example.docs",
        "com.example.docs.a.b",
        "com.example.disk.status",
    ] {
        let told = call(&caller, uri, "{}").await.unwrap();
        assert!(told.get().starts_with(&format!(r#"["{uri}","#)), "{told}");
    }
    assert!(
        call(&caller, "com.example.disk.state", "{}")
            .await
            .unwrap_err()
            .is_method_not_found()
    );
}

#[tokio::test]
async fn shared_registrations() {
    if !is_installed() {
        return;
    }
    let router = Router::start().await;
    let (first, second) = both(&router).await;
    let named = |name: &'static str, invoke| {
        let options = RegisterOptions::new().with_invoke(invoke);
        Callee::default().procedure("com.example.shared", options, move |_| async move {
            Ok(Content::new().arg(name))
        })
    };
    for (invoke, expected) in [
        (Invoke::RoundRobin, (5, 5)),
        (Invoke::First, (10, 0)),
        (Invoke::Last, (0, 10)),
    ] {
        let one = named("one", invoke).serve(&first).await.unwrap();
        let two = named("two", invoke).serve(&second).await.unwrap();
        let mut seen = (0, 0);
        for _ in 0..10 {
            match call(&first, "com.example.shared", "{}")
                .await
                .unwrap()
                .get()
            {
                r#""one""# => seen.0 += 1,
                _ => seen.1 += 1,
            }
        }
        assert_eq!(seen, expected, "{invoke:?}");
        let alone = named("three", Invoke::Single)
            .serve(&second)
            .await
            .unwrap_err();
        let code = alone.as_rpc().unwrap().code.text().unwrap().to_owned();
        assert!(code.starts_with("wamp.error.procedure_"), "{code}");
        one.shutdown().await;
        two.shutdown().await;
    }
}

#[tokio::test]
async fn registration_meta_events_and_procedures() {
    if !is_installed() {
        return;
    }
    #[derive(Default)]
    struct Log(Arc<Mutex<Vec<String>>>);
    impl server::RegistrationEvents for Log {
        fn on_create<'a>(
            &'a self,
            _: &'a Context,
            _: Option<i64>,
            details: registration::Details,
        ) -> Reply<'a, ()> {
            self.0.lock().unwrap().push(details.uri);
            Reply::ok(())
        }
    }
    let router = Router::start().await;
    let (watcher, callee) = both(&router).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = server::registration_events(Log(Arc::clone(&seen)));
    let trouble = |trouble| panic!("{trouble:?}");
    let watching = watcher
        .subscribe_servant(log, SubscribeOptions::new(), trouble)
        .await
        .unwrap();
    let serving = procedure("com.example.new", RegisterOptions::new())
        .serve(&callee)
        .await
        .unwrap();
    let of_router = Registration::at(&watcher.agent(), "");
    let id = of_router.r#match("com.example.new").await.unwrap();
    assert_eq!(
        id.and_then(|id| u64::try_from(id).ok()),
        serving.ids().first().copied()
    );
    assert_eq!(of_router.r#match("com.example.other").await.unwrap(), None);
    for _ in 0..200 {
        if !seen.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(*seen.lock().unwrap(), ["com.example.new"]);
    drop(watching);
}
