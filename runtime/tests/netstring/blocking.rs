//! Calls without `async`: from plain threads, beside and inside runtimes.

use std::time::Duration;

use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use xerus_rpc::{Agent, Error, ErrorKind, Json, Outcome};

use crate::script::{LONG, Wire, accept, listen, setup};

/// An agent of a server on threads of its own: it refuses `no`, is silent at `late`, and answers all else with how many frames came.
fn server() -> (Runtime, Agent) {
    let runtime = Runtime::new().unwrap();
    let (listener, address) = runtime.block_on(listen());
    runtime.spawn(async move {
        loop {
            tokio::spawn(serve(accept(&listener).await));
        }
    });
    (runtime, setup(&[&[address]]).timeout(LONG).build().agent())
}

async fn serve(mut wire: Wire) {
    let mut seen = 0;
    while let Some(body) = wire.body().await {
        let asked: serde_json::Value = serde_json::from_str(&body).unwrap();
        seen += 1;
        let Some(id) = asked["id"].as_u64() else {
            continue;
        };
        match asked["method"].as_str() {
            Some("late") => {}
            Some("no") => {
                let error =
                    json!({"jsonrpc": "2.0", "id": id, "error": {"code": 7, "message": "no"}});
                wire.send(error.to_string()).await;
            }
            _ => wire.answer(id, &seen.to_string()).await,
        }
    }
}

fn ask(agent: &Agent, method: &str, time: Duration) -> Result<Json, Error> {
    let call = agent.call("", method, Json::EMPTY_OBJECT);
    call.timeout(time).send_blocking()
}

fn resting() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_bulk_from_a_plain_thread_has_the_outcome_of_each_call() {
    let (_server, agent) = server();
    let calls = ["get", "no", "late", "get"].map(|method| {
        let call = agent.call("", method, Json::EMPTY_OBJECT);
        call.timeout(Duration::from_millis(300))
    });
    let results = agent.bulk(calls).send_blocking().unwrap();
    let told = results.iter().map(|result| match result {
        Ok(answer) => format!("answered {answer}"),
        Err(error) => format!("{} {:?}", error.code(), error.outcome()),
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told.len(), 4);
    assert!(told[0].starts_with("answered"), "{told:?}");
    assert!(told[1].starts_with("Rpc"), "{told:?}");
    assert_eq!(told[2], "Timeout.FirstByte Unknown", "{told:?}");
    assert!(told[3].starts_with("answered"), "{told:?}");
}

#[test]
fn a_plain_thread_calls_notifies_and_closes() {
    let (_server, agent) = server();
    assert_eq!(ask(&agent, "get", LONG).unwrap().get(), "1");
    let error = ask(&agent, "no", LONG).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Rpc(told) if told.code.number() == Some(7)));
    let once = agent.call("", "once", Json::EMPTY_OBJECT);
    once.notify_blocking().unwrap();
    assert_eq!(ask(&agent, "get", LONG).unwrap().get(), "4");
    let late = ask(&agent, "late", Duration::from_millis(300)).unwrap_err();
    assert_eq!(
        (late.code(), late.outcome()),
        ("Timeout.FirstByte", Outcome::Unknown)
    );
    agent.close_blocking().unwrap();
    // Another connection, which counts anew.
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let agent = agent.clone();
            std::thread::spawn(move || ask(&agent, "get", LONG).is_ok())
        })
        .collect();
    assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
}

#[test]
fn inside_async_code_on_one_thread_all_of_it_is_refused_and_nothing_is_sent() {
    let (_server, agent) = server();
    resting().block_on(async {
        let refused = [
            ask(&agent, "get", LONG).map(drop),
            agent.call("", "get", Json::EMPTY_OBJECT).notify_blocking(),
            agent.close_blocking(),
        ];
        for refused in refused {
            let error = refused.unwrap_err();
            assert_eq!(error.code(), "Config.Unsupported");
            assert!(error.to_string().contains("spawn_blocking"), "{error}");
        }
    });
    assert_eq!(ask(&agent, "get", LONG).unwrap().get(), "1");
}

#[test]
fn a_connection_of_a_runtime_that_rests_is_told_from_a_server_that_is_gone() {
    let (_server, agent) = server();
    let first = resting();
    let call = agent.call("", "get", Json::EMPTY_OBJECT);
    assert_eq!(first.block_on(call.into_future()).unwrap().get(), "1");
    let time = Duration::from_millis(300);
    let notify = agent.call("", "once", Json::EMPTY_OBJECT).timeout(time);
    let errors = [
        ask(&agent, "get", time).unwrap_err(),
        notify.notify_blocking().unwrap_err(),
    ];
    for error in errors {
        let told = (error.code(), error.outcome());
        assert_eq!(told, ("Timeout.Runtime", Outcome::NotExecuted), "{error}");
        assert!(error.to_string().contains("the call was not sent"));
    }
    // Closed, the next call connects anew, on the thread for blocking calls.
    agent.close_blocking().unwrap();
    assert_eq!(ask(&agent, "get", LONG).unwrap().get(), "1");
    drop(first);
}

#[test]
fn a_connection_that_a_resting_runtime_began_is_told_too() {
    let (_server, agent) = server();
    let first = resting();
    // It is dropped before it has connected.
    first.block_on(async {
        let call = agent.call("", "get", Json::EMPTY_OBJECT).into_future();
        tokio::select! {
            biased;
            _ = call => panic!("answered"),
            () = std::future::ready(()) => {}
        }
    });
    let error = ask(&agent, "get", Duration::from_millis(300)).unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.Runtime", Outcome::NotExecuted)
    );
}
