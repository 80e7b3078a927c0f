//! What a replay answers.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::time::Instant;
use xerus_rpc::recording::{Recording, Replay};
use xerus_rpc::wire::Transport;
use xerus_rpc::{Agent, Error, Json, Outcome};

use super::device::{call, json, recorded};

type Calls<'a> = [(&'a str, &'a str, &'a str)];

const SESSION: &Calls<'_> = &[
    ("/outlet/1", "getState", "{}"),
    ("/counter", "getCount", "{}"),
    ("/outlet/1", "setPowerState", r#"{"pstate":1}"#),
    ("/counter", "getCount", "{}"),
    ("/outlet/1", "fail", "{}"),
    ("/nowhere", "getState", "{}"),
    ("/x", "break", "{}"),
    ("/x", "page", "{}"),
    ("/x", "getNothing", "{}"),
];

/// What came of each call, with all that programs look at.
async fn make(agent: &Agent, calls: &Calls<'_>) -> Vec<String> {
    let mut seen = Vec::new();
    for (rid, method, params) in calls {
        seen.push(told(call(agent, rid, method, params).await));
    }
    seen
}

fn told(result: Result<String, Error>) -> String {
    match result {
        Ok(text) => text,
        Err(error) => format!(
            "{} {:?} {:?} {:?}",
            error.code(),
            error.outcome(),
            error.rpc_code(),
            error.http_status()
        ),
    }
}

async fn recording(calls: &Calls<'_>) -> (Recording, Vec<String>) {
    let (agent, recorder) = recorded();
    let seen = make(&agent, calls).await;
    (Recording::parse(&recorder.text().unwrap()).unwrap(), seen)
}

fn agent(replay: Replay) -> (Agent, Arc<Replay>) {
    let replay = Arc::new(replay);
    (Agent::with_transport(replay.clone()), replay)
}

