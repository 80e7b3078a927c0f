//! The command line.

use std::path::PathBuf;

/// What `--help` prints.
pub const HELP: &str = "\
Lists PDUs of firmware 3.6 and 4.0 and their outlets, each through the bindings that fit, and switches an outlet.

Usage: cargo run -p mixed-fleet [-- OPTIONS]

Without options two simulated devices, one of each firmware, are started on loopback and their first outlets switched.

      --url URL       a real device, https://pdu.example.com; repeat it for more. Nothing is switched unless --switch says so
      --user USER     the user on all of them (default: admin); the password is taken from XERUS_PASSWORD
      --ca FILE       trust the certificates in this PEM file
      --insecure      trust any certificate
      --rid RID       the resource id of the PDUs (default: /model/pdu/0)
      --switch N      switch outlet N of each device (in the order of the list, from 1) to its other state
      --at-once N     visit at most N devices at a time (default: 8)
  -h, --help          print this

Exit codes: 0 all devices answered, 1 something failed; the other devices are listed nevertheless.";

/// What to do, and with which devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The devices; simulated ones if there are none.
    pub urls: Vec<String>,
    /// Who logs in.
    pub user: String,
    /// Extra certificates to trust.
    pub ca: Option<PathBuf>,
    /// Any certificate will do.
    pub insecure: bool,
    /// Resource id of the PDUs.
    pub rid: String,
    /// The outlet to switch, counted from 0.
    pub switch: Option<usize>,
    /// Devices in flight.
    pub at_once: usize,
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
            urls: Vec::new(),
            user: "admin".to_owned(),
            ca: None,
            insecure: false,
            rid: "/model/pdu/0".to_owned(),
            switch: None,
            at_once: 8,
            help: false,
        };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| format!("{argument} needs a value"))
            };
            match argument.as_str() {
                "--url" => options.urls.push(value()?),
                "--user" => options.user = value()?,
                "--ca" => options.ca = Some(value()?.into()),
                "--insecure" => options.insecure = true,
                "--rid" => options.rid = value()?,
                "--switch" => options.switch = Some(number(&argument, &value()?)? - 1),
                "--at-once" => options.at_once = number(&argument, &value()?)?,
                "-h" | "--help" => options.help = true,
                other => return Err(format!("there is no option {other}; --help lists them")),
            }
        }
        if options.urls.is_empty() {
            // Those are ours.
            options.switch.get_or_insert(0);
        }
        Ok(options)
    }
}

/// A number from 1.
fn number(option: &str, text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{option} takes a number from 1, not {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn real_devices_are_not_switched_unless_asked() {
        assert_eq!(parse("").unwrap().switch, Some(0));
        assert_eq!(
            parse("--url https://a --url https://b").unwrap().switch,
            None
        );
        let options = parse("--url https://a --switch 3 --at-once 2").unwrap();
        assert_eq!((options.switch, options.at_once), (Some(2), 2));
    }

    #[test]
    fn mistakes_are_named() {
        for (line, message) in [
            ("--url", "--url needs a value"),
            ("--switch 0", "--switch takes a number from 1, not 0"),
            ("--at-once -1", "--at-once takes a number from 1, not -1"),
            (
                "--frobnicate",
                "there is no option --frobnicate; --help lists them",
            ),
        ] {
            assert_eq!(parse(line).unwrap_err(), message);
        }
    }
}
