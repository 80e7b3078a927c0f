//! Runtimes that rest, servants that block, peers that keep everybody busy.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::runtime::{Builder, Runtime};
use xerus_rpc::error::ErrorCode;
use xerus_rpc::netstring::{Netstring, NetstringServer, Priority, Resolve, Server, Servers};
use xerus_rpc::rt::Method;
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};
use xerus_rpc::wire::{Binding, BoxFuture, NameStyle, Request, Transport as _, Values};
use xerus_rpc::{Json, Outcome, TypeInfo};

use crate::client::{one, works};
use crate::script::{LONG, Wire, accept, frame, listen, request};
use crate::server::router;

async fn until(happened: impl Fn() -> bool) {
    let happens = async {
        while !happened() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(LONG, happens).await.unwrap();
}

fn resting() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Names that nobody resolves.
struct Never;

impl Resolve for Never {
    fn addresses<'a>(
        &'a self,
        _: &'a str,
        _: u16,
    ) -> BoxFuture<'a, std::io::Result<Vec<SocketAddr>>> {
        Box::pin(std::future::pending())
    }
}

#[test]
fn a_call_that_waits_for_a_connection_ends_in_its_time_when_the_runtime_that_makes_it_ends() {
    let servers = Servers::jsonrpcc("slow.example:9,1").unwrap();
    let to = Netstring::builder(servers).resolve(Never);
    let to = to.connect_timeout(LONG).timeout(Duration::from_secs(1));
    let agent = to.build().agent();
    let first = Runtime::new().unwrap();
    first.block_on(async {
        let call = agent.call("", "get", Json::EMPTY_OBJECT);
        let early = tokio::time::timeout(Duration::from_millis(50), call.send()).await;
        assert!(early.is_err(), "{early:?}");
    });
    let waiting = std::thread::spawn(move || {
        let begun = Instant::now();
        let call = agent.call("", "get", Json::EMPTY_OBJECT);
        let error = resting().block_on(call.send()).unwrap_err();
        (error, begun.elapsed())
    });
    std::thread::sleep(Duration::from_millis(200));
    drop(first);
    let begun = Instant::now();
    while !waiting.is_finished() {
        assert!(begun.elapsed() < LONG, "without end");
        std::thread::sleep(Duration::from_millis(10));
    }
    let (error, took) = waiting.join().unwrap();
    assert_eq!(error.code(), "Timeout.Connect");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(took >= Duration::from_millis(900), "{took:?}");
}

#[test]
fn a_call_ends_in_its_time_while_the_runtime_of_the_connection_rests() {
    let serving = Runtime::new().unwrap();
    let server = serving.block_on(async {
        let server = NetstringServer::for_json_rpc(router(&Arc::default()));
        server.bind("127.0.0.1:0").await.unwrap()
    });
    let first = resting();
    let servers = Server::new(
        "127.0.0.1",
        server.address().port(),
        Priority::HigherFirst(1),
    );
    let agent = first.block_on(async {
        let to = Netstring::builder(Servers::new([servers]).unwrap());
        let agent = to.timeout(LONG).build().agent();
        agent.call("", "get", Json::EMPTY_OBJECT).await.unwrap();
        agent
    });
    // It is there, and nobody drives it.
    let second = resting();
    let begun = Instant::now();
    let error = second.block_on(async {
        let call = agent.call("", "get", Json::EMPTY_OBJECT);
        call.timeout(Duration::from_millis(300)).await.unwrap_err()
    });
    assert!(begun.elapsed() < LONG);
    // Not the server is to blame.
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Runtime", Outcome::NotExecuted)
    );
    assert!(error.to_string().contains("was not sent"), "{error}");
    let again = first.block_on(async { agent.call("", "get", Json::EMPTY_OBJECT).await });
    assert_eq!(again.unwrap().get(), "7");
}

