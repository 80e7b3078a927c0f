//! Lists a fleet of PDUs with different firmware and switches an outlet on each.
//! `cargo run -p mixed-fleet -- --help` says how to point it at real devices.

use std::error::Error;
use std::io::Write as _;
use std::pin::pin;
use std::process::ExitCode;

use clap::Parser as _;
use futures_util::StreamExt as _;
use mixed_fleet::fleet::{Device, visit};
use mixed_fleet::old_device;
use mixed_fleet::options::Options;
use xerus_rpc::Agent;
use xerus_sim::{Firmware, Running, Serving, Simulator};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Standard error may be closed; the exit code still tells.
            let _ = writeln!(std::io::stderr(), "mixed-fleet: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all went well.
async fn run() -> Result<bool> {
    let options = Options::parse();
    // Dropped at the end: that switches the simulated devices off.
    let (devices, _simulated) = if options.urls.is_empty() {
        let simulated = Simulated::start(&options.user).await?;
        (simulated.devices(&options)?, Some(simulated))
    } else {
        (given(&options)?, None)
    };
    let mut out = std::io::stdout();
    let mut all_well = true;
    let mut visits = pin!(visit(devices, options.at_once.into(), options.outlet()));
    while let Some(visit) = visits.next().await {
        all_well &= !visit.failed();
        writeln!(out, "{visit}")?;
    }
    Ok(all_well)
}

/// The devices of the command line.
fn given(options: &Options) -> Result<Vec<Device>> {
    let password =
        std::env::var("XERUS_PASSWORD").map_err(|_| "put the password into XERUS_PASSWORD")?;
    let ca = match &options.ca {
        Some(file) => {
            Some(std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?)
        }
        None => None,
    };
    let mut devices = Vec::new();
    for url in &options.urls {
        let mut agent = Agent::builder(url).basic_auth(&options.user, &password);
        if let Some(pem) = &ca {
            agent = agent.root_certificate_pem(pem);
        }
        for fingerprint in &options.pin {
            agent = agent.pin_certificate_sha256(fingerprint);
        }
        if options.danger_accept_invalid_certs {
            agent = agent.danger_accept_invalid_certs();
        }
        devices.push(Device {
            agent: agent.build().map_err(|error| format!("{url}: {error}"))?,
            rid: options.rid.clone(),
        });
    }
    Ok(devices)
}

/// Two devices on loopback.
struct Simulated {
    new: Running,
    old: Serving,
}

const PASSWORD: &str = "mixed fleet";

impl Simulated {
    async fn start(user: &str) -> Result<Self> {
        let (objects, _) = old_device::objects(4);
        Ok(Self {
            new: Simulator::builder()
                .firmware(Firmware::V4_0_20)
                .outlets(4)
                .user(user, PASSWORD)
                .https(true)
                .start()
                .await?,
            old: xerus_sim::serve(objects)
                .user(user, PASSWORD)
                .https(true)
                .start()
                .await?,
        })
    }

    fn devices(&self, options: &Options) -> Result<Vec<Device>> {
        let mut devices = Vec::new();
        for (url, certificate) in [
            (self.new.url(), self.new.certificate_pem()),
            (self.old.url(), self.old.certificate_pem()),
        ] {
            let agent = Agent::builder(url)
                .basic_auth(&options.user, PASSWORD)
                .root_certificate_pem(certificate.unwrap_or_default());
            devices.push(Device {
                agent: agent.build()?,
                rid: options.rid.clone(),
            });
        }
        Ok(devices)
    }
}
