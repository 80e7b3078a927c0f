//! Taking a text for one JSON value.

use std::str::FromStr;

use super::reader::Text;
use crate::error::DecodeError;
use crate::json_text::Json;
use crate::settings::{DEFAULT_MAX_DEPTH, DEFAULT_MAX_MEMORY};

use super::reader::Limits;

impl FromStr for Json {
    type Err = DecodeError;

    /// Takes one JSON value; white space around it is dropped.
    fn from_str(text: &str) -> Result<Self, DecodeError> {
        let mut reader = Text::new(
            text,
            Limits {
                strict: false,
                depth: DEFAULT_MAX_DEPTH,
                memory: DEFAULT_MAX_MEMORY,
            },
        );
        reader.expect_document()?;
        let value = reader.raw_value()?;
        reader.finish()?;
        Ok(Self::trusted(value.to_owned()))
    }
}
