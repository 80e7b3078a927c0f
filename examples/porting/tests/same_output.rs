//! Each program in both languages against a simulated device: what they print is the same, and what stands in `expected/`.

#![allow(clippy::unwrap_used)] // helpers of tests

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;
use xerus_api::pdumodel::Outlet;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::servermon::ServerMonitor;
use xerus_api::servermon::server_monitor::sparse_::ServerSettings;
use xerus_rpc::Agent;
use xerus_sim::{Clock, Running, Simulator};

const PASSWORD: &str = "pa:ss wörd";

/// The newest release of the vendor's client, and one that was made for an older firmware.
const RELEASES: [&str; 2] = ["4.4.1.53217", "4.0.20.49038"];

/// A device whose time stands still, with two servers to watch, of which one does not answer.
async fn device() -> Running {
    let clock = Clock::frozen_at(1_700_000_000);
    let device = Simulator::builder()
        .outlets(4)
        .user("admin", PASSWORD)
        .https(true)
        .clock(clock.clone())
        .start()
        .await
        .unwrap();
    let agent = device.agent();
    let monitor = ServerMonitor::well_known(&agent);
    for host in ["web.example.com", "mail.example.com"] {
        let settings = ServerSettings {
            host: Some(host.to_owned()),
            ..ServerSettings::default()
        };
        monitor.add_server(settings).await.unwrap();
    }
    assert!(
        device
            .device()
            .set_server_answers("mail.example.com", false)
    );
    clock.advance(Duration::from_secs(20));
    device
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a program prints; it has to end well.
async fn output(command: &mut Command) -> String {
    command.env("XERUS_PASSWORD", PASSWORD).kill_on_drop(true);
    let ended = tokio::time::timeout(Duration::from_secs(60), command.output());
    let ended = ended.await.expect("no end within a minute").unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.success(), "{command:?}: {said}");
    String::from_utf8(ended.stdout).unwrap()
}

async fn in_rust(program: &str) -> String {
    let device = device().await;
    let sha256 = device.certificate_sha256().unwrap().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_porting"));
    output(command.args([program, device.url(), "admin", &sha256])).await
}

async fn in_python(interpreter: &PathBuf, program: &str) -> String {
    let device = device().await;
    let mut command = Command::new(interpreter);
    command
        .arg(here().join("python").join(format!("{program}.py")))
        .args([device.address().to_string().as_str(), "admin"])
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    output(&mut command).await
}

async fn same(program: &str) {
    let file = here().join("expected").join(format!("{program}.txt"));
    let rust = in_rust(program).await;
    if std::env::var_os("XERUS_BLESS").is_some() {
        std::fs::write(&file, &rust).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap();
    assert_eq!(rust, expected, "{program} in Rust");
    for release in RELEASES {
        if let Some(interpreter) = peer_tests::python(release) {
            let python = in_python(&interpreter, program).await;
            assert_eq!(python, expected, "{program} in Python, client {release}");
        }
    }
}

macro_rules! programs {
    ($($program:ident)*) => {
        $(
            #[tokio::test]
            async fn $program() {
                same(stringify!($program)).await;
            }
        )*

        const PROGRAMS: &[&str] = &[$(stringify!($program)),*];
    };
}

programs! {
    metadata threshold switching outlets servers errors bulk_helper bulk_wrapper
}

#[test]
fn every_program_is_compared() {
    let files = |folder: &str| {
        let files = std::fs::read_dir(here().join(folder)).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().path())
            .filter(|path| path.is_file())
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .filter(|name| !["main", "connect"].contains(&name.as_str()))
            .collect();
        names.sort_unstable();
        names
    };
    let mut programs = PROGRAMS.to_vec();
    programs.sort_unstable();
    for folder in ["src", "python", "expected"] {
        assert_eq!(files(folder), programs, "{folder}");
    }
}

/// Switching is what both say it is.
#[tokio::test]
async fn the_outlet_is_off_after_it_was_switched() {
    let device = device().await;
    let sha256 = device.certificate_sha256().unwrap().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_porting"));
    output(command.args(["switching", device.url(), "admin", &sha256])).await;
    let agent: Agent = device.agent();
    let state = Outlet::well_known(&agent, 0, 0).get_state().await.unwrap();
    assert_eq!(state.power_state, PowerState::PsOff);
}
