//! One module a command.

#[cfg(feature = "device")]
mod call;
mod check;
mod completions;
#[cfg(feature = "device")]
mod conformance;
mod diff;
#[cfg(feature = "device")]
mod discover;
mod dump;
mod fmt;
mod generate;
mod import;
#[cfg(feature = "device")]
mod input;
mod load;
#[cfg(feature = "device")]
mod recording;
#[cfg(feature = "device")]
mod simulate;

use std::process::ExitCode;

use crate::args::Command;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// What stands for the loopback interface, which every system calls by another name.
#[cfg(feature = "device")]
const LOOPBACK: &str = "loopback";

/// Runs a command; the exit code says what its `--help` promises.
pub(crate) fn run(command: Command, terminal: &Terminal) -> Result<ExitCode, Failure> {
    match command {
        Command::Check(args) => check::run(&args, terminal),
        Command::Dump(args) => dump::run(&args, terminal),
        Command::Fmt(args) => fmt::run(&args, terminal),
        Command::Generate(args) => generate::run(&args, terminal),
        Command::Diff(args) => diff::run(&args, terminal),
        Command::Import(args) => import::run(&args, terminal),
        #[cfg(feature = "device")]
        Command::Call(args) => call::run(&args, terminal),
        #[cfg(feature = "device")]
        Command::Conformance(args) => conformance::run(&args, terminal),
        #[cfg(feature = "device")]
        Command::Discover(args) => discover::run(&args, terminal),
        #[cfg(feature = "device")]
        Command::Recording(args) => recording::run(&args, terminal),
        #[cfg(feature = "device")]
        Command::Simulate(args) => simulate::run(&args, terminal),
        Command::Completions(args) => completions::completions(&args, terminal),
        Command::Man(args) => completions::man(&args, terminal),
    }
}
