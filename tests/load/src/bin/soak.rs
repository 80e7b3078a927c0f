//! Random operations of several clients with faults on, while the laws of the device are looked at:
//! `cargo run --release -p xerus-load --bin soak -- [--seconds 600] [--clients 8] [--seed 1]`
//!
//! Ends with an error when a client gets an error that no fault explains, when a call was executed that was said not to be, or when
//! energy falls, an outlet that is off draws current, or sums do not agree.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use xerus_api::pdumodel::outlet::PowerState;
use xerus_api::pdumodel::{Outlet, Pdu};
use xerus_load::{Failed, Random, argument};
use xerus_rpc::error::{ErrorKind, Outcome};
use xerus_rpc::{Agent, Error};
use xerus_sim::model::Device;
use xerus_sim::{FaultRule, Place, Profile, Quantity, Running, SensorId, Simulator};

/// What goes wrong, each in one of a hundred requests.
const FAULTS: [&str; 7] = [
    "close-unanswered",
    "close-after-execution",
    "truncate-body",
    "wrong-id",
    "delay=5ms",
    "status=503",
    "close-after-answer",
];

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let time = Duration::from_secs(argument("--seconds", 600)?);
    let clients: u64 = argument("--clients", 8)?;
    let seed: u64 = argument("--seed", 1)?;
    let mut device = Simulator::builder().profile(Profile::Px4_48).https(true);
    for fault in FAULTS {
        let rule: FaultRule = format!("{fault},probability=0.01").parse()?;
        device = device.fault(rule);
    }
    let device = device.start().await?;
    device.faults().seed(seed);
    println!("{clients} clients for {} s, seed {seed}", time.as_secs());

    let until = Instant::now() + time;
    let mut work = JoinSet::new();
    for client in 0..clients {
        let agent = agent(&device)?;
        work.spawn(operate(agent, Random::new(seed * 1_000 + client), until));
    }
    let laws = tokio::spawn(watch(Arc::clone(device.device()), until));
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(ended) = work.join_next().await {
        for (what, times) in ended?? {
            *seen.entry(what).or_default() += times;
        }
    }
    let looks = laws.await??;
    for (what, times) in seen {
        println!("{times:>8} {what}");
    }
    println!("the laws held at {looks} moments");
    Ok(())
}

fn agent(device: &Running) -> Result<Agent, Failed> {
    let print = device.certificate_sha256().ok_or("no certificate")?;
    Ok(Agent::builder(device.url())
        .pin_certificate_sha256(print.to_string())
        .timeout(Duration::from_secs(10))
        .build()?)
}

/// What one client saw, with how often.
async fn operate(
    agent: Agent,
    mut random: Random,
    until: Instant,
) -> Result<BTreeMap<String, u64>, Failed> {
    let mut seen = BTreeMap::new();
    while Instant::now() < until {
        let rid = format!("/model/pdu/0/outlet/{}", random.below(48));
        let outlet = Outlet::at(&agent, &rid);
        let (what, result) = match random.below(6) {
            0 => (
                "switched on",
                outlet.set_power_state(PowerState::PsOn).await,
            ),
            1 => (
                "switched off",
                outlet.set_power_state(PowerState::PsOff).await,
            ),
            2 => ("cycled", outlet.cycle_power_state().await),
            3 => ("settings", settings(&outlet, &mut random).await),
            4 => ("snapshot", snapshot(&agent).await),
            _ => ("state", outlet.get_state().await.map(drop)),
        };
        let what = match result {
            Ok(()) => what.to_owned(),
            Err(error) => format!("{what}: {}", explained(&error)?),
        };
        *seen.entry(what).or_default() += 1;
    }
    Ok(seen)
}

async fn settings(outlet: &Outlet, random: &mut Random) -> Result<(), Error> {
    let mut settings = outlet.get_settings().await?;
    settings.name = format!("server {}", random.below(1_000));
    settings.cycle_delay = i32::try_from(random.below(3)).unwrap_or_default();
    settings.use_pdu_cycle_delay = false;
    outlet.set_settings(&settings).await
}

async fn snapshot(agent: &Agent) -> Result<(), Error> {
    let outlets = Pdu::at(agent, "/model/pdu/0").get_outlets().await?;
    let states = agent.bulk(outlets.iter().map(Outlet::get_state));
    states.await?.all().map(drop)
}

/// The fault behind an error, in a few words; an error that none explains ends the run.
fn explained(error: &Error) -> Result<&'static str, Failed> {
    match (error.kind(), error.outcome()) {
        (ErrorKind::ConnectionLost, Outcome::NotExecuted) => Ok("lost before it was executed"),
        (ErrorKind::ConnectionLost, _) => Ok("lost, outcome unknown"),
        (ErrorKind::HttpProtocol(_), _) => Ok("answer cut"),
        (ErrorKind::Envelope(_), _) => Ok("another id"),
        (ErrorKind::HttpStatus(_), _) if error.http_status() == Some(503) => Ok("status 503"),
        _ => Err(format!("no fault explains this: {error}").into()),
    }
}

/// Looks at the laws of the device all the time; how often.
async fn watch(device: Arc<Device>, until: Instant) -> Result<u64, Failed> {
    let mut looks = 0;
    let mut energy = 0.0;
    while Instant::now() < until {
        energy = laws(&device, energy)?;
        looks += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(looks)
}

/// One look, after one at which the device had counted `before` watt-hours; the watt-hours now.
fn laws(device: &Device, before: f64) -> Result<f64, Failed> {
    let read = |place, quantity| device.reading(SensorId::new(place, quantity)).value;
    let energy = read(Place::Pdu, Quantity::ActiveEnergy);
    if energy < before {
        return Err(format!("energy fell from {before} to {energy}").into());
    }
    for outlet in 0..48 {
        let was_off = is_off(device, outlet);
        let current = read(Place::Outlet(outlet), Quantity::Current);
        // Somebody may switch in between: both looks must agree.
        if was_off && is_off(device, outlet) && current != 0.0 {
            return Err(format!("outlet {outlet} is off and draws {current} A").into());
        }
    }
    // Readings are taken one after the other while others switch: three tries for a moment without a change.
    let sums = || {
        let total = read(Place::Pdu, Quantity::ActivePower);
        let inlet = read(Place::Inlet(0), Quantity::ActivePower);
        let outlets: f64 = (0..48)
            .map(|outlet| read(Place::Outlet(outlet), Quantity::ActivePower))
            .sum();
        let again = read(Place::Pdu, Quantity::ActivePower);
        (total == again).then_some((total, inlet, outlets))
    };
    if let Some((total, inlet, outlets)) = (0..3).find_map(|_| sums()) {
        let agree = |other: f64| (total - other).abs() <= 1e-6 * total.max(1.0);
        if !(agree(inlet) && agree(outlets)) {
            return Err(format!("device {total} W, inlet {inlet} W, outlets {outlets} W").into());
        }
    }
    Ok(energy)
}

fn is_off(device: &Device, outlet: usize) -> bool {
    device
        .outlet_state(outlet)
        .is_some_and(|state| !state.power.is_on())
}
