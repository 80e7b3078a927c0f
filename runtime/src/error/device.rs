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

/// A return code other than 0 (kind `Application`): the device worked on the call and refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicationError {
    /// The code.
    pub code: i32,
    /// The constants that the method may mean by it; empty where the interface names none. Several, where nothing tells
    /// which of them this method means.
    pub names: &'static [&'static str],
}

impl ApplicationError {
    /// A code and the names of its constants.
    #[must_use]
    pub fn new(code: i32, names: &'static [&'static str]) -> Self {
        Self { code, names }
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
        f.write_str("the device refused: ")?;
        match self.names {
            [] => write!(
                f,
                "it returned code {}, for which the interface has no name",
                self.code
            ),
            names => write!(f, "{} ({})", names.join(" or "), self.code),
        }
    }
}

impl std::error::Error for ApplicationError {}
