//! What the options say of trust, for wires with a TLS of their own.

use std::fs;

use xerus_rpc::http::Tls;

use crate::args::Device;
use crate::failure::Failure;

/// Whom the options trust.
pub(super) fn tls(device: &Device) -> Result<Tls, Failure> {
    let mut tls = Tls::new();
    for pin in &device.pin {
        tls = tls.pin_certificate_sha256(pin);
    }
    for pin in &device.pin_key {
        tls = tls.pin_public_key_sha256(pin);
    }
    for file in &device.ca {
        let pem = fs::read(file).map_err(|error| Failure::io("read", file, &error))?;
        tls = tls.root_certificate_pem(pem);
    }
    Ok(tls)
}
