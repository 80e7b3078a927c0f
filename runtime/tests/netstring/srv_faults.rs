//! What asks DNS and does not do so as it should.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use xerus_rpc::netstring::{DnsError, Netstring, NoServer, ResolveSrv, Servers, SrvRecords};
use xerus_rpc::wire::BoxFuture;
use xerus_rpc::{Agent, Json};

use crate::script::LONG;
use crate::srv::{named, record, who};

/// Fails once, and is silent from then on.
struct ThenSilent(AtomicUsize);

impl ResolveSrv for ThenSilent {
    fn records<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>> {
        let is_first = self.0.fetch_add(1, Ordering::SeqCst) == 0;
        Box::pin(async move {
            if !is_first {
                std::future::pending::<()>().await;
            }
            Err(DnsError::Failed(2))
        })
    }
}

#[tokio::test]
async fn n31_a_dns_that_is_silent_after_a_failure_takes_no_time_from_calls_to_named_servers() {
    let fixed = named("fixed").await;
    let text = format!(
        "conn=main;srv=_rpc._tcp.example.com conn=main;addr=127.0.0.1;port={}",
        fixed.address().port()
    );
    let servers = Servers::janssonrpcc(&text, "main").expect("both");
    let to = Netstring::builder(servers).resolve_srv(ThenSilent(AtomicUsize::new(0)));
    // A call that waited for DNS would take half of an hour.
    let to = to.timeout(Duration::from_secs(3_600)).build();
    let agent = to.agent();
    let called = async {
        // The pause after the failure is over in between.
        for _ in 0..3 {
            assert_eq!(who(&agent).await, "\"fixed\"");
            tokio::time::sleep(Duration::from_millis(600)).await;
        }
    };
    tokio::time::timeout(LONG, called)
        .await
        .expect("no wait for DNS");
}

#[tokio::test]
async fn n31_what_asks_dns_and_panics_is_an_error_and_is_not_asked_again_at_once() {
    struct Panics(Arc<AtomicUsize>);
    impl ResolveSrv for Panics {
        fn records<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { panic!("a resolver with a fault") })
        }
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let to = Netstring::srv("_rpc._tcp.example.com", Panics(Arc::clone(&asked)));
    let agent = to.timeout(LONG).build().agent();
    let error = agent
        .call("", "name", Json::EMPTY_OBJECT)
        .await
        .unwrap_err();
    let source = std::error::Error::source(&error).expect("the causes");
    let causes = &source
        .downcast_ref::<NoServer>()
        .expect("the causes")
        .causes;
    assert_eq!(causes[0].dns, Some(DnsError::Other));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn n31_a_question_of_a_runtime_that_ended_is_asked_again() {
    struct Never(AtomicUsize, SocketAddr);
    impl ResolveSrv for Never {
        fn records<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<SrvRecords, DnsError>> {
            let is_first = self.0.fetch_add(1, Ordering::SeqCst) == 0;
            let records = vec![record(1, 1, self.1)];
            Box::pin(async move {
                if is_first {
                    std::future::pending::<()>().await;
                }
                Ok(SrvRecords::new(records, LONG))
            })
        }
    }
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let (serving, asking) = (runtime(), runtime());
    let server = serving.block_on(named("second"));
    let never = Never(AtomicUsize::new(0), server.address());
    let to = Netstring::srv("_rpc._tcp.example.com", never).build();
    let agent = Agent::with_transport(Arc::new(to));
    let short = {
        let call = agent.call("", "name", Json::EMPTY_OBJECT);
        call.timeout(Duration::from_millis(20))
    };
    asking.block_on(async { short.await.expect_err("no answer") });
    drop(asking);
    assert_eq!(runtime().block_on(who(&agent)), "\"second\"");
}
