//! Several servers.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use xerus_rpc::netstring::{Netstring, Priority, Resolve, Server, Servers};
use xerus_rpc::wire::{BoxFuture, Transport as _};
use xerus_rpc::{ErrorKind, Outcome};

use crate::script::{LONG, accept, listen, nowhere, request, setup};

/// A server that answers everything with `result`.
fn serve(listener: TcpListener, result: &'static str) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut wires = tokio::task::JoinSet::new();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            wires.spawn(async move {
                let mut wire = crate::script::Wire(stream);
                while let Some(body) = wire.body().await {
                    let request: serde_json::Value = serde_json::from_str(&body).unwrap();
                    let id = &request["id"];
                    wire.send(format!(r#"{{"jsonrpc":"2.0",{result},"id":{id}}}"#))
                        .await;
                }
            });
        }
    })
}

const OK: &str = r#""result":1"#;

async fn who(to: &Netstring) -> String {
    let reply = to.call(&request("who")).await.expect("a server is up");
    reply.meta().peer.as_deref().unwrap().to_owned()
}

/// Waits until it is so.
async fn until(mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < LONG, "it does not come about");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn seed_servers_of_one_priority_take_turns() {
    let ((a, at_a), (b, at_b)) = (listen().await, listen().await);
    let (_a, _b) = (serve(a, OK), serve(b, OK));
    let text = format!("{at_a},2 {at_b},2");
    let to = Netstring::builder(Servers::jsonrpcc(&text).unwrap()).build();
    who(&to).await;
    until(|| to.status().iter().all(|server| server.is_up)).await;
    let mut counts = HashMap::new();
    for _ in 0..40 {
        *counts.entry(who(&to).await).or_insert(0) += 1;
    }
    assert_eq!(counts[&at_a.to_string()], 20);
    assert_eq!(counts[&at_b.to_string()], 20);
}

#[tokio::test]
async fn seed_n25_the_better_group_first_and_again_when_it_is_back() {
    let ((better, at_better), (worse, at_worse)) = (listen().await, listen().await);
    let serving = serve(better, OK);
    let _worse = serve(worse, OK);
    // Higher first, in one notation, and lower first in the other.
    let higher = Servers::jsonrpcc(&format!("{at_worse},1 {at_better},2")).unwrap();
    let lower = format!(
        "conn=m;addr=127.0.0.1;port={};priority=2 conn=m;addr=127.0.0.1;port={};priority=1",
        at_worse.port(),
        at_better.port()
    );
    let lower = Servers::janssonrpcc(&lower, "m").unwrap();
    let quick = Duration::from_millis(20);
    let transports =
        [higher, lower].map(|servers| Netstring::builder(servers).reconnect(quick, quick).build());
    for to in &transports {
        assert_eq!(who(to).await, at_better.to_string());
    }
    serving.abort();
    let _ = serving.await;
    for to in &transports {
        until(|| to.status().iter().filter(|server| server.is_up).count() == 1).await;
        assert_eq!(who(to).await, at_worse.to_string());
    }
    let _back = serve(TcpListener::bind(at_better).await.unwrap(), OK);
    for to in &transports {
        until(|| to.status().iter().all(|server| server.is_up)).await;
        assert_eq!(who(to).await, at_better.to_string());
    }
}

#[tokio::test]
async fn n5_a_server_that_does_not_even_refuse_costs_only_part_of_the_time() {
    struct Hole(SocketAddr);
    impl Resolve for Hole {
        fn addresses<'a>(
            &'a self,
            host: &'a str,
            _: u16,
        ) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
            Box::pin(async move {
                if host == "hole" {
                    std::future::pending::<()>().await;
                }
                Ok(vec![self.0])
            })
        }
    }
    let (good, at_good) = listen().await;
    let _good = serve(good, OK);
    let servers = Servers::jsonrpcc("hole:9,2 good:9,1").unwrap();
    let to = Netstring::builder(servers).resolve(Hole(at_good)).build();
    let one = request("a").with_timeout(Duration::from_secs(2));
    let reply = to.call(&one).await.expect("the other server answers");
    assert_eq!(reply.meta().peer.as_deref(), Some("good:9"));
}

