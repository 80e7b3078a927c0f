//! Our two sides with each other.

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::netstring::{Netstring, NetstringServer, Priority, Server, Servers};
use xerus_rpc::server::Router;
use xerus_rpc::wire::{Request, Transport as _, Values};
use xerus_rpc::{Agent, Json, Outcome};

use crate::script::LONG;
use crate::server::{Seen, router};

async fn both(server: NetstringServer) -> (xerus_rpc::netstring::Serving, Servers) {
    let serving = server.bind("127.0.0.1:0").await.unwrap();
    let port = serving.address().port();
    let server = Server::new("127.0.0.1", port, Priority::HigherFirst(1));
    (serving, Servers::new([server]).unwrap())
}

#[tokio::test]
async fn seed_a_call_without_an_answer_ends_after_500_milliseconds() {
    let seen: Arc<Seen> = Arc::default();
    let (_serving, servers) = both(NetstringServer::new(router(&seen))).await;
    let agent = Netstring::builder(servers).build().agent();
    assert_eq!(agent.settings().timeout, Duration::from_millis(500));
    let params: Json = r#"{"millis":3000}"#.parse().unwrap();
    let error = agent.call("", "sleep", params).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.FirstByte", Outcome::Unknown)
    );
    let sum = agent
        .call("", "add", r#"{"x":1,"y":2}"#.parse::<Json>().unwrap())
        .await;
    assert_eq!(sum.unwrap().get(), "3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn n29_five_thousand_calls_on_one_connection_are_all_answered() {
    let seen: Arc<Seen> = Arc::default();
    let (serving, servers) = both(NetstringServer::for_json_rpc(router(&seen))).await;
    let to = Arc::new(Netstring::builder(servers).build());
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..5000 {
        let to = Arc::clone(&to);
        calls.spawn(async move {
            let args = Values::from_object(format!(r#"{{"x":{number},"y":1}}"#)).unwrap();
            let request = Request::untyped("", "add", args).with_timeout(LONG);
            let reply = to.call(&request).await.unwrap();
            let body = String::from_utf8(reply.results().body().to_vec()).unwrap();
            assert!(
                body.contains(&format!(r#""result":{},"#, number + 1)),
                "{body}"
            );
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    let counters = serving.counters();
    assert_eq!(
        (counters.connections, counters.calls, counters.answers),
        (1, 5000, 5000)
    );
}

#[tokio::test]
async fn five_hundred_calls_of_a_kamailio_at_once_are_all_answered() {
    let seen: Arc<Seen> = Arc::default();
    let (serving, servers) = both(NetstringServer::new(router(&seen)).with_deadline(LONG)).await;
    let agent = Agent::with_transport(Arc::new(Netstring::builder(servers).build()));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..500 {
        let agent = agent.clone();
        calls.spawn(async move { agent.call("", "get", Json::EMPTY_OBJECT).await });
    }
    while let Some(done) = calls.join_next().await {
        assert_eq!(done.unwrap().unwrap().get(), "7");
    }
    assert_eq!(serving.counters().busy, 0);
}

/// A program may make a runtime for each of its jobs, and keep its agents.
#[test]
fn an_agent_outlives_the_runtime_of_its_first_call() {
    let runtime = || tokio::runtime::Runtime::new().expect("a runtime");
    let serving = runtime();
    let listening = serving
        .block_on(NetstringServer::for_json_rpc(Router::new()).bind("127.0.0.1:0"))
        .expect("a port");
    let servers = Servers::jsonrpcc(&format!("{},1", listening.address())).expect("servers");
    let agent = Netstring::builder(servers)
        .timeout(Duration::from_secs(20))
        .build()
        .agent();
    for job in 0..3 {
        let call = agent.call("", "none", Json::EMPTY_OBJECT);
        let error = runtime().block_on(call.send()).expect_err("no such method");
        let code = error.as_rpc().map(|told| told.code.to_string());
        assert_eq!(code.as_deref(), Some("-32601"), "{job}: {error}");
    }
}
