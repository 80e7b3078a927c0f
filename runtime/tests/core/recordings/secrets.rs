//! What must not stand in a recording.

use std::sync::Arc;

use xerus_rpc::recording::{Recorder, Recording, Redaction};
use xerus_rpc::{Agent, Credentials, Json};

use super::device::{
    ADDRESS, ASSET, Device, HOST, MAC, PASSWORD, SERIAL, TOKEN, USER, call, recorded, recorded_with,
};

/// Everything that a session says of who is who.
async fn session(agent: &Agent) {
    for (rid, method, params) in [
        // The log first: what it tells is known only later.
        ("/log", "getEntries", "{}"),
        ("/session", "newSession", "{}"),
        (
            "/auth",
            "setPassword",
            r#"{"password":"Tr0ub4dor&3","note":"was Tr0ub4dor&3"}"#,
        ),
        ("/auth/user/operator7", "getInfo", "{}"),
        ("/pdu", "getMetaData", "{}"),
        ("/snmp", "getConfiguration", "{}"),
        ("/outlet/1", "getName", "{}"),
        ("/echo", "say", r#"{"text":"bye, operator7!"}"#),
    ] {
        call(agent, rid, method, params).await.unwrap();
    }
}

#[track_caller]
fn assert_absent(text: &str, secrets: &[&str]) {
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in the file:\n{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_secret_and_no_name_is_in_a_recording() {
    let (agent, recorder) = recorded_with(Redaction::new().value(ASSET, "asset"));
    session(&agent).await;
    let text = recorder.text().unwrap();
    let secrets = [
        HOST,
        "rack4",
        USER,
        PASSWORD,
        TOKEN,
        SERIAL,
        ADDRESS,
        MAC,
        ASSET,
        "alice",
        "c0mmun1ty",
    ];
    assert_absent(&text, &secrets);
    // The same has the same name everywhere, also where it was written before it was known.
    assert!(
        text.contains("User <user-1> logged in from 192.0.2.1 with <token-1>"),
        "{text}"
    );
    assert!(
        text.contains("<host-1> (00:00:5e:00:53:01, <serial-1>) started"),
        "{text}"
    );
    assert!(text.contains("\"note\": \"was <password-1>\""), "{text}");
    assert!(text.contains("to: /auth/user/<user-1>\n"), "{text}");
    assert!(
        text.contains("{\"key\": \"community\", \"value\": \"<community-1>\"}"),
        "{text}"
    );
    assert!(text.contains("\"bye, <user-1>!\""), "{text}");
    // What is no secret stays.
    assert!(text.contains("\"fwRevision\": \"4.0.20.5\""), "{text}");
    assert!(
        text.contains("{\"key\": \"port\", \"value\": \"161\"}"),
        "{text}"
    );
    assert!(
        text.contains("{\"rid\": \"/outlet/1\", \"type\": \"pdumodel.Outlet:2.1.7\"}"),
        "{text}"
    );
    recorder.finish().unwrap();
}

#[tokio::test]
async fn what_was_written_too_early_is_mended_in_the_file() {
    let folder = std::env::temp_dir().join(format!("xerus-mended-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("pdu.recording");
    let recorder = Recorder::create(&path, Redaction::new()).unwrap();
    let agent = Agent::with_transport(recorder.around(Arc::new(Device::default())));
    call(&agent, "/log", "getEntries", "{}").await.unwrap();
    let before = std::fs::read_to_string(&path).unwrap();
    // Nothing tells yet what these are.
    assert!(before.contains(USER) && before.contains(TOKEN));
    assert_absent(&before, &[HOST, ADDRESS, MAC]);
    let credentials = Credentials::basic(USER, PASSWORD);
    agent.login(credentials).await.unwrap();
    agent.login(Credentials::token(TOKEN)).await.unwrap();
    assert_absent(&std::fs::read_to_string(&path).unwrap(), &[USER, TOKEN]);
    call(&agent, "/pdu", "getMetaData", "{}").await.unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_absent(&text, &[HOST, USER, TOKEN, SERIAL, ADDRESS, MAC]);
    assert_eq!(Recording::parse(&text).unwrap().entries().len(), 2);
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert_eq!(files.len(), 1, "nothing is left beside it");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_short_name_is_replaced_where_it_is_one_and_nowhere_else() {
    let (agent, recorder) = recorded_with(Redaction::new().member("text", "word"));
    call(
        &agent,
        "/echo",
        "say",
        r#"{"text":"al","count":"al","rid":"al"}"#,
    )
    .await
    .unwrap();
    let text = recorder.text().unwrap();
    assert!(
        text.contains(r#"{"text": "<word-1>", "count": "al", "rid": "al"}"#),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn secrets_are_found_in_what_is_no_json_and_in_what_holds_more() {
    let recorder = Recorder::in_memory(Redaction::new());
    let page = r#"<html>{"password":"hunter2!","x":1 at 10.9.8.7"#;
    let broken = super::super::aids::canned(move |_, _| Ok(page.to_owned()));
    let agent = Agent::with_transport(recorder.around(broken));
    let params = r#"{"credentials":{"a":["s3cr3t-1",{"b":"s3cr3t-2"}]},"pem":"-----BEGIN PRIVATE KEY-----\nMII"}"#;
    call(&agent, "/x", "do", params).await.unwrap_err();
    let text = recorder.text().unwrap();
    assert_absent(&text, &["hunter2", "10.9.8.7", "s3cr3t", "MII"]);
}

#[test]
fn redacting_twice_is_redacting_once() {
    let text = "xerus recording 1\norigin: https://10.1.1.1\n\ncall 1\nto: /auth/user/bob-the-user\nmethod: say\n\
                params: {\"password\": \"abcdef\"}\nresult: {\"ip\": \"10.1.1.1\", \"who\": \"bob-the-user\"}\n";
    let once = Recording::parse(text)
        .unwrap()
        .redacted(Redaction::new())
        .to_string();
    assert_absent(&once, &["10.1.1.1", "bob", "abcdef"]);
    let twice = Recording::parse(&once).unwrap().redacted(Redaction::new());
    assert_eq!(twice.to_string(), once);
}

#[test]
fn what_must_not_be_seen_is_not_in_debug_output() {
    let redaction = Redaction::new().value(PASSWORD, "password");
    assert!(!format!("{redaction:?}").contains(PASSWORD));
    let (_, recorder) = recorded();
    assert!(!format!("{recorder:?}").contains(HOST));
    let _ = Json::NULL;
}
