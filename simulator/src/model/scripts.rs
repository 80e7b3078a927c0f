//! Scripts that the device keeps and runs.
//!
//! No Lua is interpreted. A script is its lines: `print("text")` and `print(ARGS["name"])` print, `sleep(2)` takes that many seconds,
//! `while true` goes on for ever, `os.exit(3)` ends with that code and `error("text")` with code 1. What else there is takes no
//! time and does nothing.

mod output;
mod run;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use self::output::Output;
pub use self::output::Piece;
pub use self::run::End;
use self::run::Run;

/// Scripts that fit.
pub const MOST_SCRIPTS: usize = 4;
/// Largest script, in bytes.
pub const MOST_BYTES: usize = 16 * 1024;
/// Largest size of all scripts together, in bytes.
pub const MOST_BYTES_OF_ALL: usize = 32 * 1024;
/// Arguments that a script may have.
const MOST_ARGUMENTS: usize = 16;
/// Characters of a name, and of the name and value of an argument.
const LONGEST_NAME: usize = 63;
const LONGEST_VALUE: usize = 256;
/// Bytes of what a script has printed that are kept.
pub const OUTPUT_BYTES: usize = output::KEPT;
/// Pause before a script is started again.
pub const RESTART_INTERVAL: Duration = Duration::from_secs(30);
/// Pause between the start of the device and that of scripts.
pub const AUTO_START_DELAY: Duration = Duration::from_secs(15);

/// When a script is started, and with which arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptOptions {
    /// Arguments by name, unless it is started with others.
    pub arguments: BTreeMap<String, String>,
    /// Whether it is started together with the device.
    pub auto_start: bool,
    /// Whether it is started again when it ends.
    pub auto_restart: bool,
}

/// Why the device does not do what it is asked to with a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScriptRefusal {
    /// The name is empty, too long, or has other characters than letters, digits, `_`, `-` and `.`.
    InvalidName,
    /// There is none of that name.
    NoSuchScript,
    /// No more scripts fit.
    TooMany,
    /// The script is too large.
    TooLarge,
    /// All scripts together would be too large.
    AllTooLarge,
    /// It still runs.
    Running,
    /// It does not run.
    NotRunning,
    /// There was no output at that address yet.
    InvalidAddress,
    /// There are too many arguments.
    TooManyArguments,
    /// The name of an argument is invalid, or its value too long.
    InvalidArgument,
}

/// Whether a script runs, and how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScriptState {
    /// It has not been started yet.
    New,
    /// It runs.
    Running,
    /// It has ended so.
    Ended(End),
    /// It has ended so, and will be started again.
    Restarting(End),
}

#[derive(Clone, Debug, Default)]
struct Script {
    source: String,
    options: ScriptOptions,
    run: Option<Run>,
    output: Output,
}

/// All scripts of a device, by name.
#[derive(Clone, Debug, Default)]
pub struct Scripts {
    all: BTreeMap<String, Script>,
}

impl Scripts {
    /// Stores a script.
    pub fn set(
        &mut self,
        now: Duration,
        name: &str,
        source: &str,
        options: ScriptOptions,
    ) -> Result<(), ScriptRefusal> {
        if !is_name(name) {
            return Err(ScriptRefusal::InvalidName);
        }
        check(&options.arguments)?;
        self.pass(now);
        let before = self.all.get(name);
        if before.is_some_and(|script| is_busy(script, now)) {
            return Err(ScriptRefusal::Running);
        }
        if before.is_none() && self.all.len() == MOST_SCRIPTS {
            return Err(ScriptRefusal::TooMany);
        }
        if source.len() > MOST_BYTES {
            return Err(ScriptRefusal::TooLarge);
        }
        let others = self.bytes() - before.map_or(0, |script| script.source.len());
        if others + source.len() > MOST_BYTES_OF_ALL {
            return Err(ScriptRefusal::AllTooLarge);
        }
        let script = self.all.entry(name.to_owned()).or_default();
        source.clone_into(&mut script.source);
        script.options = options;
        Ok(())
    }

    /// The source text of a script.
    pub fn source(&self, name: &str) -> Result<&str, ScriptRefusal> {
        self.find(name).map(|script| script.source.as_str())
    }

    /// When a script is started.
    pub fn options(&self, name: &str) -> Result<&ScriptOptions, ScriptRefusal> {
        self.find(name).map(|script| &script.options)
    }

    /// Changes when a script is started.
    pub fn set_options(&mut self, name: &str, options: ScriptOptions) -> Result<(), ScriptRefusal> {
        let script = self.all.get_mut(name).ok_or(ScriptRefusal::NoSuchScript)?;
        check(&options.arguments)?;
        script.options = options;
        Ok(())
    }

