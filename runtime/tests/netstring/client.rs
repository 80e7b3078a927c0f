//! One server that does what it should not.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use xerus_rpc::error::{ConnectError, EnvelopeError, TimeoutPhase};
use xerus_rpc::netstring::{Netstring, NoServer};
use xerus_rpc::wire::{Reply, Request, Transport as _, Values};
use xerus_rpc::{Agent, Error, ErrorKind, Json, Outcome};

use crate::script::{LONG, Wire, accept, frame, listen, nowhere, request, setup};

pub(crate) async fn one() -> (Arc<Netstring>, TcpListener) {
    let (listener, address) = listen().await;
    (Arc::new(setup(&[&[address]]).build()), listener)
}

pub(crate) fn call(
    to: &Arc<Netstring>,
    request: Request,
) -> tokio::task::JoinHandle<Result<Reply, Error>> {
    let to = Arc::clone(to);
    tokio::spawn(async move { to.call(&request).await })
}

/// The next call works.
pub(crate) async fn works(to: &Arc<Netstring>, wire: &mut Wire) {
    let next = call(to, request("next"));
    let id = wire.id().await;
    wire.answer(id, "1").await;
    let reply = next.await.unwrap().expect("the next call works");
    assert!(reply.error().is_none());
}

#[tokio::test]
async fn seed_a_result_comes_back() {
    let (to, listener) = one().await;
    let agent = Agent::with_transport(to.clone());
    let asked = tokio::spawn(async move {
        let params: Json = r#"{"id": 1234}"#.parse().unwrap();
        agent.call("", "get_user", params).await
    });
    let mut wire = accept(&listener).await;
    let body = wire.body().await.unwrap();
    assert_eq!(
        body,
        r#"{"id":1,"jsonrpc":"2.0","method":"get_user","params":{"id": 1234}}"#
    );
    wire.answer(1, r#"{"name":"Petros"}"#).await;
    let result = asked.await.unwrap().unwrap();
    assert_eq!(result.get(), r#"{"name":"Petros"}"#);
}

#[tokio::test]
async fn seed_an_error_object_comes_back_whole() {
    let (to, listener) = one().await;
    let asked = call(&to, request("get_user"));
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    wire.send(format!(
        r#"{{"jsonrpc":"2.0","error":{{"code":-32001,"message":"no such user","data":{{"id":404}}}},"id":{id}}}"#
    ))
    .await;
    let error = asked.await.unwrap().unwrap().error().expect("an error");
    let told = error.as_rpc().expect("an error object");
    assert_eq!(
        (error.rpc_code(), &*told.message),
        (Some(-32001), "no such user")
    );
    assert_eq!(told.data.as_ref().map(Json::get), Some(r#"{"id":404}"#));
}

#[tokio::test]
async fn seed_n28_a_notification_goes_out_at_once_or_is_an_error() {
    let (to, listener) = one().await;
    let told = {
        let to = Arc::clone(&to);
        tokio::spawn(async move { to.notify(&request("update_user")).await })
    };
    let mut wire = accept(&listener).await;
    told.await.unwrap().unwrap();
    assert_eq!(
        wire.body().await.unwrap(),
        r#"{"jsonrpc":"2.0","method":"update_user","params":{"id":1234}}"#
    );
    let alone = setup(&[&[nowhere()]]).build();
    let error = alone.notify(&request("update_user")).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}

#[tokio::test]
async fn n1_refused_by_all_ends_at_once_with_a_cause_for_each() {
    let servers = [nowhere(), nowhere()];
    let to = setup(&[&servers[..1], &servers[1..]]).build();
    let start = Instant::now();
    for _ in 0..2 {
        let error = to.call(&request("a")).await.unwrap_err();
        assert!(matches!(
            error.kind(),
            ErrorKind::Connect(ConnectError::Refused)
        ));
        assert_eq!(error.outcome(), Outcome::NotExecuted);
        let source = std::error::Error::source(&error).unwrap();
        let causes = &source.downcast_ref::<NoServer>().unwrap().causes;
        let named: Vec<_> = causes.iter().map(|cause| cause.server.clone()).collect();
        assert_eq!(named, servers.map(|address| address.to_string()));
    }
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn n6_after_a_reset_inside_a_frame_the_next_connection_is_clean() {
    let (to, listener) = one().await;
    let lost = call(&to, request("a"));
    let mut wire = accept(&listener).await;
    wire.id().await;
    wire.answer(99, "1").await;
    wire.raw("500:{\"id\"").await;
    wire.reset();
    let error = lost.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionLost));
    assert_eq!(error.outcome(), Outcome::Unknown);
    let mut wire = accept(&listener).await;
    works(&to, &mut wire).await;
}

#[tokio::test]
async fn n8_answers_before_the_end_count() {
    let (to, listener) = one().await;
    let asked = call(&to, request("a"));
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    wire.answer(id, "1").await;
    wire.0.shutdown().await.unwrap();
    asked.await.unwrap().unwrap();
    let mut wire = accept(&listener).await;
    works(&to, &mut wire).await;
}

#[tokio::test]
async fn n9_n11_answers_in_pieces_and_in_reverse_order() {
    let (to, listener) = one().await;
    let calls: Vec<_> = (0..3).map(|_| call(&to, request("a"))).collect();
    let mut wire = accept(&listener).await;
    let mut ids = [wire.id().await, wire.id().await, wire.id().await];
    ids.reverse();
    for id in ids {
        for byte in frame(format!(r#"{{"jsonrpc":"2.0","result":{id},"id":{id}}}"#)).bytes() {
            wire.raw([byte]).await;
        }
    }
    for asked in calls {
        let reply = asked.await.unwrap().unwrap();
        assert!(reply.error().is_none());
    }
}

#[tokio::test]
async fn n12_n13_n14_n23_what_nobody_waits_for_is_dropped() {
    let (to, listener) = one().await;
    let late = call(&to, request("a").with_timeout(Duration::from_millis(100)));
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    let error = late.await.unwrap().unwrap_err();
    let ErrorKind::Timeout(timeout) = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(timeout.phase, TimeoutPhase::FirstByte);
    assert_eq!(error.outcome(), Outcome::Unknown);
    wire.answer(id, "1").await;
    for body in [
        r#"{"jsonrpc":"2.0","result":1,"id":999}"#,
        r#"{"jsonrpc":"2.0","result":1,"id":null}"#,
        r#"{"jsonrpc":"2.0","result":1,"id":"2"}"#,
        r#"{"jsonrpc":"2.0","result":1,"id":2.0}"#,
        r#"{"jsonrpc":"2.0","method":"ping","id":2}"#,
        r#"{"jsonrpc":"2.0","method":"ping"}"#,
        "[]",
        "{",
        "7",
    ] {
        wire.send(body).await;
    }
    wire.raw(b"1:\xff,").await;
    works(&to, &mut wire).await;
    wire.answer(2, "1").await;
    works(&to, &mut wire).await;
    assert_eq!(to.status()[0].dropped, 12);
}

#[tokio::test]
async fn n15_n17_results_and_errors_that_contradict_each_other() {
    let (to, listener) = one().await;
    let mut wire = None;
    for (members, fault) in [
        (
            r#""jsonrpc":"2.0","result":1,"error":{"code":1,"message":""}"#,
            Some(EnvelopeError::ResultAndError),
        ),
        (
            r#""jsonrpc":"2.0""#,
            Some(EnvelopeError::NeitherResultNorError),
        ),
        (r#""jsonrpc":"2.0","result":1,"error":null"#, None),
        (
            r#""jsonrpc":"2.0","error":"text""#,
            Some(EnvelopeError::BadErrorObject),
        ),
        (r#""result":1"#, None),
        (r#""jsonrpc":"1.0","result":1"#, None),
        (r#""jsonrpc":2.0,"result":1"#, None),
    ] {
        let asked = call(&to, request("a"));
        let wire = match &mut wire {
            Some(wire) => wire,
            none => none.insert(accept(&listener).await),
        };
        let id = wire.id().await;
        wire.send(format!(r#"{{{members},"id":{id}}}"#)).await;
        let error = asked.await.unwrap().unwrap().error();
        match (error.as_ref().map(Error::kind), fault) {
            (None, None) => {}
            (Some(ErrorKind::Envelope(error)), Some(fault)) => assert_eq!(*error, fault),
            (error, fault) => panic!("{members}: {error:?}, not {fault:?}"),
        }
    }
    assert_eq!(to.status()[0].other_versions, 3);
}

#[tokio::test]
async fn n18_to_n21_bad_frames_end_the_connection_and_the_next_call_works() {
    let (listener, address) = listen().await;
    let to = Arc::new(setup(&[&[address]]).max_answer_bytes(1000).build());
    for bad in [
        "1234567890:",
        "999999999:",
        "1001:",
        "012:{\"a\":false},",
        ":{},",
        "-1:",
        " 2:{},",
        "\n2:{},",
        "0:,",
        "2:{}x",
    ] {
        // A server that has answered is called again at once.
        let first = call(&to, request("a"));
        let mut wire = accept(&listener).await;
        let id = wire.id().await;
        wire.answer(id, "1").await;
        first.await.unwrap().unwrap();
        let asked = call(&to, request("a"));
        wire.id().await;
        wire.raw(bad).await;
        let error = asked.await.unwrap().unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{bad:?}: {error}");
        match bad {
            "999999999:" | "1001:" => {
                assert!(matches!(error.kind(), ErrorKind::ResponseTooLarge(_)));
            }
            _ => assert!(
                matches!(error.kind(), ErrorKind::Protocol(_)),
                "{bad:?}: {error}"
            ),
        }
        assert_eq!(wire.body().await, None, "closed");
    }
    let next = call(&to, request("next"));
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    wire.answer(id, "1").await;
    next.await.unwrap().unwrap();
}

#[tokio::test]
async fn n22_ten_bodies_in_a_row_that_are_no_json_end_the_connection() {
    let (to, listener) = one().await;
    let asked = call(&to, request("a"));
    let mut wire = accept(&listener).await;
    wire.id().await;
    let deep = format!(r#"{{"id":1,"result":{}"#, "[".repeat(10_000));
    for _ in 0..9 {
        wire.send(&deep).await;
    }
    wire.answer(99, "1e999").await;
    for _ in 0..10 {
        wire.send("{").await;
    }
    let error = asked.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Protocol(_)), "{error}");
    let mut wire = accept(&listener).await;
    works(&to, &mut wire).await;
}

#[tokio::test]
async fn n24_a_server_that_reads_nothing_is_given_up() {
    let (deaf, address) = listen().await;
    let (good, other) = listen().await;
    // The deaf server would be connected again, and be as deaf.
    let to = setup(&[&[address], &[other]])
        .write_timeout(Duration::from_millis(200))
        .reconnect(LONG, LONG);
    let to = Arc::new(to.build());
    let big = format!(r#"{{"text":"{}"}}"#, "x".repeat(3 << 20));
    let args = Values::from_object(big).unwrap();
    let big = Request::untyped("", "a", args).with_timeout(LONG);
    let calls: Vec<_> = (0..8).map(|_| call(&to, big.clone())).collect();
    let _silent = accept(&deaf).await;
    let mut wire = accept(&good).await;
    // What never left goes to the other server.
    let serve = tokio::spawn(async move {
        while let Some(body) = wire.body().await {
            let request: serde_json::Value = serde_json::from_str(&body).unwrap();
            wire.answer(request["id"].as_u64().unwrap(), "1").await;
        }
    });
    let (mut moved, mut unknown) = (0, 0);
    for asked in calls {
        match asked.await.unwrap() {
            Ok(_) => moved += 1,
            Err(error) => {
                assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
                unknown += 1;
            }
        }
    }
    assert!(moved > 0 && unknown > 0, "{moved} moved, {unknown} unknown");
    to.call(&request("next")).await.unwrap();
    serve.abort();
}

#[tokio::test]
async fn a_dropped_call_leaves_nothing_behind() {
    let (to, listener) = one().await;
    let dropped = call(&to, request("a"));
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    dropped.abort();
    assert!(dropped.await.is_err());
    assert_eq!(to.status()[0].waiting, 0);
    wire.answer(id, "1").await;
    works(&to, &mut wire).await;
    assert_eq!(to.status()[0].dropped, 1);
}

#[tokio::test]
async fn close_waits_for_calls_and_the_next_call_opens_again() {
    let (to, listener) = one().await;
    let asked = call(&to, request("a"));
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    let closed = {
        let to = Arc::clone(&to);
        tokio::spawn(async move { to.close().await })
    };
    wire.answer(id, "1").await;
    asked.await.unwrap().unwrap();
    closed.await.unwrap();
    assert_eq!(wire.body().await, None);
    let next = call(&to, request("next"));
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    wire.answer(id, "1").await;
    next.await.unwrap().unwrap();
}

#[tokio::test]
async fn objects_are_refused_before_anything_is_sent() {
    let (to, _listener) = one().await;
    let agent = Agent::with_transport(to);
    let error = agent.call("/model/outlet/1", "a", Json::EMPTY_OBJECT).await;
    assert_eq!(error.unwrap_err().outcome(), Outcome::NotExecuted);
}

#[tokio::test]
async fn n16_a_null_result_where_there_must_be_one_cannot_be_read() {
    let (to, listener) = one().await;
    let agent = Agent::with_transport(to.clone());
    let object = xerus_rpc::Object::at(&agent, "");
    let asked = tokio::spawn(async move { object.get_type_info().await });
    let mut wire = accept(&listener).await;
    let id = wire.id().await;
    wire.answer(id, "null").await;
    let error = asked.await.unwrap().expect_err("no result");
    assert!(matches!(error.kind(), ErrorKind::Decode(_)), "{error:?}");
    // The server did what it was asked.
    assert_eq!(error.outcome(), Outcome::Executed);
    works(&to, &mut wire).await;
}
