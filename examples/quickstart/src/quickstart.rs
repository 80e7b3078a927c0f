//! The first program: lists the outlets and readings of a PDU, switches one outlet, takes a snapshot in one request,
//! and prints the events that it caused. `cargo run --example quickstart -- --help` says how to point it at a device.

use std::{io::Write as _, process::ExitCode, time::Duration};

use clap::Parser as _;
use comfy_table::{Table, presets::NOTHING};
use quickstart::options::{Options, Result, connect};
use quickstart::xerus::event::{Channel, Service};
use quickstart::xerus::pdumodel::outlet::{PowerControlEvent, PowerState, StateChangedEvent};
use quickstart::xerus::pdumodel::{Outlet, Pdu};
use quickstart::xerus::sensors::{NumericSensor, numeric_sensor::Reading};
use xerus_rpc::{Agent, Call, Object, ValueObject as _};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Err(error) = run(&Options::parse()).await else {
        return ExitCode::SUCCESS;
    };
    // Standard error may be closed; the exit code still tells.
    let _ = writeln!(std::io::stderr(), "quickstart: {error}");
    ExitCode::FAILURE
}

async fn run(options: &Options) -> Result<()> {
    // The simulated device, if it is one, is switched off when this is dropped.
    let (agent, simulated) = connect(options).await?;
    // A resource id says nothing about what is behind it: ask, and call only what the bindings fit.
    let pdu: Pdu = Object::at(&agent, &options.rid).probe().await?.cast()?;
    let outlets = list(&agent, &pdu).await?;
    let own = (simulated.is_some() && !options.read_only).then_some(1);
    let Some(number) = options.switch.or(own) else {
        return snapshot(&agent, &pdu, &outlets).await;
    };
    let outlet = outlets.get(usize::from(number) - 1);
    let outlet = outlet.ok_or_else(|| format!("the device has no outlet {number}"))?;
    let channel = watch(&agent).await?;
    switch(outlet).await?;
    snapshot(&agent, &pdu, &outlets).await?;
    print_events(&channel).await?;
    let service = Service::well_known(&agent);
    Ok(service.destroy_channel(Some(&channel)).await?)
}

/// Prints the device and its outlets as a table, with three requests however many outlets there are.
async fn list(agent: &Agent, pdu: &Pdu) -> Result<Vec<Outlet>> {
    let (plate, settings, outlets) = agent
        .bulk((pdu.get_nameplate(), pdu.get_settings(), pdu.get_outlets()))
        .all()
        .await?;
    println!(
        "{} {}, serial number {}: {}",
        plate.manufacturer, plate.model, plate.serial_number, settings.name
    );
    let all = outlets
        .iter()
        .map(|o| (o.get_meta_data(), o.get_state(), o.get_sensors()));
    let described = agent.bulk(all).all().await?;
    let sensors = described.iter().map(|(_, _, sensors)| sensors);
    let sensors = sensors.map(|s| (reading(&s.current), reading(&s.active_power)));
    let readings = agent.bulk(sensors).all().await?;
    let mut table = Table::new();
    table.load_preset(NOTHING);
    table.set_header(["outlet", "type", "state", "current", "power"]);
    for ((about, state, _), (current, power)) in described.into_iter().zip(readings) {
        let state = format!("{:?}", state.power_state);
        let (current, power) = (shown(current, 3, "A"), shown(power, 0, "W"));
        table.add_row([about.label, about.receptacle_type, state, current, power]);
    }
    println!("{table}\n");
    Ok(outlets)
}

/// Asks a sensor what it reads, if the device has it. In a bulk an absent sensor stays absent in its place.
fn reading(sensor: &Option<NumericSensor>) -> Option<Call<Reading>> {
    sensor.as_ref().map(NumericSensor::get_reading)
}

/// A reading with its unit; a dash where there is no sensor or it has nothing to say.
fn shown(reading: Option<Reading>, digits: usize, unit: &str) -> String {
    let reading = reading.filter(|reading| reading.available && reading.valid);
    reading.map_or("-".to_owned(), |reading| {
        format!("{:.digits$} {unit}", reading.value)
    })
}

/// Opens a channel for the events that switching raises.
async fn watch(agent: &Agent) -> Result<Channel> {
    let channel = Service::well_known(agent).create_channel().await?;
    let channel = channel.ok_or("all event channels of the device are in use")?;
    let types = [
        PowerControlEvent::TYPE_ID.parse()?,
        StateChangedEvent::TYPE_ID.parse()?,
    ];
    channel.demand_event_types(&types).await?;
    Ok(channel)
}

/// Switches an outlet to its other state and reads that back.
async fn switch(outlet: &Outlet) -> Result<()> {
    let label = outlet.get_meta_data().await?.label;
    let wanted = match outlet.get_state().await?.power_state {
        PowerState::PsOn => PowerState::PsOff,
        _ => PowerState::PsOn,
    };
    outlet.set_power_state(wanted).await?; // a refusal is an error that names the constant
    for _ in 0..20 {
        if outlet.get_state().await?.power_state == wanted {
            println!("outlet {label} is now {wanted:?}\n");
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await; // the relay may take a moment
    }
    Err(format!("outlet {label} did not change to {wanted:?}").into())
}

/// Different questions to different objects in one request, each answer typed.
async fn snapshot(agent: &Agent, pdu: &Pdu, outlets: &[Outlet]) -> Result<()> {
    let sensors = pdu.get_sensors().await?;
    let power = reading(&sensors.active_power);
    let calls = (power, outlets.iter().map(Outlet::get_state));
    let (power, states) = agent.bulk(calls).all().await?;
    let on = states.iter().filter(|s| s.power_state == PowerState::PsOn);
    let (on, power) = (on.count(), shown(power, 0, "W"));
    let all = outlets.len();
    println!("snapshot: {on} of {all} outlets on, {power}\n");
    Ok(())
}

/// Prints the events that wait in the channel, up to the one that says that the outlet has switched.
async fn print_events(channel: &Channel) -> Result<()> {
    println!("events:");
    for _ in 0..20 {
        let (_more, events) = channel.poll_events_nb().await?;
        for event in &events {
            if let Some(event) = event.downcast::<PowerControlEvent>() {
                println!("  {} asked for {:?}", event.act_user_name, event.state);
            } else if let Some(event) = event.downcast::<StateChangedEvent>() {
                let (old, new) = (event.old_state.power_state, event.new_state.power_state);
                println!("  {old:?} -> {new:?}");
                return Ok(());
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await; // the device may need a moment to raise them
    }
    println!("  (no more within two seconds)");
    Ok(())
}
