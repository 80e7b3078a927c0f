use std::fmt;

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

impl EnvelopeError {
    /// What to do about it, to be put behind what is wrong.
    pub(super) const fn way_out(self) -> &'static str {
        match self {
            Self::NotObject | Self::VersionMissing | Self::VersionMismatch | Self::IdMissing => {
                "; check what answers at this URL"
            }
            Self::IdMismatch => {
                "; look for a proxy on the way, and read the state before a change is repeated"
            }
            Self::ResultAndError | Self::NeitherResultNorError | Self::BadErrorObject => {
                "; report it with the firmware version"
            }
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
