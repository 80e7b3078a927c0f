//! The vendor's own Python client against the simulated device: it lists, reads, changes and switches, and whatever it
//! made of the answers is compared with what the device knows.
//!
//! `install.sh` puts the client into `target/peers`. Where it is not installed the test is skipped, unless the variable
//! `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

mod expected;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Once;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;
use xerus_sim::{Clock, Running, Simulator};

const PASSWORD: &str = "pa:ss wörd";

/// Steps by name.
type Steps = BTreeMap<String, Value>;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The interpreter that has the client; `None` when it is not installed.
async fn python() -> Option<PathBuf> {
    let place = workspace().join("target/peers/raritan-4.0.20");
    let python = place.join("bin/python");
    let works = place.join("complete").exists()
        && Command::new(&python)
            .args(["-c", "import raritan.rpc"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await
            .is_ok_and(|status| status.success());
    if !works {
        assert!(
            std::env::var_os("XERUS_PEERS").is_none_or(|value| value != "required"),
            "XERUS_PEERS=required, but the python raritan client is not installed (run tests/peers/install.sh)"
        );
        // Not through `eprintln!`, which the test harness keeps to itself while all is well.
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            let line = "skipped: python raritan client (run tests/peers/install.sh)\n";
            let _ = std::io::stderr().write_all(line.as_bytes());
        });
    }
    works.then_some(python)
}

/// Runs the script; its steps by name.
async fn drive(python: &Path, device: &Running) -> Steps {
    let (scheme, host) = device.url().split_once("://").unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/drive.py");
    let mut command = Command::new(python);
    command
        .arg(script)
        .args([scheme, host, "admin"])
        .env("XERUS_PASSWORD", PASSWORD)
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(120), command.output())
        .await
        .expect("the client takes more than two minutes")
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the client failed: {stderr}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let mut step: Value = serde_json::from_str(line).unwrap();
            (
                step["step"].as_str().unwrap().to_owned(),
                step["value"].take(),
            )
        })
        .collect()
}

/// Compares steps with what is expected of them; names all that differ.
fn compare(steps: &mut Steps, expected: impl IntoIterator<Item = (String, Value)>) {
    let mut wrong = Vec::new();
    for (step, expected) in expected {
        match steps.remove(&step) {
            Some(found) if found == expected => {}
            Some(found) => wrong.push(format!("{step}\n  client: {found}\n  device: {expected}")),
            None => wrong.push(format!("{step}: the client did not report it")),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} answers differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

async fn python_client_over(https: bool, three_phase: bool) {
    let Some(python) = python().await else { return };
    // Time stands still: what the client reads is what the device still knows afterwards.
    let clock = Clock::frozen_at(1_700_000_000);
    let mut make_up = xerus_sim::MakeUp::default();
    (make_up.three_phase, make_up.overcurrent_protectors) =
        (three_phase, if three_phase { 6 } else { 2 });
    let device = Simulator::builder()
        .make_up(make_up)
        .user("admin", PASSWORD)
        .https(https)
        .clock(clock)
        .listen("127.0.0.1:0")
        .start()
        .await
        .unwrap();
    let before = expected::reading(device.device());
    let mut steps = drive(&python, &device).await;
    println!(
        "python raritan client at {}: {} answers to compare",
        device.url(),
        steps.len()
    );
    compare(&mut steps, before);
    compare(&mut steps, expected::changing(device.device()));
    compare(&mut steps, expected::refusals());
    assert_eq!(steps, Steps::new(), "steps that nobody checked");
}

#[tokio::test(flavor = "multi_thread")]
async fn python_client_over_http() {
    python_client_over(false, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn python_client_over_https() {
    python_client_over(true, true).await;
}

/// The comparison itself: a difference must not go unnoticed.
#[test]
#[should_panic(expected = "1 answers differ:\na\n  client: 1\n  device: 2")]
fn differences_are_named() {
    compare(
        &mut Steps::from([("a".to_owned(), json!(1))]),
        [("a".to_owned(), json!(2))],
    );
}
