//! A script at work: what it prints when, and how it ends.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::{RESTART_INTERVAL, ScriptState};

/// The signal that ends a script which is terminated.
const TERMINATED: i32 = 15;

/// How a script ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// By itself, with this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// A script at work, or what is left of it.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// What is still to be printed, and when.
    lines: VecDeque<(Duration, String)>,
    /// When and how it ends; `None`: never.
    end: Option<(Duration, End)>,
    /// Whoever terminated it does not want it to be started again.
    terminated: bool,
}

impl Run {
    /// Begins at `start`.
    pub(super) fn new(start: Duration, source: &str, arguments: &BTreeMap<String, String>) -> Self {
        let mut lines = VecDeque::new();
        let mut at = start;
        let mut end = Some(End::Code(0));
        for line in source.lines().map(str::trim) {
            if let Some(text) = inside(line, "print(") {
                lines.push_back((at, format!("{}\n", printed(text, arguments))));
            } else if let Some(seconds) = inside(line, "sleep(") {
                let seconds = seconds.trim().parse().unwrap_or(0.0_f64);
                at = at.saturating_add(Duration::try_from_secs_f64(seconds).unwrap_or_default());
            } else if let Some(code) = inside(line, "os.exit(") {
                end = Some(End::Code(code.trim().parse().unwrap_or(0)));
                break;
            } else if let Some(text) = inside(line, "error(") {
                lines.push_back((at, format!("{}\n", printed(text, arguments))));
                end = Some(End::Code(1));
                break;
            } else if line.starts_with("while true") {
                end = None;
                break;
            }
        }
        Self {
            lines,
            end: end.map(|end| (at, end)),
            terminated: false,
        }
    }

    /// What has been printed since this was asked.
    pub(super) fn printed(&mut self, now: Duration) -> Vec<String> {
        let due = self.lines.iter().take_while(|(at, _)| *at <= now).count();
        self.lines.drain(..due).map(|(_, text)| text).collect()
    }

    pub(super) fn terminate(&mut self, now: Duration) {
        self.lines.clear();
        self.end = Some((now, End::Signal(TERMINATED)));
        self.terminated = true;
    }

    pub(super) fn state(&self, now: Duration, restarts: bool) -> ScriptState {
        match self.end {
            Some((at, end)) if at <= now && restarts && !self.terminated => {
                ScriptState::Restarting(end)
            }
            Some((at, end)) if at <= now => ScriptState::Ended(end),
            _ => ScriptState::Running,
        }
    }

    /// When it is started again, if that is not still to come.
    pub(super) fn again(&self, now: Duration, restarts: bool) -> Option<Duration> {
        let (ended, _) = self.end?;
        let again = ended.checked_add(RESTART_INTERVAL)?;
        (restarts && !self.terminated && again <= now).then_some(again)
    }
}

/// How long one run of this takes, and how much it prints in bytes; `None`: it never ends, or prints nothing.
pub(super) fn cycle(
    source: &str,
    arguments: &BTreeMap<String, String>,
) -> Option<(Duration, usize)> {
    let run = Run::new(Duration::ZERO, source, arguments);
    let bytes = run.lines.iter().map(|(_, text)| text.len()).sum();
    Some((run.end?.0.checked_add(RESTART_INTERVAL)?, bytes))
}

/// What stands in the parentheses of a call that fills the line.
fn inside<'l>(line: &'l str, call: &str) -> Option<&'l str> {
    line.strip_prefix(call)?.strip_suffix(')')
}

fn quoted(text: &str) -> Option<&str> {
    text.trim().strip_prefix('"')?.strip_suffix('"')
}

fn printed(text: &str, arguments: &BTreeMap<String, String>) -> String {
    if let Some(text) = quoted(text) {
        return text.to_owned();
    }
    let argument = text.trim().strip_prefix("ARGS[");
    let argument = argument.and_then(|name| quoted(name.strip_suffix(']')?));
    match argument.map(|name| arguments.get(name)) {
        Some(Some(value)) => value.clone(),
        Some(None) => "nil".to_owned(),
        None => text.to_owned(),
    }
}
