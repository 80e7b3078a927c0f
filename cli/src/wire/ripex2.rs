//! RipEX2 radio modems: `ripex2+https://HOST`.

use std::sync::Arc;
use std::time::Duration;

use xerus_rpc::Agent;
use xerus_rpc::http::Tls;
use xerus_rpc::recording::Recorder;
use xerus_rpc::ripex2::Ripex2;

use super::tls::tls;
use super::{Line, failed, http, over, refuse};
use crate::args::Device;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// How long the end of a session may take: a login that is under way has 30 s, a logout has 5 s.
const GOODBYE: Duration = Duration::from_secs(36);

/// Nothing is sent yet; the password may be asked for.
pub(super) fn line(
    device: &Device,
    url: &str,
    recorder: Option<&Recorder>,
    terminal: &Terminal,
) -> Result<Line, Failure> {
    let connection = http::connection(Agent::builder(url), device, terminal)?;
    let mut builder = Ripex2::builder(url)
        .connection(|_| connection.clone())
        .timeout(device.time());
    // Who says --timeout means it for units behind the one that is connected as well; else these have the longer time that they need.
    if let Some(time) = device.timeout {
        builder = builder.remote_timeout(time);
    }
    // Nobody is asked for a password that cannot be used.
    let checked = connection.build();
    checked.map_err(|error| failed(error, device))?;
    if let Some(user) = &device.user {
        builder = builder.login(user, http::password(user, device)?);
    }
    let transport = builder.build_transport();
    let transport = Arc::new(transport.map_err(|error| failed(error, device))?);
    let agent = over(transport.clone(), device, recorder);
    let line = Line::new(agent, move || transport.calls_begun() > 0);
    // A session that is left open is one of few that a unit has.
    Ok(Line {
        goodbye: GOODBYE,
        ..line
    })
}

/// What is needed to speak to a unit without a client.
pub(crate) struct Access {
    pub(crate) login: Option<(String, String)>,
    pub(crate) tls: Tls,
}

/// Nothing is sent yet; the password may be asked for.
pub(crate) fn access(device: &Device, url: &str) -> Result<Access, Failure> {
    let checked = Agent::builder(url).build();
    checked.map_err(|error| failed(error, device))?;
    refuse(
        "a test of a unit, which shows the fingerprint for --pin",
        &[(
            "--danger-accept-invalid-certs",
            device.danger_accept_invalid_certs,
        )],
    )?;
    let tls = tls(device)?;
    let login = match &device.user {
        Some(user) => Some((user.clone(), http::password(user, device)?)),
        None => None,
    };
    Ok(Access { login, tls })
}
