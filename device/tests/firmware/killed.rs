//! Processes that are really killed, at any moment.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use xerus_device::firmware::{FirmwareUpdate, UpdateError};
use xerus_rpc::Agent;
use xerus_sim::Running;

use crate::world::{NEW, agent, device, image, quick, resume, starts, update};

const URL: &str = "XERUS_TEST_UPDATE_OF";
const PIN: &str = "XERUS_TEST_UPDATE_PIN";
const FILE: &str = "XERUS_TEST_UPDATE_TICKET";

/// What the processes do that the other test begins and kills; nothing without them.
#[tokio::test]
async fn a_process_that_updates_until_it_is_killed() {
    let variable = |name| std::env::var(name).ok();
    let (Some(url), Some(pin), Some(file)) = (variable(URL), variable(PIN), variable(FILE)) else {
        return;
    };
    let agent = Agent::builder(&url)
        .basic_auth("admin", "secret")
        .pin_certificate_sha256(&pin)
        .build()
        .unwrap();
    let updated = next_try(&agent, Path::new(&file)).await.unwrap();
    assert_eq!(updated, NEW);
}

/// What a program does that is begun again and again.
async fn next_try(agent: &Agent, file: &Path) -> Result<String, UpdateError> {
    let next = match std::fs::read_to_string(file) {
        Ok(ticket) => FirmwareUpdate::resume(agent, ticket.parse().unwrap())
            .unwrap()
            .image(image()),
        Err(_) => update(agent, image()),
    };
    next.keep_in(file).await.map(|updated| updated.version)
}

fn begin(device: &Running, file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killed::a_process_that_updates_until_it_is_killed",
        ])
        .env(URL, device.url())
        .env(PIN, device.certificate_sha256().unwrap().to_string())
        .env(FILE, file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn file(number: usize) -> PathBuf {
    std::env::temp_dir().join(format!("xerus-killed-{}-{number}", std::process::id()))
}

#[tokio::test]
async fn whenever_processes_are_killed_the_device_is_told_once() {
    // The times after which one process after another is killed.
    let lives: [&[u64]; 5] = [&[80], &[160, 160], &[250], &[400, 700], &[1_100, 100]];
    let all = lives
        .into_iter()
        .enumerate()
        .map(|(number, lives)| async move {
            let device = device(quick()).await;
            let file = file(number);
            for life in lives {
                let mut process = begin(&device, &file);
                tokio::time::sleep(Duration::from_millis(*life)).await;
                process.kill().unwrap();
                process.wait().unwrap();
            }
            let before = std::fs::read_to_string(&file).unwrap_or_default();
            let mut end = next_try(&agent(&device), &file).await;
            // Killed between the ticket and the call: the device shows that it was told nothing, and the next one decides.
            if let Err(UpdateError::NotBegun { ticket, .. }) = &end {
                assert_eq!(starts(&device), 0);
                end = resume(&agent(&device), ticket)
                    .await
                    .map(|updated| updated.version);
            }
            let version = end.unwrap_or_else(|error| panic!("{lives:?}: {error}\n{before}"));
            assert_eq!(
                (version.as_str(), starts(&device)),
                (NEW, 1),
                "{lives:?}\n{before}"
            );
            std::fs::remove_file(&file).unwrap();
        });
    futures_util::future::join_all(all).await;
}
