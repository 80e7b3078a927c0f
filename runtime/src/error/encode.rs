use std::fmt;

use super::path::Path;

/// Why a value cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// A float that is infinite or not a number; JSON has no form for it.
    NotFinite,
    /// A number outside the range that the method takes.
    OutOfRange,
    /// An enumeration member that was never set.
    Unset,
    /// A map key that is no plain value.
    BadKey,
    /// The name of a form field or of a file that a form cannot carry.
    BadFileName,
    /// A text with a character that this wire forbids in texts.
    ForbiddenCharacter,
}

impl EncodeErrorKind {
    /// Stable name, for logs and tests: `Encode.NotFinite`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFinite => "Encode.NotFinite",
            Self::OutOfRange => "Encode.OutOfRange",
            Self::Unset => "Encode.Unset",
            Self::BadKey => "Encode.BadKey",
            Self::BadFileName => "Encode.BadFileName",
            Self::ForbiddenCharacter => "Encode.ForbiddenCharacter",
        }
    }
}

/// A value that cannot be sent, with its place in the parameters. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    kind: EncodeErrorKind,
    pub(crate) path: Path,
}

impl EncodeError {
    pub(crate) fn new(kind: EncodeErrorKind) -> Self {
        Self {
            kind,
            path: Path::default(),
        }
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> EncodeErrorKind {
        self.kind
    }

    /// Where in the parameters: `thresh.upperWarning`.
    #[must_use]
    pub fn path(&self) -> String {
        self.path.render()
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        let place = if path.is_empty() { "the value" } else { &path };
        let fault = match self.kind {
            EncodeErrorKind::NotFinite => "is infinite or not a number, which cannot be sent",
            EncodeErrorKind::OutOfRange => "is out of range",
            EncodeErrorKind::Unset => "was never set to an enumerator",
            EncodeErrorKind::BadKey => "is no possible map key",
            EncodeErrorKind::BadFileName => {
                "cannot be sent: 1 to 255 bytes without quotes, backslashes and control characters can"
            }
            EncodeErrorKind::ForbiddenCharacter => {
                "has a character that the device takes in no text: leave out \" ' \\ ; and $"
            }
        };
        write!(f, "{place} {fault}")
    }
}

impl std::error::Error for EncodeError {}
