//! What is said of Kamailio's module, statement by statement, where no other test is named after it (those begin with `seed`, too).

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use xerus_rpc::netstring::{Netstring, Server, Servers};
use xerus_rpc::{Agent, ErrorKind, Json, Outcome};

use crate::script::{LONG, accept, listen, nowhere, setup};

fn agent(to: Netstring) -> Agent {
    to.agent()
}

#[tokio::test]
async fn seed_servers_with_priorities_are_given_in_one_text() {
    let servers = Servers::jsonrpcc("localhost:9999,2 10.10.0.1:9999,2 backup.server:9999,1");
    let servers = servers.unwrap();
    let names: Vec<_> = servers.iter().map(Server::name).collect();
    assert_eq!(
        names,
        ["localhost:9999", "10.10.0.1:9999", "backup.server:9999"]
    );
}

#[tokio::test]
async fn seed_no_server_can_be_reached_is_told_at_once() {
    let agent = agent(setup(&[&[nowhere(), nowhere()], &[nowhere()]]).build());
    let start = Instant::now();
    let call = agent.call("", "get_user", r#"{"id":1234}"#.parse().unwrap());
    let error = call.timeout(LONG).await.unwrap_err();
    assert_eq!(error.code(), "Connect.Refused", "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn seed_a_call_ends_as_a_result_or_as_one_of_three_errors() {
    let (listener, address) = listen().await;
    let agent = agent(setup(&[&[address]]).build());
    let call = |time| {
        let call = agent.call("", "get_user", r#"{"id":1234}"#.parse().unwrap());
        tokio::spawn(call.timeout(time).send())
    };
    let result = call(LONG);
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    wire.answer(id, r#"{"name":"Petros"}"#).await;
    assert_eq!(result.await.unwrap().unwrap().get(), r#"{"name":"Petros"}"#);

    let refused = call(LONG);
    let id = wire.id().await;
    wire.send(format!(
        r#"{{"jsonrpc":"2.0","error":{{"code":-32001,"message":"no user"}},"id":{id}}}"#
    ))
    .await;
    let error = refused.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Rpc(_)), "{error:?}");
    assert_eq!(error.rpc_code(), Some(-32001));

    let late = call(Duration::from_millis(50));
    wire.id().await;
    let error = late.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error:?}");

    drop((wire, listener));
    // Until the end of the connection is seen, a call may still be sent.
    let failed = loop {
        let error = call(LONG).await.unwrap().unwrap_err();
        if error.outcome() == Outcome::NotExecuted {
            break error;
        }
    };
    assert!(matches!(failed.kind(), ErrorKind::Connect(_)), "{failed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seed_a_result_that_arrives_elsewhere_finds_what_belongs_to_it() {
    // Kamailio goes on in another process, which has none of the variables. A future takes them along.
    let (listener, address) = listen().await;
    let agent = Arc::new(agent(setup(&[&[address]]).build()));
    let waiting: Vec<_> = (0..20)
        .map(|number| {
            let agent = Arc::clone(&agent);
            tokio::spawn(async move {
                let own = format!("request {number}");
                let params: Json = format!(r#"{{"id":{number}}}"#).parse().unwrap();
                let answer = agent.call("", "get_user", params).timeout(LONG).await;
                (own, answer.unwrap().get().to_owned())
            })
        })
        .collect();
    let mut wire = accept(&listener).await;
    let mut asked = Vec::new();
    for _ in 0..waiting.len() {
        asked.push(wire.json().await);
    }
    for request in asked.iter().rev() {
        let id = request["id"].as_u64().unwrap();
        wire.answer(id, &request["params"]["id"].to_string()).await;
    }
    for (number, waiting) in waiting.into_iter().enumerate() {
        let told = waiting.await.unwrap();
        assert_eq!(told, (format!("request {number}"), number.to_string()));
    }
}

#[tokio::test]
async fn seed_method_and_parameters_are_said_at_run_time() {
    let (listener, address) = listen().await;
    let agent = agent(setup(&[&[address]]).build());
    let mut wire = None;
    for (method, params) in [
        ("get_user", json!({"id": 1234})),
        ("update_user", json!({"id": 1234, "name": "Petros"})),
        ("a method with spaces", json!({"deep": [{"x": null}]})),
    ] {
        let name = method.to_owned();
        let call = agent.call("", &name, params.to_string().parse().unwrap());
        let call = tokio::spawn(call.timeout(LONG).send());
        let wire = match &mut wire {
            Some(wire) => wire,
            none => none.insert(accept(&listener).await),
        };
        let request = wire.json().await;
        assert_eq!(request["method"], method);
        assert_eq!(request["params"], params);
        wire.answer(request["id"].as_u64().unwrap(), "true").await;
        assert_eq!(call.await.unwrap().unwrap().get(), "true");
    }
}
