//! Errors that a servant answers with.

use std::fmt;

use crate::error::{DecodeError, EncodeError, RpcError};
use crate::json_text::Json;

/// The `error` object of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The number, see spec section 9.2.
    pub code: i64,
    /// Words for people.
    pub message: String,
    /// More, if any.
    pub data: Option<Json>,
}

impl Fault {
    /// A fault without `data`.
    #[must_use]
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
        }
    }

    /// -32700: the body is no JSON.
    #[must_use]
    pub fn parse_error(detail: impl fmt::Display) -> Self {
        Self::new(-32700, format!("Parse error: {detail}"))
    }

    /// -32600: the body is JSON, but no request.
    #[must_use]
    pub fn invalid_request(detail: impl fmt::Display) -> Self {
        Self::new(-32600, format!("Invalid request: {detail}"))
    }

    /// -32601: the object has no such method.
    #[must_use]
    pub fn method_not_found() -> Self {
        Self::new(-32601, "Method not found")
    }

    /// -32602: a parameter is missing or has another type.
    #[must_use]
    pub fn invalid_params(detail: impl fmt::Display) -> Self {
        Self::new(-32602, format!("Invalid parameters: {detail}"))
    }

    /// -32603: the servant failed.
    #[must_use]
    pub fn internal(detail: impl fmt::Display) -> Self {
        Self::new(-32603, format!("Internal error: {detail}"))
    }

    /// -32001: the user's role lacks a privilege.
    #[must_use]
    pub fn not_permitted() -> Self {
        Self::new(-32001, "Insufficient privileges to perform request.")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Fault {}

impl From<DecodeError> for Fault {
    fn from(error: DecodeError) -> Self {
        Self::invalid_params(error)
    }
}

impl From<EncodeError> for Fault {
    fn from(error: EncodeError) -> Self {
        Self::internal(error)
    }
}

impl From<Fault> for RpcError {
    fn from(fault: Fault) -> Self {
        let Fault {
            code,
            message,
            data,
        } = fault;
        Self {
            data,
            ..Self::new(code, message)
        }
    }
}
