//! Xerus devices: `https://` and `http://`.

use std::env::{self, VarError};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use xerus_rpc::recording::Recorder;
use xerus_rpc::{Agent, AgentBuilder};

use super::{Line, failed, shown};
use crate::args::Device;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Where the password may stand.
const PASSWORD: &str = "XERUS_PASSWORD";

/// Nothing is sent yet; the password may be asked for.
pub(super) fn line(
    device: &Device,
    recorder: Option<&Recorder>,
    terminal: &Terminal,
) -> Result<Line, Failure> {
    let builder = Agent::builder(&device.url)
        .client_type(concat!("xerus ", env!("CARGO_PKG_VERSION")))
        .timeout(device.time());
    let mut builder = connection(builder, device, terminal)?;
    // Nobody is asked for a password that cannot be used.
    builder
        .clone()
        .build()
        .map_err(|error| failed(error, device))?;
    if let Some(user) = &device.user {
        builder = builder.basic_auth(user, password(user, device)?);
    }
    let settings = builder.settings().clone();
    let transport = builder.build_transport();
    let transport = Arc::new(transport.map_err(|error| failed(error, device))?);
    let agent = match recorder {
        Some(recorder) => recorder.around(transport.clone()),
        None => transport.clone(),
    };
    let agent = Agent::with_settings(agent, settings);
    Ok(Line::new(agent, move || transport.requests_begun() > 0))
}

/// Says whom to trust, and how long to wait for a connection.
pub(super) fn connection(
    builder: AgentBuilder,
    device: &Device,
    terminal: &Terminal,
) -> Result<AgentBuilder, Failure> {
    let mut builder = builder.connect_timeout(device.time());
    for pin in &device.pin {
        builder = builder.pin_certificate_sha256(pin);
    }
    for pin in &device.pin_key {
        builder = builder.pin_public_key_sha256(pin);
    }
    for file in &device.ca {
        let pem = fs::read(file).map_err(|error| Failure::io("read", file, &error))?;
        builder = builder.root_certificate_pem(pem);
    }
    if device.danger_accept_invalid_certs {
        terminal.tell(
            "warning: every certificate is accepted; whoever answers in the place of the device gets the password\n",
        );
        builder = builder.danger_accept_invalid_certs();
    }
    Ok(builder)
}

/// The password of a user, from where it was given; it may be asked for.
pub(super) fn password(user: &str, device: &Device) -> Result<String, Failure> {
    if let Some(file) = &device.password_file {
        return first_line(file);
    }
    match env::var(PASSWORD) {
        Ok(password) => Ok(password),
        Err(VarError::NotUnicode(_)) => Err(Failure::Usage(format!("{PASSWORD} is no UTF-8"))),
        Err(VarError::NotPresent) => ask(user, &shown(&device.url)),
    }
}

fn first_line(file: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(file).map_err(|error| Failure::io("read", file, &error))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(Failure::Message(format!(
            "the first line of {} is empty: write the password there",
            file.display()
        ))),
    }
}

fn ask(user: &str, url: &str) -> Result<String, Failure> {
    rpassword::prompt_password(format!("Password of {user} at {url}: ")).map_err(|_: io::Error| {
        Failure::Usage(format!(
            "no password, and no terminal to ask for it: put it into {PASSWORD}, or into a file for --password-file"
        ))
    })
}
