//! Both sides beside programs that are not ours: a client in Python against the unit, and our client against a unit in Python
//! (`tests/peers/ripex2`).
//!
//! Where there is no Python the tests are skipped, unless the variable `XERUS_PEERS` is `required`.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use xerus_ripex2_tests::api::ripex2::Unit;
use xerus_ripex2_tests::options::{End, Options};
use xerus_ripex2_tests::unit;
use xerus_rpc::action::{Action, ActionError};
use xerus_rpc::ripex2::{Details, Ripex2};
use xerus_rpc::{Agent, Error, Json};

const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../peers/ripex2");
const LONG: Duration = Duration::from_secs(60);

fn has_python() -> bool {
    let version = std::process::Command::new("python3")
        .arg("--version")
        .output();
    let has = version.is_ok_and(|output| output.status.success());
    let required = std::env::var_os("XERUS_PEERS").is_some_and(|value| value == "required");
    assert!(
        has || !required,
        "XERUS_PEERS=required, but there is no python3"
    );
    has
}

/// What the client in Python ends with.
async fn save(options: Options, text: &str, password: &str, patient: bool) -> (i32, String) {
    let (serving, _) = unit::serve(&options).await.unwrap();
    let mut command = Command::new("python3");
    command
        .arg(format!("{PEERS}/save.py"))
        .args([&serving.url(), text, password]);
    if patient {
        command.arg("--patient");
    }
    let output = command.kill_on_drop(true).output();
    let output = tokio::time::timeout(LONG, output).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code().unwrap_or(-1), said)
}

/// A unit whose actions take a second.
fn quick() -> Options {
    Options {
        busy: Duration::from_secs(1),
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_in_python_saves_settings_of_our_unit() {
    if !has_python() {
        return;
    }
    let away = Options {
        offline: Duration::from_secs(2),
        busy: Duration::from_millis(400),
        ..Options::default()
    };
    let gone = Options {
        forget: true,
        ..away.clone()
    };
    let never = Options {
        told: [1, 1, 0, 3],
        never: true,
        ..Options::default()
    };
    let end = |end| Options { end, ..quick() };
    let long = "x".repeat(50);
    // What the impatient client ends with, and the patient one.
    let cases: [(&str, Options, &str, &str, [i32; 2]); 12] = [
        ("busy", quick(), "Test 123", unit::PASSWORD, [0, 0]),
        ("away", away, "Test 123", unit::PASSWORD, [6, 0]),
        (
            "session gone",
            Options {
                forget: true,
                ..quick()
            },
            "Test 123",
            unit::PASSWORD,
            [6, 0],
        ),
        ("both", gone, "Test 123", unit::PASSWORD, [6, 0]),
        (
            "put off",
            Options {
                unavailable: 2,
                ..quick()
            },
            "Test 123",
            unit::PASSWORD,
            [4, 0],
        ),
        ("never", never, "Test 123", unit::PASSWORD, [5, 5]),
        (
            "failed",
            end(End::Error),
            "Test 123",
            unit::PASSWORD,
            [4, 4],
        ),
        ("minor", end(End::Minor), "Test 123", unit::PASSWORD, [4, 3]),
        ("lost", end(End::Lost), "Test 123", unit::PASSWORD, [4, 4]),
        ("too long", quick(), &long, unit::PASSWORD, [4, 4]),
        ("forbidden", quick(), "a$b", unit::PASSWORD, [4, 4]),
        ("password", quick(), "Test 123", "guess", [6, 6]),
    ];
    let runs = cases
        .into_iter()
        .flat_map(|(name, options, text, password, expected)| {
            [false, true].map(|patient| {
                let options = options.clone();
                async move {
                    let (status, said) = save(options, text, password, patient).await;
                    let expected = expected[usize::from(patient)];
                    assert_eq!(status, expected, "{name}, patient {patient}: {said}");
                }
            })
        });
    futures_util::future::join_all(runs).await;
}

/// The unit in Python, while it runs.
async fn python_unit(faults: &[&str]) -> (Child, String) {
    let mut child = Command::new("python3")
        .arg(format!("{PEERS}/unit.py"))
        .args(faults)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let port = tokio::time::timeout(LONG, lines.next_line())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    (child, format!("http://127.0.0.1:{port}"))
}

async fn begin(
    agent: &Agent,
    text: &str,
) -> Result<Action<(), xerus_ripex2_tests::api::ripex2::SettingsState>, Error> {
    let unit = Unit::at(agent, "");
    let settings = unit.settings_get().await?;
    let mut config: serde_json::Value = serde_json::from_str(settings.config_data.get()).unwrap();
    config["main"]["RR_StationDesc"] = text.into();
    let config: Json = config.to_string().parse()?;
    Ok(unit.settings_save_init(&config).await?)
}

/// What our client comes to: a word for the end.
async fn ours(faults: &[&str], text: &str, password: &str) -> &'static str {
    let (_child, url) = python_unit(faults).await;
    let agent = Ripex2::builder(url)
        .login("admin", password)
        .busy_logins(3, Duration::from_millis(200))
        .build()
        .unwrap();
    let mut action = match begin(&agent, text).await {
        Ok(action) => action,
        Err(error) if error.as_rpc().is_some() => {
            assert_eq!(
                Details::of(&error).unwrap().suberrors[0].seids,
                ["main.RR_StationDesc"]
            );
            assert!(!error.may_have_executed(), "{error}");
            return "refused";
        }
        Err(error) => {
            assert!(!error.may_have_executed(), "{error}");
            return error.code();
        }
    };
    let end = tokio::time::timeout(LONG, action.wait()).await.unwrap();
    match end {
        Ok(saved) => {
            assert!(saved.config_data.get().contains(text));
            if action.warnings().is_empty() {
                "saved"
            } else {
                "saved, warned"
            }
        }
        Err(ActionError::TimedOut { .. }) => "not in time",
        Err(ActionError::Failed(error)) if error.as_rpc().unwrap().result.is_some() => {
            "failed with result"
        }
        Err(ActionError::Failed(_)) => "failed",
        Err(_) => "stopped",
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn our_client_saves_settings_of_a_unit_in_python() {
    if !has_python() {
        return;
    }
    let long = "x".repeat(50);
    let cases: [(&[&str], &str, &str, &str); 14] = [
        (&[], "Test 123", "mock-password", "saved"),
        (&["away"], "Test 123", "mock-password", "saved"),
        (&["forget"], "Test 123", "mock-password", "saved"),
        (&["away", "forget"], "Test 123", "mock-password", "saved"),
        (&["unavailable"], "Test 123", "mock-password", "saved"),
        (&["busy-login"], "Test 123", "mock-password", "saved"),
        (&["warn"], "Test 123", "mock-password", "saved, warned"),
        (&["minor"], "Test 123", "mock-password", "saved, warned"),
        (&["never"], "Test 123", "mock-password", "not in time"),
        (
            &["error"],
            "Test 123",
            "mock-password",
            "failed with result",
        ),
        (&["lost"], "Test 123", "mock-password", "failed"),
        (&[], &long, "mock-password", "refused"),
        (&[], "a$b", "mock-password", "Encode.ForbiddenCharacter"),
        (&[], "Test 123", "guess", "Auth.LoginRefused"),
    ];
    let runs = cases
        .into_iter()
        .map(|(faults, text, password, expected)| async move {
            assert_eq!(
                ours(faults, text, password).await,
                expected,
                "{faults:?} {text} {password}"
            );
        });
    futures_util::future::join_all(runs).await;
}
