//! The option that shortens enumerators.

use super::value::{Field, Value};

/// What becomes of the prefix that all enumerators of an enumeration share, such as `PS_` of `PS_OFF` and `PS_ON`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnumeratorPrefix {
    /// It stays: `PsOff`.
    #[default]
    Keep,
    /// It goes: `Off`.
    Strip,
}

impl EnumeratorPrefix {
    /// How the values are written, in the order of their declaration.
    pub const NAMES: &'static [&'static str] = &["keep", "strip"];

    /// How the value is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Strip => "strip",
        }
    }
}

impl Field for EnumeratorPrefix {
    fn to_value(&self) -> Value {
        Value::Text(self.name().to_owned())
    }

    fn set(&mut self, value: Value) -> Result<(), &'static str> {
        const EXPECTED: &str = "`keep` or `strip`";
        let Value::Text(text) = value else {
            return Err(EXPECTED);
        };
        *self = [Self::Keep, Self::Strip]
            .into_iter()
            .find(|prefix| prefix.name() == text)
            .ok_or(EXPECTED)?;
        Ok(())
    }

    fn add(&mut self, value: Value) -> Result<(), &'static str> {
        self.set(value)
    }
}
