//! Failures that the device reports as the result of its work.

use core::fmt;

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

impl fmt::Display for ApplicationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the device refused: ")?;
        match self.names {
            [] => write!(
                f,
                "it returned code {}, for which the interface has no name; newer IDL may have one",
                self.code
            ),
            names => write!(f, "{} ({})", names.join(" or "), self.code),
        }
    }
}

impl std::error::Error for ApplicationError {}
