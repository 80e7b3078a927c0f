use std::fmt;

use crate::json_text::Json;

/// Why a JSON document is no answer to the request sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// The document is an array, a string, a number or null.
    NotObject,
    /// No `jsonrpc` member (refused only in strict decoding).
    VersionMissing,
    /// `jsonrpc` is something else than `"2.0"`.
    VersionMismatch,
    /// No `id` member.
    IdMissing,
    /// The id is not that of the request, in value or in JSON type.
    IdMismatch,
    /// Both a result and an error.
    ResultAndError,
    /// Neither a result nor an error.
    NeitherResultNorError,
    /// `error` is no object with an integer `code`.
    BadErrorObject,
}

impl EnvelopeError {
    /// Stable name, for logs and tests: `Envelope.IdMismatch`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotObject => "Envelope.NotObject",
            Self::VersionMissing => "Envelope.VersionMissing",
            Self::VersionMismatch => "Envelope.VersionMismatch",
            Self::IdMissing => "Envelope.IdMissing",
            Self::IdMismatch => "Envelope.IdMismatch",
            Self::ResultAndError => "Envelope.ResultAndError",
            Self::NeitherResultNorError => "Envelope.NeitherResultNorError",
            Self::BadErrorObject => "Envelope.BadErrorObject",
        }
    }
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotObject => "the answer is no JSON object",
            Self::VersionMissing => "the answer does not say which JSON-RPC version it is",
            Self::VersionMismatch => "the answer is not JSON-RPC 2.0",
            Self::IdMissing => "the answer has no id",
            Self::IdMismatch => "the answer belongs to another request",
            Self::ResultAndError => "the answer has both a result and an error",
            Self::NeitherResultNorError => "the answer has neither a result nor an error",
            Self::BadErrorObject => "the error of the answer has no integer code",
        })
    }
}

impl std::error::Error for EnvelopeError {}

/// The `error` object of an answer: the device understood the request and refused it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RpcError {
    /// The number; -32601 is "method not found", -32001 is a missing privilege.
    pub code: i64,
    /// The device's words; empty when it gave none.
    pub message: String,
    /// More, as the device sent it.
    pub data: Option<Json>,
}

impl RpcError {
    /// An error object without `data`.
    #[must_use]
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
        }
    }
}

/// More device text than this is left out of a one-line message.
const SHOWN: usize = 200;

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the device answered with error {}", self.code)?;
        if self.message.is_empty() {
            return Ok(());
        }
        let text: String = super::path::cut(&self.message, SHOWN)
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let dots = if self.message.len() > SHOWN {
            "…"
        } else {
            ""
        };
        write!(f, ": {text}{dots}")
    }
}

impl std::error::Error for RpcError {}
