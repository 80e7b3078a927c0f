//! The first program: lists the outlets and readings of a PDU, switches one outlet, takes a snapshot in one request,
//! and prints the events that it caused. `cargo run --example quickstart -- --help` says how to point it at a device.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use quickstart::options::{HELP, Options};
use quickstart::table::{Table, quantity};
use quickstart::xerus::event::{Channel, Service};
use quickstart::xerus::idl::Event;
use quickstart::xerus::pdumodel::outlet::{PowerControlEvent, PowerState, StateChangedEvent};
use quickstart::xerus::pdumodel::{Outlet, Pdu};
use quickstart::xerus::sensors::NumericSensor;
use quickstart::xerus::sensors::numeric_sensor::Reading;
use xerus_rpc::{Agent, Call, Interface as _, Polymorphic, ValueObject as _, WireId};
use xerus_sim::{Running, Simulator};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error may be closed; the exit code still tells.
            let _ = writeln!(std::io::stderr(), "quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    if options.help {
        println!("{HELP}");
        return Ok(());
    }
    // Dropped at the end: that switches the simulated device off.
    let (agent, _simulated) = connect(&options).await?;
    let pdu = match &options.rid {
        Some(rid) => Pdu::at(&agent, rid),
        None => Pdu::well_known(&agent, 0),
    };
    let outlets = list(&agent, &pdu).await?;
    match options.switch {
        Some(index) => {
            let outlet = outlets
                .get(index)
                .ok_or_else(|| format!("the device has no outlet {}", index + 1))?;
            let channel = watch(&agent).await?;
            switch(outlet, index + 1).await?;
            snapshot(&agent, &pdu, &outlets).await?;
            print_events(&channel).await?;
            Service::well_known(&agent)
                .destroy_channel(Some(&channel))
                .await?;
        }
        None => snapshot(&agent, &pdu, &outlets).await?,
    }
    Ok(())
}

/// The device of the options, or a simulated one that lives as long as the second value.
async fn connect(options: &Options) -> Result<(Agent, Option<Running>)> {
    let Some(url) = &options.url else {
        let password = "quickstart";
        let device = Simulator::builder()
            .user(&options.user, password)
            .https(true)
            .start()
            .await?;
        println!("simulated PDU at {}\n", device.url());
        let mut agent = Agent::builder(device.url()).basic_auth(&options.user, password);
        if let Some(certificate) = device.certificate_pem() {
            agent = agent.root_certificate_pem(certificate);
        }
        return Ok((agent.build()?, Some(device)));
    };
    let password =
        std::env::var("XERUS_PASSWORD").map_err(|_| "put the password into XERUS_PASSWORD")?;
    let mut agent = Agent::builder(url).basic_auth(&options.user, password);
    if let Some(file) = &options.ca {
        let pem = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        agent = agent.root_certificate_pem(pem);
    }
    if options.insecure {
        agent = agent.danger_accept_invalid_certs();
    }
    Ok((agent.build()?, None))
}

/// Prints the device and its outlets as a table, with four requests however many outlets there are.
async fn list(agent: &Agent, pdu: &Pdu) -> Result<Vec<Outlet>> {
    check_type(pdu).await?;
    let (nameplate, settings, outlets) = agent
        .bulk((pdu.get_nameplate(), pdu.get_settings(), pdu.get_outlets()))
        .all()
        .await?;
    println!(
        "{} {}, serial number {}: {}",
        nameplate.manufacturer, nameplate.model, nameplate.serial_number, settings.name
    );

    let all = outlets
        .iter()
        .map(|o| (o.get_meta_data(), o.get_state(), o.get_sensors()));
    let described = agent.bulk(all).all().await?;
    let sensors = described.iter().map(|(_, _, sensors)| {
        (
            reading(&sensors.voltage),
            reading(&sensors.current),
            reading(&sensors.active_power),
            reading(&sensors.active_energy),
        )
    });
    let readings = agent.bulk(sensors).all().await?;

    let mut table = Table::new([
        "outlet",
        "type",
        "power",
        "voltage",
        "current",
        "active power",
        "energy",
    ]);
    for ((meta_data, state, _), readings) in described.into_iter().zip(readings) {
        let (voltage, current, active_power, energy) = readings;
        table.row([
            meta_data.label,
            meta_data.receptacle_type,
            power(state.power_state).to_owned(),
            quantity(value(voltage), 1, "V"),
            quantity(value(current), 3, "A"),
            quantity(value(active_power), 0, "W"),
            quantity(value(energy).map(|energy| energy / 1_000.0), 2, "kWh"),
        ]);
    }
    println!("{table}\n");
    Ok(outlets)
}

