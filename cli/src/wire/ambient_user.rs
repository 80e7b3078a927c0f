//! The user of the variable XERUS_USER, who is one of Xerus devices.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::Wire;
use crate::args::{Command, Device};
use crate::failure::Failure;

/// Leaves the user of the variable out where the URL is not that of a Xerus device: the variable may be set for other commands, and
/// another device is not to be shown a password that is none of its own.
///
/// # Errors
///
/// When options are given that belong to a user, and no user is.
pub(crate) fn leave_out(command: &mut Command, matches: &ArgMatches) -> Result<(), Failure> {
    let device = match command {
        Command::Call(args) => &mut args.device,
        Command::Conformance(args) => &mut args.device,
        _ => return Ok(()),
    };
    let options = matches.subcommand().map(|(_, options)| options);
    let source = options.and_then(|options| options.value_source("user"));
    if source != Some(ValueSource::EnvVariable) || Wire::of(&device.url).0 == Wire::Http {
        return Ok(());
    }
    device.user = None;
    needs_no_user(device)
}

fn needs_no_user(device: &Device) -> Result<(), Failure> {
    let options = [
        ("--password-file", device.password_file.is_some()),
        ("--auth-method", device.auth_method.is_some()),
    ];
    match options.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Failure::Usage(format!(
            "{option} is for a user: name one with --user; XERUS_USER counts for https:// and http:// only"
        ))),
        None => Ok(()),
    }
}
