//! `xerus simulate`.

use std::fmt::Write as _;
use std::process::ExitCode;

use xerus_sim::{FACTORY_PASSWORD, FACTORY_USER, Running, Simulator};

use super::call::wait;
use crate::args::Simulate;
use crate::failure::Failure;
use crate::terminal::Terminal;

pub(super) fn run(args: &Simulate, terminal: &Terminal) -> Result<ExitCode, Failure> {
    wait(play(args, terminal))?
}

async fn play(args: &Simulate, terminal: &Terminal) -> Result<ExitCode, Failure> {
    let mut device = Simulator::builder()
        .listen(&args.listen)
        .https(args.https)
        .outlets(args.outlets.into())
        .inlets(args.inlets.into());
    if let (Some(user), Some(password)) = (&args.user, &args.password) {
        device = device.user(user, password);
    }
    if args.factory {
        device = device.factory();
    }
    for rule in &args.faults {
        device = device.fault(rule.clone());
    }
    let device = device
        .start()
        .await
        .map_err(|error| Failure::Message(error.to_string()))?;
    device.faults().seed(args.fault_seed);
    terminal.print(&plate(args, &device))?;
    tokio::signal::ctrl_c().await.map_err(|_| {
        Failure::Message(
            "the system does not say when it is interrupted: stop it with kill".to_owned(),
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What stands on the device, so to speak: the URL, then what a client needs to know.
fn plate(args: &Simulate, device: &Running) -> String {
    let mut text = format!("{}\n", device.url());
    // Writing to a string cannot fail.
    if let Some(print) = device.certificate_sha256() {
        let _ = writeln!(text, "certificate SHA-256: {print}");
    }
    if args.factory {
        let _ = writeln!(
            text,
            "user {FACTORY_USER}, password {FACTORY_PASSWORD}, to be changed first"
        );
    }
    text
}
