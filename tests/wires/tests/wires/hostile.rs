//! Peers that do what they must not: every call ends, in time, with an error that says what was wrong.

use std::sync::Arc;
use std::time::{Duration, Instant};

use xerus_rpc::wire::Transport;
use xerus_rpc::{Agent, Outcome};
use xerus_wires_tests::api::bench::Scale;
use xerus_wires_tests::bench::RID;
use xerus_wires_tests::positional::Positional;
use xerus_wires_tests::session::Session;

use crate::aids::peer;

/// What a peer says, and the error of the first call.
const SAID: &[(&[u8], &str)] = &[
    (b"HTTP/1.1 400 Bad Request\r\n\r\n", "Protocol"),
    (b"12345678901234567890", "Protocol"),
    (b"007:[1,\"ok\",[]],", "Protocol"),
    (b":,", "Protocol"),
    (b"-5:hello,", "Protocol"),
    (b"5:hello,", "Protocol"),
    (b"2:{},", "Protocol"),
    (b"2:[],", "Protocol"),
    (b"0:,", "Protocol"),
    (b"4:null,", "Protocol"),
    (b"2:\xff\xfe,", "Protocol"),
    (b"2:[]x", "Protocol"),
    (b"10:[1,\"what\"],", "Protocol"),
    (b"12:[\"what\",1,2],", "Protocol"),
    (b"999999999:", "ResponseTooLarge"),
    (b"70000:", "ResponseTooLarge"),
];

fn scales(answer: &'static [u8], stay: bool) -> Vec<Scale> {
    let wires: [Arc<dyn Transport>; 3] = [
        Arc::new(Positional::new("one", false, peer(answer, stay))),
        Arc::new(Positional::new("many", true, peer(answer, stay))),
        Arc::new(Session::new("session", peer(answer, stay))),
    ];
    wires
        .into_iter()
        .map(|wire| Scale::at(&Agent::with_transport(wire), RID))
        .collect()
}

#[tokio::test]
async fn garbage_is_an_error_at_once() {
    for (said, code) in SAID {
        for scale in scales(said, true) {
            let start = Instant::now();
            let error = scale.clear().await.unwrap_err();
            assert_eq!(error.code(), *code, "{}: {error:?}", said.escape_ascii());
            assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
            assert!(!error.is_retryable(), "{error:?}");
            assert!(error.to_string().len() < 500, "{error}");
            assert!(start.elapsed() < Duration::from_secs(5), "{error:?}");
            // And the next call gets a connection of its own.
            let error = scale.get_reading().await.unwrap_err();
            assert_eq!(error.code(), *code, "{error:?}");
        }
    }
}

#[tokio::test]
async fn half_an_answer_is_a_lost_connection() {
    for said in [&b""[..], b"20:[1,\"ok\",", b"5"] {
        for scale in scales(said, false) {
            let error = scale.clear().await.unwrap_err();
            let code = if said == b"5" {
                "Protocol"
            } else {
                "ConnectionLost"
            };
            assert_eq!(error.code(), code, "{}", said.escape_ascii());
            assert_eq!(error.outcome(), Outcome::Unknown);
        }
    }
}

#[tokio::test]
async fn silence_and_answers_to_others_end_with_the_time() {
    // Ids that nobody waits for are no reason to end a connection on which others wait.
    let silence = scales(b"", true);
    let positional = scales(b"13:[99,\"ok\",[7]],", true).into_iter().take(2);
    let session = scales(b"24:[\"result\",99,{},[{}],{}],", true)
        .into_iter()
        .skip(2);
    for scale in silence.into_iter().chain(positional).chain(session) {
        let start = Instant::now();
        let call = scale.clear().timeout(Duration::from_millis(60));
        let error = call.await.unwrap_err();
        assert_eq!(error.code(), "Timeout.FirstByte", "{error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(60) && took < Duration::from_secs(5));
    }
}

#[tokio::test]
async fn results_that_are_none_are_told_with_their_place() {
    for (said, path) in [
        (&b"13:[1,\"ok\",[[]]],"[..], "_ret_"),
        (b"11:[1,\"ok\",[]],", "_ret_"),
        (b"13:[1,\"ok\",[{}]],", "_ret_"),
    ] {
        let transport = Positional::new("one", true, peer(said, true));
        let agent = Agent::with_transport(Arc::new(transport));
        let error = Scale::at(&agent, RID).add(1, 1).await.unwrap_err();
        assert!(error.code().starts_with("Decode."), "{error:?}");
        assert_eq!(error.path().as_deref(), Some(path), "{error:?}");
        assert_eq!(error.outcome(), Outcome::Executed);
    }
}

#[tokio::test]
async fn a_stream_from_a_hostile_peer_ends() {
    let reports = b"26:[\"progress\",1,[\"no type\"]],2:{},";
    let transport = Session::new("session", peer(reports, true));
    let agent = Agent::with_transport(Arc::new(transport));
    let mut stream = Scale::at(&agent, RID).weigh(3).stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), "Decode.WrongType", "{error:?}");
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.code(), "Protocol", "{error:?}");
    assert!(stream.next().await.is_none());
}
