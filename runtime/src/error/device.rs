//! Failures that the device reports as the result of its work.

use core::fmt;

/// A failure code of a file endpoint (kind `Cgi`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CgiError {
    /// The endpoint, such as `fwupload.cgi`.
    pub endpoint: &'static str,
    /// What it answered.
    pub answer: CgiAnswer,
}

impl CgiError {
    /// An answer of `endpoint`.
    #[must_use]
    pub fn new(endpoint: &'static str, answer: CgiAnswer) -> Self {
        Self { endpoint, answer }
    }
}

/// How a file endpoint failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CgiAnswer {
    /// A code that stands for a failure.
    Code {
        /// The code.
        code: i64,
        /// What it means, as documented.
        meaning: &'static str,
    },
    /// The answer lacks the code.
    MissingResponseCode,
    /// The code is no number.
    BadResponseCode,
}

/// A return value that stands for a failure (kind `Application`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicationError {
    /// The returned code.
    pub code: i64,
    /// The constant of the interface with this value, if there is one.
    pub constant: Option<&'static str>,
}

impl ApplicationError {
    /// A returned code and the name of its constant.
    #[must_use]
    pub fn new(code: i64, constant: Option<&'static str>) -> Self {
        Self { code, constant }
    }
}

impl fmt::Display for CgiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            CgiAnswer::Code { code, meaning } => {
                write!(f, "{} failed with code {code}: {meaning}", self.endpoint)
            }
            CgiAnswer::MissingResponseCode => {
                write!(f, "{} answered without a response code", self.endpoint)
            }
            CgiAnswer::BadResponseCode => write!(
                f,
                "{} answered with an unreadable response code",
                self.endpoint
            ),
        }
    }
}

impl fmt::Display for ApplicationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.constant {
            Some(name) => write!(f, "the device returned {name} ({})", self.code),
            None => write!(f, "the device returned code {}", self.code),
        }
    }
}
