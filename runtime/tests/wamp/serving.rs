//! What is served: registrations, invocations, answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use xerus_rpc::server::{Fault, Incoming, Reply, Router as Objects, Servant};
use xerus_rpc::wamp::{Callee, CalleeServing, Content, Match, RegisterOptions, Serializer, Wamp};
use xerus_rpc::{Json, TypeInfo};

use crate::router::{CROSSBAR, LONG, Peer, Router};

/// What the router calls the registration.
pub(crate) const REGISTRATION: u64 = 77;

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
pub(crate) async fn serve(
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

pub(crate) fn with<F, T>(handler: F) -> Callee
where
    F: Fn(xerus_rpc::wamp::Invocation) -> T + Send + Sync + 'static,
    T: Future<Output = Result<Content, Fault>> + Send + 'static,
{
    Callee::default().procedure("com.example.it", RegisterOptions::new(), handler)
}

pub(crate) fn invocation(request: u64, details: Value, args: Value) -> Value {
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
async fn what_is_dropped_on_a_thread_without_a_runtime_is_unregistered_and_called_no_more() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| async { Ok(Content::new().arg("served")) });
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    std::thread::spawn(move || drop(serving)).join().unwrap();
    let unregister = peer.takes(66).await;
    assert_eq!(unregister[2], REGISTRATION);
    // The router has not read that yet.
    peer.send(invocation(900, json!({}), json!([]))).await;
    let error = peer.takes(8).await;
    assert_eq!(
        json!([error[4], error[6]]),
        json!(["wamp.error.unavailable", {"executed": false, "procedure": "com.example.it"}])
    );
    peer.send(json!([67, unregister[1]])).await;
}

#[tokio::test]
async fn a_registration_given_up_before_the_answer_leaves_nothing_on_the_router() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let serving = tokio::spawn({
        let wamp = wamp.clone();
        async move { with(|_| async { Ok(Content::new()) }).serve(&wamp).await }
    });
    let mut peer = router.session(CROSSBAR).await;
    let register = peer.takes(64).await;
    serving.abort();
    assert!(serving.await.unwrap_err().is_cancelled());
    assert_eq!(wamp.status().waiting, 0);
    // Nobody waits for the answer, so nothing is held for it.
    peer.send(invocation(899, json!({}), json!([]))).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.no_such_registration");
    peer.send(json!([65, register[1], REGISTRATION])).await;
    let unregister = peer.takes(66).await;
    assert_eq!(unregister[2], REGISTRATION);
    peer.send(json!([67, unregister[1]])).await;
    peer.send(invocation(900, json!({}), json!([]))).await;
    assert_eq!(peer.takes(8).await[4], "wamp.error.no_such_registration");
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
    // Twice the same: it is one call.
    for _ in 0..2 {
        peer.send(invocation(900, json!({}), json!([]))).await;
    }
    assert!(peer.is_silent(Duration::from_millis(100)).await);
    peer.send(json!([65, register[1], REGISTRATION])).await;
    assert_eq!(peer.takes(70).await, json!([70, 900, {}, ["held"]]));
    assert!(peer.is_silent(Duration::from_millis(100)).await);
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
async fn patterns_and_policies_go_out_as_routers_know_them() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let options = RegisterOptions::new()
        .with_match(Match::Prefix)
        .with_concurrency(3);
    let callee = Callee::default().procedure("com.example.docs", options, |call| async move {
        if call.procedure.ends_with(".b") {
            return Err(Fault::not_permitted());
        }
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
    // A refusal is bound to what was called, and not to the pattern.
    let called = json!({"procedure": "com.example.docs.b"});
    peer.send(invocation(901, called, json!([]))).await;
    let error = peer.takes(8).await;
    assert_eq!(
        json!([error[4], error[6]]),
        json!(["wamp.error.not_authorized", {"executed": false, "procedure": "com.example.docs.b"}])
    );
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

#[tokio::test]
async fn nothing_is_begun_after_the_goodbye() {
    let router = Router::start().await;
    let wamp = router.client().build().unwrap();
    let callee = with(|_| async { Ok(Content::new()) });
    let (mut peer, serving) = serve(&router, &wamp, callee, CROSSBAR).await;
    let leave = tokio::spawn(async move { wamp.leave().await });
    peer.takes(6).await;
    // It was on its way.
    peer.send(invocation(900, json!({}), json!([]))).await;
    assert!(peer.is_silent(Duration::from_millis(100)).await);
    peer.send(json!([6, {}, "wamp.close.goodbye_and_out"]))
        .await;
    tokio::time::timeout(LONG, leave).await.unwrap().unwrap();
    assert_eq!(serving.counters().calls, 0);
}

#[tokio::test]
async fn what_has_no_form_on_the_wire_is_told_apart_from_what_is_too_large() {
    let router = Router::start().await;
    let client = router.client().serializer(Serializer::MessagePack);
    let wamp = client.max_request_bytes(1000).build().unwrap();
    let reports = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&reports);
    let callee = with(move |call| {
        let noted = Arc::clone(&noted);
        async move {
            let value: Json = match call.arg::<i32>(1)? {
                0 => "18446744073709551616".parse().unwrap(),
                length => format!(
                    "\"{:length$}\"",
                    "",
                    length = length.unsigned_abs() as usize
                )
                .parse()
                .unwrap(),
            };
            match call.arg::<i32>(0)? {
                0 => Ok(Content::new().arg(&value)),
                1 => Err(Fault::carrying(
                    "com.example.no",
                    Content::new().arg(&value),
                )),
                _ => {
                    let refused = call.context.report(&value).await.unwrap_err();
                    noted.lock().unwrap().push(refused.to_string());
                    Ok(Content::new())
                }
            }
        }
    });
    let serving = tokio::spawn({
        let wamp = wamp.clone();
        async move { callee.serve(&wamp).await }
    });
    let mut peer = router.session_in(Serializer::MessagePack, CROSSBAR).await;
    registers(&mut peer, 1).await;
    let serving = serving.await.unwrap().unwrap();
    for (what, args) in [("the result", 0), ("the error of the servant", 1)] {
        peer.send(invocation(900, json!({}), json!([args, 0])))
            .await;
        let error = peer.takes(8).await;
        assert_eq!(error[4], "wamp.error.runtime_error", "{error}");
        let text = error[5][0].as_str().unwrap();
        let says = format!("{what} has a whole number beyond 64 bits");
        assert!(text.starts_with(&says), "{text}");
        assert!(text.contains("use Serializer::Json"), "{text}");
        peer.send(invocation(901, json!({}), json!([args, 2000])))
            .await;
        let error = peer.takes(8).await;
        assert_eq!(error[4], "wamp.error.payload_size_exceeded", "{error}");
        let text = error[5][0].as_str().unwrap();
        assert!(text.starts_with(&format!("{what} is larger")), "{text}");
        assert!(text.contains("raise max_request_bytes"), "{text}");
    }
    assert_eq!(serving.counters().too_large, 1);
    for length in [0, 2000] {
        let progress = json!({"receive_progress": true});
        peer.send(invocation(902, progress, json!([2, length])))
            .await;
        assert_eq!(peer.takes(70).await, json!([70, 902, {}]));
    }
    let reports = reports.lock().unwrap().clone();
    assert!(reports[0].contains("the report has a whole"), "{reports:?}");
    assert!(reports[1].contains("the report is larger"), "{reports:?}");
}
