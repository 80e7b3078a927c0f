//! Options as command line flags, without knowledge of any argument parser.

use super::{Kind, OptionError, Options, SPECS, Spec, Value};

/// The option that a flag (without dashes) belongs to.
fn spec(flag: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.flag == flag)
}

impl Spec {
    /// Whether the flag needs a value. That of a switch may have one: `--docs=false`.
    #[must_use]
    pub const fn needs_value(&self) -> bool {
        !matches!(self.kind, Kind::Switch { .. })
    }

    /// Whether the flag may be given several times.
    #[must_use]
    pub const fn repeats(&self) -> bool {
        matches!(self.kind, Kind::List | Kind::Table)
    }
}

impl Options {
    /// Applies one flag (without dashes) and its value.
    ///
    /// # Errors
    ///
    /// When the flag is unknown, lacks its value or has one that it does not take.
    pub fn apply_flag(&mut self, flag: &str, value: Option<&str>) -> Result<(), OptionError> {
        let Some(Spec {
            key,
            kind,
            flag,
            placeholder,
            ..
        }) = spec(flag)
        else {
            return Err(OptionError::unknown_flag(flag));
        };
        let value = match (kind, value) {
            (Kind::Switch { .. }, None | Some("true")) => Value::Bool(true),
            (Kind::Switch { .. }, Some("false")) => Value::Bool(false),
            (Kind::Switch { .. }, Some(_)) => return Err(OptionError::NoSwitchValue { flag }),
            (_, None) => return Err(OptionError::MissingValue { flag, placeholder }),
            (Kind::Text | Kind::Choice { .. } | Kind::List, Some(text)) => {
                Value::Text(text.to_owned())
            }
            (Kind::Table, Some(text)) => match text.split_once('=') {
                Some((path, text)) => {
                    Value::Table(vec![(path.to_owned(), Value::Text(text.to_owned()))])
                }
                None => return Err(OptionError::NoPair { flag, placeholder }),
            },
        };
        self.add(key, value)
    }
}
