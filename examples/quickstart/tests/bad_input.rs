//! What the quickstart says when something is wrong: one clear line on standard error, and exit code 1.
//!
//! The program itself is run, as `cargo test` has built it; the device is simulated.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use tokio::process::Command;
use xerus_sim::{Certificate, Fault, Firmware, Power, Running, Simulator, SimulatorBuilder};

const PASSWORD: &str = "correct horse";

/// The example that cargo built beside this test.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let directory = test.parent().and_then(|deps| deps.parent()).unwrap();
    let program = directory
        .join("examples")
        .join(format!("quickstart{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is missing: cargo build -p quickstart --example quickstart",
        program.display()
    );
    program
}

async fn run(arguments: &[&str], password: Option<&str>) -> Output {
    let mut command = Command::new(program());
    command
        .args(arguments)
        .env_remove("XERUS_PASSWORD")
        .kill_on_drop(true);
    if let Some(password) = password {
        command.env("XERUS_PASSWORD", password);
    }
    tokio::time::timeout(Duration::from_secs(60), command.output())
        .await
        .expect("no end within a minute")
        .unwrap()
}

/// The one line that the program ends with. The port, which differs from run to run, becomes `PORT`, and fingerprint
/// and date of a certificate that was made for the run `SHA256` and `DATE`.
async fn complaint(arguments: &[&str], password: Option<&str>, device: Option<&Running>) -> String {
    let output = run(arguments, password).await;
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {stderr}");
    assert_eq!(
        (stderr.lines().count(), stderr.ends_with('\n')),
        (1, true),
        "{arguments:?}: {stderr}"
    );
    assert!(!stderr.contains(PASSWORD), "{stderr}");
    let port = device.map(|device| device.address().port().to_string());
    let line = stderr
        .trim_end()
        .strip_prefix("quickstart: ")
        .expect("the program's name")
        .split(' ')
        .map(|word| match word {
            _ if is_fingerprint(word) => "SHA256",
            _ if is_date(word) => "DATE;",
            _ => word,
        })
        .collect::<Vec<_>>()
        .join(" ");
    port.map_or_else(
        || line.clone(),
        |port| line.replace(&format!(":{port}"), ":PORT"),
    )
}

