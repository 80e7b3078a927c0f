//! What only the positional wire has.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use xerus_rpc::error::ErrorMeaning;
use xerus_rpc::{Agent, ErrorKind, Outcome};
use xerus_wires_tests::api::bench::Scale;
use xerus_wires_tests::bench::{RID, router};
use xerus_wires_tests::positional::{Positional, serve};

use crate::aids::{Bench, peer, positional, until};

#[tokio::test]
async fn codes_are_words_and_have_meaning_and_name() {
    let bench = Bench::new("positional", |router| positional(router, true));
    let error = bench.scale.fail("busy").await.unwrap_err();
    let rpc = error.as_rpc().unwrap();
    assert_eq!(rpc.code.text(), Some("bench.busy"));
    assert_eq!((rpc.name, rpc.meaning), (Some("Busy"), None));
    assert_eq!(error.outcome(), Outcome::Unknown);

    let error = bench.scale.fail("denied").await.unwrap_err();
    let rpc = error.as_rpc().unwrap();
    assert_eq!(rpc.code.text(), Some("denied"));
    assert_eq!(rpc.meaning, Some(ErrorMeaning::PermissionDenied));
    assert!(error.is_permission_denied());
    assert_eq!(error.outcome(), Outcome::NotExecuted);

    let error = bench.scale.fail("panic").await.unwrap_err();
    assert_eq!(error.rpc_code(), Some(-32603), "{error}");
    assert_eq!(bench.scale.add(1, 1).await.unwrap(), 2);
}

#[tokio::test]
async fn an_object_may_be_left_out() {
    let bench = Bench::new("flat", |router| positional(router, true));
    let flat = Scale::at(&bench.agent, "");
    assert_eq!(flat.add(20, 1).await.unwrap(), 21);
    let long = Scale::at(&bench.agent, &"x".repeat(2000));
    let error = long.add(1, 1).await.unwrap_err();
    assert_eq!(error.code(), "Config.BadRid");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}

#[tokio::test]
async fn notifications_are_sent_without_an_answer() {
    for pipeline in [false, true] {
        let bench = Bench::new("positional", |router| positional(router, pipeline));
        // A mark says it, or the caller.
        bench.scale.knock("marked").await.unwrap();
        bench.scale.knock("asked").notify().await.unwrap();
        assert_eq!(bench.scale.add(1, 1).await.unwrap(), 2);
        until(|| bench.watched.knocks().len() == 2).await;
        let mut knocks = bench.watched.knocks();
        knocks.sort_unstable();
        assert_eq!(knocks, ["asked", "marked"]);
    }
}

#[tokio::test]
async fn what_cannot_be_sent_was_not_executed() {
    let refuse = || Err(io::Error::from(io::ErrorKind::ConnectionRefused));
    let agent = Agent::with_transport(Arc::new(Positional::new("nobody", true, refuse)));
    let scale = Scale::at(&agent, RID);
    let error = scale.clear().await.unwrap_err();
    assert_eq!(error.code(), "Connect.Refused");
    assert_eq!(error.outcome(), Outcome::NotExecuted);
    assert!(error.is_retryable());
    // The whole bulk fares like its first call.
    let error = agent
        .bulk([scale.clear(), scale.clear()])
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Connect.Refused");
    let error = scale.knock("x").await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotExecuted);
}

#[tokio::test]
async fn nobody_knows_what_became_of_a_call_that_was_sent() {
    let transport = Positional::new("rude", true, peer(b"", false));
    let agent = Agent::with_transport(Arc::new(transport));
    let scale = Scale::at(&agent, RID);
    let error = scale.clear().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConnectionLost));
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(!error.is_retryable());
    // A method that may be repeated says so.
    assert!(scale.get_reading().await.unwrap_err().is_retryable());
}

#[tokio::test]
async fn a_wire_that_was_closed_opens_again() {
    let bench = Bench::new("positional", |router| positional(router, true));
    assert_eq!(bench.scale.add(1, 1).await.unwrap(), 2);
    let (slow, ()) = tokio::join!(bench.scale.dawdle(50).send(), async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        bench.agent.close().await;
    });
    assert_eq!(slow.unwrap(), 50, "calls under way end first");
    assert_eq!(bench.scale.add(1, 2).await.unwrap(), 3);
    let error = bench
        .agent
        .login(xerus_rpc::Credentials::basic("a", "b"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "Config.Unsupported");
    let mut stream = bench.scale.weigh(2).stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), "Config.Unsupported");
    assert!(stream.next().await.is_none());
}

