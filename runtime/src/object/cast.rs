//! Whether an object is what a program takes it for.

use std::fmt;

use xerus_wire_id::{Version, WireId};

use super::reported::ReportedType;
use super::{Interface, Object};
use crate::compatibility::Compatibility;
use crate::error::{ConfigError, DecodeError, DecodeErrorKind, Error, OTHER_MAJOR, Outcome};
use crate::registry::{Registry, version_free};

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
    /// The device sent no reference, but something else in its place; see [`Object::unreadable`](crate::Object::unreadable).
    Unreadable(DecodeError),
}

impl Object {
    /// The proxy of another interface for this object, checked against the type that the device reported.
    ///
    /// A failed cast turns into an [`Error`] with `?`:
    ///
    /// ```
    /// use xerus_rpc::{Error, Interface, Object};
    ///
    /// /// The objects of a mixed list, all of which should be a `T`.
    /// fn all<T: Interface>(found: &[Object]) -> Result<Vec<T>, Error> {
    ///     let mut proxies = Vec::new();
    ///     for object in found {
    ///         proxies.push(object.cast::<T>()?);
    ///     }
    ///     Ok(proxies)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// When no type was reported, the bindings do not know it, it is no kind of `T`, or it has another
    /// major version.
    ///
    /// For an object that was [probed](Self::probe), the bases that the device has told count: then a type
    /// that the bindings do not know can be cast to a base that they know. Otherwise a type that extends `T` must have
    /// the major version that the bindings know of it.
    #[doc(alias("downcast", "isinstance", "idlTypeIdToPyClass"))]
    pub fn cast<T: Interface>(&self) -> Result<T, CastError> {
        let compatibility = self
            .reported
            .compatibility(T::registry(), T::TYPE_ID, T::VERSION)?;
        Ok(T::from_object(Self {
            declared: T::TYPE_ID,
            compatibility,
            ..self.clone()
        }))
    }

    /// The proxy of another interface for this object, whatever the device reported.
    ///
    /// This is also the way to call an object of another major version.
    #[must_use]
    pub fn assume<T: Interface>(&self) -> T {
        T::from_object(Self {
            declared: T::TYPE_ID,
            compatibility: Compatibility::Unchecked,
            ..self.clone()
        })
    }
}

impl ReportedType {
    /// How the object goes with the interface `target` of some bindings.
    fn compatibility(
        &self,
        registry: &'static Registry,
        target: &'static str,
        version: Version,
    ) -> Result<Compatibility, CastError> {
        let own = self.wire_id().ok_or_else(|| self.no_type())?;
        // What a device says of its own bases is worth more than what bindings know of some version of them.
        let (id, compatibility) = match self.base(target) {
            Some(base) => (base, Some(Compatibility::of(base.version(), version))),
            None => (own, registry.compatibility(own, target, version)),
        };
        match compatibility {
            None => Err(CastError::Unrelated(id.clone(), target)),
            Some(Compatibility::UnknownType) => Err(CastError::UnknownType(id.clone())),
            Some(Compatibility::MajorMismatch) => Err(CastError::MajorMismatch(id.clone(), target)),
            Some(compatibility) => Ok(compatibility),
        }
    }

    /// Why there is no type.
    pub(super) fn no_type(&self) -> CastError {
        match self {
            Self::Unreadable(element) => CastError::Unreadable(element.1.clone()),
            _ => CastError::NotReported,
        }
    }

    /// The type in the chain that has the name of `target`, in the version of the device.
    fn base(&self, target: &str) -> Option<&WireId> {
        let Self::Chain(info) = self else {
            return None;
        };
        let name = version_free(target);
        let mut chain = info.chain().iter();
        chain.find(|id| version_free(id.as_str()) == name)
    }
}

impl fmt::Display for CastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReported => f.write_str(NOT_REPORTED),
            Self::UnknownType(found) => write!(
                f,
                "{found} is unknown to the bindings: generate them from the IDL of the device's firmware, or probe() the object \
                 for a base type that they know"
            ),
            Self::Unrelated(found, wanted) => write!(
                f,
                "{found} is no kind of {wanted}: cast it to the interface of its own type, or look for another object"
            ),
            Self::MajorMismatch(found, wanted) => {
                write!(f, "{}: {OTHER_MAJOR}", mismatch(found.as_str(), wanted))
            }
            Self::NoneFits(found, tried) => write!(f, "{}: {OTHER_MAJOR}", none_fits(found, tried)),
            Self::Unreadable(error) => {
                write!(f, "the device sent no usable reference: {error}")
            }
        }
    }
}

impl std::error::Error for CastError {}

impl From<CastError> for Error {
    /// `Decode.IncompatibleType` for a type that is unknown or no kind of the interface, `Config.MajorMismatch` (also when
    /// it is a version of one of the interfaces tried), or `Config.Unsupported` when no type was reported or no reference sent.
    /// Nothing was sent, so the outcome is [`NotExecuted`](Outcome::NotExecuted). The cast error is the source.
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
                ConfigError::Unsupported(NOT_REPORTED).into()
            }
            CastError::Unreadable(_) => ConfigError::Unsupported(
                "the device sent no usable reference to this object, so it cannot be called; Object::unreadable has what it sent",
            )
            .into(),
            CastError::UnknownType(found) => {
                incompatible("a type that the bindings know".to_owned(), found).into()
            }
            CastError::Unrelated(found, wanted) => {
                incompatible(format!("a kind of {wanted}"), found).into()
            }
            CastError::NoneFits(found, tried) if !tried.iter().any(|id| is_version(found, id)) => {
                incompatible(format!("one of {}", tried.join(", ")), found).into()
            }
            CastError::MajorMismatch(found, wanted) => {
                Self::major_mismatch(mismatch(found.as_str(), wanted))
            }
            CastError::NoneFits(found, tried) => Self::major_mismatch(none_fits(found, tried)),
        };
        cause.with_outcome(Outcome::NotExecuted).with_source(error)
    }
}

const NOT_REPORTED: &str = "the device has not reported the type of this object: ask it with probe(), then cast what that gives";

/// What is wrong with an object of another major version than that of the bindings.
pub(super) fn mismatch(found: &str, wanted: &str) -> String {
    format!("the object is a {found}, the bindings are made for {wanted}")
}

fn none_fits(found: &WireId, tried: &[&'static str]) -> String {
    format!("{found} fits none of {}", tried.join(", "))
}

/// Whether two wire ids differ in versions only.
fn is_version(found: &WireId, other: &str) -> bool {
    version_free(found.as_str()) == version_free(other)
}
