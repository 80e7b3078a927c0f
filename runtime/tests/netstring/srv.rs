//! Servers that DNS names.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use xerus_rpc::error::ConnectError;
use xerus_rpc::netstring::{
    DnsError, Netstring, NetstringServer, NoServer, ResolveSrv, Servers, Serving, SrvRecord,
    SrvRecords,
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
    fn records<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>> {
        assert_eq!(name, "_rpc._tcp.example.com");
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let records = self.0.records.lock().unwrap().clone();
        Box::pin(async move {
            let records = records.ok_or(DnsError::Failed(2))?;
            Ok(SrvRecords::new(records, Duration::ZERO))
        })
    }
}

/// A server that says its name.
pub(crate) async fn named(name: &'static str) -> Serving {
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

pub(crate) fn record(priority: u16, weight: u16, address: SocketAddr) -> SrvRecord {
    SrvRecord::new(priority, weight, address.port(), "127.0.0.1.")
}

fn agent(zone: &Zone) -> Agent {
    Netstring::srv("_rpc._tcp.example.com", zone.clone())
        .min_srv_ttl(Duration::ZERO)
        .timeout(LONG)
        .build()
        .agent()
}

pub(crate) async fn who(agent: &Agent) -> String {
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
    assert_eq!(
        source.to_string(),
        "no server takes the call: _rpc._tcp.example.com (SRV): \
         the name server failed (SERVFAIL): look at its log, or ask another one"
    );
    let causes = &source
        .downcast_ref::<NoServer>()
        .expect("the causes")
        .causes;
    assert_eq!(causes[0].dns, Some(DnsError::Failed(2)));
    let server = named("late").await;
    zone.set(Some(vec![record(0, 0, server.address())]));
    let up = async {
        // For a moment, DNS is not asked again.
        while agent.call("", "name", Json::EMPTY_OBJECT).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LONG, up).await.expect("the late one");
    assert_eq!(who(&agent).await, "\"late\"");
}

#[tokio::test]
async fn n31_the_answer_in_another_order_leaves_the_connections_alone() {
    let (first, second) = (named("first").await, named("second").await);
    let (first, second) = (
        record(1, 1, first.address()),
        record(1, 1, second.address()),
    );
    let zone = Zone::default();
    zone.set(Some(vec![first.clone(), second.clone()]));
    let to = Netstring::srv("_rpc._tcp.example.com", zone.clone());
    let to = Arc::new(to.min_srv_ttl(Duration::ZERO).timeout(LONG).build());
    let agent = Agent::with_transport(to.clone());
    who(&agent).await;
    zone.set(Some(vec![second, first]));
    let mut calls = 1;
    while zone.asked() < 3 {
        who(&agent).await;
        calls += 1;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let answered: u64 = to.status().iter().map(|server| server.answered).sum();
    assert_eq!(answered, calls, "they were counted from the first on");
}

#[tokio::test]
async fn n31_a_first_answer_that_takes_longer_than_a_call_is_there_for_the_next() {
    struct Slow(Arc<AtomicUsize>, SocketAddr);
    impl ResolveSrv for Slow {
        fn records<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>> {
            self.0.fetch_add(1, Ordering::SeqCst);
            let records = vec![record(1, 1, self.1)];
            Box::pin(async move {
                tokio::time::sleep(Duration::from_millis(300)).await;
                Ok(SrvRecords::new(records, LONG))
            })
        }
    }
    let server = named("slow").await;
    let asked = Arc::new(AtomicUsize::new(0));
    let slow = Slow(Arc::clone(&asked), server.address());
    let to = Netstring::srv("_rpc._tcp.example.com", slow).build();
    let agent = Agent::with_transport(Arc::new(to));
    let short = || {
        let call = agent.call("", "name", Json::EMPTY_OBJECT);
        call.timeout(Duration::from_millis(20))
    };
    let error = short().await.expect_err("DNS takes longer");
    assert_eq!(error.outcome(), xerus_rpc::Outcome::NotExecuted);
    assert_eq!(who(&agent).await, "\"slow\"");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "one question is enough");
}

#[tokio::test]
async fn n31_named_servers_stand_in_for_a_name_that_dns_does_not_know() {
    let (fixed, found) = (named("fixed").await, named("found").await);
    let text = format!(
        "conn=main;srv=_rpc._tcp.example.com conn=main;addr=127.0.0.1;port={};priority=9",
        fixed.address().port()
    );
    let zone = Zone::default();
    let servers = Servers::janssonrpcc(&text, "main").expect("both");
    let to = Netstring::builder(servers).resolve_srv(zone.clone());
    let to = Arc::new(to.min_srv_ttl(Duration::ZERO).timeout(LONG).build());
    let agent = Agent::with_transport(to.clone());
    assert_eq!(who(&agent).await, "\"fixed\"");
    let failures = to.srv_failures();
    assert_eq!(
        failures,
        [("_rpc._tcp.example.com".to_owned(), DnsError::Failed(2))]
    );
    zone.set(Some(vec![record(1, 1, found.address())]));
    let found = async {
        while who(&agent).await != "\"found\"" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LONG, found)
        .await
        .expect("the lower priority");
    assert!(to.srv_failures().is_empty());
}

#[cfg(not(feature = "netstring-srv"))]
#[tokio::test]
async fn without_anybody_who_asks_dns_the_error_says_how_to_have_one() {
    let servers = Servers::janssonrpcc("conn=a;srv=_rpc._tcp.example.com", "a").expect("a name");
    let agent = Netstring::builder(servers).build().agent();
    let error = agent
        .call("", "name", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    let source = std::error::Error::source(&error).expect("the causes");
    assert!(
        source.to_string().contains("feature netstring-srv"),
        "{source}"
    );
}