fn is_fingerprint(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_date(word: &str) -> bool {
    let shape: String = word
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000-00-00T00:00:00Z;"
}

/// A device with the usual account; HTTPS.
fn device() -> SimulatorBuilder {
    Simulator::builder()
        .firmware(Firmware::V4_0_20)
        .user("admin", PASSWORD)
        .https(true)
        .listen("127.0.0.1:0")
}

/// What the program says to this device when its certificate is trusted.
async fn trusting(device: &Running, more: &[&str], password: &str) -> String {
    let ca = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(ca.path(), device.certificate_pem().unwrap()).unwrap();
    let mut arguments = vec!["--url", device.url(), "--ca", ca.path().to_str().unwrap()];
    arguments.extend(more);
    complaint(&arguments, Some(password), Some(device)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_devices_do() {
    let mut said = String::new();
    let mut note = |case: &str, line: String| writeln!(said, "{case}: {line}").unwrap();

    let usual = device().start().await.unwrap();
    note("wrong password", trusting(&usual, &[], "guess").await);
    note(
        "unknown resource id",
        trusting(&usual, &["--rid", "/model/pdu/7"], PASSWORD).await,
    );
    note(
        "not a PDU",
        trusting(&usual, &["--rid", "/model/pdu/0/outlet/0"], PASSWORD).await,
    );
    note(
        "no such outlet",
        trusting(&usual, &["--switch", "9"], PASSWORD).await,
    );
    note(
        "unknown certificate",
        complaint(&["--url", usual.url()], Some(PASSWORD), Some(&usual)).await,
    );

    for (case, fault) in [
        ("truncated answer", Fault::TruncateBody),
        ("closed without answer", Fault::CloseUnanswered),
        ("answer to somebody else", Fault::WrongId),
        (
            "password must be changed",
            Fault::Status {
                code: 451,
                body: String::new(),
            },
        ),
        (
            "broken server",
            Fault::Status {
                code: 500,
                body: "<h1>Internal\nError</h1>".to_owned(),
            },
        ),
        (
            "redirect",
            Fault::Redirect {
                code: 302,
                location: "https://pdu.example.com/".to_owned(),
            },
        ),
    ] {
        usual.faults().inject(fault);
        note(case, trusting(&usual, &[], PASSWORD).await);
        usual.faults().clear();
    }

    let newer = |from: &str, to: &str| Fault::Rewrite {
        from: from.to_owned(),
        to: to.to_owned(),
    };
    usual
        .faults()
        .inject(newer("pdumodel.Pdu:6.", "pdumodel.Pdu:7."));
    note(
        "device of another major version",
        trusting(&usual, &[], PASSWORD).await,
    );
    usual.faults().clear();
    usual
        .faults()
        .inject(newer("pdumodel.Outlet:3.", "pdumodel.Outlet:4."));
    note(
        "outlets of another major version",
        trusting(&usual, &["--switch", "1"], PASSWORD).await,
    );
    usual.faults().clear();
    assert!(
        usual.device().latest_events().is_empty(),
        "something was switched"
    );

    let other_name = device()
        .certificate(Certificate::self_signed().names(["pdu.example.com"]))
        .start()
        .await
        .unwrap();
    note(
        "wrong host name",
        trusting(&other_name, &[], PASSWORD).await,
    );
    let expired = device()
        .certificate(Certificate::self_signed().expired())
        .start()
        .await
        .unwrap();
    note(
        "expired certificate",
        trusting(&expired, &[], PASSWORD).await,
    );

    let gone = device().start().await.unwrap();
    let url = gone.url().to_owned();
    let address = gone.address();
    drop(gone);
    let line = complaint(&["--url", &url], Some(PASSWORD), None).await;
    note(
        "unreachable",
        line.replace(&format!(":{}", address.port()), ":PORT"),
    );

    insta::assert_snapshot!(said);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_do() {
    let mut said = String::new();
    for arguments in [
        ["--url", "pdu.example.com"].as_slice(),
        &["--url", "https://admin:secret@pdu.example.com"],
        &["--url", "https://pdu.example.com", "--user", "a:b"],
        &[
            "--url",
            "https://pdu.example.com",
            "--ca",
            "no-such-file.pem",
        ],
        &["--url", "https://pdu.example.com", "--ca", "build.rs"],
        &["--url", "https://pdu.example.com", "--pin", "3f:a2"],
    ] {
        let line = complaint(arguments, Some("x"), None).await;
        writeln!(said, "{}: {line}", arguments.join(" ").trim()).unwrap();
    }
    let line = complaint(&["--url", "https://pdu.example.com"], None, None).await;
    writeln!(said, "no password: {line}").unwrap();
    insta::assert_snapshot!(said);
}

/// What is no option is said before anything is done.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_option() {
    for (arguments, part) in [
        (["--frobnicate"].as_slice(), "--frobnicate"),
        (&["--switch", "none"], "none"),
        (&["--switch", "0"], "0"),
        (&["--switch", "1", "--read-only"], "--read-only"),
        (&["--insecure", "--pin", "00"], "--pin"),
    ] {
        let output = run(arguments, None).await;
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(
            output.stdout.is_empty() && stderr.contains(part),
            "{stderr}"
        );
    }
}

/// The certificate of a device is trusted by its fingerprint, and no other is.
#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_certificate_is_trusted() {
    let (device, other) = (
        device().start().await.unwrap(),
        device().start().await.unwrap(),
    );
    let pin = device.certificate_sha256().unwrap().to_string();
    let output = run(&["--url", device.url(), "--pin", &pin], Some(PASSWORD)).await;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let line = complaint(&["--url", other.url(), "--pin", &pin], Some(PASSWORD), None).await;
    assert!(line.contains("it is not the pinned one"), "{line}");
}

/// The same program, when nothing is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn the_good_case() {
    let output = run(&[], None).await;
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.stderr.is_empty());
    assert_eq!(
        stdout
            .lines()
            .filter(|line| line.contains("IEC 60320"))
            .count(),
        8,
        "{stdout}"
    );
    for line in [
        "outlet 1 is now PsOff",
        "snapshot: 7 of 8 outlets on, 945 W",
        "  admin asked for PsOff",
        "  PsOn -> PsOff",
    ] {
        assert!(
            stdout.lines().any(|printed| printed == line),
            "{line}\n{stdout}"
        );
    }
}

/// A device that is not ours is left as it is unless `--switch` names an outlet.
#[tokio::test(flavor = "multi_thread")]
async fn a_given_device_is_only_switched_when_asked() {
    let device = device().start().await.unwrap();
    let insecure = ["--url", device.url(), "--insecure"];
    assert!(run(&insecure, Some(PASSWORD)).await.status.success());
    assert!(device.device().latest_events().is_empty());
    let output = run(
        &[insecure.as_slice(), &["--switch", "3"]].concat(),
        Some(PASSWORD),
    )
    .await;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("outlet 3 is now PsOff\n")
    );
    assert_eq!(device.device().outlet_state(2).unwrap().power, Power::Off);
}
