//! The server against clients that do what they should not, and the nine rules that keep a Kamailio alive.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use xerus_rpc::TypeInfo;
use xerus_rpc::netstring::{NetstringServer, Serving};
use xerus_rpc::server::{Answer, Fault, Incoming, Reply, Router, Servant};

use crate::script::{LONG, Wire};

#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) given_up: AtomicUsize,
}

struct GivenUp(Arc<Seen>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.given_up.fetch_add(1, Ordering::SeqCst);
    }
}

fn dispatch<'a>(seen: &'a Arc<Seen>, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
    let millis: i32 = call.argument(0, "millis").unwrap_or(0);
    match call.method() {
        "get" => Ok(Reply::ok(7).single()),
        "add" => {
            let (x, y): (i32, i32) = (call.argument(0, "x")?, call.argument(1, "y")?);
            Ok(Reply::ok(x + y).single())
        }
        "nothing" => Ok(Reply::ok(()).void()),
        "fail" => Err(Fault::new(-32001, "no such user")),
        "panic" => panic!("as the test wants"),
        "large" => Ok(Reply::ok("x".repeat(100_000)).single()),
        "sleep" => Ok(Reply::future(async move {
            let given_up = GivenUp(Arc::clone(seen));
            tokio::time::sleep(Duration::from_millis(millis.unsigned_abs().into())).await;
            std::mem::forget(given_up);
            Ok(millis)
        })
        .single()),
        _ => Err(Fault::method_not_found()),
    }
}

pub(crate) fn router(seen: &Arc<Seen>) -> Router {
    let info = TypeInfo::new("test.Users:1.0.0".parse().unwrap(), []);
    let router = Router::new();
    router.insert("/users", Servant::of_type(info, Arc::clone(seen), dispatch));
    router
}

async fn kamailio() -> (Serving, Wire, Arc<Seen>) {
    // A busy machine is no fault of the server.
    start(|router| NetstringServer::new(router).with_deadline(LONG)).await
}

async fn start(make: impl FnOnce(Router) -> NetstringServer) -> (Serving, Wire, Arc<Seen>) {
    let seen = Arc::default();
    let serving = make(router(&seen)).bind("127.0.0.1:0").await.unwrap();
    let wire = Wire::connect(serving.address()).await;
    (serving, wire, seen)
}

async fn ask(wire: &mut Wire, body: Value) -> Value {
    wire.send(body.to_string()).await;
    wire.json().await
}

/// The next call works.
async fn works(wire: &mut Wire) {
    let answer = ask(wire, json!({"id": 77, "jsonrpc": "2.0", "method": "get"})).await;
    assert_eq!(answer, json!({"jsonrpc": "2.0", "id": 77, "result": 7}));
}

#[tokio::test]
async fn rules_4_to_7_parameters_results_and_errors() {
    let (_serving, mut wire, _) = kamailio().await;
    for params in [json!(null), json!({}), json!([])] {
        let answer = ask(
            &mut wire,
            json!({"id": 2, "method": "nothing", "params": params, "more": 1}),
        )
        .await;
        assert_eq!(answer, json!({"jsonrpc": "2.0", "id": 2, "result": {}}));
    }
    for params in [json!([1, 2]), json!({"y": 2, "x": 1})] {
        let answer = ask(
            &mut wire,
            json!({"id": "a", "method": "add", "params": params}),
        )
        .await;
        assert_eq!(answer, json!({"jsonrpc": "2.0", "id": "a", "result": 3}));
    }
    for (method, params, code) in [
        ("missing", json!({}), -32601),
        ("add", json!({"x": 1}), -32602),
        ("fail", json!({}), -32001),
        ("panic", json!({}), -32603),
    ] {
        let answer = ask(
            &mut wire,
            json!({"id": 3, "method": method, "params": params}),
        )
        .await;
        assert_eq!(answer["error"]["code"], code, "{method}");
        assert_eq!((&answer["id"], answer.get("result")), (&json!(3), None));
    }
    let answer = ask(&mut wire, json!({"id": 4, "method": "get", "params": 5})).await;
    assert_eq!(answer["error"]["code"], -32602);
    let answer = ask(&mut wire, json!({"id": 4})).await;
    assert_eq!(answer["error"]["code"], -32600);
    works(&mut wire).await;
}

