//! What the command line says, and the device that it names.

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use xerus_rpc::Agent;
use xerus_sim::{Firmware, Running, Simulator};

/// Any error ends the program.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Lists a PDU, switches an outlet, takes a snapshot and prints the events. Without --url the PDU is a simulated one.
#[derive(Debug, Parser)]
pub struct Options {
    /// A real device, `https://pdu.example.com`; nothing is switched unless --switch says so
    #[arg(long)]
    pub url: Option<String>,
    /// Its user; the password is taken from XERUS_PASSWORD
    #[arg(long, default_value = "admin")]
    pub user: String,
    /// Trust the certificate with this SHA-256 fingerprint
    #[arg(long, value_name = "SHA256")]
    pub pin: Option<String>,
    /// Trust the certificates in this PEM file and what they signed
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// DANGEROUS: accept every certificate. Whoever answers in the place of the device gets the password
    #[arg(long, alias = "insecure", conflicts_with_all = ["pin", "ca"])]
    pub danger_accept_invalid_certs: bool,
    /// The PDU's resource id
    #[arg(long, default_value = "/model/pdu/0")]
    pub rid: String,
    /// Switch outlet N (from 1) to its other state; the simulated PDU's first is switched unless --read-only is given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub switch: Option<u16>,
    /// Switch nothing
    #[arg(long, conflicts_with = "switch")]
    pub read_only: bool,
}

/// The device of the options, or a simulated one that lives as long as the second value.
///
/// # Errors
///
/// When an option cannot be used, or the simulated device does not start.
pub async fn connect(options: &Options) -> Result<(Agent, Option<Running>)> {
    let (user, password) = (&options.user, std::env::var("XERUS_PASSWORD"));
    let Some(url) = &options.url else {
        let device = Simulator::builder()
            .firmware(Firmware::V4_0_20)
            .user(user, "quickstart")
            .https(true)
            .start()
            .await?;
        println!("simulated PDU at {}\n", device.url());
        let agent = Agent::builder(device.url()).basic_auth(user, "quickstart");
        let agent = agent.root_certificate_pem(device.certificate_pem().unwrap_or_default());
        return Ok((agent.build()?, Some(device)));
    };
    let mut agent = Agent::builder(url).basic_auth(
        user,
        password.map_err(|_| "put the password into XERUS_PASSWORD")?,
    );
    if let Some(fingerprint) = &options.pin {
        agent = agent.pin_certificate_sha256(fingerprint);
    }
    if let Some(file) = &options.ca {
        agent = agent.root_certificate_pem(
            std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?,
        );
    }
    if options.danger_accept_invalid_certs {
        agent = agent.danger_accept_invalid_certs();
    }
    Ok((agent.build()?, None))
}
