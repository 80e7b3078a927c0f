//! What the unit does.

use std::time::Duration;

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
                    let value = arguments.next().ok_or(format!("{name} needs a value"))?;
                    options
                        .set(&name, &value)
                        .ok_or(format!("{name} {value}"))?;
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
