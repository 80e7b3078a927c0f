//! Many devices of the profile `px4-48` in one process over HTTPS, each read once a second by our own client:
//! `cargo run --release -p xerus-load --bin load -- [--devices 200] [--seconds 300]`
//!
//! A second process holds the devices, so that their memory and processor time are theirs alone. Ends with an error when a call
//! fails, a device is late, or memory grows.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use xerus_api::pdumodel::{Inlet, Outlet, Pdu};
use xerus_api::sensors::NumericSensor;
use xerus_load::{Cost, Failed, argument, cost, quantile};
use xerus_rpc::Agent;
use xerus_rpc::Interface as _;
use xerus_sim::{Profile, Simulator};

/// Memory may grow by this part from the end of the first quarter to the end.
const GROWTH: f64 = 0.05;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let devices: usize = argument("--devices", 200)?;
    if std::env::args().any(|argument| argument == "--serve") {
        return serve(devices).await;
    }
    let seconds: u64 = argument("--seconds", 300)?;
    let mut server = Command::new(std::env::current_exe()?)
        .args(["--serve", "--devices", &devices.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    measure(&mut server, devices, Duration::from_secs(seconds)).await
}

/// Holds the devices until the other process goes.
async fn serve(devices: usize) -> Result<(), Failed> {
    let mut running = Vec::with_capacity(devices);
    for _ in 0..devices {
        let device = Simulator::builder()
            .profile(Profile::Px4_48)
            .user("admin", "pass")
            .https(true)
            .start()
            .await?;
        let print = device.certificate_sha256().ok_or("no certificate")?;
        println!("{} {print}", device.url());
        running.push(device);
    }
    let mut input = BufReader::new(tokio::io::stdin()).lines();
    while input.next_line().await?.is_some() {}
    Ok(())
}

async fn measure(server: &mut Child, devices: usize, time: Duration) -> Result<(), Failed> {
    let process = server.id().ok_or("the devices are gone")?;
    let mut lines = BufReader::new(server.stdout.take().ok_or("no output")?).lines();
    let mut watched = Vec::with_capacity(devices);
    for _ in 0..devices {
        watched.push(Watched::open(&next(&mut lines).await?).await?);
    }
    let calls = watched.iter().map(Watched::calls).sum::<usize>();
    println!(
        "{devices} devices, {calls} values a second, for {} s",
        time.as_secs()
    );
    let idle = cost(process)?;

    let began = Instant::now();
    let until = began + time;
    let mut work = JoinSet::new();
    for (index, device) in watched.into_iter().enumerate() {
        // Spread over the second, as a scraper does.
        let shift = Duration::from_secs(1) * u32::try_from(index)? / u32::try_from(devices)?;
        work.spawn(device.watch(began + shift, until));
    }
    let settled = tokio::time::sleep(time / 4);
    settled.await;
    let warm = cost(process)?;
    let mut times = Vec::new();
    while let Some(ended) = work.join_next().await {
        times.extend(ended??);
    }
    report(
        &mut times,
        [idle, warm, cost(process)?],
        devices,
        began.elapsed(),
    )
}

fn report(
    times: &mut [Duration],
    [idle, warm, end]: [Cost; 3],
    devices: usize,
    took: Duration,
) -> Result<(), Failed> {
    times.sort_unstable();
    let of = |part| quantile(times, part).as_secs_f64() * 1_000.0;
    println!("snapshots    {}, no error", times.len());
    println!(
        "latency      {:.1} ms median, {:.1} ms 99 %, {:.1} ms longest",
        of(0.5),
        of(0.99),
        of(1.0)
    );
    println!(
        "memory       {:.1} MiB idle, {:.1} after a quarter, {:.1} at the end; {:.0} KiB a device",
        idle.memory,
        warm.memory,
        end.memory,
        end.memory * 1024.0 / devices as f64
    );
    let processor = (end.processor - idle.processor).as_secs_f64() / took.as_secs_f64();
    println!(
        "processor    {:.0} % of one core for the devices",
        processor * 100.0
    );
    if end.memory > warm.memory * (1.0 + GROWTH) {
        return Err(format!(
            "memory grew from {:.1} to {:.1} MiB",
            warm.memory, end.memory
        )
        .into());
    }
    Ok(())
}

async fn next(lines: &mut Lines<BufReader<ChildStdout>>) -> Result<String, Failed> {
    lines
        .next_line()
        .await?
        .ok_or_else(|| "the devices did not start".into())
}

/// A device, and what is read of it each second.
struct Watched {
    agent: Agent,
    outlets: Vec<Outlet>,
    sensors: Vec<NumericSensor>,
}

impl Watched {
    async fn open(line: &str) -> Result<Self, Failed> {
        let (url, print) = line.split_once(' ').ok_or("no fingerprint")?;
        let agent = Agent::builder(url)
            .basic_auth("admin", "pass")
            .pin_certificate_sha256(print)
            .build()?;
        let pdu = Pdu::at(&agent, "/model/pdu/0");
        let (outlets, inlets) = agent.bulk((pdu.get_outlets(), pdu.get_inlets())).await?;
        let (outlets, inlets) = (outlets?, inlets?);
        let of_inlets = agent
            .bulk(inlets.iter().map(Inlet::get_sensors))
            .await?
            .all()?;
        let of_outlets = agent
            .bulk(outlets.iter().map(Outlet::get_sensors))
            .await?
            .all()?;
        let inlets = of_inlets
            .into_iter()
            .flat_map(|sensors| [sensors.active_power, sensors.current]);
        let each = of_outlets.into_iter().map(|sensors| sensors.active_power);
        let sensors = inlets.chain(each).flatten().collect();
        Ok(Self {
            agent,
            outlets,
            sensors,
        })
    }

    fn calls(&self) -> usize {
        self.outlets.len() + self.sensors.len()
    }

    /// Reads everything once a second; how long each time took.
    async fn watch(self, from: Instant, until: Instant) -> Result<Vec<Duration>, Failed> {
        tokio::time::sleep_until(from.into()).await;
        let mut second = interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut times = Vec::new();
        while Instant::now() < until {
            second.tick().await;
            let began = Instant::now();
            let states = self.agent.bulk(self.outlets.iter().map(Outlet::get_state));
            let readings = self
                .agent
                .bulk(self.sensors.iter().map(NumericSensor::get_reading));
            let (states, readings) = (states.await?.all()?, readings.await?.all()?);
            if states.len() + readings.len() != self.calls() {
                return Err(format!(
                    "{:?}: values are missing",
                    self.outlets[0].as_object().rid()
                )
                .into());
            }
            times.push(began.elapsed());
        }
        Ok(times)
    }
}
