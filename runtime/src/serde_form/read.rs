//! Values from deserializers: whatever comes is made JSON text, which the one reader of the runtime takes.

use serde::de::{Deserializer, Error};

use super::capture::capture;
use crate::codec::{Decode, by_name, decode};
use crate::polymorphic::Polymorphic;
use crate::value_object::ValueObject;

/// Reads a value.
///
/// # Errors
///
/// Those of the format, and when what stands there is no such value.
pub fn read<'de, T: Decode, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = capture(deserializer)?;
    decode(text.get().as_bytes(), &by_name()).map_err(Error::custom)
}

/// Reads a value object with its type, which may be one that extends `T`.
///
/// # Errors
///
/// As [`read`], and when the type is another one.
pub fn read_value_object<'de, T: ValueObject, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value: Polymorphic<T> = read(deserializer)?;
    value.into_base().map_err(Error::custom)
}
