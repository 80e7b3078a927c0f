//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Lists PDUs of firmware 3.6 and 4.0 and their outlets, each through the bindings that fit, and switches an outlet.
///
/// Without --url two simulated devices, one of each firmware, are started on loopback and their first outlets switched.
#[derive(Clone, Debug, Parser)]
#[command(
    after_help = "Exit codes: 0 all devices answered, 1 something failed; the other devices are listed nevertheless."
)]
pub struct Options {
    /// A real device, `https://pdu.example.com` (repeatable). Nothing is switched unless --switch says so
    #[arg(long = "url", value_name = "URL")]
    pub urls: Vec<String>,
    /// The user on all of them; the password is taken from XERUS_PASSWORD
    #[arg(long, default_value = "admin")]
    pub user: String,
    /// Trust the certificates with these SHA-256 fingerprints (repeatable)
    #[arg(long, value_name = "SHA256")]
    pub pin: Vec<String>,
    /// Trust the certificates in this PEM file and what they signed
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// DANGEROUS: accept every certificate. Whoever answers in the place of a device gets the password
    #[arg(long, alias = "insecure", conflicts_with_all = ["pin", "ca"])]
    pub danger_accept_invalid_certs: bool,
    /// The resource id of the PDUs
    #[arg(long, default_value = "/model/pdu/0")]
    pub rid: String,
    /// Switch outlet N of each device (in the order of the list, from 1) to its other state
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub switch: Option<u16>,
    /// Visit at most N devices at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub at_once: u16,
}

impl Options {
    /// The outlet to switch, counted from 0: the one that was asked for, or the first of devices that are ours.
    #[must_use]
    pub fn outlet(&self) -> Option<usize> {
        let first = self.urls.is_empty().then_some(1);
        let number = self.switch.or(first)?;
        usize::from(number).checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::Options;

    fn parse(line: &str) -> Result<Options, clap::Error> {
        Options::try_parse_from(["mixed-fleet"].into_iter().chain(line.split_whitespace()))
    }

    #[test]
    fn real_devices_are_not_switched_unless_asked() {
        assert_eq!(parse("").unwrap().outlet(), Some(0));
        let two = parse("--url https://a --url https://b").unwrap();
        assert_eq!((two.urls.len(), two.outlet()), (2, None));
        let options = parse("--url https://a --switch 3 --at-once 2").unwrap();
        assert_eq!((options.outlet(), options.at_once), (Some(2), 2));
    }

    #[test]
    fn numbers_begin_with_1() {
        for line in ["--switch 0", "--at-once 0"] {
            let error = parse(line).unwrap_err().to_string();
            assert!(error.contains("0 is not in 1.."), "{error}");
        }
    }
}