#[tokio::test(start_paused = true)]
async fn a_session_comes_again_as_it_was() {
    let (recording, first) = recording(SESSION).await;
    for replay in [
        Replay::strict(recording.clone()),
        Replay::tolerant(recording),
    ] {
        let (agent, replay) = agent(replay);
        assert_eq!(make(&agent, SESSION).await, first);
        replay.finish().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_changed_by_hand_comes_so() {
    let (recording, _) = recording(SESSION).await;
    let text = recording
        .to_string()
        .replacen("{\"powerState\": 1}", "{\"powerState\": 0 }", 1);
    let (agent, _) = agent(Replay::strict(Recording::parse(&text).unwrap()));
    let state = call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
    assert_eq!(state, r#"{"_ret_":{"powerState":0}}"#);
}

#[tokio::test(start_paused = true)]
async fn strict_replay_says_what_it_expected() {
    let (recording, _) = recording(SESSION).await;
    let line = recording.entries()[1].line();
    let (agent, replay) = agent(Replay::strict(recording));
    call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
    let error = call(&agent, "/outlet/1", "setPowerState", r#"{"pstate":0}"#)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Replay.Different", Outcome::NotExecuted)
    );
    let text = error.to_string();
    assert!(
        text.contains(&format!("getCount on /counter next (entry 2, line {line})")),
        "{text}"
    );
    assert!(
        text.contains("setPowerState on /outlet/1 was made"),
        "{text}"
    );
    // What was refused is not used up.
    call(&agent, "/counter", "getCount", "{}").await.unwrap();
    let error = call(&agent, "/outlet/1", "setPowerState", r#"{"pstate":0}"#)
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.contains("params.pstate: recorded 1, made 0"), "{text}");
    let error = replay.finish().unwrap_err();
    assert_eq!(error.code(), "Replay.Unused");
    let text = error.to_string();
    assert!(
        text.contains("7 of the recorded exchanges") && text.contains("entry 3 (line"),
        "{text}"
    );
    assert_eq!(replay.unused().len(), 7);
    assert_eq!(replay.unused()[0].what, "setPowerState on /outlet/1");
}

#[tokio::test(start_paused = true)]
async fn strict_replay_ends_with_the_recording() {
    let (recording, _) = recording(&SESSION[..1]).await;
    let (agent, replay) = agent(Replay::strict(recording));
    call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
    replay.finish().unwrap();
    let error = call(&agent, "/outlet/1", "getState", "{}")
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("the recording ends here"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn tolerant_replay_takes_any_order_and_repeats_what_only_reads() {
    let (recording, _) = recording(SESSION).await;
    let (agent, _) = agent(Replay::tolerant(recording));
    let count = async || call(&agent, "/counter", "getCount", "{}").await.unwrap();
    assert_eq!(count().await, r#"{"_ret_":0}"#);
    let switch = async || call(&agent, "/outlet/1", "setPowerState", r#"{"pstate":1.0}"#).await;
    assert_eq!(switch().await.unwrap(), r#"{"_ret_":0}"#);
    for _ in 0..3 {
        assert_eq!(count().await, r#"{"_ret_":1}"#);
    }
    for _ in 0..2 {
        call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
    }
    let error = switch().await.unwrap_err();
    assert_eq!(error.code(), "Replay.Unknown");
    assert!(
        error
            .to_string()
            .contains("more often than it was recorded"),
        "{error}"
    );
    let error = call(&agent, "/outlet/1", "getStat", "{}")
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("nearest is entry 1 (line 5), getState on /outlet/1"),
        "{text}"
    );
    assert!(
        text.contains("method: recorded getState, made getStat"),
        "{text}"
    );
}

fn bulk<'a>(agent: &Agent, calls: &Calls<'a>) -> Vec<xerus_rpc::Call<Json>> {
    let calls = calls.iter();
    calls
        .map(|(rid, method, params)| agent.call(rid, method, json(params)))
        .collect()
}

const PLAIN: &Calls<'_> = &[
    ("/outlet/1", "getState", "{}"),
    ("/counter", "getCount", "{}"),
    ("/outlet/1", "fail", "{}"),
    ("/counter", "getCount", "{}"),
    ("/x", "getNothing", "{}"),
];

#[tokio::test(start_paused = true)]
async fn it_does_not_matter_who_bulks() {
    let (single, first) = recording(PLAIN).await;
    let (device, recorder) = recorded();
    let results = device.bulk(bulk(&device, PLAIN)).await.unwrap();
    assert_eq!(results.len(), PLAIN.len());
    let together = Recording::parse(&recorder.text().unwrap()).unwrap();
    for recording in [single, together] {
        for strict in [true, false] {
            let replay = |recording: &Recording| match strict {
                true => Replay::strict(recording.clone()),
                false => Replay::tolerant(recording.clone()),
            };
            let (alone, left) = agent(replay(&recording));
            assert_eq!(make(&alone, PLAIN).await, first);
            left.finish().unwrap();
            let (bulking, left) = agent(replay(&recording));
            let results = bulking.bulk(bulk(&bulking, PLAIN)).await.unwrap();
            let seen: Vec<_> = results
                .into_iter()
                .map(|result| told(result.map(|json| json.get().to_owned())))
                .collect();
            assert_eq!(seen, first);
            left.finish().unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_bulk_that_holds_an_unknown_call_uses_nothing_up() {
    let (recording, _) = recording(PLAIN).await;
    let (agent, replay) = agent(Replay::tolerant(recording));
    let calls: &Calls<'_> = &[PLAIN[0], ("/outlet/9", "getState", "{}")];
    let error = agent.bulk(bulk(&agent, calls)).await.unwrap_err();
    assert_eq!(error.code(), "Replay.Unknown");
    assert!(
        error
            .to_string()
            .contains("getState on /outlet/9 is not in the recording"),
        "{error}"
    );
    assert_eq!(replay.unused().len(), PLAIN.len());
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_that_of_the_whole_bulk() {
    let calls: &Calls<'_> = &[("/x", "break", "{}"), ("/outlet/1", "getState", "{}")];
    let (recording, _) = recording(calls).await;
    let (agent, _) = agent(Replay::strict(recording));
    let error = agent.bulk(bulk(&agent, calls)).await.unwrap_err();
    assert_eq!(error.code(), "ConnectionLost");
}

#[tokio::test(start_paused = true)]
async fn what_was_under_way_together_comes_in_any_order() {
    let (device, recorder) = recorded();
    let (a, b) = tokio::join!(
        call(&device, "/slow", "wait", "{}"),
        call(&device, "/outlet/1", "getState", "{}")
    );
    assert!(a.is_ok() && b.is_ok());
    call(&device, "/counter", "getCount", "{}").await.unwrap();
    let recording = Recording::parse(&recorder.text().unwrap()).unwrap();
    let (agent, replay) = agent(Replay::strict(recording));
    call(&agent, "/outlet/1", "getState", "{}").await.unwrap();
    // This one began when the slow one had ended.
    call(&agent, "/counter", "getCount", "{}")
        .await
        .unwrap_err();
    call(&agent, "/slow", "wait", "{}").await.unwrap();
    call(&agent, "/counter", "getCount", "{}").await.unwrap();
    replay.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn placeholders_stand_for_one_text_each() {
    let text = "xerus recording 1\norigin: x\n\ncall 1\nto: /auth/user/<user-1>\nmethod: getInfo\nresult: {\"n\": 1}\n\n\
                call 2\nto: /auth/user/<user-2>\nmethod: getInfo\nresult: {\"n\": 2}\n\n\
                call 3\nto: /auth\nmethod: set\nparams: {\"user\": \"<user-1>\", \"ip\": \"192.0.2.1:80\"}\nresult: null\n";
    let (agent, replay) = agent(Replay::tolerant(Recording::parse(text).unwrap()));
    let info = async |user: &str| {
        call(&agent, &format!("/auth/user/{user}"), "getInfo", "{}")
            .await
            .unwrap()
    };
    assert_eq!(info("anna").await, r#"{"n":1}"#);
    assert_eq!(info("bert").await, r#"{"n":2}"#);
    assert_eq!(info("anna").await, r#"{"n":1}"#);
    assert_eq!(info("<user-2>").await, r#"{"n":2}"#);
    let other = call(
        &agent,
        "/auth",
        "set",
        r#"{"user":"bert","ip":"10.0.0.1:80"}"#,
    )
    .await;
    assert!(other.is_err());
    call(
        &agent,
        "/auth",
        "set",
        r#"{"ip":"10.0.0.1:80","user":"anna"}"#,
    )
    .await
    .unwrap();
    replay.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn recorded_time_passes_where_it_is_wanted() {
    let calls: &Calls<'_> = &[("/slow", "wait", "{}"), ("/outlet/1", "getState", "{}")];
    let (recording, _) = recording(calls).await;
    let (quick, _) = agent(Replay::strict(recording.clone()));
    let begin = Instant::now();
    make(&quick, calls).await;
    assert_eq!(begin.elapsed(), Duration::ZERO);
    let (timed, _) = agent(Replay::tolerant(recording).in_recorded_time());
    let begin = Instant::now();
    make(&timed, calls).await;
    assert_eq!(begin.elapsed().as_millis(), 5010);
    let slow = timed
        .call("/slow", "wait", Json::EMPTY_OBJECT)
        .repeatable(true);
    let begin = Instant::now();
    let error = slow.timeout(Duration::from_secs(2)).await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.FirstByte", Outcome::Unknown)
    );
    assert_eq!(begin.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_given_up_gets_no_answer_again() {
    let (device, recorder) = recorded();
    let waiting = call(&device, "/slow", "hang", "{}");
    tokio::time::timeout(Duration::from_secs(1), waiting)
        .await
        .unwrap_err();
    let recording = Recording::parse(&recorder.text().unwrap()).unwrap();
    let (agent, _) = agent(Replay::strict(recording));
    let error = call(&agent, "/slow", "hang", "{}").await.unwrap_err();
    assert_eq!(
        (error.code(), error.outcome()),
        ("Timeout.FirstByte", Outcome::Unknown)
    );
}

#[tokio::test(start_paused = true)]
async fn notifications_and_progress_come_again() {
    let text = "xerus recording 1\norigin: x\n\nnotify 1\nto: /x\nmethod: ring\nended: nothing to answer\n\n\
                stream 2\nto: /x\nmethod: runTest\nprogress: 10\nprogress: 90\nresult: {\"_ret_\": 0}\n";
    let (agent, replay) = agent(Replay::strict(Recording::parse(text).unwrap()));
    assert!(agent.capabilities().notify && agent.capabilities().stream);
    agent
        .call("/x", "ring", Json::EMPTY_OBJECT)
        .notify()
        .await
        .unwrap();
    let request =
        xerus_rpc::wire::Request::untyped("/x", "runTest", xerus_rpc::wire::Values::none());
    let items: Vec<_> = Arc::clone(&replay).stream(request).collect().await;
    assert_eq!(items.len(), 3);
    assert!(matches!(&items[2], Ok(xerus_rpc::wire::Item::Final(_))));
    replay.finish().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_nobody_knows_is_an_error_of_the_recording() {
    for failure in [
        "{\"kind\": \"Weird\"}",
        "{}",
        "[1]",
        "{\"kind\": \"HttpStatus.Server\"}",
        "{\"kind\": \"ConnectionLost\", \"outcome\": \"maybe\"}",
        r#"{"kind": "Rpc", "code": 1.5}"#,
        r#"{"kind": "Rpc", "code": 99999999999999999999}"#,
        r#"{"kind": "Rpc", "code": true}"#,
    ] {
        let text = format!(
            "xerus recording 1\norigin: x\n\ncall 1\nto: /x\nmethod: get\nfailure: {failure}\n"
        );
        let (agent, _) = agent(Replay::strict(Recording::parse(&text).unwrap()));
        let error = call(&agent, "/x", "get", "{}").await.unwrap_err();
        assert_eq!(error.code(), "Replay.NotKept", "{failure}");
        assert!(error.to_string().contains("entry 1 (line 4)"), "{error}");
    }
}

#[test]
fn two_replays_are_two_devices() {
    let recording = Recording::new("https://<host-1>");
    let (a, b) = (Replay::strict(recording.clone()), Replay::strict(recording));
    assert_ne!(a.origin(), b.origin());
    assert!(a.origin().contains("https://<host-1>"));
    assert_eq!(a.with_origin("here").origin(), "here");
}

#[tokio::test(start_paused = true)]
async fn a_text_of_nothing_but_placeholders_is_compared_too() {
    let many = "<user-1> ".repeat(200_000);
    let text = format!(
        "xerus recording 1\norigin: x\n\ncall 1\nto: /x\nmethod: get\nparams: {{\"a\": \"{many}\"}}\nresult: null\n"
    );
    let (agent, _) = agent(Replay::strict(Recording::parse(&text).unwrap()));
    let error = call(&agent, "/x", "get", r#"{"a":"b"}"#).await.unwrap_err();
    assert_eq!(error.code(), "Replay.Different");
    let same = format!("{{\"a\":\"{}\"}}", "anna ".repeat(200_000));
    call(&agent, "/x", "get", &same).await.unwrap();
}
