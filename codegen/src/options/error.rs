//! Why options could not be read.

use std::fmt;

use super::SPECS;

/// An option that cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OptionError {
    /// There is no option of this key.
    UnknownKey {
        /// The key.
        key: String,
        /// The known key that it is nearest to.
        nearest: Option<&'static str>,
    },
    /// There is no flag of this name.
    UnknownFlag {
        /// The flag without dashes.
        flag: String,
        /// The known flag that it is nearest to.
        nearest: Option<&'static str>,
    },
    /// The value is none that the option takes.
    WrongValue {
        /// The key.
        key: &'static str,
        /// What it takes, as in "`true` or `false`".
        expected: &'static str,
    },
    /// The value is a number or a date, which no option takes.
    NumberOrDate {
        /// The key as it was written.
        key: String,
    },
    /// The option is given twice where each may be given once.
    Twice {
        /// The key as it was written.
        key: String,
    },
    /// The flag lacks its value.
    MissingValue {
        /// The flag without dashes.
        flag: &'static str,
        /// What the value stands for.
        placeholder: &'static str,
    },
    /// The flag is a switch and has a value that is neither `true` nor `false`.
    NoSwitchValue {
        /// The flag without dashes.
        flag: &'static str,
    },
    /// The value of the flag has no `=`.
    NoPair {
        /// The flag without dashes.
        flag: &'static str,
        /// The form that it takes.
        placeholder: &'static str,
    },
    /// The text is no TOML.
    NoToml,
}

impl OptionError {
    pub(super) fn unknown_key(key: &str) -> Self {
        Self::UnknownKey {
            key: key.to_owned(),
            nearest: xerus_idl::distance::nearest(key, SPECS.iter().map(|spec| spec.key)),
        }
    }

    pub(super) fn unknown_flag(flag: &str) -> Self {
        Self::UnknownFlag {
            flag: flag.to_owned(),
            nearest: xerus_idl::distance::nearest(flag, SPECS.iter().map(|spec| spec.flag)),
        }
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { key, nearest } => {
                write!(f, "there is no option `{key}`; ")?;
                match nearest {
                    Some(near) => write!(f, "did you mean `{near}`?"),
                    None => {
                        let all: Vec<_> = SPECS.iter().map(|spec| spec.key).collect();
                        write!(f, "the options are {}", all.join(", "))
                    }
                }
            }
            Self::UnknownFlag { flag, nearest } => {
                write!(f, "there is no flag `--{flag}`; ")?;
                match nearest {
                    Some(near) => write!(f, "did you mean `--{near}`?"),
                    None => f.write_str("`xerus generate --help` lists them"),
                }
            }
            Self::WrongValue { key, expected } => write!(f, "`{key}` takes {expected}"),
            Self::NumberOrDate { key } => write!(f, "`{key}` takes no number and no date"),
            Self::Twice { key } => write!(f, "`{key}` is given twice"),
            Self::MissingValue { flag, placeholder } => {
                write!(f, "`--{flag}` needs a value: {placeholder}")
            }
            Self::NoSwitchValue { flag } => {
                write!(f, "`--{flag}` takes no value, or `=true`, or `=false`")
            }
            Self::NoPair { flag, placeholder } => {
                write!(f, "`--{flag}` needs the form {placeholder}")
            }
            Self::NoToml => f.write_str(
                "this is no TOML; write `key = \"text\"`, `key = true` or `key = [\"text\"]`, and tables below a line \
                 `[key]`",
            ),
        }
    }
}

impl std::error::Error for OptionError {}

/// An error in a TOML file, with its place: `line:column: ` and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TomlError {
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// What is wrong there.
    pub cause: OptionError,
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.cause)
    }
}

impl std::error::Error for TomlError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}
