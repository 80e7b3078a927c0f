//! What is served: registrations, invocations, answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use xerus_rpc::TypeInfo;
use xerus_rpc::server::{Fault, Incoming, Reply, Router as Objects, Servant};
use xerus_rpc::wamp::{Callee, CalleeServing, Content, Match, RegisterOptions, Wamp};

use crate::router::{BONDY, CROSSBAR, LONG, Peer, Router};

/// What the router calls the registration.
const REGISTRATION: u64 = 77;

/// Answers what is registered: the ids count up from `REGISTRATION`.
pub(crate) async fn registers(peer: &mut Peer, count: u64) -> Vec<Value> {
    let mut all = Vec::new();
    for number in 0..count {
        let register = peer.takes(64).await;
        peer.send(json!([65, register[1], REGISTRATION + number]))
            .await;
        all.push(register);
    }
    all
}

/// Serves a callee with one registration, on a session with these features.
async fn serve(
    router: &Router,
    wamp: &Wamp,
    callee: Callee,
    features: &[&str],
) -> (Peer, CalleeServing) {
    let wamp = wamp.clone();
    let serving = tokio::spawn(async move { callee.serve(&wamp).await });
    let mut peer = router.session(features).await;
    registers(&mut peer, 1).await;
    let serving = tokio::time::timeout(LONG, serving).await;
    (peer, serving.unwrap().unwrap().unwrap())
}

fn with<F, T>(handler: F) -> Callee
where
    F: Fn(xerus_rpc::wamp::Invocation) -> T + Send + Sync + 'static,
    T: Future<Output = Result<Content, Fault>> + Send + 'static,
{
    Callee::default().procedure("com.example.it", RegisterOptions::new(), handler)
}

fn invocation(request: u64, details: Value, args: Value) -> Value {
    json!([68, request, REGISTRATION, details, args])
}

#[tokio::test]
async fn objects_are_registered_by_their_names_and_answer() {
    let router = Router::start().await;
    let wamp = router.client().prefix("com.example").build().unwrap();
    let info = TypeInfo::new("acme.Fan:1.0.0".parse().unwrap(), []);
    let fan = Servant::of_type(info, (), |(), call: &Incoming<'_>| match call.method() {
        "getSpeed" => Ok(Reply::ok(1200).single()),
        _ => Err(Fault::method_not_found()),
    });
    let objects = Objects::new();
    objects.insert("/fan", fan);
    // Of a type that is known at run time only there are no names to register.
    let serving = Callee::new(objects).procedure(
        "com.example.it",
        RegisterOptions::new(),
        |call| async move {
            let sum: i32 = call.arg::<i32>(0)? + call.arg::<i32>(1)?;
            Ok(Content::new().arg(&sum).named("by", "it"))
        },
    );
    let (mut peer, serving) = serve(&router, &wamp, serving, CROSSBAR).await;
    assert_eq!(serving.uris().collect::<Vec<_>>(), ["com.example.it"]);
    assert_eq!(serving.ids(), [REGISTRATION]);
    peer.send(invocation(900, json!({}), json!([2, 3]))).await;
    assert_eq!(
        peer.takes(70).await,
        json!([70, 900, {}, [5], {"by": "it"}])
    );
    peer.send(json!([68, 901, REGISTRATION, {}])).await;
    let error = peer.takes(8).await;
    assert_eq!(
        json!([error[1], error[2], error[4]]),
        json!([68, 901, "wamp.error.invalid_argument"])
    );
    serving.shutdown_with(&mut peer).await;
}

/// What a test does to end it, with the router's part.
trait Shutdown {
    async fn shutdown_with(self, peer: &mut Peer);
}

