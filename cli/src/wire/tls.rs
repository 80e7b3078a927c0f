//! What the options say of trust, for wires with a TLS of their own.

use std::fs;

use xerus_rpc::Agent;
use xerus_rpc::http::Tls;

use super::failed;
use crate::args::Device;
use crate::failure::Failure;

/// Whom the options trust.
pub(super) fn tls(device: &Device) -> Result<Tls, Failure> {
    let mut tls = Tls::new();
    // It tells what is wrong when it is used, and that is too late for a mistake of the command line.
    let mut checked = Agent::builder("https://localhost");
    for pin in &device.pin {
        tls = tls.pin_certificate_sha256(pin);
        checked = checked.pin_certificate_sha256(pin);
    }
    for pin in &device.pin_key {
        tls = tls.pin_public_key_sha256(pin);
        checked = checked.pin_public_key_sha256(pin);
    }
    for file in &device.ca {
        let pem = fs::read(file).map_err(|error| Failure::io("read", file, &error))?;
        tls = tls.root_certificate_pem(&pem);
        checked = checked.root_certificate_pem(pem);
    }
    checked.build().map_err(|error| failed(error, device))?;
    Ok(tls)
}
