//! The `xerus` command.
//!
//! `check`, `dump`, `fmt` and `diff` work on interface descriptions (IDL), `import` makes them from the vendor's Python
//! packages, `generate` turns them into Rust. `call` talks to a device, `simulate` plays one. Everything that the
//! command prints as its result goes to stdout; diagnostics, summaries and errors go to stderr. Exit codes: 0 success
//! (warnings included), 1 the input was refused or differs, 2 the command line was not understood, 6 `diff` found
//! breaking changes; of `call`: 3 the device was not reached, 4 it refused, 5 its answer cannot be read.

mod args;
#[cfg(feature = "device")]
mod bad_news;
mod command;
mod failure;
mod terminal;
mod usage;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Cli;
use crate::terminal::Terminal;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::new(cli.color);
    match command::run(cli.command, &terminal) {
        Ok(code) => code,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            terminal.error(&failure);
            failure.exit_code()
        }
    }
}
