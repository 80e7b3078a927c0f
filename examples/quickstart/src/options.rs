//! The command line.

use std::path::PathBuf;

/// What `--help` prints.
pub const HELP: &str = "\
Lists the outlets and readings of a PDU, switches an outlet, takes a snapshot and prints the events.

Usage: cargo run --example quickstart [-- OPTIONS]

Without options a simulated PDU is started on loopback and switched.

      --url URL       a real device, https://pdu.example.com; nothing is switched unless --switch says so
      --user USER     its user (default: admin); the password is taken from XERUS_PASSWORD
      --ca FILE       trust the certificates in this PEM file
      --insecure      trust any certificate
      --rid RID       the PDU's resource id (default: /model/pdu/0)
      --switch N      switch outlet N (as printed on the device, from 1) to its other state
      --read-only     do not switch, not even the simulated PDU
  -h, --help          print this";

/// What to do, and with which device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The device; the simulated one if absent.
    pub url: Option<String>,
    /// Who logs in.
    pub user: String,
    /// Extra certificates to trust.
    pub ca: Option<PathBuf>,
    /// Any certificate will do.
    pub insecure: bool,
    /// Resource id of the PDU, if it is not where PDUs are.
    pub rid: Option<String>,
    /// The outlet to switch, counted from 0.
    pub switch: Option<usize>,
    /// Only print the help.
    pub help: bool,
}

impl Options {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    ///
    /// What is wrong with them, in one line.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            url: None,
            user: "admin".to_owned(),
            ca: None,
            insecure: false,
            rid: None,
            switch: None,
            help: false,
        };
        let (mut switch, mut read_only) = (None, false);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| format!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--url" => options.url = Some(value()?),
                "--user" => options.user = value()?,
                "--ca" => options.ca = Some(value()?.into()),
                "--insecure" => options.insecure = true,
                "--rid" => options.rid = Some(value()?),
                "--switch" => switch = Some(outlet_number(&value()?)?),
                "--read-only" => read_only = true,
                "-h" | "--help" => options.help = true,
                other => return Err(format!("there is no option {other}; --help lists them")),
            }
        }
        if read_only && switch.is_some() {
            return Err("--read-only and --switch exclude each other".to_owned());
        }
        // Only what belongs to us is switched without being asked to.
        let default = (options.url.is_none() && !read_only).then_some(0);
        options.switch = switch.or(default);
        Ok(options)
    }
}

fn outlet_number(text: &str) -> Result<usize, String> {
    let number = text
        .parse::<usize>()
        .ok()
        .and_then(|number| number.checked_sub(1));
    number.ok_or_else(|| format!("--switch takes the number of an outlet, not {text}"))
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_real_device_is_not_switched_unless_asked() {
        assert_eq!(parse("").unwrap().switch, Some(0));
        assert_eq!(parse("--read-only").unwrap().switch, None);
        assert_eq!(parse("--url https://pdu").unwrap().switch, None);
        assert_eq!(
            parse("--url https://pdu --switch 3").unwrap().switch,
            Some(2)
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (line, message) in [
            ("--url", "--url needs a value"),
            (
                "--switch 0",
                "--switch takes the number of an outlet, not 0",
            ),
            (
                "--switch off",
                "--switch takes the number of an outlet, not off",
            ),
            (
                "--switch 1 --read-only",
                "--read-only and --switch exclude each other",
            ),
            (
                "--frobnicate",
                "there is no option --frobnicate; --help lists them",
            ),
        ] {
            assert_eq!(parse(line).unwrap_err(), message);
        }
    }
}
