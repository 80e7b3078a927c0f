//! One server at its limits, and what is counted of it.

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::error::EnvelopeError;
use xerus_rpc::wire::{Request, Transport as _, Values};
use xerus_rpc::{Agent, ErrorKind, Json, Outcome};

use crate::client::{call, one, works};
use crate::script::{LONG, accept, frame, request};

#[tokio::test]
async fn n17_who_reads_strictly_refuses_another_version() {
    let (to, listener) = one().await;
    let mut settings = xerus_rpc::Settings::default();
    settings.strict = true;
    let agent = Agent::with_settings(to, settings);
    let mut wire = None;
    for (members, fault) in [
        (r#""result":1"#, EnvelopeError::VersionMissing),
        (
            r#""jsonrpc":"1.0","result":1"#,
            EnvelopeError::VersionMismatch,
        ),
    ] {
        let agent = agent.clone();
        let asked = tokio::spawn(async move { agent.call("", "a", Json::EMPTY_OBJECT).await });
        let wire = match &mut wire {
            Some(wire) => wire,
            none => none.insert(accept(&listener).await),
        };
        let id = wire.id().await;
        wire.send(format!(r#"{{{members},"id":{id}}}"#)).await;
        let error = asked.await.unwrap().expect_err(members);
        assert!(
            matches!(error.kind(), ErrorKind::Envelope(found) if *found == fault),
            "{members}: {error:?}"
        );
    }
}

#[tokio::test]
async fn n22_a_deep_result_and_huge_numbers_spoil_only_their_call() {
    let (to, listener) = one().await;
    let agent = Agent::with_transport(to.clone());
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut wire = None;
    for (result, is_taken) in [
        (&*deep, false),
        ("1e999", true),
        (&"9".repeat(10_000), false),
    ] {
        let agent = agent.clone();
        let asked = tokio::spawn(async move {
            let call = agent.call("", "a", Json::EMPTY_OBJECT);
            call.timeout(Duration::from_millis(500)).await
        });
        let wire = match &mut wire {
            Some(wire) => wire,
            none => none.insert(accept(&listener).await),
        };
        let id = wire.id().await;
        wire.answer(id, result).await;
        let answer = asked.await.unwrap();
        assert_eq!(answer.is_ok(), is_taken, "{answer:?}");
        if let Err(error) = answer {
            assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        }
        works(&to, wire).await;
    }
}

#[tokio::test]
async fn n29_ten_thousand_calls_wait_and_the_next_is_refused_at_once() {
    const MOST: usize = 10_000;
    let (to, listener) = one().await;
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..MOST {
        let to = Arc::clone(&to);
        calls.spawn(async move {
            let args = Values::from_object(format!(r#"{{"number":{number}}}"#)).unwrap();
            let request = Request::untyped("", "a", args).with_timeout(LONG);
            let reply = to.call(&request).await.unwrap();
            let body: serde_json::Value = serde_json::from_slice(reply.results().body()).unwrap();
            assert_eq!(body["result"], number);
        });
    }
    let mut wire = accept(&listener).await;
    let mut asked = Vec::new();
    while asked.len() < MOST {
        let call = wire.json().await;
        asked.push((call["id"].clone(), call["params"]["number"].clone()));
    }
    assert_eq!(to.status()[0].waiting, MOST);
    let error = to.call(&request("one more")).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert_eq!(error.code(), "Connect.Full");
    assert!(error.is_retryable());
    let why = std::error::Error::source(&error).unwrap().to_string();
    for says in [error.to_string(), why] {
        assert!(says.contains("max_waiting"), "{says}");
    }
    let answers = asked.iter().rev().map(|(id, number)| {
        frame(format!(
            r#"{{"jsonrpc":"2.0","result":{number},"id":{id}}}"#
        ))
    });
    wire.raw(answers.collect::<String>()).await;
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    let status = to.status().remove(0);
    assert_eq!((status.waiting, status.max_waiting), (0, MOST));
    assert_eq!((status.answered, status.failed), (MOST as u64, 0));
    works(&to, &mut wire).await;
}

#[tokio::test]
async fn an_administrator_sees_what_each_server_did() {
    let (to, listener) = one().await;
    let mut wire = None;
    for seconds in [LONG, Duration::from_millis(50)] {
        let asked = call(&to, request("a").with_timeout(seconds));
        let wire = match &mut wire {
            Some(wire) => wire,
            none => none.insert(accept(&listener).await),
        };
        let id = wire.id().await;
        if seconds == LONG {
            assert_eq!(to.status()[0].waiting, 1);
            wire.answer(id, "1").await;
        }
        assert_eq!(asked.await.unwrap().is_ok(), seconds == LONG);
    }
    to.notify(&request("b")).await.unwrap();
    let status = to.status().remove(0);
    assert!(status.is_up && status.error.is_none());
    assert_eq!((status.answered, status.failed, status.waiting), (2, 1, 0));
}
