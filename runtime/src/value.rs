//! IDL values as something to look at without knowing their types.

mod list;
mod text;

use std::borrow::Cow;

use xerus_wire_id::WireId;

pub use list::{List, Map};

use crate::codec::{Enumeration, UNSET};
use crate::json_text::Json;
use crate::members::Structure;
use crate::object::Object;
use crate::time::Time;

/// A value of any IDL type, as [`Encode::as_value`](crate::Encode::as_value) and [`Members`](crate::Members) give it.
///
/// Borrowed from the typed value; nothing is copied.
///
/// ```
/// use xerus_rpc::{Encode, Value};
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
    Reference(&'a Object),
    /// `vector`
    List(List<'a>),
    /// `map`
    Map(Map<'a>),
    /// An opaque value, or a member that the bindings do not know.
    Json(Cow<'a, Json>),
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

    /// A reference.
    #[must_use]
    pub fn as_object(&self) -> Option<&'a Object> {
        match self {
            Self::Reference(object) => Some(object),
            _ => None,
        }
    }
}

/// An enumerator of whatever enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enumerator {
    index: i32,
    names: &'static [&'static str],
    wire_id: &'static str,
}

impl Enumerator {
    /// The enumerator of a typed value.
    #[must_use]
    pub fn of<T: Enumeration>(value: T) -> Self {
        Self {
            index: value.index(),
            names: T::NAMES,
            wire_id: T::TYPE_ID,
        }
    }

    /// The index, as it goes over the wire.
    #[must_use]
    pub fn index(&self) -> i32 {
        self.index
    }

    /// The IDL name; `None` for an index that the bindings do not know.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        let index = usize::try_from(self.index).ok()?;
        self.names.get(index).copied()
    }

    /// Wire id of the enumeration.
    #[must_use]
    pub fn wire_id(&self) -> &'static str {
        self.wire_id
    }

    /// Whether it was ever set; one that was not cannot be sent.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.index != UNSET
    }
}

/// A value object as it stands in a member: a type name and members.
///
/// The members are those of the declared type and, as [unknown](crate::Member::is_known) ones, what the type that the
/// device named has beyond them.
#[derive(Clone)]
pub struct Named<'a> {
    pub(crate) wire_id: &'a WireId,
    pub(crate) base: Option<Structure<'a>>,
    pub(crate) raw: &'a Json,
    pub(crate) source: &'a dyn Source,
}

/// What the codec and other forms need of a [`Polymorphic`](crate::Polymorphic) of any type.
pub(crate) trait Source: Sync {
    /// Writes the wire form.
    fn write(&self, writer: &mut crate::codec::Writer);
    /// Options for reading the text again.
    fn options(&self) -> &crate::codec::ReaderOptions;
    /// Why the value cannot be sent.
    #[cfg(feature = "serde")]
    fn unsendable(&self) -> Option<&crate::error::EncodeError>;
    /// The value as the bindings know its type, whatever it was declared as.
    #[cfg(feature = "serde")]
    fn known(&self, id: &WireId, raw: &Json) -> Option<Box<dyn crate::codec::Record>>;
}

impl<'a> Named<'a> {
    /// The type, as the device named it.
    #[must_use]
    pub fn wire_id(&self) -> &'a WireId {
        self.wire_id
    }

    /// The members; `None` when not even those of the declared type could be read.
    #[must_use]
    pub fn structure(&self) -> Option<Structure<'a>> {
        self.base
    }

    /// The agent of references in it.
    pub(crate) fn agent(&self) -> Option<&'a crate::agent::Agent> {
        self.source.options().agent.as_ref()
    }

    /// The members, as the device sent them.
    #[must_use]
    pub fn raw(&self) -> &'a Json {
        self.raw
    }
}
