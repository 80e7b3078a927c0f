//! Servers that DNS names.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::error::ConnectError;
use xerus_rpc::netstring::{
    Netstring, NetstringServer, ResolveSrv, Serving, SrvRecord, SrvRecords,
};
use xerus_rpc::server::{Fault, Incoming, Reply, Router, Servant};
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, ErrorKind, Json, TypeInfo};

use crate::script::LONG;

/// Answers what it is told to.
#[derive(Clone, Default)]
struct Zone(Arc<Inner>);

#[derive(Default)]
struct Inner {
    records: Mutex<Option<Vec<SrvRecord>>>,
    asked: AtomicUsize,
}

impl Zone {
    fn set(&self, records: Option<Vec<SrvRecord>>) {
        *self.0.records.lock().unwrap() = records;
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }
}

impl ResolveSrv for Zone {
    fn records<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<SrvRecords>> {
        assert_eq!(name, "_rpc._tcp.example.com");
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let records = self.0.records.lock().unwrap().clone();
        Box::pin(async move {
            let records = records.ok_or_else(|| io::Error::other("no answer"))?;
            Ok(SrvRecords::new(records, Duration::ZERO))
        })
    }
}

/// A server that says its name.
async fn named(name: &'static str) -> Serving {
    let info = TypeInfo::new("acme.Named:1.0.0".parse().unwrap(), []);
    let servant = Servant::of_type(info, name, |name, call: &Incoming<'_>| {
        match call.method() {
            "name" => Ok(Reply::ok((*name).to_owned()).single()),
            _ => Err(Fault::method_not_found()),
        }
    });
    let router = Router::new();
    router.insert("/named", servant);
    let server = NetstringServer::new(router).bind("127.0.0.1:0");
    server.await.unwrap()
}

fn record(priority: u16, weight: u16, address: SocketAddr) -> SrvRecord {
    SrvRecord::new(priority, weight, address.port(), "127.0.0.1.")
}

fn agent(zone: &Zone) -> Agent {
    Netstring::srv("_rpc._tcp.example.com", zone.clone())
        .min_srv_ttl(Duration::ZERO)
        .timeout(LONG)
        .build()
        .agent()
}

async fn who(agent: &Agent) -> String {
    let name = agent.call("", "name", Json::EMPTY_OBJECT).await;
    name.expect("a server").get().to_owned()
}

#[tokio::test]
async fn n31_the_servers_of_dns_are_used_and_an_empty_answer_takes_none_away() {
    let (first, second) = (named("first").await, named("second").await);
    let zone = Zone::default();
    zone.set(Some(vec![
        record(2, 1, second.address()),
        record(1, 1, first.address()),
    ]));
    let agent = agent(&zone);
    assert_eq!(agent.origin(), "netstring://_rpc._tcp.example.com");
    for _ in 0..20 {
        assert_eq!(who(&agent).await, "\"first\"", "the lowest priority");
    }
    assert_eq!(zone.asked(), 1, "a time of 0 s is one of a second");

    // Nothing, a dot, and no answer: the last good ones stay.
    for answer in [Some(vec![]), Some(vec![SrvRecord::new(0, 0, 0, ".")]), None] {
        zone.set(answer);
        let asked = zone.asked();
        while zone.asked() == asked {
            assert_eq!(who(&agent).await, "\"first\"");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(who(&agent).await, "\"first\"");
    }

    zone.set(Some(vec![record(1, 0, second.address())]));
    let moved = async {
        while who(&agent).await != "\"second\"" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(LONG, moved)
        .await
        .expect("the new one");
}

#[tokio::test]
async fn n31_without_a_first_answer_a_call_ends_at_once_and_says_which_name() {
    let zone = Zone::default();
    let agent = agent(&zone);
    let error = agent
        .call("", "name", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    assert!(matches!(
        error.kind(),
        ErrorKind::Connect(ConnectError::Dns)
    ));
    let source = std::error::Error::source(&error).expect("the causes");
    assert!(
        source.to_string().contains("_rpc._tcp.example.com (SRV)"),
        "{source}"
    );
    let server = named("late").await;
    zone.set(Some(vec![record(0, 0, server.address())]));
    assert_eq!(who(&agent).await, "\"late\"");
}
