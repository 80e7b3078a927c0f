//! Recorded from a device of firmware 4.0.20, played to bindings of 4.4.1.

#![allow(clippy::unwrap_used)] // tests may stop at what they do not expect

use std::sync::Arc;

use xerus_recordings_tests::{new_session, old_session};
use xerus_rpc::recording::{Recorder, Recording, Redaction, Replay};
use xerus_rpc::{Agent, Compatibility};
use xerus_sim::{Firmware, Simulator};

const USER: &str = "operator";
const PASSWORD: &str = "correct horse";

/// A session over HTTPS, in a file.
async fn recorded() -> String {
    let device = Simulator::builder()
        .firmware(Firmware::V4_0_20)
        .outlets(3)
        .user(USER, PASSWORD)
        .https(true)
        .start()
        .await
        .unwrap();
    let recorder = Recorder::in_memory(Redaction::new().value(USER, "user"));
    let for_agent = recorder.clone();
    let agent = Agent::builder(device.url())
        .basic_auth(USER, PASSWORD)
        .root_certificate_pem(device.certificate_pem().unwrap())
        .layer(move |transport| for_agent.around(transport))
        .build()
        .unwrap();
    old_session(&agent).await.unwrap();
    recorder.finish().unwrap();
    recorder.text().unwrap()
}

#[tokio::test]
async fn what_an_older_firmware_does_not_have_is_named() {
    let text = recorded().await;
    for secret in [USER, PASSWORD] {
        assert!(!text.contains(secret), "{text}");
    }
    let recording = Recording::parse(&text).unwrap();
    assert!(
        recording
            .entries()
            .iter()
            .any(|entry| entry.bulk() == Some(1))
    );

    let replay = Arc::new(Replay::tolerant(recording));
    let agent = Agent::with_transport(replay.clone());
    let outlets = new_session(&agent).await.unwrap();
    assert_eq!(outlets.len(), 3);
    let first = &outlets[0];
    assert_eq!(first.label, "1");
    // The resource ids and types are those of the device, not those of the bindings.
    assert!(first.rid.starts_with("/tfwopaque/"), "{}", first.rid);
    assert!(text.contains(&format!("\"rid\": \"{}\"", first.rid)));
    assert!(text.contains(&format!("\"type\": \"{}\"", first.reported)));
    assert_eq!(first.compatibility, Compatibility::OlderMinor);
    // What came with a later firmware.
    assert_eq!(first.missing, ["hasServiceModeSupport"]);

    // What the newer program does not ask for is told.
    let left = replay.unused();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].what, "getMetaData on /model/pdu/0");
    assert_eq!(replay.finish().unwrap_err().code(), "Replay.Unused");
}

#[tokio::test]
async fn a_recording_that_was_edited_plays_what_it_says_now() {
    let text = recorded().await;
    let edited = text.replacen("\"label\": \"1\"", "\"label\": \"pump\"", 1);
    assert_ne!(edited, text);
    let agent = |text: &str| {
        let recording = Recording::parse(text).unwrap();
        Agent::with_transport(Arc::new(Replay::tolerant(recording)))
    };
    let outlets = new_session(&agent(&edited)).await.unwrap();
    assert_eq!(outlets[0].label, "pump");
    // A strict replay is one for the same program only.
    let recording = Recording::parse(&text).unwrap();
    let replay = Arc::new(Replay::strict(recording));
    old_session(&Agent::with_transport(replay.clone()))
        .await
        .unwrap();
    replay.finish().unwrap();
    let recording = Recording::parse(&text).unwrap();
    let newer = Agent::with_transport(Arc::new(Replay::strict(recording)));
    let error = new_session(&newer).await.unwrap_err();
    assert_eq!(error.code(), "Replay.Different");
    assert!(
        error
            .to_string()
            .contains("getMetaData on /model/pdu/0 next (entry 1, line 5)"),
        "{error}"
    );
}