impl Shutdown for CalleeServing {
    async fn shutdown_with(self, peer: &mut Peer) {
        let shutdown = tokio::spawn(self.shutdown());
        let unregister = peer.takes(66).await;
        assert_eq!(unregister[2], REGISTRATION);
        peer.send(json!([67, unregister[1]])).await;
        tokio::time::timeout(LONG, shutdown).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn w24_an_invocation_before_its_registration_is_known_is_held() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| async { Ok(Content::new().arg("held")) });
    let serving = tokio::spawn({
        let wamp = wamp.clone();
        async move { callee.serve(&wamp).await }
    });
    let mut peer = router.session(CROSSBAR).await;
    let register = peer.takes(64).await;
    peer.send(invocation(900, json!({}), json!([]))).await;
    assert!(peer.is_silent(Duration::from_millis(100)).await);
    peer.send(json!([65, register[1], REGISTRATION])).await;
    assert_eq!(peer.takes(70).await, json!([70, 900, {}, ["held"]]));
    let serving = serving.await.unwrap().unwrap();
    // And one that nothing will ever be registered for.
    peer.send(json!([68, 901, 4711, {}])).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.no_such_registration");
    assert_eq!(serving.counters().calls, 1);
}

#[tokio::test]
async fn w23_an_invocation_that_was_held_for_nothing_is_refused() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let serving = tokio::spawn({
        let wamp = wamp.clone();
        async move { with(|_| async { Ok(Content::new()) }).serve(&wamp).await }
    });
    let mut peer = router.session(CROSSBAR).await;
    let register = peer.takes(64).await;
    peer.send(json!([68, 900, 4711, {}])).await;
    peer.send(json!([
        8,
        64,
        register[1],
        {},
        "wamp.error.not_authorized",
        ["not you"]
    ]))
    .await;
    let refused = peer.takes(8).await;
    assert_eq!(
        json!([refused[2], refused[4]]),
        json!([900, "wamp.error.no_such_registration"])
    );
    let error = serving.await.unwrap().unwrap_err();
    assert!(error.is_permission_denied(), "{error}");
}

#[tokio::test]
async fn w25_an_interrupt_gives_the_call_up_and_nothing_follows_an_answer() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let given_up = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&given_up);
    let callee = with(move |call| {
        let counted = Arc::clone(&counted);
        async move {
            if call.arg::<i32>(0)? == 0 {
                return Ok(Content::new().arg("at once"));
            }
            call.context.cancelled().await;
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(Content::new().arg("as far as it went"))
        }
    });
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    for request in 900..903 {
        peer.send(invocation(request, json!({}), json!([1]))).await;
    }
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    // Nobody waits: nothing is sent.
    peer.send(json!([69, 900, {"mode": "killnowait"}])).await;
    peer.send(json!([69, 901, {}])).await;
    // The router waits: what came of it is sent, once.
    peer.send(json!([69, 902, {"mode": "kill"}])).await;
    peer.send(json!([69, 902, {"mode": "kill"}])).await;
    assert_eq!(
        peer.takes(70).await,
        json!([70, 902, {}, ["as far as it went"]])
    );
    // An answer is there already; a call that nobody knows.
    peer.send(invocation(903, json!({}), json!([0]))).await;
    assert_eq!(peer.takes(70).await, json!([70, 903, {}, ["at once"]]));
    peer.send(json!([69, 903, {"mode": "kill"}])).await;
    peer.send(json!([69, 12345, {"mode": "kill"}])).await;
    assert!(peer.is_silent(Duration::from_millis(200)).await);
    assert_eq!(given_up.load(Ordering::Relaxed), 3);
    let counters = serving.counters();
    assert_eq!((counters.calls, counters.late, counters.results), (4, 2, 2));
}

#[tokio::test]
async fn w25_who_does_not_end_when_it_is_given_up_is_dropped() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| std::future::pending()).grace(Duration::from_millis(50));
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    peer.send(invocation(900, json!({}), json!([]))).await;
    peer.send(json!([69, 900, {"mode": "kill"}])).await;
    let error = peer.takes(8).await;
    assert_eq!(
        json!([error[1], error[2], error[4]]),
        json!([68, 900, "wamp.error.canceled"])
    );
    peer.send(invocation(901, json!({}), json!([]))).await;
    peer.send(json!([69, 901, {"mode": "killnowait"}])).await;
    assert!(peer.is_silent(Duration::from_millis(200)).await);
    assert_eq!((serving.counters().errors, serving.counters().late), (1, 1));
}

