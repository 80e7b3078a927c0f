//! What a recorder writes.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use xerus_rpc::recording::{Recorder, Recording, Redaction};
use xerus_rpc::{Agent, Json};

use super::device::{Device, call, json, recorded};

/// What follows the head, whose second line tells the time of day.
fn entries(recorder: &Recorder) -> String {
    let text = recorder.text().unwrap();
    let (head, rest) = text.split_once("\n\n").unwrap();
    let lines: Vec<_> = head.lines().collect();
    assert_eq!(
        lines[..2],
        ["xerus recording 1", "origin: https://<host-1>:8443"]
    );
    assert!(lines[2].starts_with("began: 20") && lines[2].ends_with('Z'));
    rest.to_owned()
}

#[tokio::test(start_paused = true)]
async fn calls_stand_in_the_file_as_people_read_them() {
    let (agent, recorder) = recorded();
    tokio::time::sleep(Duration::from_micros(1_500)).await;
    // The untouched answer comes back.
    let answer = call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
    assert_eq!(answer, r#"{"_ret_":{"powerState":1}}"#);
    call(&agent, "/outlet/1", "fail", r#"{"now": true}"#)
        .await
        .unwrap_err();
    call(&agent, "/nowhere", "getState", "{}")
        .await
        .unwrap_err();
    call(&agent, "/x", "page", "{}").await.unwrap_err();
    call(&agent, "/x", "break", "{}").await.unwrap_err();
    // tokio's clock goes in whole milliseconds.
    assert_eq!(
        entries(&recorder),
        r#"call 1
at: 2 ms
to: /outlet/1
method: getState
params: {}
took: 10 ms
result: {"_ret_": {"powerState": 1}}

call 2
at: 12 ms
to: /outlet/1
method: fail
params: {"now": true}
took: 10 ms
error: {"code": -32601, "message": "no such method"}

call 3
at: 22 ms
to: /nowhere
method: getState
params: {}
took: 10 ms
failure: {"kind": "HttpStatus.NotFound", "status": 404, "outcome": "not executed"}

call 4
at: 32 ms
to: /x
method: page
params: {}
took: 0 ms
body: "<html>busy</html>"

call 5
at: 32 ms
to: /x
method: break
params: {}
took: 0 ms
failure: {"kind": "ConnectionLost", "sent": true, "outcome": "unknown"}
"#
        .replace("at: 2 ms", &format!("at: {} ms", first_at(&recorder)))
        .replace("at: 12 ms", &format!("at: {} ms", first_at(&recorder) + 10))
        .replace("at: 22 ms", &format!("at: {} ms", first_at(&recorder) + 20))
        .replace("at: 32 ms", &format!("at: {} ms", first_at(&recorder) + 30))
    );
    recorder.finish().unwrap();
}

/// When the first call began, in milliseconds.
fn first_at(recorder: &Recorder) -> u128 {
    let recording = Recording::parse(&recorder.text().unwrap()).unwrap();
    recording.entries()[0].at().as_millis()
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_bulk_stand_each_on_its_own() {
    let (agent, recorder) = recorded();
    let calls = [
        ("/outlet/1", "getState"),
        ("/nowhere", "getState"),
        ("/outlet/2", "fail"),
        ("/outlet/2", "getNothing"),
    ];
    let calls = calls.map(|(rid, method)| agent.call(rid, method, Json::EMPTY_OBJECT));
    let results: Vec<_> = agent.bulk(calls).await.unwrap().into_iter().collect();
    assert!(results[0].is_ok() && results[1].is_err() && results[3].is_ok());
    let recording = Recording::parse(&recorder.text().unwrap()).unwrap();
    let told: Vec<_> = recording
        .entries()
        .iter()
        .map(|entry| (entry.number(), entry.bulk(), entry.target(), entry.method()))
        .collect();
    assert_eq!(
        told,
        [
            (1, Some(1), "/outlet/1", Some("getState")),
            (2, Some(1), "/nowhere", Some("getState")),
            (3, Some(1), "/outlet/2", Some("fail")),
            (4, Some(1), "/outlet/2", Some("getNothing")),
        ]
    );
    let text = recorder.text().unwrap();
    assert!(text.contains(
        "failure: {\"kind\": \"SubHttpStatus\", \"status\": 404, \"outcome\": \"not executed\"}"
    ));
    assert!(text.contains("result: null\n"), "{text}");
    // Ids are of one program only.
    assert!(
        !text.contains("\"id\"") && !text.contains("jsonrpc"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_order_is_that_in_which_calls_began() {
    let (agent, recorder) = recorded();
    let slow = call(&agent, "/slow", "wait", "{}");
    let quick = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        call(&agent, "/outlet/1", "getState", "{}").await
    };
    let (slow, quick) = tokio::join!(slow, quick);
    assert!(slow.is_ok() && quick.is_ok());
    let text = recorder.text().unwrap();
    // The one that ended first is written first.
    let (second, first) = (
        text.find("call 2\n").unwrap(),
        text.find("call 1\n").unwrap(),
    );
    assert!(second < first, "{text}");
    assert!(text.contains("took: 5000 ms"));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_given_up_is_told() {
    let (agent, recorder) = recorded();
    let call = call(&agent, "/slow", "hang", "{}");
    let given_up = tokio::time::timeout(Duration::from_secs(2), call).await;
    assert!(given_up.is_err());
    let text = recorder.text().unwrap();
    assert!(text.ends_with("took: 2000 ms\nended: given up\n"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn notifications_and_progress_are_recorded() {
    let (agent, recorder) = recorded();
    agent
        .call("/x", "ring", json(r#"{"times":2}"#))
        .notify()
        .await
        .unwrap();
    let device = recorder.around(Arc::new(Device::default()));
    let values = xerus_rpc::wire::Values::none();
    let request = xerus_rpc::wire::Request::untyped("/x", "runTest", values);
    assert_eq!(device.stream(request).count().await, 3);
    let text = entries(&recorder);
    assert!(
        text.starts_with("notify 1\n") && text.contains("ended: nothing to answer\n"),
        "{text}"
    );
    assert!(text.contains("\nstream 2\n"), "{text}");
    assert!(
        text.ends_with("progress: 10\nprogress: 90\nresult: {\"_ret_\": 0}\n"),
        "{text}"
    );
}

#[tokio::test]
async fn a_file_is_complete_after_each_call() {
    let folder = std::env::temp_dir().join(format!("xerus-recording-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("pdu.recording");
    let recorder = Recorder::create(&path, Redaction::new()).unwrap();
    let agent = Agent::with_transport(recorder.around(Arc::new(Device::default())));
    for number in 1..=3 {
        call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
        // As a program finds it that looks at this moment, or after the recorder was killed.
        let recording = Recording::read(&path).unwrap();
        assert_eq!(recording.entries().len(), number);
        assert_eq!(recording.cut_at(), None);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others may read it");
    }
    recorder.finish().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_error_of_the_disk_is_told_and_makes_no_call_fail() {
    // A file that is always full.
    let recorder = Recorder::create("/dev/full", Redaction::new()).unwrap();
    let agent = Agent::with_transport(recorder.around(Arc::new(Device::default())));
    for _ in 0..2 {
        call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
    }
    let error = recorder.finish().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    assert!(error.to_string().contains("before 2 exchanges"), "{error}");
    let missing = Recorder::create("/nonexistent/x", Redaction::new()).unwrap_err();
    assert_eq!(missing.kind(), std::io::ErrorKind::NotFound);
}
