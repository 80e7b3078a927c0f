//! Whether an object is what a program takes it for.

use std::fmt;

use xerus_wire_id::WireId;

use crate::error::{ConfigError, DecodeError, DecodeErrorKind, Error, Outcome};
use crate::registry::version_free;

/// Why an object is not what [`Object::cast`](crate::Object::cast) was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CastError {
    /// The reference was made from a resource id; [`Object::probe`](crate::Object::probe) asks the device.
    NotReported,
    /// The bindings do not know the reported type.
    UnknownType(WireId),
    /// The reported type is no kind of the interface asked for.
    Unrelated(WireId, &'static str),
    /// The reported type has another major version than the interface asked for.
    MajorMismatch(WireId, &'static str),
    /// The reported type fits none of the interfaces that [`Object::choose`](crate::Object::choose) was given, in the
    /// order in which they were tried.
    NoneFits(WireId, Vec<&'static str>),
}

impl fmt::Display for CastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReported => f.write_str("the device has not reported the type of this object"),
            Self::UnknownType(found) => write!(f, "{found} is unknown to the bindings"),
            Self::Unrelated(found, wanted) => write!(f, "{found} is no kind of {wanted}"),
            Self::MajorMismatch(found, wanted) => {
                write!(f, "{found} has another major version than {wanted}")
            }
            Self::NoneFits(found, tried) => {
                write!(f, "{found} fits none of {}", tried.join(", "))
            }
        }
    }
}

impl std::error::Error for CastError {}

impl From<CastError> for Error {
    /// `Decode.IncompatibleType` for a type that is unknown or no kind of the interface, `Config.MajorMismatch` (also when
    /// it is a version of one of the interfaces tried), or `Config.Unsupported` when no type was reported. Nothing was sent, so the outcome is
    /// [`NotExecuted`](Outcome::NotExecuted). The cast error is the source.
    #[cold]
    fn from(error: CastError) -> Self {
        let incompatible = |expected: String, found: &WireId| {
            DecodeError::new(
                DecodeErrorKind::IncompatibleType,
                0,
                expected,
                found.to_string(),
            )
            .member("type")
        };
        let cause: Self = match &error {
            CastError::NotReported => {
                ConfigError::Unsupported("the device has not reported the type of this object")
                    .into()
            }
            CastError::UnknownType(found) => {
                incompatible("a type that the bindings know".to_owned(), found).into()
            }
            CastError::Unrelated(found, wanted) => {
                incompatible(format!("a kind of {wanted}"), found).into()
            }
            CastError::NoneFits(found, tried) if !tried.iter().any(|id| is_version(found, id)) => {
                incompatible(format!("one of {}", tried.join(", ")), found).into()
            }
            CastError::MajorMismatch(..) | CastError::NoneFits(..) => {
                Self::major_mismatch(error.to_string())
            }
        };
        cause.with_outcome(Outcome::NotExecuted).with_source(error)
    }
}

/// Whether two wire ids differ in versions only.
fn is_version(found: &WireId, other: &str) -> bool {
    version_free(found.as_str()) == version_free(other)
}