#[tokio::test]
async fn progress_comes_before_the_result_and_never_after_it() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let late = Arc::new(Notify::new());
    let told = Arc::clone(&late);
    let callee = with(move |call| {
        let told = Arc::clone(&told);
        async move {
            let asked = call.context.wants_progress();
            for number in 0..3 {
                call.context.report(&number).await?;
            }
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let refused = call.context.report(&99).await;
                assert_eq!(refused.is_err(), asked);
                told.notify_one();
            });
            Ok(Content::new().arg(&asked))
        }
    });
    let (mut peer, _serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    peer.send(invocation(
        900,
        json!({"receive_progress": true}),
        json!([]),
    ))
    .await;
    for number in 0..3 {
        assert_eq!(
            peer.takes(70).await,
            json!([70, 900, {"progress": true}, [number]])
        );
    }
    assert_eq!(peer.takes(70).await, json!([70, 900, {}, [true]]));
    late.notified().await;
    peer.send(invocation(901, json!({}), json!([]))).await;
    assert_eq!(peer.takes(70).await, json!([70, 901, {}, [false]]));
    late.notified().await;
    assert!(peer.is_silent(Duration::from_millis(100)).await);
}

#[tokio::test]
async fn a_servant_that_panics_is_an_error_and_the_session_lives() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|call| async move {
        assert_eq!(call.arg::<i32>(0)?, 1, "as the test wants");
        Ok(Content::new())
    });
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    peer.send(invocation(900, json!({}), json!([2]))).await;
    let error = peer.takes(8).await;
    assert_eq!(error[4], "wamp.error.runtime_error");
    assert!(!error.to_string().contains("as the test wants"), "{error}");
    peer.send(invocation(901, json!({}), json!([1]))).await;
    assert_eq!(peer.takes(70).await, json!([70, 901, {}]));
    assert_eq!(serving.counters().panics, 1);
}

