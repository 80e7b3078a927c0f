//! Notifications to the server: they hold nothing up, and they are carried out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xerus_rpc::TypeInfo;
use xerus_rpc::netstring::{NetstringServer, Serving};
use xerus_rpc::server::{Answer, Fault, Incoming, Reply, Router, Servant};
use xerus_rpc::wire::{Request, Transport as _, Values};

use crate::script::{LONG, Wire, setup};

/// How many were begun, and how many of these came to their end.
#[derive(Default)]
struct Done {
    begun: AtomicU64,
    ended: AtomicU64,
}

impl Done {
    fn now(&self) -> (u64, u64) {
        let count = |number: &AtomicU64| number.load(Ordering::SeqCst);
        (count(&self.begun), count(&self.ended))
    }

    /// Waits until it is so.
    async fn reaches(&self, begun: u64, ended: u64) {
        let start = Instant::now();
        while self.now() != (begun, ended) {
            assert!(start.elapsed() < LONG, "{:?}", self.now());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

fn dispatch<'a>(done: &'a Arc<Done>, call: &Incoming<'a>) -> Result<Answer<'a>, Fault> {
    let millis: i32 = call.argument(0, "millis").unwrap_or(0);
    let time = Duration::from_millis(millis.unsigned_abs().into());
    match call.method() {
        "get" => Ok(Reply::ok(7).single()),
        "block" => {
            std::thread::sleep(time);
            Ok(Reply::ok(7).single())
        }
        _ => Ok(Reply::future(async move {
            done.begun.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(time).await;
            done.ended.fetch_add(1, Ordering::SeqCst);
            Ok(7)
        })
        .single()),
    }
}

async fn start(make: impl FnOnce(Router) -> NetstringServer) -> (Serving, Arc<Done>) {
    let done = Arc::<Done>::default();
    let info = TypeInfo::new("test.Users:1.0.0".parse().unwrap(), []);
    let router = Router::new();
    router.insert(
        "/users",
        Servant::of_type(info, Arc::clone(&done), dispatch),
    );
    (make(router).bind("127.0.0.1:0").await.unwrap(), done)
}

fn sleep(millis: u64) -> Value {
    json!({"jsonrpc": "2.0", "method": "sleep", "params": [millis]})
}

#[tokio::test]
async fn n33_rule_2_notifications_that_hang_hold_up_no_call() {
    let (serving, _) = start(NetstringServer::new).await;
    let mut wire = Wire::connect(serving.address()).await;
    let all = crate::script::frame(sleep(60_000).to_string()).repeat(2000);
    wire.raw(all).await;
    let asked = Instant::now();
    wire.send(json!({"id": 2, "jsonrpc": "2.0", "method": "get"}).to_string())
        .await;
    assert_eq!(wire.json().await["result"], 7);
    // Behind 1500 others that have 450 ms each, 500 at a time, it would be more than that.
    assert!(asked.elapsed() < Duration::from_millis(1100));
}

#[tokio::test]
async fn notifications_wait_for_their_turn_and_what_is_too_much_is_counted() {
    let (serving, done) = start(|router| {
        NetstringServer::new(router)
            .with_deadline(LONG)
            .with_calls(2)
            .with_waiting_notifications(3)
    })
    .await;
    let mut wire = Wire::connect(serving.address()).await;
    for _ in 0..9 {
        wire.send(sleep(300).to_string()).await;
    }
    wire.send(json!({"id": 2, "jsonrpc": "2.0", "method": "get"}).to_string())
        .await;
    assert_eq!(wire.json().await["result"], 7);
    assert_eq!(serving.counters().lost_notifications, 4);
    done.reaches(5, 5).await;
    let counters = serving.counters();
    assert_eq!((counters.lost_notifications, counters.late), (4, 0));
}

#[test]
fn n33_rule_2_what_waited_while_the_program_was_busy_is_answered_in_time_or_not_at_all() {
    // One thread, as in small programs.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (serving, _) = runtime.block_on(start(NetstringServer::new));
    let at = serving.address();
    let asking = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut wire = Wire::connect(at).await;
            let first = json!({"id": 2, "method": "sleep", "params": [60_000]});
            wire.send(first.to_string()).await;
            let block = json!({"method": "block", "params": [700]});
            wire.send(block.to_string()).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let asked = Instant::now();
            // The second one is to be refused.
            for id in [3, 502] {
                wire.send(json!({"id": id, "method": "get"}).to_string())
                    .await;
            }
            let silent = wire.is_silent(Duration::from_secs(2)).await;
            let in_time = asked.elapsed() < Duration::from_millis(500);
            assert!(silent || in_time, "answered after {:?}", asked.elapsed());
        });
    });
    runtime.block_on(async {
        while !asking.is_finished() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    asking.join().expect("it is not answered late");
    assert_eq!(serving.counters().late, 3);
}

#[tokio::test]
async fn n36_notifications_are_finished_after_their_sender_has_gone() {
    for make in [NetstringServer::for_json_rpc, NetstringServer::new] {
        let (serving, done) = start(|router| make(router).with_deadline(LONG)).await;
        let to = setup(&[&[serving.address()]]).build();
        let one = Request::untyped(
            "",
            "sleep",
            Values::from_object(r#"{"millis":300}"#).unwrap(),
        );
        to.notify(&one.with_timeout(LONG))
            .await
            .expect("it is sent");
        to.close().await;
        done.reaches(1, 1).await;
        assert_eq!(serving.counters().lost_notifications, 0);
    }
}

#[tokio::test]
async fn n36_n38_a_shutdown_waits_for_notifications_whose_sender_has_gone() {
    for (drain, ended, lost) in [(LONG, 1, 0), (Duration::from_millis(50), 0, 1)] {
        let (serving, done) = start(|router| {
            NetstringServer::for_json_rpc(router)
                .with_deadline(LONG)
                .with_drain(drain)
        })
        .await;
        let mut wire = Wire::connect(serving.address()).await;
        wire.send(sleep(700).to_string()).await;
        done.reaches(1, 0).await;
        drop(wire);
        let counters = serving.shutdown().await;
        assert_eq!(counters.lost_notifications, lost);
        assert_eq!(done.now(), (1, ended));
    }
}

#[tokio::test]
async fn n36_of_a_batch_the_notifications_are_finished_after_its_sender_has_gone() {
    let (serving, done) = start(NetstringServer::for_json_rpc).await;
    let mut wire = Wire::connect(serving.address()).await;
    let mut call = sleep(60_000);
    call["id"] = json!(1);
    wire.send(json!([call, sleep(300)]).to_string()).await;
    done.reaches(2, 0).await;
    drop(wire);
    done.reaches(2, 1).await;
}