/// What the door answers to these frames, until it closes or nothing comes for a while.
async fn answers(frames: &[u8]) -> String {
    let (router, _) = router();
    let (mut near, far) = tokio::io::duplex(1 << 16);
    let door = tokio::spawn(serve(router, None, far));
    near.write_all(frames).await.unwrap();
    let mut out = Vec::new();
    let mut some = [0; 1024];
    while let Ok(Ok(read)) =
        tokio::time::timeout(Duration::from_millis(300), near.read(&mut some)).await
    {
        if read == 0 {
            break;
        }
        out.extend_from_slice(&some[..read]);
    }
    drop(near);
    tokio::time::timeout(Duration::from_secs(5), door)
        .await
        .expect("the door closes")
        .unwrap();
    String::from_utf8(out).unwrap()
}

fn frame(body: &str) -> Vec<u8> {
    format!("{}:{body},", body.len()).into_bytes()
}

#[tokio::test]
async fn the_door_takes_arguments_by_place_and_by_name() {
    for (call, answer) in [
        (r#"["com.example.add",[2,3],1]"#, r#"[1,"ok",[5]]"#),
        (r#"["com.example.add",{"y":3,"x":2},2]"#, r#"[2,"ok",[5]]"#),
        (
            r#"["bench.Scale.getExtremes",null,3,"/bench/scale"]"#,
            r#"[3,"ok",[-0.5,1e+300]]"#,
        ),
        (
            r#"["bench.Scale.openSeries",[""],4]"#,
            r#"[4,"ok",[2,"",0]]"#,
        ),
        (r#"["bench.Scale.clear",[],5]"#, r#"[5,"ok",[]]"#),
    ] {
        let said = answers(&frame(call)).await.replace("1e300", "1e+300");
        assert!(said.contains(answer), "{call}: {said}");
    }
}

#[tokio::test]
async fn the_door_survives_what_comes_in() {
    for (call, code) in [
        (r#"["com.example.add",[2],1]"#, "arguments.bad"),
        (r#"["com.example.add",["2",{}],1]"#, "arguments.bad"),
        (r#"["nothing",[],1]"#, "method.unknown"),
        (r#"["nothing",[],1,"/nowhere"]"#, "object.unknown"),
        (r#"["bench.Scale.setMode",["NONE"],1]"#, "arguments.bad"),
        (r#"["bench.Scale.fail",["panic"],1]"#, "-32603"),
        (r#"["bench.Scale.fail",["busy"],1]"#, "bench.busy"),
        (r#"["bench.Scale.fail",["uri"],1]"#, "com.example.unknown"),
        (r#"{"a":1}"#, "request.bad"),
        (r#"["name",[]]"#, "request.bad"),
        (r#"["name",[],{}]"#, "request.bad"),
        (r#"["name",[],"1,2"]"#, "request.bad"),
        ("[[[[", "request.bad"),
        ("null", "request.bad"),
        ("", "request.bad"),
    ] {
        let said = answers(&frame(call)).await;
        assert!(said.contains(r#","err","#), "{call}: {said}");
        assert!(said.contains(code), "{call}: {said}");
    }
    for garbage in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"99999999999:",
        b"999999999:",
        b"007:[],",
        b":,",
        b"-1:,",
        b"2:[]x",
        b"2:\xff\xfe,",
    ] {
        let said = answers(garbage).await;
        assert!(said.contains("request.bad"), "{garbage:?}: {said}");
    }
    // Deep nesting and what ends too early.
    let deep = frame(&format!(
        r#"["com.example.add",[{}1],1]"#,
        "[".repeat(60_000)
    ));
    assert!(answers(&deep).await.contains("request.bad"));
    assert_eq!(answers(b"5:[1,").await, "");
    assert_eq!(answers(b"").await, "");
}
