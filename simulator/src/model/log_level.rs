//! How much each part of the firmware writes to the log for diagnosis.

use std::collections::BTreeMap;

/// How much is written, from nothing to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LogLevel {
    /// Nothing.
    None,
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// The same and what goes on.
    Info,
    /// The same and details.
    Debug,
    /// The same and every step.
    Trace,
}

/// Parts of the firmware. Which ones devices have is not known.
const PARTS: [&str; 8] = [
    "auth",
    "config",
    "event",
    "firmware",
    "http",
    "outlet",
    "peripheral",
    "sensor",
];
const USUAL: LogLevel = LogLevel::Info;

/// The levels of all parts.
#[derive(Clone, Debug)]
pub struct LogLevels(BTreeMap<&'static str, LogLevel>);

impl Default for LogLevels {
    fn default() -> Self {
        Self(PARTS.into_iter().map(|part| (part, USUAL)).collect())
    }
}

impl LogLevels {
    /// Parts and their levels.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, LogLevel)> {
        self.0.iter().map(|(part, level)| (*part, *level))
    }

    /// The level of a part; `None`: there is no such part.
    #[must_use]
    pub fn get(&self, part: &str) -> Option<LogLevel> {
        self.0.get(part).copied()
    }

    /// Sets one part to a level; the answer says whether there is such a part.
    #[must_use]
    pub fn set(&mut self, part: &str, level: LogLevel) -> bool {
        let place = self.0.get_mut(part);
        place.map(|place| *place = level).is_some()
    }

    /// Sets all parts to one level.
    pub fn set_all(&mut self, level: LogLevel) {
        self.0.values_mut().for_each(|place| *place = level);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_belong_to_parts() {
        let mut levels = LogLevels::default();
        assert!(levels.set("http", LogLevel::Trace));
        assert!(!levels.set("kitchen", LogLevel::Trace));
        assert_eq!(levels.get("http"), Some(LogLevel::Trace));
        assert_eq!(levels.get("auth"), Some(LogLevel::Info));
        assert_eq!(levels.get("kitchen"), None);
        levels.set_all(LogLevel::None);
        assert!(levels.all().all(|(_, level)| level == LogLevel::None));
        assert_eq!(levels.all().count(), 8);
    }
}
