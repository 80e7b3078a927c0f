//! `xerus recording convert` and `xerus call --record`.

#[path = "support/simulated.rs"]
mod simulated;
mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use simulated::Simulated;
use support::{directory, finish, with_input, xerus};
use xerus_rpc::recording::{Recording, Replay};
use xerus_rpc::{Agent, Json};

fn cassette() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cassettes/exporter.yaml")
}

fn converted() -> (String, String) {
    let path = cassette();
    let done = xerus([
        "recording",
        "convert",
        path.to_str().expect("UTF-8"),
        "--out",
        "-",
    ]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    (done.stdout, done.stderr)
}

#[test]
fn calls_without_bodies_are_found_again() {
    let (text, told) = converted();
    let recording = Recording::parse(&text).expect("a recording");
    let calls: Vec<_> = recording
        .entries()
        .iter()
        .map(|entry| {
            (
                entry.method().expect("a call"),
                entry.target(),
                entry.bulk(),
            )
        })
        .collect();
    let opaque = |kind: &str, name: &str| format!("/tfwopaque/{kind}/{name}");
    let inlet = opaque("pdumodel.Inlet:3.0.0", "inlet.0");
    let outlet = opaque("pdumodel.Outlet:3.0.0", "outlet.1");
    let slot = opaque("peripheral.DeviceSlot:4.0.1", "pDevSlot.1");
    let numeric = |name: &str| opaque("sensors.NumericSensor:4.0.5", name);
    for (at, method, rid, bulk) in [
        (0, "getInlets", "/model/pdu/0", Some(1)),
        (
            2,
            "getDeviceSlots",
            "/model/peripheraldevicemanager",
            Some(1),
        ),
        (3, "getMetaData", &inlet, Some(2)),
        (5, "getMetaData", &outlet, Some(2)),
        (10, "getSettings", &slot, Some(3)),
        (11, "getPoles", &inlet, Some(4)),
        (14, "getSensors", &outlet, Some(5)),
        (16, "getDevice", &slot, Some(5)),
        (17, "getMetaData", &numeric("I0Voltage"), Some(6)),
        (26, "getMetaData", &numeric("I0P1Current"), Some(6)),
        (27, "getMetaData", &numeric("EXT01N"), Some(6)),
        (28, "getReading", &numeric("I0Voltage"), Some(7)),
        (49, "getReading", &numeric("EXT01N"), Some(8)),
        (50, "getVersion", "/firmware", None),
        (51, "getState", "/nowhere", None),
        (52, "getInfo", "/auth/user/<user-1>", Some(9)),
        (53, "getState", "/nowhere", Some(9)),
    ] {
        assert_eq!(calls.get(at), Some(&(method, rid, bulk)), "call {at}");
    }
    assert_eq!(calls.len(), 54);
    // What nothing tells is left out, with its line.
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(
        told.contains("exporter.yaml: line ") && told.contains("was not recorded"),
        "{told}"
    );
    for secret in [
        "synth-user",
        "synth-password",
        "rack-synth",
        "SYNTH00042",
        "SYNTHDEV7",
        "c3ludGg",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn a_converted_cassette_replays() {
    let recording = Recording::parse(&converted().0).expect("a recording");
    let replay = Arc::new(Replay::strict(recording.clone()));
    let agent = Agent::with_transport(replay.clone());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        for entry in recording.entries() {
            let method = entry.method().expect("a call");
            let answer = agent.call(entry.target(), method, Json::EMPTY_OBJECT).await;
            match entry.result() {
                Some(result) => assert_eq!(answer.expect("an answer"), result),
                None => assert_eq!(answer.expect_err("a status").http_status(), Some(404)),
            }
        }
    });
    replay.finish().expect("all of it was used");
}

#[test]
fn what_is_no_cassette_is_refused() {
    for (text, words) in [
        ("", "the cassette is empty"),
        ("a: 1\n", "`interactions` is missing"),
        ("interactions: []\n", "it has 0 devices"),
        ("interactions:\n- request: {}\n", "it has 0 devices"),
        ("interactions:\n- \"open\n", "line "),
        (": [", "line "),
        ("interactions: *nowhere\n", "line "),
    ] {
        let done = with_input(
            &["recording", "convert", "-", "--out", "-"],
            text.as_bytes(),
        );
        assert_eq!(done.code, Some(1), "{text}: {}", done.stderr);
        assert!(done.stderr.contains(words), "{text}: {}", done.stderr);
        assert!(!done.stderr.contains("panicked"), "{text}: {}", done.stderr);
    }
    let deep = format!("interactions: {}", "[".repeat(5000));
    let done = with_input(
        &["recording", "convert", "-", "--out", "-"],
        deep.as_bytes(),
    );
    assert_eq!(done.code, Some(1), "{}", done.stderr);
}

#[test]
fn one_of_several_devices_is_chosen() {
    let text = std::fs::read_to_string(cassette()).expect("the cassette");
    let other = text
        .split_once("interactions:\n")
        .expect("a list")
        .1
        .replace("rack-synth.example.com", "rack-other.example.com")
        .replace("version: 1\n", "")
        .replace("&id", "&other");
    let both = text.replace("version: 1\n", &other);
    let run = |more: &[&str]| {
        let arguments = [&["recording", "convert", "-", "--out", "-"], more].concat();
        with_input(&arguments, both.as_bytes())
    };
    let done = run(&[]);
    assert_eq!(done.code, Some(2), "{}", done.stderr);
    assert!(
        done.stderr
            .contains("2 devices: choose one with --device 1 to --device 2"),
        "{}",
        done.stderr
    );
    assert_eq!(run(&["--device", "2"]).code, Some(0));
    assert_eq!(run(&["--device", "3"]).code, Some(1));
}

#[test]
fn a_call_is_recorded() {
    let folder = directory(&[]);
    let file = folder.path().join("pdu.recording");
    let path = file.to_str().expect("UTF-8");
    // Nothing listens there; that is an exchange, too.
    let done = xerus([
        "call",
        "http://127.0.0.1:1",
        "/model/pdu/0",
        "getMetaData",
        "--record",
        path,
    ]);
    assert_eq!(done.code, Some(3), "{}", done.stderr);
    let recording = Recording::read(&file).expect("a recording");
    assert_eq!(recording.entries().len(), 1);
    assert_eq!(recording.entries()[0].method(), Some("getMetaData"));
    let text = recording.to_string();
    assert!(text.contains("\"kind\": \"Connect.Refused\""), "{text}");
}

/// A disk that is full does not undo what the device did.
#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_could_not_be_recorded_is_printed() {
    let device = Simulated::start(&[]);
    let mut command = device.call();
    command.args(["/firmware", "getVersion", "--record", "/dev/full"]);
    let done = finish(&mut command);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert_eq!(done.stdout, "{\"_ret_\":\"4.4.1.5-53217\"}\n");
    assert!(done.stderr.contains("cannot write /dev/full"), "{done:?}");
}
