use std::borrow::Cow;
use std::fmt;

use super::json::{JsonError, JsonErrorKind};
use super::path::Path;

/// Why a JSON value is not the IDL value it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The text is not JSON at all.
    Json(JsonErrorKind),
    /// A member that the type demands is not there.
    MissingField,
    /// Another JSON type than the IDL type is written as.
    WrongType,
    /// `null` for a type that has no null value.
    NullNotAllowed,
    /// A number outside the range of the IDL type.
    OutOfRange,
    /// An enumerator that the bindings do not know (only in strict decoding).
    UnknownEnum,
    /// Not a wire id.
    BadTypeCode,
    /// A reference to an object that is no kind of the interface declared.
    IncompatibleType,
    /// A resource id that must not be called.
    BadRid,
    /// A map names the same key twice.
    DuplicateMapKey,
    /// The value would take more memory or more members than the limits allow.
    LimitExceeded,
}

impl DecodeErrorKind {
    /// Stable name, for logs and tests: `Decode.MissingField`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Json(kind) => kind.code(),
            Self::MissingField => "Decode.MissingField",
            Self::WrongType => "Decode.WrongType",
            Self::NullNotAllowed => "Decode.NullNotAllowed",
            Self::OutOfRange => "Decode.OutOfRange",
            Self::UnknownEnum => "Decode.UnknownEnum",
            Self::BadTypeCode => "Decode.BadTypeCode",
            Self::IncompatibleType => "Decode.IncompatibleType",
            Self::BadRid => "Decode.BadRid",
            Self::DuplicateMapKey => "Decode.DuplicateMapKey",
            Self::LimitExceeded => "Decode.LimitExceeded",
        }
    }
}

/// A JSON value that could not be read as the IDL type it should have, with its place in the document.
///
/// One pointer wide, so that the results of generated code stay small.
#[derive(Clone, PartialEq, Eq)]
#[doc(alias("DecodeException", "JsonRpcSyntaxException"))]
pub struct DecodeError(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    cause: Cause,
    path: Path,
}

#[derive(Clone, PartialEq, Eq)]
enum Cause {
    Json(JsonError),
    Shape {
        kind: DecodeErrorKind,
        expected: Cow<'static, str>,
        found: Cow<'static, str>,
        offset: usize,
    },
}

impl DecodeError {
    #[cold]
    pub(crate) fn new(
        kind: DecodeErrorKind,
        offset: usize,
        expected: impl Into<Cow<'static, str>>,
        found: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            cause: Cause::Shape {
                kind,
                expected: expected.into(),
                found: found.into(),
                offset,
            },
            path: Path::default(),
        }))
    }

    #[cold]
    pub(crate) fn missing(name: &'static str, offset: usize) -> Self {
        Self::new(DecodeErrorKind::MissingField, offset, "a member", "nothing").member(name)
    }

    /// Notes that the fault lies in the member `name` of the value being read.
    #[cold]
    #[must_use]
    pub fn member(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.0.path.member(name);
        self
    }

    /// Notes that the fault lies in the element `index` of the value being read.
    #[cold]
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.path.index(index);
        self
    }

    /// Bytes that the error takes beside the pointer.
    pub(crate) fn memory(&self) -> usize {
        let texts = match &self.0.cause {
            Cause::Json(_) => 0,
            Cause::Shape {
                expected, found, ..
            } => expected.len() + found.len(),
        };
        size_of::<Inner>() + texts + self.0.path.memory()
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> DecodeErrorKind {
        match &self.0.cause {
            Cause::Json(error) => DecodeErrorKind::Json(error.kind()),
            Cause::Shape { kind, .. } => *kind,
        }
    }

    /// The fault in the JSON text, when it is one.
    #[must_use]
    pub fn json(&self) -> Option<&JsonError> {
        match &self.0.cause {
            Cause::Json(error) => Some(error),
            Cause::Shape { .. } => None,
        }
    }

    /// Where in the value: `_ret_.status.valid`, `[1].key`; empty for the value itself.
    #[must_use]
    pub fn path(&self) -> String {
        self.0.path.render()
    }

    /// Where in the document, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        match &self.0.cause {
            Cause::Json(error) => error.offset(),
            Cause::Shape { offset, .. } => *offset,
        }
    }

    /// What the type asks for, in words; empty for a fault in the JSON text.
    #[must_use]
    pub fn expected(&self) -> &str {
        match &self.0.cause {
            Cause::Json(_) => "",
            Cause::Shape { expected, .. } => expected,
        }
    }

    /// What the document has instead, in words; empty for a fault in the JSON text.
    #[must_use]
    pub fn found(&self) -> &str {
        match &self.0.cause {
            Cause::Json(_) => "",
            Cause::Shape { found, .. } => found,
        }
    }
}

impl From<JsonError> for DecodeError {
    #[cold]
    fn from(error: JsonError) -> Self {
        Self(Box::new(Inner {
            cause: Cause::Json(error),
            path: Path::default(),
        }))
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        let (kind, expected, found) = match &self.0.cause {
            Cause::Json(error) => {
                fmt::Display::fmt(error, f)?;
                return if path.is_empty() {
                    Ok(())
                } else {
                    write!(f, " (in {path})")
                };
            }
            Cause::Shape {
                kind,
                expected,
                found,
                ..
            } => (*kind, expected, found),
        };
        let place = if path.is_empty() { "the value" } else { &path };
        match kind {
            DecodeErrorKind::MissingField => write!(f, "{place} is missing"),
            DecodeErrorKind::DuplicateMapKey => write!(f, "{place}: the map has this key twice"),
            _ => write!(f, "{place}: expected {expected}, found {found}"),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "DecodeError({}: {self}, byte {})",
            self.kind().code(),
            self.offset()
        )
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.json().map(|error| error as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pointer_wide() {
        assert_eq!(size_of::<Result<(), DecodeError>>(), size_of::<usize>());
    }

    #[test]
    fn says_where_and_what() {
        let error = DecodeError::new(DecodeErrorKind::WrongType, 7, "an integer", "a string")
            .member("valid")
            .member("status");
        assert_eq!(
            error.to_string(),
            "status.valid: expected an integer, found a string"
        );
        assert_eq!(error.kind().code(), "Decode.WrongType");
        assert_eq!(
            DecodeError::missing("valid", 0).member("_ret_").to_string(),
            "_ret_.valid is missing"
        );
    }
}
