//! Servers of JSON-RPC in netstrings: `netstring://HOST:PORT,HOST:PORT`, and those that DNS names:
//! `netstring+srv://_rpc._tcp.example.com`.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use xerus_rpc::netstring::{Dns, Netstring, NetstringBuilder, Servers, SrvName};
use xerus_rpc::recording::Recorder;

use super::{Line, over, refuse, shown};
use crate::args::Device;
use crate::failure::Failure;

/// Nothing is sent yet.
pub(super) fn of_servers(
    device: &Device,
    servers: &str,
    recorder: Option<&Recorder>,
) -> Result<Line, Failure> {
    let builder = Netstring::builder(self::servers(servers)?);
    let transport = transport(device, builder)?;
    let agent = over(transport.clone(), device, recorder);
    // A call goes to a server that is up, and fails or is answered there.
    let has_begun = move || {
        let mut servers = transport.status().into_iter();
        servers.any(|server| server.is_up || server.answered + server.failed > 0)
    };
    Ok(Line::new(agent, has_begun))
}

/// Nothing is sent yet, and nothing asked.
pub(super) fn of_srv(
    device: &Device,
    name: &str,
    recorder: Option<&Recorder>,
) -> Result<Line, Failure> {
    let (dns, servers) = srv(name)?;
    let builder = Netstring::builder(servers);
    let transport = transport(device, builder.resolve_srv(dns.clone()).resolve(dns))?;
    // DNS may have put other servers in the place of those that a call went to.
    Ok(Line::new(over(transport, device, recorder), || true))
}

/// Whether a text is a name that DNS has servers for.
///
/// # Errors
///
/// When it is not.
pub(super) fn check_srv(text: &str) -> Result<(), Failure> {
    srv(text).map(drop)
}

/// Who is asked for which servers.
fn srv(name: &str) -> Result<(Dns, Servers), Failure> {
    let wrong = |what: &str| {
        Failure::Usage(format!(
            "{:?} names no servers: {what}; write netstring+srv://_rpc._tcp.example.com, or \
             netstring+srv://192.0.2.53/_rpc._tcp.example.com to ask that name server",
            shown(name)
        ))
    };
    let text = name.strip_suffix('/').unwrap_or(name);
    let (dns, name) = match text.rsplit_once('/') {
        None => (Dns::system(), text),
        Some((server, name)) => {
            let address = name_server(server);
            let address = address.ok_or_else(|| wrong("the name server is no IP address"))?;
            (Dns::server(address), name)
        }
    };
    let servers = Servers::srv([SrvName::new(name)]).map_err(|error| wrong(error.what))?;
    Ok((dns, servers))
}

/// An address, with a port or without.
fn name_server(text: &str) -> Option<SocketAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let address: IpAddr = bare.unwrap_or(text).parse().ok()?;
    Some(SocketAddr::new(address, 53))
}

fn transport(device: &Device, builder: NetstringBuilder) -> Result<Arc<Netstring>, Failure> {
    refuse_security(device)?;
    let builder = builder.connect_timeout(device.time_to_connect());
    Ok(Arc::new(builder.build()))
}

/// Refuses what this wire has not.
pub(crate) fn refuse_security(device: &Device) -> Result<(), Failure> {
    refuse(
        "netstrings, which have neither users nor encryption",
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

/// Whether a text names servers.
///
/// # Errors
///
/// When it does not: a port is missing, say.
pub(crate) fn check(text: &str) -> Result<(), Failure> {
    servers(text).map(drop)
}

/// Servers of equal rank.
fn servers(text: &str) -> Result<Servers, Failure> {
    let wrong = |what: &str| {
        Failure::Usage(format!(
            "{:?} names no servers: {what}; write netstring://HOST:PORT, or several with commas between them",
            shown(text)
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
