//! Calls without an async runtime.

use std::time::Duration;

use xerus_rpc::{Agent, Json};

use crate::support::{Answer, Server, eventually, http};

fn switch(agent: &Agent) -> Result<Json, xerus_rpc::Error> {
    agent
        .call(
            "/model/pdu/0/outlet/0",
            "setPowerState",
            "{\"pstate\":0}".parse()?,
        )
        .send_blocking()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plain_threads_share_an_agent_and_its_connection() {
    let server = Server::http(|seen| seen.answer("{\"_ret_\":0}")).await;
    let agent = server.agent().build().expect("valid");
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let agent = agent.clone();
            std::thread::spawn(move || (0..10).all(|_| switch(&agent).is_ok()))
        })
        .collect();
    let join = || {
        threads
            .into_iter()
            .all(|thread| thread.join().is_ok_and(|ok| ok))
    };
    assert!(tokio::task::spawn_blocking(join).await.expect("joined"));
    assert_eq!((server.requests(), server.connections()), (80, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_die_between_blocking_calls_are_noticed() {
    let server =
        Server::http(|seen| Answer::Last(http(200, "", &seen.document("{\"_ret_\":0}")))).await;
    let agent = server.agent().build().expect("valid");
    for _ in 0..3 {
        let agent = agent.clone();
        let result = tokio::task::spawn_blocking(move || switch(&agent))
            .await
            .expect("joined");
        assert!(result.is_ok(), "{result:?}");
        eventually("the connection is closed", || {
            server.open_connections() == 0
        })
        .await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.requests(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocking_call_inside_async_code_blocks_but_works() {
    let server = Server::http(|seen| seen.answer("{\"_ret_\":0}")).await;
    let agent = server.agent().build().expect("valid");
    assert!(switch(&agent).is_ok());
}