    /// The names of all scripts.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// How large all scripts together are, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.all.values().map(|script| script.source.len()).sum()
    }

    /// Removes a script.
    pub fn delete(&mut self, now: Duration, name: &str) -> Result<(), ScriptRefusal> {
        self.pass(now);
        if is_busy(self.find(name)?, now) {
            return Err(ScriptRefusal::Running);
        }
        self.all.remove(name);
        Ok(())
    }

    /// Starts a script with these arguments; without, with those of its options.
    pub fn start(
        &mut self,
        now: Duration,
        name: &str,
        arguments: Option<BTreeMap<String, String>>,
    ) -> Result<(), ScriptRefusal> {
        self.pass(now);
        if let Some(arguments) = &arguments {
            self.find(name)?;
            check(arguments)?;
        }
        let script = self.all.get_mut(name).ok_or(ScriptRefusal::NoSuchScript)?;
        if is_busy(script, now) {
            return Err(ScriptRefusal::Running);
        }
        let arguments = arguments.unwrap_or_else(|| script.options.arguments.clone());
        script.run = Some(Run::new(now, &script.source, &arguments));
        self.pass(now);
        Ok(())
    }

    /// Ends a script that runs or would be started again.
    pub fn terminate(&mut self, now: Duration, name: &str) -> Result<(), ScriptRefusal> {
        self.pass(now);
        let script = self.all.get_mut(name).ok_or(ScriptRefusal::NoSuchScript)?;
        match &mut script.run {
            Some(run) if run.state(now, script.options.auto_restart).is_busy() => {
                run.terminate(now);
                Ok(())
            }
            _ => Err(ScriptRefusal::NotRunning),
        }
    }

    /// Whether a script runs.
    pub fn state(&mut self, now: Duration, name: &str) -> Result<ScriptState, ScriptRefusal> {
        self.pass(now);
        self.find(name).map(|script| state(script, now))
    }

    /// A piece of what a script has printed, from this address on.
    pub fn output(&mut self, now: Duration, name: &str, from: i64) -> Result<Piece, ScriptRefusal> {
        self.pass(now);
        let piece = self.find(name)?.output.read(from);
        piece.ok_or(ScriptRefusal::InvalidAddress)
    }

    /// Throws away what a script has printed.
    pub fn clear_output(&mut self, now: Duration, name: &str) -> Result<(), ScriptRefusal> {
        self.pass(now);
        let script = self.all.get_mut(name).ok_or(ScriptRefusal::NoSuchScript)?;
        script.output.clear();
        Ok(())
    }

    /// The device has started: nothing runs, and what is started with it will be.
    pub fn boot(&mut self, now: Duration) {
        for script in self.all.values_mut() {
            let arguments = &script.options.arguments;
            let run = Run::new(now + AUTO_START_DELAY, &script.source, arguments);
            script.run = script.options.auto_start.then_some(run);
            script.output.clear();
        }
    }

    /// Prints what is due, and starts again what is to be.
    fn pass(&mut self, now: Duration) {
        for script in self.all.values_mut() {
            while let Some(run) = &mut script.run {
                for text in run.printed(now) {
                    script.output.print(&text);
                }
                let Some(at) = run.again(now, script.options.auto_restart) else {
                    break;
                };
                let at = script.skip(at, now);
                script.run = Some(Run::new(at, &script.source, &script.options.arguments));
            }
        }
    }

    fn find(&self, name: &str) -> Result<&Script, ScriptRefusal> {
        self.all.get(name).ok_or(ScriptRefusal::NoSuchScript)
    }
}

impl Script {
    /// Passes over runs from `at` on of which nothing is kept, and says when the next one begins: a clock may have moved by years.
    fn skip(&mut self, at: Duration, now: Duration) -> Duration {
        // So few are run through.
        if now.saturating_sub(at) <= RESTART_INTERVAL * 4 {
            return at;
        }
        let Some((period, bytes)) = run::cycle(&self.source, &self.options.arguments) else {
            return at;
        };
        let whole = (now - at).as_nanos() / period.as_nanos();
        let kept = output::KEPT.checked_div(bytes).map_or(0, |runs| runs + 1);
        let skipped = whole.saturating_sub(kept as u128);
        if skipped == 0 {
            return at;
        }
        if bytes > 0 {
            let bytes = skipped.saturating_mul(bytes as u128);
            self.output.skip(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        let nanos = (period.as_nanos() * skipped) % 1_000_000_000;
        let seconds = (period.as_nanos() * skipped) / 1_000_000_000;
        let passed = u64::try_from(seconds).ok().zip(u32::try_from(nanos).ok());
        passed.map_or(at, |(seconds, nanos)| at + Duration::new(seconds, nanos))
    }
}

impl ScriptState {
    fn is_busy(self) -> bool {
        matches!(self, Self::Running | Self::Restarting(_))
    }
}

fn state(script: &Script, now: Duration) -> ScriptState {
    match &script.run {
        Some(run) => run.state(now, script.options.auto_restart),
        None => ScriptState::New,
    }
}

fn is_busy(script: &Script, now: Duration) -> bool {
    state(script, now).is_busy()
}

fn is_name(name: &str) -> bool {
    let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(valid)
}

fn check(arguments: &BTreeMap<String, String>) -> Result<(), ScriptRefusal> {
    if arguments.len() > MOST_ARGUMENTS {
        return Err(ScriptRefusal::TooManyArguments);
    }
    let valid = |(name, value): (&String, &String)| is_name(name) && value.len() <= LONGEST_VALUE;
    if arguments.iter().all(valid) {
        Ok(())
    } else {
        Err(ScriptRefusal::InvalidArgument)
    }
}
