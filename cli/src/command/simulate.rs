//! `xerus simulate`.

mod plate;

use std::fs;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::process::ExitCode;

use xerus_sim::{Announce, Profile, Running, Scenario, Simulator, SimulatorBuilder, StartError};

use super::LOOPBACK;
use super::call::wait;
use crate::args::Simulate;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// How often consecutive free ports are looked for.
const TRIES: usize = 20;

pub(super) fn run(args: &Simulate, terminal: &Terminal) -> Result<ExitCode, Failure> {
    wait(play(args, terminal))?
}

async fn play(args: &Simulate, terminal: &Terminal) -> Result<ExitCode, Failure> {
    check(args)?;
    let scenario = scenario(args)?;
    let devices = start(args, &scenario).await?;
    terminal.print(&plate::text(args, &devices))?;
    tokio::signal::ctrl_c().await.map_err(|_| {
        Failure::Message(
            "the system does not say when it is interrupted: stop it with kill".to_owned(),
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Where devices announce themselves, if they do. Without an interface that is the loopback one.
fn announce(interfaces: &[String]) -> Option<Announce> {
    let named = interfaces.iter().filter(|name| *name != LOOPBACK);
    let announce = named.fold(Announce::new(), Announce::interface);
    (!interfaces.is_empty()).then_some(announce)
}

/// Refuses what a device or the ports of this computer cannot be, instead of playing less than was asked for.
fn check(args: &Simulate) -> Result<(), Failure> {
    let has_power = args.outlets.is_some_and(|outlets| outlets > 0) || args.inlets.is_some();
    if args.profile == Some(Profile::Gateway) && has_power {
        return Err(Failure::Message(
            "the profile gateway has neither outlets nor inlets: leave out --outlets and --inlets, or take another profile"
                .to_owned(),
        ));
    }
    // The variable may be set for other commands.
    let from_environment = std::env::var("XERUS_PASSWORD").ok() == args.password;
    if args.user.is_none() && args.password.is_some() && !from_environment {
        return Err(Failure::Message(
            "--password is that of --user: name the user, or leave it out; a device that comes from the factory has a password of its own"
                .to_owned(),
        ));
    }
    let first = args.listen.to_socket_addrs().into_iter().flatten().next();
    let last = first.and_then(|first| first.port().checked_add(args.count - 1));
    match first {
        Some(first) if last.is_none() => Err(Failure::Message(format!(
            "{} devices need as many ports, and the last one is 65535: begin before {} with --listen, or take fewer devices",
            args.count,
            first.port()
        ))),
        _ => Ok(()),
    }
}

fn scenario(args: &Simulate) -> Result<Scenario, Failure> {
    let Some(path) = &args.scenario else {
        return Ok(Scenario::default());
    };
    let text =
        fs::read_to_string(path).map_err(|error| Failure::io("read the scenario", path, &error))?;
    let scenario: Result<Scenario, _> = text.parse();
    scenario.map_err(|error| Failure::Message(format!("{}:{error}", path.display())))
}

/// All devices, on consecutive ports.
async fn start(args: &Simulate, scenario: &Scenario) -> Result<Vec<Running>, Failure> {
    for _ in 0..TRIES {
        match on_ports(args, scenario).await {
            Ok(devices) => {
                check_faults(args, &devices)?;
                return Ok(devices);
            }
            // Free ports were asked for, and one behind the first is not free.
            Err((StartError::Listen { error, .. }, true)) if is_taken(&error) => {}
            Err((error, _)) => return Err(Failure::Message(error.to_string())),
        }
    }
    Err(Failure::Message(format!(
        "{} consecutive ports that are free were not found: name the first one with --listen, or take fewer devices",
        args.count
    )))
}

/// Refuses faults that can hit nothing on any device.
fn check_faults(args: &Simulate, devices: &[Running]) -> Result<(), Failure> {
    // They differ in serial number and address only.
    let Some(device) = devices.first() else {
        return Ok(());
    };
    for rule in &args.faults {
        let checked = device.check_fault(rule);
        checked.map_err(|error| Failure::Message(format!("--fault: {error}")))?;
    }
    Ok(())
}

fn is_taken(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::AddrInUse
}

/// As [`start`], tried once. Beside an error: whether other ports may do.
async fn on_ports(
    args: &Simulate,
    scenario: &Scenario,
) -> Result<Vec<Running>, (StartError, bool)> {
    // Devices that share it are announced by one responder.
    let announce = announce(&args.announce);
    let mut devices: Vec<Running> = Vec::with_capacity(args.count.into());
    for number in 0..args.count {
        let address = match devices.first() {
            None => args.listen.clone(),
            Some(first) => behind(first.address(), number).to_string(),
        };
        let mut device = device(args, number)
            .scenario(scenario.clone())
            .listen(address);
        if let Some(announce) = &announce {
            device = device.announce(announce.clone());
        }
        let any_port = number > 0 && asks_for_any_port(&args.listen);
        let device = device.start().await.map_err(|error| (error, any_port))?;
        device
            .faults()
            .seed(args.fault_seed.wrapping_add(number.into()));
        devices.push(device);
    }
    Ok(devices)
}

/// The address `number` ports behind another; the last port stays the last.
fn behind(mut first: SocketAddr, number: u16) -> SocketAddr {
    first.set_port(first.port().saturating_add(number));
    first
}

fn asks_for_any_port(address: &str) -> bool {
    let mut addresses = address.to_socket_addrs().into_iter().flatten();
    addresses.any(|address| address.port() == 0)
}

/// The device with this number, from 0.
fn device(args: &Simulate, number: u16) -> SimulatorBuilder {
    let mut make_up = args.profile.map(Profile::make_up).unwrap_or_default();
    if let Some(outlets) = args.outlets {
        make_up.outlets = outlets.into();
    }
    if let Some(inlets) = args.inlets {
        make_up.inlets = inlets.into();
    }
    make_up.serial = format!("SIM{:07}", number + 1);
    let [high, low] = (number + 1).to_be_bytes();
    make_up.mac = format!("02:00:00:00:{high:02x}:{low:02x}");
    make_up.firmware = args.firmware;
    let mut device = Simulator::builder().make_up(make_up).https(args.https);
    if let (Some(user), Some(password)) = (&args.user, &args.password) {
        device = device.user(user, password);
    }
    if args.factory {
        device = device.factory();
    }
    for rule in &args.faults {
        device = device.fault(rule.clone());
    }
    device
}
