//! IDL values as something to look at without knowing their types.

mod enumerator;
mod list;
mod member;
mod named;
mod reference;
mod rust_name;
mod structure;
mod text;
mod unreadable;

use std::borrow::Cow;

use xerus_wire_id::WireId;

pub use enumerator::Enumerator;
pub use list::{List, Map};
pub use member::Member;
pub use named::Named;
pub(crate) use named::Source;
pub use reference::Reference;
pub(crate) use reference::Referent;
pub use structure::Structure;
pub use unreadable::Unreadable;

use crate::json_text::Json;
use crate::time::Time;

/// A value of any IDL type, as [`Encode::as_value`](crate::value::Encode::as_value) and [`Members`](crate::Members) give it.
///
/// Borrowed from the typed value; nothing is copied.
///
/// ```
/// use xerus_rpc::Value;
/// use xerus_rpc::value::Encode;
///
/// let readings = vec![1.5, 2.5];
/// let Value::List(list) = readings.as_value() else { unreachable!() };
/// let sum: f64 = list.iter().filter_map(|value| value.as_f64()).sum();
/// assert_eq!(sum, 4.0);
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Value<'a> {
    /// `null`: no object, no value object, or a member of a request form that is left out.
    Absent,
    /// `boolean`
    Boolean(bool),
    /// `byte`, `int` and `long`
    Integer(i64),
    /// `float`
    Float(f32),
    /// `double`
    Double(f64),
    /// `string`
    Text(&'a str),
    /// `time`
    Time(Time),
    /// `typecode`
    TypeCode(&'a WireId),
    /// An enumeration.
    Enumeration(Enumerator),
    /// A structure, or a value object that stands for itself.
    Structure(Structure<'a>),
    /// A value object under its type name.
    ValueObject(Named<'a>),
    /// A reference to an object.
    Reference(Reference<'a>),
    /// `vector`
    List(List<'a>),
    /// `map`
    Map(Map<'a>),
    /// An opaque value, or a member that the bindings do not know.
    Json(Cow<'a, Json>),
    /// An element that is no reference or value object as it should be.
    Unreadable(Unreadable<'a>),
}

impl<'a> Value<'a> {
    /// Whether there is no value.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// A boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// An integer, the index of an enumerator, or the seconds of a time.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::Time(time) => Some(time.unix_seconds()),
            Self::Enumeration(enumerator) => Some(i64::from(enumerator.index())),
            _ => None,
        }
    }

    /// A number of any kind; integers beyond 2⁵³ are rounded.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Float(value) => Some(f64::from(*value)),
            Self::Double(value) => Some(*value),
            _ => None,
        }
    }

    /// A text, or the name of an enumerator that the bindings know.
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Enumeration(enumerator) => enumerator.name(),
            _ => None,
        }
    }
}