#[tokio::test]
async fn w28_arguments_that_do_not_fit_are_refused_with_their_place() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|call| async move {
        let arguments = call.arguments.arguments()?;
        let x: i32 = Incoming::new("it", &arguments, &call.context).argument(0, "x")?;
        Ok(Content::new().arg(&x))
    });
    let (mut peer, _serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    for (args, kwargs, place) in [
        (json!([]), json!({}), "x is missing"),
        (json!([]), json!({"y": 1}), "x is missing"),
        (json!(["one"]), json!({}), "x"),
        (json!([null]), json!({}), "x"),
        (json!([]), json!({"x": [1]}), "x"),
        (json!([4_294_967_296_u64]), json!({}), "x"),
    ] {
        peer.send(json!([68, 900, REGISTRATION, {}, args, kwargs]))
            .await;
        let error = peer.takes(8).await;
        assert_eq!(error[4], "wamp.error.invalid_argument", "{args} {kwargs}");
        assert!(error[5][0].as_str().unwrap().contains(place), "{error}");
    }
    for (args, kwargs) in [
        (json!([7]), json!({})),
        (json!([]), json!({"x": 7})),
        (json!([7, 8, 9]), json!({"z": 1})),
    ] {
        peer.send(json!([68, 900, REGISTRATION, {}, args, kwargs]))
            .await;
        assert_eq!(peer.takes(70).await[3], json!([7]), "{args} {kwargs}");
    }
    // What is no JSON inside ends nothing but that call.
    peer.send_text(r#"[68,901,77,{},[nonsense]]"#).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.invalid_argument");
}

#[tokio::test]
async fn w30_a_result_over_the_limit_is_an_error_of_that_call() {
    let router = Router::start().await;
    let wamp = router.client().max_request_bytes(1000).build().unwrap();
    let callee = with(|call| async move {
        let length = usize::try_from(call.arg::<i32>(0)?).unwrap_or(0);
        Ok(Content::new().arg(&"x".repeat(length)))
    });
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    peer.send(invocation(900, json!({}), json!([2000]))).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.payload_size_exceeded");
    peer.send(invocation(901, json!({}), json!([2]))).await;
    assert_eq!(peer.takes(70).await[3], json!(["xx"]));
    assert_eq!(serving.counters().too_large, 1);
}

#[tokio::test]
async fn w36_slow_servants_hold_up_neither_the_reader_nor_each_other() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let at_a_time = Arc::new(AtomicU32::new(0));
    let most = Arc::new(AtomicU32::new(0));
    let (now, peak) = (Arc::clone(&at_a_time), Arc::clone(&most));
    let callee = with(move |call| {
        let (now, peak) = (Arc::clone(&now), Arc::clone(&peak));
        async move {
            peak.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(5)).await;
            now.fetch_sub(1, Ordering::Relaxed);
            Ok(Content::new().arg(&call.arg::<i32>(0)?))
        }
    });
    let (mut peer, serving) = serve(&router, &wamp, callee.calls(50).waiting(1940), CROSSBAR).await;
    for number in 0..2000 {
        peer.send(invocation(1000 + number, json!({}), json!([number])))
            .await;
    }
    let (mut results, mut busy) = (0, 0);
    for _ in 0..2000 {
        let answer = peer.next().await.unwrap();
        if answer[0] == 70 {
            assert_eq!(
                answer[3][0].as_u64().unwrap() + 1000,
                answer[1].as_u64().unwrap()
            );
            results += 1;
        } else {
            assert_eq!(answer[4], "wamp.error.unavailable");
            busy += 1;
        }
    }
    assert_eq!(serving.counters().busy, busy);
    assert!(busy <= 10 && results >= 1990, "{results} and {busy}");
    assert!(most.load(Ordering::Relaxed) <= 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w36_calls_begin_in_the_order_in_which_they_came() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let begun = Arc::clone(&order);
    let callee = with(move |call| {
        begun.lock().unwrap().push(call.arg::<i32>(0).unwrap());
        async { Ok(Content::new()) }
    });
    let (mut peer, _serving) = serve(&router, &wamp, callee.calls(7), CROSSBAR).await;
    for number in 0..500 {
        peer.send(invocation(1000 + number, json!({}), json!([number])))
            .await;
    }
    for _ in 0..500 {
        peer.takes(70).await;
    }
    assert_eq!(*order.lock().unwrap(), (0..500).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_time_of_a_call_is_that_of_the_callee_and_of_routers_that_count_milliseconds() {
    for (features, timeout, own) in [
        (BONDY, Some(50), None),
        (CROSSBAR, None, Some(Duration::from_millis(50))),
        // It is seconds there.
        (CROSSBAR, Some(50), None),
    ] {
        let router = Router::start().await;
        let wamp = router.client().build().unwrap();
        let mut callee = with(|call| async move {
            tokio::time::sleep(Duration::from_millis(400)).await;
            Ok(Content::new().arg(&call.context.deadline.is_some()))
        });
        if let Some(own) = own {
            callee = callee.deadline(own);
        }
        let (mut peer, serving) = serve(&router, &wamp, callee, features).await;
        let details = timeout.map_or(json!({}), |timeout| json!({"timeout": timeout}));
        peer.send(invocation(900, details, json!([]))).await;
        let answer = peer.next().await.unwrap();
        if features == CROSSBAR && own.is_none() {
            assert_eq!(answer, json!([70, 900, {}, [false]]));
            continue;
        }
        assert_eq!(answer[4], "wamp.error.timeout");
        assert!(peer.is_silent(Duration::from_millis(500)).await);
        assert_eq!(serving.counters().timeouts, 1);
    }
}

#[tokio::test]
async fn patterns_and_policies_go_out_as_routers_know_them() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let options = RegisterOptions::new()
        .with_match(Match::Prefix)
        .with_concurrency(3);
    let callee = Callee::default().procedure("com.example.docs", options, |call| async move {
        Ok(Content::new().arg(&call.procedure))
    });
    let serving = tokio::spawn({
        let wamp = wamp.clone();
        async move { callee.serve(&wamp).await }
    });
    let mut peer = router.session(CROSSBAR).await;
    let register = registers(&mut peer, 1).await.remove(0);
    assert_eq!(
        json!([register[2], register[3]]),
        json!([{"match": "prefix", "concurrency": 3}, "com.example.docs"])
    );
    let _serving = serving.await.unwrap().unwrap();
    peer.send(invocation(
        900,
        json!({"procedure": "com.example.docs.a"}),
        json!([]),
    ))
    .await;
    assert_eq!(peer.takes(70).await[3], json!(["com.example.docs.a"]));
}

#[tokio::test]
async fn w22_a_bad_uri_is_refused_before_it_is_sent() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let plain = |uri: &str| {
        Callee::default().procedure(uri, RegisterOptions::new(), |_| async {
            Ok(Content::new())
        })
    };
    for uri in ["", "com.example a", "com..x", "com.#"] {
        let error = plain(uri).serve(&wamp).await.unwrap_err();
        assert_eq!(error.code(), "Config.Unsupported", "{uri}");
    }
    assert!(!router.is_tried(Duration::from_millis(50)).await);
}

