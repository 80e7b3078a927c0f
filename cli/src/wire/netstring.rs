//! Servers of JSON-RPC in netstrings: `netstring://HOST:PORT,HOST:PORT`.

use std::sync::Arc;

use xerus_rpc::netstring::{Netstring, Servers};
use xerus_rpc::recording::Recorder;
use xerus_rpc::wire::Transport;
use xerus_rpc::{Agent, Settings};

use super::refuse;
use crate::args::Device;
use crate::failure::Failure;

/// Nothing is sent yet.
pub(super) fn agent(
    device: &Device,
    servers: &str,
    recorder: Option<&Recorder>,
) -> Result<Agent, Failure> {
    refuse_security(device)?;
    let transport = Netstring::builder(self::servers(servers)?)
        .connect_timeout(device.timeout)
        .build();
    let mut transport: Arc<dyn Transport> = Arc::new(transport);
    if let Some(recorder) = recorder {
        transport = recorder.around(transport);
    }
    let mut settings = Settings::default();
    settings.timeout = device.timeout;
    Ok(Agent::with_settings(transport, settings))
}

/// Refuses what this wire has not.
pub(crate) fn refuse_security(device: &Device) -> Result<(), Failure> {
    refuse(
        "netstring://, which has neither users nor encryption",
        &[
            ("--user", device.user.is_some()),
            ("--pin", !device.pin.is_empty()),
            ("--pin-key", !device.pin_key.is_empty()),
            ("--ca", !device.ca.is_empty()),
            (
                "--danger-accept-invalid-certs",
                device.danger_accept_invalid_certs,
            ),
        ],
    )
}

/// Servers of equal rank.
fn servers(text: &str) -> Result<Servers, Failure> {
    let wrong = |what: &str| {
        Failure::Usage(format!(
            "{text:?} names no servers: {what}; write netstring://HOST:PORT, or several with commas between them"
        ))
    };
    let text = text.strip_suffix('/').unwrap_or(text);
    let listed = text
        .split(',')
        .map(|server| format!("{server},1"))
        .collect::<Vec<_>>()
        .join(" ");
    if text.contains(char::is_whitespace) {
        return Err(wrong("there is a blank in it"));
    }
    Servers::jsonrpcc(&listed).map_err(|error| wrong(error.what))
}
