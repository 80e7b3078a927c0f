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
#[cfg(feature = "device")]
mod stop;
mod terminal;
mod usage;
#[cfg(feature = "device")]
mod wire;

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use crate::args::{Cli, Command};
use crate::failure::Failure;
use crate::terminal::Terminal;

fn main() -> ExitCode {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches);
    let cli = cli.unwrap_or_else(|error| error.format(&mut Cli::command()).exit());
    let terminal = Terminal::new(cli.color);
    match run(cli.command, &matches, &terminal) {
        Ok(code) => code,
        Err(failure) => {
            terminal.error(&failure);
            failure.exit_code()
        }
    }
}

#[cfg_attr(
    not(feature = "device"),
    expect(unused_variables, unused_mut, reason = "users are those of devices")
)]
fn run(
    mut command: Command,
    matches: &ArgMatches,
    terminal: &Terminal,
) -> Result<ExitCode, Failure> {
    #[cfg(feature = "device")]
    wire::ambient_user::leave_out(&mut command, matches)?;
    command::run(command, terminal)
}
