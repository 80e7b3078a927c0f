//! What the unit does.

use std::time::Duration;

/// What `--help` says.
pub const HELP: &str = "\
A unit for tests that answers like a RipEX2, with one behind it over the radio (10.9.9.9).

Usage: ripex2-unit [OPTIONS]

Users: admin with the password mock-password, guest with mock-guest.

  --port PORT          where it listens on 127.0.0.1 [default: a free port, which it says]
  --tls                speak TLS, with a certificate that it signs itself and writes to stdout
  --inactivity SECS    end sessions that are not used for so long [default: 300]

Actions, such as settings_save_init:
  --busy SECS          how long one takes [default: 3]
  --offline SECS       how long nobody listens, from 0.3 s after the beginning [default: 0]
  --forget             forget all sessions when that begins
  --end HOW            good, minor (done, with something small beside it), error, or lost [default: good]
  --never              never end one
  --unavailable N      how many checks of one that is done are put off [default: 0]
  --warn               put a warning beside the beginning

What callers are told of when to check:
  --delay SECS         before the first check [default: 1]
  --interval SECS      between checks [default: 1]
  --increase SECS      by how much that grows [default: 0]
  --timeout SECS       when to give up [default: 20]

  -h, --help           this

Call it:
  cargo run -p xerus-ripex2-tests -- --port 8880
  XERUS_PASSWORD=mock-password xerus call ripex2+http://127.0.0.1:8880 / settings_get --user admin
With --tls the URL begins with ripex2+https:// and --ca FILE names the certificate.
";

/// How an action of the unit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As it should.
    Good,
    /// Done, with something small beside it.
    Minor,
    /// Failed, with the result beside it.
    Error,
    /// The unit does not know it any more.
    Lost,
}

/// What the unit does, and what it tells.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seconds that callers are told: delay, interval, increase, timeout.
    pub told: [u64; 4],
    /// How long an action takes, after the restart.
    pub busy: Duration,
    /// How long nobody listens, from 0.3 s after the beginning.
    pub offline: Duration,
    /// Whether sessions are forgotten.
    pub forget: bool,
    /// How many checks of a finished action are put off.
    pub unavailable: u32,
    /// The action never ends.
    pub never: bool,
    /// How it ends.
    pub end: End,
    /// Whether there is a warning beside the beginning.
    pub warn: bool,
    /// When sessions end.
    pub inactivity: Duration,
    /// Whether the unit speaks TLS.
    pub tls: bool,
    /// Where it listens.
    pub port: u16,
}

/// What follows on an argument that is not understood.
const SEE: &str = "; --help lists the options";

impl Default for Options {
    fn default() -> Self {
        Self {
            told: [1, 1, 0, 20],
            busy: Duration::from_secs(3),
            offline: Duration::ZERO,
            forget: false,
            unavailable: 0,
            never: false,
            end: End::Good,
            warn: false,
            inactivity: Duration::from_secs(300),
            tls: false,
            port: 0,
        }
    }
}

impl Options {
    /// Reads the arguments of a command line.
    ///
    /// # Errors
    ///
    /// The argument that is not understood.
    pub fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            match name.as_str() {
                "--forget" => options.forget = true,
                "--never" => options.never = true,
                "--warn" => options.warn = true,
                "--tls" => options.tls = true,
                _ => {
                    let value = arguments.next();
                    let value = value.ok_or(format!("{name} is unknown or needs a value{SEE}"))?;
                    options
                        .set(&name, &value)
                        .ok_or(format!("{name} {value} is not understood{SEE}"))?;
                }
            }
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        let seconds = || {
            let seconds: f64 = value.parse().ok()?;
            Duration::try_from_secs_f64(seconds).ok()
        };
        match name {
            "--port" => self.port = value.parse().ok()?,
            "--delay" => self.told[0] = value.parse().ok()?,
            "--interval" => self.told[1] = value.parse().ok()?,
            "--increase" => self.told[2] = value.parse().ok()?,
            "--timeout" => self.told[3] = value.parse().ok()?,
            "--busy" => self.busy = seconds()?,
            "--offline" => self.offline = seconds()?,
            "--inactivity" => self.inactivity = seconds()?,
            "--unavailable" => self.unavailable = value.parse().ok()?,
            "--seconds" => drop(seconds()?),
            "--end" => {
                self.end = match value {
                    "good" => End::Good,
                    "minor" => End::Minor,
                    "error" => End::Error,
                    "lost" => End::Lost,
                    _ => return None,
                }
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{HELP, Options};
    use crate::unit;

    #[test]
    fn the_help_has_every_option_and_who_may_call() {
        let list = HELP.lines().filter_map(|line| line.strip_prefix("  --"));
        let mut words = list.map(|line| line.split_whitespace().collect::<Vec<_>>());
        assert!(words.clone().count() > 12);
        let read = words.try_for_each(|words| {
            let value = match words[1] {
                "HOW" => "lost",
                _ => "7",
            };
            let mut arguments = vec![format!("--{}", words[0])];
            if words[1].chars().all(char::is_uppercase) {
                arguments.push(value.to_owned());
            }
            Options::read(arguments).map(|_| ())
        });
        assert_eq!(read, Ok(()));
        for word in [unit::PASSWORD, unit::GUEST_PASSWORD, unit::BEHIND] {
            assert!(HELP.contains(word), "{word}");
        }
        for wrong in [&["--prot", "1"][..], &["--port"], &["--port", "x"]] {
            let wrong = wrong.iter().map(|&word| word.to_owned());
            assert!(Options::read(wrong).unwrap_err().contains("--help"));
        }
    }
}