#[tokio::test]
async fn calls_that_are_refused_at_the_limit_take_no_room_with_them() {
    let (listener, address) = listen().await;
    let server = Server::new("127.0.0.1", address.port(), Priority::HigherFirst(1));
    let servers = Servers::new([server.with_max_waiting(4)]).unwrap();
    let to = Arc::new(Netstring::builder(servers).build());
    let large = format!(r#"{{"text":"{}"}}"#, "x".repeat(1_500_000));
    let args = Values::from_object(large).unwrap();
    let ask = |time| {
        let (to, args) = (Arc::clone(&to), args.clone());
        tokio::spawn(async move {
            let request = Request::untyped("", "a", args).with_timeout(time);
            to.call(&request).await
        })
    };
    let mut calls: Vec<_> = (0..12).map(|_| ask(Duration::from_millis(400))).collect();
    let mut wire = accept(&listener).await;
    for call in calls.drain(..) {
        assert!(call.await.unwrap().is_err());
    }
    // Once it reads again, there is room for the largest.
    let call = ask(LONG);
    tokio::spawn(async move {
        loop {
            let asked = wire.json().await;
            let answer = json!({"jsonrpc": "2.0", "id": asked["id"], "result": 1});
            wire.send(answer.to_string()).await;
        }
    });
    assert!(call.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_server_that_floods_keeps_no_call_beyond_its_time() {
    let (to, listener) = one().await;
    let asked = {
        let to = Arc::clone(&to);
        let request = request("a").with_timeout(Duration::from_millis(100));
        tokio::spawn(async move { to.call(&request).await })
    };
    let mut wire = accept(&listener).await;
    wire.id().await;
    let flood = frame(r#"{"jsonrpc":"2.0","id":999999999,"result":"nobody waits for it"}"#);
    let flooding = tokio::spawn(async move {
        let flood = flood.repeat(1000);
        while wire.0.write_all(flood.as_bytes()).await.is_ok() {}
    });
    let ended = tokio::time::timeout(LONG, asked).await.expect("in time");
    let error = ended.unwrap().unwrap_err();
    assert_eq!(error.code(), "Timeout.FirstByte");
    flooding.abort();
}

/// Blocks its thread, as drivers of databases do.
fn blocking() -> Router {
    let info = TypeInfo::new("test.Blocking:1.0.0".parse().unwrap(), []);
    let servant = Servant::of_type(info, (), |(), call: &Incoming<'_>| match call.method() {
        "block" => {
            std::thread::sleep(Duration::from_millis(300));
            Ok(Reply::ok(1).single())
        }
        "get" => Ok(Reply::ok(7).single()),
        _ => Err(Fault::method_not_found()),
    });
    let router = Router::new();
    router.insert("/blocking", servant);
    router
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_2_calls_of_a_kamailio_are_not_read_late_because_one_blocks() {
    // A worker that is blocked may be the one that looks for what comes in; so others are kept awake.
    let mut awake = tokio::task::JoinSet::new();
    for _ in 0..3 {
        awake.spawn(async {
            loop {
                tokio::task::yield_now().await;
            }
        });
    }
    let server = NetstringServer::new(blocking()).with_deadline(LONG);
    let serving = server.bind("127.0.0.1:0").await.unwrap();
    let mut wire = Wire::connect(serving.address()).await;
    wire.send(json!({"id": 2, "jsonrpc": "2.0", "method": "block"}).to_string())
        .await;
    wire.send(json!({"id": 3, "jsonrpc": "2.0", "method": "get"}).to_string())
        .await;
    assert_eq!(wire.json().await["id"], 3);
    assert_eq!(wire.json().await["id"], 2);
}

#[tokio::test]
async fn times_and_counts_without_end_are_no_fault() {
    let server = NetstringServer::new(router(&Arc::default()))
        .with_deadline(Duration::MAX)
        .with_patience(Duration::MAX)
        .with_drain(Duration::MAX)
        .with_connections(usize::MAX)
        .with_calls(usize::MAX);
    let serving = server.bind("127.0.0.1:0").await.unwrap();
    let mut wire = Wire::connect(serving.address()).await;
    for id in [2, 3] {
        wire.send(json!({"id": id, "jsonrpc": "2.0", "method": "get"}).to_string())
            .await;
        assert_eq!(wire.json().await["result"], 7);
    }
}

#[tokio::test]
async fn a_name_that_panics_spoils_nobody_elses_frame() {
    static NAMED: Method = Method {
        interface: "test.Named:1.0.0",
        name: "named",
        ..Method::PLAIN
    };
    let (listener, address) = listen().await;
    let server = Server::new("127.0.0.1", address.port(), Priority::HigherFirst(1));
    let names = NameStyle::Custom(Arc::new(|_: &Method| panic!("as the test wants")));
    let to = Netstring::builder(Servers::new([server]).unwrap());
    let to = Arc::new(to.binding(Binding::XERUS.with_names(names)).build());
    let first = {
        let to = Arc::clone(&to);
        tokio::spawn(async move { to.call(&request("a").with_timeout(LONG)).await })
    };
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    let panicking = {
        let to = Arc::clone(&to);
        tokio::spawn(async move {
            to.call(&Request::new("", &NAMED, Values::none()))
                .await
                .is_ok()
        })
    };
    assert!(panicking.await.unwrap_err().is_panic());
    wire.answer(id, "1").await;
    assert!(first.await.unwrap().is_ok());
    works(&to, &mut wire).await;
}

#[tokio::test]
async fn a_refusal_does_not_hide_that_a_later_attempt_was_lost() {
    let ((refuses, at_refuses), (loses, at_loses)) = (listen().await, listen().await);
    let servers = [at_refuses, at_loses].map(|address| {
        let rank = i32::from(address == at_refuses);
        Server::new("127.0.0.1", address.port(), Priority::HigherFirst(rank))
    });
    let to = Netstring::builder(Servers::new(servers).unwrap());
    let to = Arc::new(to.retry_codes("-32601".parse().unwrap()).build());
    let asked = {
        let to = Arc::clone(&to);
        let request = request("a").with_repeatable(true).with_timeout(LONG);
        tokio::spawn(async move { to.call(&request).await })
    };
    let mut wire = accept(&refuses).await;
    let mut other = accept(&loses).await;
    until(|| to.status().iter().all(|server| server.is_up)).await;
    let id = wire.id().await;
    wire.send(format!(
        r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32601,"message":"no"}}}}"#
    ))
    .await;
    other.id().await;
    drop(other);
    let reply = asked.await.unwrap().unwrap();
    assert_eq!(
        (reply.meta().attempts, reply.meta().attempt_lost),
        (2, true)
    );
    let error = reply.error().unwrap();
    assert_eq!(error.as_rpc().unwrap().code, ErrorCode::Number(-32601));
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn a_servant_that_was_taken_out_is_not_kept() {
    let seen = Arc::default();
    let router = router(&seen);
    let server = NetstringServer::new(router.clone());
    let serving = server.bind("127.0.0.1:0").await.unwrap();
    let mut wire = Wire::connect(serving.address()).await;
    wire.send(json!({"id": 2, "jsonrpc": "2.0", "method": "get"}).to_string())
        .await;
    assert_eq!(wire.json().await["result"], 7);
    assert!(router.remove("/users"));
    until(|| Arc::strong_count(&seen) == 1).await;
    assert_eq!(seen.given_up.load(Ordering::SeqCst), 0);
}
