//! What a device says of an upload: a refusal, or nothing that can be understood.

use core::fmt;

use super::text::DeviceText;

/// The longest text that is kept of what stood in the place of a code, in characters.
const SHOWN: usize = 64;

/// What a device answers to an upload instead of taking it (kind `Cgi`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CgiError {
    /// The answer has no response code. It is not known whether the device took the upload.
    MissingResponseCode,
    /// Where the code should be is something else: no whole number of 32 bits, or several values. The text is what
    /// stands there, cut to 64 characters. It is not known whether the device took the upload.
    BadResponseCode(String),
    /// The device refuses the upload with a code other than 0.
    Refused(CgiRefusal),
}

/// A response code other than 0, and what it means at the endpoint that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CgiRefusal {
    /// The code.
    pub code: i32,
    /// Its name; `None` for a code that is not known.
    pub name: Option<&'static str>,
    /// What it means; `None` for a code that is not known.
    pub meaning: Option<&'static str>,
    /// What to do about it.
    pub advice: &'static str,
}

impl CgiRefusal {
    /// A code of which nothing more is known.
    #[must_use]
    pub fn new(code: i32) -> Self {
        Self {
            code,
            name: None,
            meaning: None,
            advice: "look at the log of the device",
        }
    }

    /// Says what the code means.
    #[must_use]
    pub fn with_meaning(mut self, meaning: &'static str, advice: &'static str) -> Self {
        self.meaning = Some(meaning);
        self.advice = advice;
        self
    }

    /// Gives the code its name.
    #[must_use]
    pub fn with_name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }
}

impl fmt::Display for CgiRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.meaning {
            Some(meaning) => write!(f, "{meaning} (code {}", self.code)?,
            None => write!(f, "a code that is not known ({}", self.code)?,
        }
        match self.name {
            Some(name) => write!(f, ", {name}); {}", self.advice),
            None => write!(f, "); {}", self.advice),
        }
    }
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
            Self::Refused(_) => "Cgi",
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
            Self::Refused(refusal) => {
                return write!(f, "the device refused the upload: {refusal}");
            }
        }?;
        f.write_str("; read the state of the device to learn whether it took the upload")
    }
}

impl std::error::Error for CgiError {}
