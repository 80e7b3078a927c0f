//! `xerus conformance`

use clap::{Args, ValueEnum};

use super::Device;
use crate::output::Output;

/// `xerus conformance`
#[derive(Debug, Args)]
#[command(
    mut_arg("url", |url| url.help("The peer: `netstring://localhost:9999`, a router `ws://localhost:8080/ws`, a radio modem `ripex2+https://192.0.2.7`")),
    mut_arg("timeout", |time| time.default_value("2s").help("How long the peer may take for an answer, or to close: 2s, 500ms")),
    after_help = "\
Faults are played to the peer, one after another, and what it does is compared with what a robust one does. After each of
them a plain call must be answered.

  meets      as expected
  differs    not as expected
  cannot     the peer says itself that it does not do that
  not tried  this run cannot tell; it says what is missing

A server of netstrings is called with a method that does not exist, unless --method names one that may be called 3 000
times. DO NOT RUN IT AGAINST ONE IN USE: it sends what brings bad ones down, 300 calls at once, 2 000 whose answers it does not
read, and 100 MB to one that takes them.

At a router of WAMP procedures are registered below --prefix, called 2 000 times, and gone at the end. Every row is played in JSON and
in MessagePack; where that makes a difference there is a row for each.

Of a radio modem nothing is changed, and no wrong password is sent, which could lock users out, unless --wrong-login is given. What
needs a session is tried with --user, who is logged in first; where that is refused, nothing is tried. Ctrl-C and SIGTERM
end all sessions after the row that is being played; a second one ends at once.

Examples:
  xerus conformance netstring://127.0.0.1:9999
  xerus conformance netstring://127.0.0.1:9999 --method heartbeat --output json
  xerus conformance ws://localhost:8080/ws --realm com.example.realm
  xerus conformance wss://router.example.com/ws --realm com.example.realm --user tess --auth-method ticket --password-file ticket
  xerus conformance ripex2+https://192.0.2.7 --pin 3F:A2:… --user admin --target 10.255.255.254

Exit codes: 0 as expected in every row that was tried, 6 not in all, 1 a file cannot be read, or all
is as expected and the list cannot be printed, 2 the command line was not understood, 3 the peer was
not reached, or lets nobody in, 130 interrupted by Ctrl-C, 143 by SIGTERM."
)]
pub(crate) struct Conformance {
    #[command(flatten)]
    pub(crate) device: Device,
    /// A method that does no harm when it is called 3 000 times [default: one that does not exist; `device_constants_get` of a radio modem, which needs a session]
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,
    /// Its parameters, a JSON object or list
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) params: String,
    /// What the URIs begin with that are registered at a router; a number of this run follows [default: `com.xerus.conformance`]
    #[arg(long, value_name = "URI")]
    pub(crate) prefix: Option<String>,
    /// Speak to a router in this way only
    #[arg(long, value_name = "SERIALIZER")]
    pub(crate) serializer: Option<Spoken>,
    /// The address of a unit that cannot be reached through the radio modem
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) target: Option<String>,
    /// Send a wrong password to the radio modem once, for a user that does not exist
    #[arg(long)]
    pub(crate) wrong_login: bool,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Output,
}

/// How messages to a router are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Spoken {
    /// JSON
    Json,
    /// MessagePack
    Msgpack,
}