#[tokio::test]
async fn n34_a_panic_is_an_error_and_the_connection_stays() {
    let (serving, mut wire, _) = kamailio().await;
    let answer = ask(&mut wire, json!({"id": 2, "method": "panic"})).await;
    assert_eq!(answer["error"]["code"], -32603);
    works(&mut wire).await;
    assert_eq!(serving.counters().panics, 1);
}

#[tokio::test]
async fn rule_1_notifications_and_null_ids_are_never_answered() {
    let (serving, mut wire, _) = kamailio().await;
    wire.send(r#"{"method":"get"}"#).await;
    wire.send(r#"{"method":"get","id":null}"#).await;
    wire.send(r#"{"method":"missing"}"#).await;
    works(&mut wire).await;
    assert!(wire.is_silent(Duration::from_millis(50)).await);
    assert_eq!(serving.counters().notifications, 3);
}

#[tokio::test]
async fn n33_rule_2_a_late_result_is_not_sent() {
    let (serving, mut wire, seen) = start(NetstringServer::new).await;
    wire.send(r#"{"id":2,"method":"sleep","params":[600]}"#)
        .await;
    assert!(wire.is_silent(Duration::from_millis(800)).await);
    let counters = serving.counters();
    assert_eq!((counters.late, counters.answers), (1, 0));
    assert_eq!(seen.given_up.load(Ordering::SeqCst), 1);
    works(&mut wire).await;
}

#[tokio::test]
async fn rule_3_a_result_that_is_too_large_is_an_error() {
    let (serving, mut wire, _) = kamailio().await;
    let answer = ask(&mut wire, json!({"id": 2, "method": "large"})).await;
    assert_eq!(
        answer["error"],
        json!({"code": -32000, "message": "result too large"})
    );
    works(&mut wire).await;
    assert_eq!(serving.counters().too_large, 1);
}

#[tokio::test]
async fn n37_rule_8_what_has_no_id_to_answer_under_ends_the_connection() {
    let (serving, _, _) = kamailio().await;
    for body in [
        "{",
        "7",
        "[]",
        r#"[{"id":1,"method":"get"}]"#,
        r#"{"id":{},"method":"get"}"#,
        "{}",
    ] {
        let mut wire = Wire::connect(serving.address()).await;
        wire.send(body).await;
        assert_eq!(wire.body().await, None, "{body}");
    }
    let mut wire = Wire::connect(serving.address()).await;
    wire.raw(b"1:\xff,").await;
    assert_eq!(wire.body().await, None);
    let mut wire = Wire::connect(serving.address()).await;
    works(&mut wire).await;
    assert_eq!(serving.counters().broken, 7);
}

#[tokio::test]
async fn rule_9_an_id_500_apart_is_refused_before_the_older_is_answered() {
    let (serving, mut wire, _) = kamailio().await;
    wire.send(r#"{"id":2,"method":"sleep","params":[1000]}"#)
        .await;
    let refused = ask(&mut wire, json!({"id": 502, "method": "get"})).await;
    assert_eq!(
        (&refused["id"], &refused["error"]["message"]),
        (&json!(502), &json!("busy"))
    );
    assert_eq!(wire.json().await["id"], 2);
    let answer = ask(&mut wire, json!({"id": 502, "method": "get"})).await;
    assert_eq!(answer["result"], 7);
    // The same id twice gets one answer.
    for _ in 0..2 {
        wire.send(r#"{"id":3,"method":"sleep","params":[500]}"#)
            .await;
    }
    assert_eq!(wire.json().await["id"], 3);
    assert!(wire.is_silent(Duration::from_millis(700)).await);
    let counters = serving.counters();
    assert_eq!((counters.busy, counters.unsafe_ids), (1, 1));
}

#[tokio::test]
async fn too_many_calls_of_a_kamailio_are_refused_at_once() {
    let (serving, mut wire, _) = start(|router| {
        NetstringServer::new(router)
            .with_deadline(LONG)
            .with_calls(1)
    })
    .await;
    wire.send(r#"{"id":2,"method":"sleep","params":[1000]}"#)
        .await;
    let refused = ask(&mut wire, json!({"id": 3, "method": "get"})).await;
    assert_eq!(refused["error"]["message"], "busy");
    assert_eq!(wire.json().await["id"], 2);
    works(&mut wire).await;
    assert_eq!(serving.counters().busy, 1);
}

#[tokio::test]
async fn n18_to_n21_n35_bad_frames_end_the_connection() {
    let (serving, _, _) = kamailio().await;
    for bad in [
        "012:",
        ":",
        "-1:",
        " 1:",
        "\n1:",
        "0:,",
        "1:ab",
        "1048577:",
        "9999999999",
    ] {
        let mut wire = Wire::connect(serving.address()).await;
        wire.raw(bad).await;
        assert_eq!(wire.body().await, None, "{bad}");
    }
    let mut wire = Wire::connect(serving.address()).await;
    // 100 MB without a comma: cut long before the end.
    let part = vec![b'1'; 1 << 20];
    let flood = async {
        for _ in 0..100 {
            if wire.0.write_all(&part).await.is_err() {
                return true;
            }
        }
        false
    };
    assert!(tokio::time::timeout(LONG, flood).await.unwrap());
    let mut wire = Wire::connect(serving.address()).await;
    works(&mut wire).await;
}

#[tokio::test]
async fn a_peer_that_stops_inside_a_frame_is_cut_and_an_idle_one_is_not() {
    let patience = Duration::from_millis(50);
    let (serving, mut idle, _) =
        start(|router| NetstringServer::new(router).with_patience(patience)).await;
    for part in ["1", "20:{"] {
        let mut wire = Wire::connect(serving.address()).await;
        wire.raw(part).await;
        assert_eq!(tokio::time::timeout(LONG, wire.body()).await.unwrap(), None);
    }
    works(&mut idle).await;
    assert_eq!(serving.counters().slow, 2);
}

#[tokio::test]
async fn a_peer_that_takes_no_answers_is_cut() {
    let patience = Duration::from_millis(200);
    let (serving, mut deaf, _) =
        start(|router| NetstringServer::for_json_rpc(router).with_patience(patience)).await;
    let start = Instant::now();
    let flood = async {
        loop {
            let body = r#"{"id":1,"method":"large"}"#;
            if deaf
                .0
                .write_all(crate::script::frame(body).as_bytes())
                .await
                .is_err()
            {
                return;
            }
        }
    };
    tokio::time::timeout(LONG, flood).await.expect("it is cut");
    assert!(start.elapsed() < LONG);
    let mut wire = Wire::connect(serving.address()).await;
    works(&mut wire).await;
}

#[tokio::test]
async fn connections_over_the_limit_are_closed_at_once() {
    let (serving, mut first, _) =
        start(|router| NetstringServer::new(router).with_connections(1)).await;
    works(&mut first).await;
    let mut second = Wire::connect(serving.address()).await;
    assert_eq!(second.body().await, None);
    works(&mut first).await;
    drop(first);
    let start = Instant::now();
    loop {
        let mut third = Wire::connect(serving.address()).await;
        let _ = third
            .0
            .write_all(b"23:{\"id\":1,\"method\":\"get\"},")
            .await;
        if third.body().await.is_some() {
            break;
        }
        assert!(start.elapsed() < LONG);
    }
    assert!(serving.counters().refused_connections > 0);
}

#[tokio::test]
async fn n36_work_for_a_peer_that_is_gone_is_given_up_or_finished() {
    let (_serving, mut wire, seen) = kamailio().await;
    wire.send(r#"{"id":2,"method":"sleep","params":[400]}"#)
        .await;
    wire.send(r#"{"id":3,"method":"get"}"#).await;
    wire.json().await;
    drop(wire);
    let start = Instant::now();
    while seen.given_up.load(Ordering::SeqCst) == 0 {
        assert!(start.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let (_serving, mut wire, seen) = start_finishing().await;
    wire.send(r#"{"id":2,"method":"sleep","params":[50]}"#)
        .await;
    wire.0.shutdown().await.unwrap();
    assert_eq!(wire.json().await["result"], 50);
    assert_eq!(wire.body().await, None);
    assert_eq!(seen.given_up.load(Ordering::SeqCst), 0);
}

async fn start_finishing() -> (Serving, Wire, Arc<Seen>) {
    start(|router| NetstringServer::new(router).with_answers_after_close(true)).await
}

#[tokio::test]
async fn n38_a_shutdown_waits_for_calls_as_long_as_was_set() {
    let (serving, mut wire, _) = kamailio().await;
    works(&mut wire).await;
    wire.send(r#"{"id":2,"method":"sleep","params":[500]}"#)
        .await;
    wire.send(r#"{"id":3,"method":"get"}"#).await;
    wire.json().await;
    let stopped = tokio::spawn(serving.shutdown());
    assert_eq!(wire.json().await["id"], 2);
    assert_eq!(wire.body().await, None);
    stopped.await.unwrap();

    let drain = Duration::from_millis(50);
    let (serving, mut wire, seen) =
        start(|router| NetstringServer::for_json_rpc(router).with_drain(drain)).await;
    wire.send(r#"{"id":2,"method":"sleep","params":[60000]}"#)
        .await;
    works(&mut wire).await;
    serving.shutdown().await;
    assert_eq!(wire.body().await, None);
    assert_eq!(seen.given_up.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn n37_json_rpc_peers_get_batches_answered_and_errors_without_an_id() {
    let (_serving, mut wire, _) = start(NetstringServer::for_json_rpc).await;
    let answers = ask(
        &mut wire,
        json!([
            {"id": 1, "method": "get"},
            {"method": "get"},
            {"id": 2, "method": "missing"},
            5,
        ]),
    )
    .await;
    let told: Vec<_> = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|a| (a["id"].clone(), a["error"]["code"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!(1), json!(null)),
            (json!(2), json!(-32601)),
            (json!(null), json!(-32600))
        ]
    );
    let answer = ask(&mut wire, json!([])).await;
    assert_eq!(
        (&answer["id"], &answer["error"]["code"]),
        (&json!(null), &json!(-32600))
    );
    wire.send("{").await;
    assert_eq!(wire.json().await["error"]["code"], -32700);
    wire.raw(b"1:\xff,").await;
    assert_eq!(wire.json().await["error"]["code"], -32700);
    let answer = ask(&mut wire, json!({"id": null, "method": "nothing"})).await;
    assert_eq!(
        answer,
        json!({"jsonrpc": "2.0", "id": null, "result": null})
    );
    wire.send(r#"[{"method":"get"}]"#).await;
    works(&mut wire).await;
}

#[tokio::test]
async fn json_rpc_peers_are_told_that_a_call_took_too_long() {
    let deadline = Duration::from_millis(30);
    let (_serving, mut wire, _) =
        start(|router| NetstringServer::for_json_rpc(router).with_deadline(deadline)).await;
    let answer = ask(
        &mut wire,
        json!({"id": 2, "method": "sleep", "params": [60_000]}),
    )
    .await;
    assert_eq!(answer["error"]["code"], -32000);
    works(&mut wire).await;
}
