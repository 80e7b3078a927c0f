#![doc = include_str!("../README.md")]

mod args;
#[cfg(feature = "device")]
mod bad_news;
#[cfg(feature = "device")]
mod cassette;
mod command;
#[cfg(feature = "device")]
mod conformance;
mod failure;
#[cfg(feature = "device")]
mod output;
#[cfg(feature = "device")]
mod return_code;
mod terminal;
mod usage;
#[cfg(feature = "device")]
mod wire;

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
