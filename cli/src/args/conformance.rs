//! `xerus conformance`

use std::time::Duration;

use clap::Args;

use super::device::seconds;
use crate::output::Output;

/// `xerus conformance`
#[derive(Debug, Args)]
#[command(after_help = "\
Faults are played to the server, one after another, and what it does is compared with what a robust one does. After each of
them a plain call must be answered. It is called with a method that does not exist, unless --method names one; that must be
one which may be called a thousand times.

DO NOT RUN IT AGAINST A SERVER IN USE: it sends what brings bad ones down, 300 calls at once, and 100 MB to one that takes them.

Examples:
  xerus conformance netstring://127.0.0.1:9999
  xerus conformance netstring://127.0.0.1:9999 --method heartbeat --output json

Exit codes: 0 as expected in every row, 6 not in all, 2 the command line was not understood, 3 the server was not reached.")]
pub(crate) struct Conformance {
    /// The server: `netstring://localhost:9999`
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    /// A method that does no harm when it is called a thousand times
    #[arg(long, value_name = "METHOD", default_value = "xerus.conformance.probe")]
    pub(crate) method: String,
    /// Its parameters, a JSON object or list
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) params: String,
    /// How long the server may take for an answer, or to close: 2s, 500ms
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = seconds)]
    pub(crate) timeout: Duration,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) output: Output,
}
