//! Settings as lines: `key=value`.

use std::fmt;

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which setting: `outlet[3].name`.
    pub key: String,
    /// Its value.
    pub value: String,
}

impl Entry {
    /// A setting with its value.
    pub fn new(key: impl Into<String>, value: impl fmt::Display) -> Self {
        Self {
            key: key.into(),
            value: value.to_string(),
        }
    }
}

/// The line of an entry: line ends and backslashes in values are escaped.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=", self.key)?;
        for c in self.value.chars() {
            match c {
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

/// Reads a line; `None` when it is no entry.
pub(super) fn parse(line: &str) -> Option<Entry> {
    let (key, value) = line.split_once('=')?;
    let key = key.trim();
    if key.is_empty() || key.contains(char::is_whitespace) {
        return None;
    }
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                '\\' => '\\',
                _ => return None,
            },
            c => c,
        });
    }
    Some(Entry::new(key, text))
}

/// All entries of a text, comments and empty lines left out; `None` when a line is something else.
pub(super) fn parse_all(text: &str) -> Option<Vec<Entry>> {
    text.lines()
        .map(str::trim_start)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(parse)
        .collect()
}

pub(super) fn print_all(entries: &[Entry]) -> String {
    entries.iter().map(|entry| format!("{entry}\n")).collect()
}

/// Why an entry cannot be put in force.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryError {
    /// There is no such setting, or no such outlet, inlet, user, …
    Unknown(String),
    /// The value does not fit the setting.
    Value(String),
}

impl fmt::Display for EntryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(key) => write!(
                f,
                "the device has no setting `{key}`: remove it from the configuration"
            ),
            Self::Value(key) => write!(
                f,
                "the value of `{key}` is not possible: correct it in the configuration"
            ),
        }
    }
}
