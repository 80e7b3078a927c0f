//! What was pushed.

use std::fmt;

use serde_json::Value;

use super::SensorLog;

/// What a device has pushed: a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Message {
    path: String,
    text: String,
}

impl Message {
    pub(super) fn new(path: String, text: String) -> Self {
        Self { path, text }
    }

    /// Path and query of the URL that it was pushed to, as the server has handed them over. Devices do not say who they are: give
    /// each a URL of its own.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text as it came: JSON, the form of which depends on the type of the entry on the device.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The readings, if it is a log of sensors (`SENSORLOG`); `None` for anything else, of which no form is known.
    ///
    /// # Errors
    ///
    /// When it is one, and cannot be read. The text is there all the same.
    pub fn sensor_log(&self) -> Result<Option<SensorLog>, MessageError> {
        let value: Value = serde_json::from_str(&self.text)
            .map_err(|_| MessageError::new("", "JSON that is not nested too deeply"))?;
        SensorLog::read(&value)
    }
}

/// Why a message cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageError {
    path: String,
    expected: &'static str,
}

impl MessageError {
    pub(super) fn new(path: impl Into<String>, expected: &'static str) -> Self {
        Self {
            path: path.into(),
            expected,
        }
    }

    /// Where: `rows[3].timestamp`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for MessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "the message"
        } else {
            &self.path
        };
        write!(
            f,
            "{path} of a pushed message is not {}: read its text, which may be of another firmware",
            self.expected
        )
    }
}

impl std::error::Error for MessageError {}
