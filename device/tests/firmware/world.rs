//! A simulated device whose updates are over in a second or two, over HTTPS.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use xerus_device::firmware::{FirmwareUpdate, Image, Ticket, UpdateError, UpdateEvent, Updated};
use xerus_rpc::Agent;
use xerus_rpc::wire::Source;
use xerus_sim::{Firmware, FirmwareImage, Running, Simulator, SimulatorBuilder, UpdatePlan};

pub(crate) const NEW: &str = "4.4.1.9-60000";

pub(crate) fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// Half a second of work, and as much of absence.
pub(crate) fn quick() -> UpdatePlan {
    UpdatePlan::new()
        .init(milliseconds(150))
        .preparation(milliseconds(100))
        .simulation(milliseconds(100))
        .flashing(milliseconds(300))
        .farewell(milliseconds(300))
        .absence(milliseconds(600))
}

pub(crate) fn builder(firmware: Firmware, plan: UpdatePlan) -> SimulatorBuilder {
    Simulator::builder()
        .user("admin", "secret")
        .https(true)
        .firmware(firmware)
        .updates(plan)
        .record(10_000)
}

pub(crate) async fn device(plan: UpdatePlan) -> Running {
    builder(Firmware::V4_0_20, plan).start().await.unwrap()
}

/// An agent that trusts the certificate that the device shows now.
pub(crate) fn agent(device: &Running) -> Agent {
    let mut builder = Agent::builder(device.url()).basic_auth("admin", "secret");
    if let Some(fingerprint) = device.certificate_sha256() {
        builder = builder.pin_certificate_sha256(fingerprint.to_string());
    }
    builder.build().unwrap()
}

pub(crate) fn image_of(version: &str) -> FirmwareImage {
    FirmwareImage::new(version.parse().unwrap()).size(300_000)
}

pub(crate) fn image() -> Image {
    Image::bytes(image_of(NEW).bytes())
}

/// An image that counts how often it is sent.
pub(crate) fn counted(version: &str) -> (Image, Arc<AtomicUsize>) {
    let bytes = image_of(version).bytes();
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let image = Image::from_source(
        bytes.len() as u64,
        Some(version.parse().unwrap()),
        move || {
            counter.fetch_add(1, Ordering::Relaxed);
            Ok(Source::from(bytes.clone()))
        },
    );
    (image, sent)
}

/// With times that suit these devices.
pub(crate) fn paced(update: FirmwareUpdate) -> FirmwareUpdate {
    update
        .interval(milliseconds(100))
        .patience(milliseconds(900))
        .check_timeout(milliseconds(2_000))
        .deadline(milliseconds(20_000))
}

pub(crate) fn update(agent: &Agent, image: Image) -> FirmwareUpdate {
    paced(FirmwareUpdate::of(agent, image))
}

pub(crate) fn resume(agent: &Agent, ticket: &Ticket) -> FirmwareUpdate {
    // Through its text, as another process has it.
    let ticket = ticket.to_string().parse().unwrap();
    FirmwareUpdate::resume(agent, ticket).unwrap()
}

pub(crate) fn starts(device: &Running) -> usize {
    device.calls().of("startUpdate").count()
}

/// The names of the events, each once in a row, and the end.
pub(crate) async fn told(update: FirmwareUpdate) -> (Vec<String>, Result<Updated, UpdateError>) {
    let mut run = update.run();
    let mut names: Vec<String> = Vec::new();
    while let Some(event) = run.next().await {
        let name = match event {
            UpdateEvent::End(end) => {
                assert!(run.next().await.is_none());
                return (names, end);
            }
            UpdateEvent::Step(step) => format!("step {}", step.name()),
            UpdateEvent::Uploading { .. } => "uploading".to_owned(),
            UpdateEvent::Checking => "checking".to_owned(),
            UpdateEvent::Review(_) => "review".to_owned(),
            UpdateEvent::Starting(_) => "starting".to_owned(),
            UpdateEvent::Progress(progress) => progress.phase.to_string(),
            UpdateEvent::Away { .. } => "away".to_owned(),
            UpdateEvent::Back { .. } => "back".to_owned(),
            other => format!("{other:?}"),
        };
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    panic!("no end was told: {names:?}");
}