/// How a shutdown goes: whether the call under way ended by itself.
async fn shut_down(work: Duration, drain: Duration) -> (Value, Duration) {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(move |call| async move {
        tokio::select! {
            () = tokio::time::sleep(work) => Ok(Content::new().arg("finished")),
            () = call.context.cancelled() => Err(Fault::new(-32000, "given up")),
        }
    });
    let (mut peer, serving) = serve(&router, &wamp, callee.drain(drain), CROSSBAR).await;
    peer.send(invocation(900, json!({}), json!([]))).await;
    assert!(peer.is_silent(Duration::from_millis(50)).await);
    let begin = std::time::Instant::now();
    let shutdown = tokio::spawn(serving.shutdown());
    let unregister = peer.takes(66).await;
    peer.send(json!([67, unregister[1]])).await;
    let answer = peer.next().await.unwrap();
    tokio::time::timeout(LONG, shutdown).await.unwrap().unwrap();
    // What comes after it is nobody's.
    peer.send(invocation(901, json!({}), json!([]))).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.no_such_registration");
    (answer, begin.elapsed())
}

#[tokio::test]
async fn w10_a_callee_that_goes_answers_what_is_under_way_first() {
    let (answer, _) = shut_down(Duration::from_millis(200), Duration::from_secs(10)).await;
    assert_eq!(answer, json!([70, 900, {}, ["finished"]]));
    let (answer, time) = shut_down(Duration::from_secs(60), Duration::from_millis(50)).await;
    assert_eq!(
        json!([answer[2], answer[4]]),
        json!([900, "wamp.error.canceled"])
    );
    assert!(time < Duration::from_secs(5), "{time:?}");
}

#[tokio::test]
async fn an_invocation_that_comes_twice_is_executed_once() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let times = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&times);
    let callee = with(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(Content::new())
        }
    });
    let (mut peer, _serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    for _ in 0..3 {
        peer.send(invocation(900, json!({}), json!([]))).await;
    }
    assert_eq!(peer.takes(70).await[1], 900);
    assert!(peer.is_silent(Duration::from_millis(200)).await);
    assert_eq!(times.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn w33_nonsense_of_a_router_ends_the_session_and_what_is_served_is_put_back() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| async { Ok(Content::new()) });
    let (mut peer, _serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    for nonsense in [
        r#"[68,900]"#,
        r#"[68,"900",77,{}]"#,
        r#"[68,900,77,[]]"#,
        r#"[68,-1,77,{}]"#,
        r#"[36,5,{},{}]"#,
        "[69]",
    ] {
        peer.send_text(nonsense).await;
        assert_eq!(peer.closed_with().await, Some(1002), "{nonsense}");
        peer = router.session(CROSSBAR).await;
        registers(&mut peer, 1).await;
        peer.send(invocation(900, json!({}), json!([]))).await;
        assert_eq!(peer.takes(70).await, json!([70, 900, {}]));
    }
}
