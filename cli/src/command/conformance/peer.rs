//! From the command line to the peer, and to what it did.

use std::cell::Cell;
use std::pin::pin;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use xerus_rpc::wamp::Serializer;

use super::super::call::wait;
use crate::args::{Conformance, Spoken};
use crate::conformance::{Finding, Probe, netstring, printable, ripex2, wamp};
use crate::failure::Failure;
use crate::stop::{INTERRUPTED, Stop};
use crate::terminal::Terminal;
use crate::wire::{self, Wire, refuse};

/// A method that nobody has.
const NOBODYS: &str = "xerus.conformance.probe";

/// Plays the faults of its wire to the peer.
pub(super) fn test(args: &Conformance, terminal: &Terminal) -> Result<Vec<Finding>, Failure> {
    let params = serde_json::from_str::<Value>(&args.params);
    if !params.is_ok_and(|params| params.is_object() || params.is_array()) {
        return Err(Failure::Usage(
            "--params is no JSON object or list: write '{}' or '[1, 2]'".to_owned(),
        ));
    }
    let (wire, url) = Wire::of(&args.device.url);
    match wire {
        Wire::Http => return Err(no_faults(args)),
        // Which of them that is, DNS decides anew each time.
        Wire::NetstringSrv => return Err(one_server()),
        Wire::Netstring | Wire::Wamp | Wire::Ripex2 => wire::check(&args.device)?,
    }
    if wire != Wire::Wamp {
        wire::refuse_realm(&args.device)?;
        let options = [
            ("--prefix", args.prefix.is_some()),
            ("--serializer", args.serializer.is_some()),
        ];
        refuse("other wires than ws:// and wss://", &options)?;
    }
    if wire != Wire::Ripex2 {
        let options = [
            ("--target", args.target.is_some()),
            ("--wrong-login", args.wrong_login),
        ];
        refuse("other wires than ripex2+https://", &options)?;
    }
    match wire {
        Wire::Netstring => server(args, url),
        Wire::NetstringSrv => Err(one_server()),
        Wire::Wamp => router(args, url),
        Wire::Ripex2 => unit(args, url, terminal),
        Wire::Http => Err(no_faults(args)),
    }
}

fn no_faults(args: &Conformance) -> Failure {
    Failure::Usage(format!(
        "there are no faults for {}: known are netstring://HOST:PORT, ws://ROUTER, wss://ROUTER and ripex2+https://HOST",
        wire::shown(&args.device.url)
    ))
}

fn probe(args: &Conformance, method: &str) -> Probe {
    Probe {
        method: args.method.clone().unwrap_or_else(|| method.to_owned()),
        params: args.params.clone(),
        patience: args.device.time(),
    }
}

fn server(args: &Conformance, address: &str) -> Result<Vec<Finding>, Failure> {
    wire::netstring::refuse_security(&args.device)?;
    let address = address.strip_suffix('/').unwrap_or(address);
    if address.contains(',') {
        return Err(one_server());
    }
    wire::netstring::check(address)?;
    let probe = probe(args, NOBODYS);
    wait(netstring::run(address, &probe))?.map_err(unreached)
}

/// Why there was nothing to test, in words that may be those of the peer.
fn unreached(why: String) -> Failure {
    Failure::Network(printable(&why))
}

fn one_server() -> Failure {
    Failure::Usage("one server is tested at a time: name one, netstring://HOST:PORT".to_owned())
}

fn router(args: &Conformance, url: &str) -> Result<Vec<Finding>, Failure> {
    let prefix = prefix(args)?;
    let access = wire::wamp::access(&args.device, url)?;
    let setup = wamp::Setup {
        url: url.to_owned(),
        realm: access.realm,
        auth: access.auth,
        tls: access.tls,
        prefix,
        serializer: args.serializer.map(|serializer| match serializer {
            Spoken::Json => Serializer::Json,
            Spoken::Msgpack => Serializer::MessagePack,
        }),
        probe: probe(args, NOBODYS),
    };
    wait(wamp::run(&setup))?.map_err(unreached)
}

/// What the URIs of this run begin with. Two runs at the same time are not to meet, with the same prefix neither.
fn prefix(args: &Conformance) -> Result<String, Failure> {
    let prefix = args.prefix.as_deref().unwrap_or("com.xerus.conformance");
    let is_part = |part: &str| {
        let is_bad = |c: char| c == '#' || c.is_whitespace() || c.is_control();
        !part.is_empty() && !part.contains(is_bad)
    };
    if !prefix.split('.').all(is_part) || prefix.starts_with("wamp.") {
        return Err(Failure::Usage(format!(
            "{prefix:?} is no beginning of a URI: write parts with dots between them, com.example.test"
        )));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let number = now.map_or(0, |now| now.as_nanos() & 0xffff_ffff_ffff);
    let id = std::process::id();
    Ok(format!("{prefix}.r{number:x}p{id:x}"))
}

fn unit(args: &Conformance, url: &str, terminal: &Terminal) -> Result<Vec<Finding>, Failure> {
    let access = wire::ripex2::access(&args.device, url)?;
    let setup = ripex2::Setup {
        url: url.to_owned(),
        login: access.login,
        tls: access.tls,
        target: args.target.clone(),
        is_wrong_login_wanted: args.wrong_login,
        probe: probe(args, "device_constants_get"),
    };
    wait(listed(&setup, &mut Stop::listen(INTERRUPTED), terminal))?
}

/// What the rows come to. A unit has few sessions: when nobody waits any longer, those of this run are ended, too.
async fn listed(
    setup: &ripex2::Setup,
    stop: &mut Stop,
    terminal: &Terminal,
) -> Result<Vec<Finding>, Failure> {
    let is_interrupted = Cell::new(false);
    let mut rows = pin!(ripex2::run(setup, &is_interrupted));
    let code = tokio::select! {
        biased;
        findings = &mut rows => return findings.map_err(unreached),
        code = stop.asked(1) => code,
    };
    // A login in the middle of a row opens a session, too.
    is_interrupted.set(true);
    terminal.tell(
        "the row that is being played comes to its end, and then all sessions; Ctrl-C ends this at once\n",
    );
    tokio::select! {
        biased;
        _ = rows => {}
        _ = stop.asked(2) => {}
    }
    Err(Failure::Interrupted(code))
}
