//! Faults of what a wire speaks.

use std::fmt;

use super::text::DeviceText;

/// What came over the wire is not what it speaks (kind `Protocol`): no frame, an answer without its parts. For wires other
/// than HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolError {
    /// What is wrong, in words that follow "the answer breaks the rules of this wire: ".
    pub what: &'static str,
    /// The beginning of what came, at most 256 bytes of readable text; empty where it may be a secret.
    pub excerpt: String,
}

/// The longest excerpt, in bytes.
const EXCERPT: usize = 256;

impl ProtocolError {
    /// A fault, without an excerpt.
    #[must_use]
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            excerpt: String::new(),
        }
    }

    /// Adds the beginning of what came.
    #[must_use]
    pub fn with_excerpt(mut self, bytes: &[u8]) -> Self {
        let cut = &bytes[..bytes.len().min(EXCERPT)];
        // A character that the cut splits must not make the text longer than what it was cut from.
        let mut text = String::from_utf8_lossy(cut).into_owned();
        while text.len() > EXCERPT {
            text.pop();
        }
        self.excerpt = text;
        self
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer breaks the rules of this wire: {}", self.what)?;
        if self.excerpt.is_empty() {
            return Ok(());
        }
        write!(f, ", it begins with {}", DeviceText(&self.excerpt))
    }
}

impl std::error::Error for ProtocolError {}

#[cfg(test)]
mod tests {
    use super::ProtocolError;

    #[test]
    fn an_excerpt_is_short_whatever_came() {
        let error = ProtocolError::new("no frame").with_excerpt(&[0xFF; 4096]);
        assert!(error.excerpt.len() <= 256, "{}", error.excerpt.len());
        let error = ProtocolError::new("no frame").with_excerpt(b"SSH-2.0");
        assert_eq!(
            error.to_string(),
            "the answer breaks the rules of this wire: no frame, it begins with SSH-2.0"
        );
    }
}