#[tokio::test]
async fn n2_n3_n4_names_are_looked_up_anew_and_all_addresses_tried() {
    type Known = Arc<Mutex<HashMap<String, Vec<SocketAddr>>>>;
    struct Book(Known, Arc<AtomicUsize>);
    impl Resolve for Book {
        fn addresses<'a>(
            &'a self,
            host: &'a str,
            _: u16,
        ) -> BoxFuture<'a, io::Result<Vec<SocketAddr>>> {
            self.1.fetch_add(1, Ordering::Relaxed);
            let found = self.0.lock().unwrap().get(host).cloned();
            Box::pin(async move { found.ok_or_else(|| io::ErrorKind::NotFound.into()) })
        }
    }
    let ((first, at_first), (second, at_second)) = (listen().await, listen().await);
    let serving = serve(first, OK);
    let known: Known = Arc::default();
    let asked = Arc::new(AtomicUsize::new(0));
    let dead = nowhere();
    known
        .lock()
        .unwrap()
        .insert("good".into(), vec![dead, at_first]);
    let quick = Duration::from_millis(10);
    let to = Netstring::builder(Servers::jsonrpcc("unknown:1,2 good:1,1").unwrap())
        .resolve(Book(Arc::clone(&known), Arc::clone(&asked)))
        .reconnect(quick, quick)
        .build();
    assert_eq!(who(&to).await, "good:1");
    until(|| asked.load(Ordering::Relaxed) > 4).await;
    known.lock().unwrap().insert("good".into(), vec![at_second]);
    let _second = serve(second, r#""result":"second""#);
    serving.abort();
    let _ = serving.await;
    let start = Instant::now();
    loop {
        // A call can still meet the end of the old connection.
        if let Ok(reply) = to.call(&request("who")).await
            && reply
                .results()
                .body()
                .windows(6)
                .any(|part| part == b"second")
        {
            break;
        }
        assert!(start.elapsed() < LONG);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    known
        .lock()
        .unwrap()
        .insert("unknown".into(), vec![at_second]);
    until(|| to.status()[0].is_up).await;
    assert_eq!(who(&to).await, "unknown:1");
}

#[tokio::test]
async fn n7_what_was_sent_is_repeated_only_when_that_is_safe() {
    for repeatable in [false, true] {
        let ((bad, at_bad), (good, at_good)) = (listen().await, listen().await);
        let _good = serve(good, OK);
        let to = setup(&[&[at_bad], &[at_good]]).build();
        let closing = tokio::spawn(async move {
            let mut wire = accept(&bad).await;
            wire.body().await.unwrap();
        });
        let result = to.call(&request("a").with_repeatable(repeatable)).await;
        closing.await.unwrap();
        match (repeatable, result) {
            (true, Ok(reply)) => {
                assert_eq!(reply.meta().attempts, 2);
                assert!(reply.meta().attempt_lost);
            }
            (false, Err(error)) => {
                assert!(matches!(error.kind(), ErrorKind::ConnectionLost));
                assert_eq!(error.outcome(), Outcome::Unknown);
            }
            (_, other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn n26_a_flapping_server_is_not_stormed() {
    let (listener, address) = listen().await;
    let count = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&count);
    let flapping = tokio::spawn(async move {
        loop {
            drop(listener.accept().await);
            counting.fetch_add(1, Ordering::Relaxed);
        }
    });
    let pause = Duration::from_millis(100);
    let to = setup(&[&[address]]).reconnect(pause, pause).build();
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(500) {
        let _ = to
            .call(&request("a").with_timeout(Duration::from_millis(20)))
            .await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // Pauses are at least three quarters of 100 ms.
    let most = start.elapsed().as_millis() / 75 + 1;
    assert!((count.load(Ordering::Relaxed) as u128) <= most);
    flapping.abort();
}

#[tokio::test]
async fn n27_a_server_at_its_limit_is_passed_over() {
    let ((slow, at_slow), (good, at_good)) = (listen().await, listen().await);
    let _good = serve(good, OK);
    let server = |at: SocketAddr| Server::new("127.0.0.1", at.port(), Priority::LowerFirst(1));
    let servers = [server(at_slow).with_max_waiting(2), server(at_good)];
    let to = Arc::new(Netstring::builder(Servers::new(servers).unwrap()).build());
    let first = request("a").with_timeout(Duration::from_millis(50));
    let _ = to.call(&first).await;
    let _slow = accept(&slow).await;
    until(|| to.status().iter().all(|server| server.is_up)).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let to = Arc::clone(&to);
        calls.spawn(async move { to.call(&request("a")).await });
    }
    for _ in 0..18 {
        calls.join_next().await.unwrap().unwrap().unwrap();
    }
    assert_eq!(to.status()[0].waiting, 2);
}

#[tokio::test]
async fn retry_codes_ask_the_next_server() {
    let ((busy, at_busy), (good, at_good)) = (listen().await, listen().await);
    let _busy = serve(busy, r#""error":{"code":-32050,"message":"busy"}"#);
    let serving = serve(good, OK);
    let to = setup(&[&[at_busy], &[at_good]]);
    let to = to
        .retry_codes("-32603, -32000..-32099".parse().unwrap())
        .build();
    let reply = to.call(&request("a")).await.unwrap();
    assert!(reply.error().is_none());
    assert_eq!(reply.meta().attempts, 2);
    serving.abort();
    let _ = serving.await;
    until(|| !to.status()[1].is_up).await;
    let reply = to.call(&request("a")).await.unwrap();
    assert_eq!(
        reply.error().and_then(|error| error.rpc_code()),
        Some(-32050)
    );
}
