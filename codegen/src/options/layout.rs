//! The option that chooses files.

use super::value::{Field, Value};

/// How the generated code is spread over files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// One file holds everything.
    #[default]
    Single,
    /// A root file, and beside it one file for each IDL module.
    Files,
}

impl Layout {
    /// How the layouts are written, in the order of their declaration.
    pub const NAMES: &'static [&'static str] = &["single", "files"];

    /// How the layout is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Files => "files",
        }
    }
}

impl Field for Layout {
    fn to_value(&self) -> Value {
        Value::Text(self.name().to_owned())
    }

    fn set(&mut self, value: Value) -> Result<(), &'static str> {
        const EXPECTED: &str = "`single` or `files`";
        let Value::Text(text) = value else {
            return Err(EXPECTED);
        };
        *self = [Self::Single, Self::Files]
            .into_iter()
            .find(|layout| layout.name() == text)
            .ok_or(EXPECTED)?;
        Ok(())
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        self.set(value)
    }
}
