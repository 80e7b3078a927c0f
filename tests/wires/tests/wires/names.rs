//! The name that a mark gives to a method is its name on every wire, JSON-RPC included.

use std::sync::{Arc, Mutex};

use xerus_rpc::memory::Injected;
use xerus_rpc::server::Context;
use xerus_rpc::{Agent, MemoryTransport};
use xerus_wires_tests::api::bench::Scale;
use xerus_wires_tests::bench::router;

#[tokio::test]
async fn a_name_of_the_wire_reaches_the_method() {
    let (router, _) = router();
    let rid = router.rids().into_iter().next().unwrap();
    for name in ["com.example.add", "add"] {
        let body = format!(r#"{{"method":"{name}","params":[2,3],"id":1}}"#);
        let outcome = router.handle(&rid, body.as_bytes(), Context::new()).await;
        let answer = String::from_utf8(outcome.body).unwrap();
        assert_eq!(answer, r#"{"jsonrpc":"2.0","result":{"_ret_":5},"id":1}"#);
    }
}

#[tokio::test]
async fn a_call_goes_out_under_the_name_of_the_wire() {
    let (router, _) = router();
    let rid = router.rids().into_iter().next().unwrap();
    let transport = Arc::new(MemoryTransport::new(router));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    transport.inject(move |request, _| {
        let bulk = String::from_utf8(request.args().by_name().to_vec()).unwrap();
        log.lock().unwrap().push((request.name().to_owned(), bulk));
        None::<Injected>
    });
    let agent = Agent::with_transport(transport);
    let scale = Scale::at(&agent, &rid);
    assert_eq!(scale.add(2, 3).await.unwrap(), 5);
    assert_eq!(agent.bulk([scale.add(2, 4)]).all().await.unwrap(), [6]);
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].0, "add");
    assert!(
        seen[1].1.contains(r#""method":"com.example.add""#),
        "{}",
        seen[1].1
    );
}