/// A well-known resource id says nothing about what is behind it, so ask before trusting it.
async fn check_type(pdu: &Pdu) -> Result<()> {
    let reported = pdu.get_type_info().await?;
    let (rid, known): (_, WireId) = (pdu.rid(), Pdu::TYPE_ID.parse()?);
    match reported.chain().iter().find(|id| id.same_name(&known)) {
        Some(id) if id.version().major == known.version().major => Ok(()),
        Some(id) => Err(format!("{rid} is a {id}, but the bindings are made for {known}").into()),
        None => Err(format!("{rid} is a {}, and no PDU", reported.wire_id()).into()),
    }
}

/// Asks a sensor what it reads, if the device has it. In a bulk an absent sensor stays absent in its place.
fn reading(sensor: &Option<NumericSensor>) -> Option<Call<Reading>> {
    sensor.as_ref().map(NumericSensor::get_reading)
}

/// The value of a reading; `None` where there is no sensor or it has nothing to say.
fn value(reading: Option<Reading>) -> Option<f64> {
    reading
        .filter(|reading| reading.available && reading.valid)
        .map(|reading| reading.value)
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
async fn switch(outlet: &Outlet, number: usize) -> Result<()> {
    // The device said what the outlet is when it listed it. Whatever that was: switch only what we know.
    let outlet: Outlet = outlet.as_object().cast()?;
    let wanted = match outlet.get_state().await?.power_state {
        PowerState::PsOn => PowerState::PsOff,
        _ => PowerState::PsOn,
    };
    // A refusal is an error that names the constant; its code is there for what one wants to say otherwise.
    outlet
        .set_power_state(wanted)
        .await
        .map_err(|error| match error.return_code() {
            Some(Outlet::ERR_LOAD_SHEDDING_ACTIVE) => {
                format!("outlet {number} is off to shed load; nobody can switch it on now").into()
            }
            _ => Box::<dyn Error>::from(error),
        })?;
    // The relay may take a moment.
    for _ in 0..20 {
        if outlet.get_state().await?.power_state == wanted {
            println!("outlet {number} is now {}\n", power(wanted));
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(format!("outlet {number} did not turn {}", power(wanted)).into())
}

/// Different questions to different objects in one request, each answer typed.
async fn snapshot(agent: &Agent, pdu: &Pdu, outlets: &[Outlet]) -> Result<()> {
    let sensors = pdu.get_sensors().await?;
    let (active_power, apparent_power, energy, states) = agent
        .bulk((
            reading(&sensors.active_power),
            reading(&sensors.apparent_power),
            reading(&sensors.active_energy),
            outlets.iter().map(Outlet::get_state),
        ))
        .all()
        .await?;
    let on = states
        .iter()
        .filter(|state| state.power_state == PowerState::PsOn)
        .count();
    println!(
        "snapshot: {on} of {} outlets on, {}, {}, {}\n",
        outlets.len(),
        quantity(value(active_power), 0, "W"),
        quantity(value(apparent_power), 0, "VA"),
        quantity(value(energy).map(|energy| energy / 1_000.0), 2, "kWh"),
    );
    Ok(())
}

/// Prints the events that wait in the channel, up to the one that says that the outlet has switched.
async fn print_events(channel: &Channel) -> Result<()> {
    println!("events:");
    // The device may need a moment to raise them.
    for _ in 0..20 {
        let (_more, events) = channel.poll_events_nb().await?;
        let mut switched = false;
        for event in &events {
            println!("  {}", describe(event));
            switched |= event.is::<StateChangedEvent>();
        }
        if switched {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!("  (no more within two seconds)");
    Ok(())
}

/// One line about an event. Types that we do not know keep their name and their nearest known base.
fn describe(event: &Polymorphic<Event>) -> String {
    let source = event.base().and_then(|base| base.source.as_ref());
    let source = source.map_or("somewhere", |object| object.rid());
    if let Some(event) = event.downcast::<PowerControlEvent>() {
        format!(
            "{source}: {} asked for {}",
            event.act_user_name,
            power(event.state)
        )
    } else if let Some(event) = event.downcast::<StateChangedEvent>() {
        let (old, new) = (event.old_state.power_state, event.new_state.power_state);
        format!("{source}: {} -> {}", power(old), power(new))
    } else {
        format!("{source}: {}", event.wire_id())
    }
}

fn power(state: PowerState) -> &'static str {
    match state {
        PowerState::PsOff => "off",
        PowerState::PsOn => "on",
        _ => "?",
    }
}
