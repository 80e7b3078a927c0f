//! Faults of the code with which a device answers an upload.

use core::fmt;

use super::text::DeviceText;

/// The longest text that is kept of what stood in the place of a code, in characters.
const SHOWN: usize = 64;

/// The answer to an upload has no code that can be understood (kind `Cgi`). It is not known whether the
/// device took the upload.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CgiError {
    /// The answer has no `X-Response-Code`.
    MissingResponseCode,
    /// Where the code should be is something else: no whole number of 32 bits, or several values. The text is what
    /// stands there, cut to 64 characters.
    BadResponseCode(String),
}

impl CgiError {
    /// Something else than a code.
    #[must_use]
    pub fn bad_response_code(text: &str) -> Self {
        Self::BadResponseCode(text.chars().take(SHOWN).collect())
    }

    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::MissingResponseCode => "Cgi.MissingResponseCode",
            Self::BadResponseCode(_) => "Cgi.BadResponseCode",
        }
    }
}

impl fmt::Display for CgiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingResponseCode => {
                f.write_str("the answer to the upload has no response code")
            }
            Self::BadResponseCode(text) => write!(
                f,
                "the answer to the upload has no usable response code: `{}`",
                DeviceText(text)
            ),
        }?;
        f.write_str("; read the state of the device to learn whether it took the upload")
    }
}

impl std::error::Error for CgiError {}
