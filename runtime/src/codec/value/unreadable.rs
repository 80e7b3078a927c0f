//! Elements that could not be read.

use std::borrow::Cow;
use std::fmt;

use super::{Structure, Value};
use crate::error::DecodeError;
use crate::json_text::Json;

/// An element of a vector, or a value of a map, that is no reference or value object as it should be, kept as it came.
///
/// Lenient reading keeps such an element in its place, so that the others keep theirs. It can only be looked at and written
/// back: an [`Object`](crate::Object) made of it refuses to be called, a [`Polymorphic`](crate::Polymorphic) is
/// of no type.
#[derive(Clone, Copy)]
pub struct Unreadable<'a> {
    raw: &'a Json,
    error: &'a DecodeError,
}

impl<'a> Unreadable<'a> {
    pub(crate) fn new(raw: &'a Json, error: &'a DecodeError) -> Self {
        Self { raw, error }
    }

    /// The whole element, as the device sent it.
    #[must_use]
    pub fn raw(self) -> &'a Json {
        self.raw
    }

    /// What is wrong with it.
    #[must_use]
    pub fn error(self) -> &'a DecodeError {
        self.error
    }
}

impl fmt::Debug for Unreadable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unreadable({})", self.raw)
    }
}

/// Elements by their place.
type Found<'a> = Vec<(Cow<'a, str>, Unreadable<'a>)>;

impl<'a> Value<'a> {
    /// The elements in this value that could not be read, with their places: `[1]`, `events[3]`, `ports[eth0]`.
    ///
    /// ```
    /// use xerus_rpc::Object;
    /// use xerus_rpc::rt::Reader;
    /// use xerus_rpc::value::Encode as _;
    ///
    /// let text = r#"[{"rid":"/model/inlet/0","type":"pdumodel.Inlet:3.0.3"},null]"#;
    /// let inlets: Vec<Object> = Reader::new(text).value()?;
    /// let value = inlets.as_value();
    /// let unreadable: Vec<_> = value.unreadable().collect();
    /// assert_eq!((unreadable.len(), &*unreadable[0].0), (1, "[1]"));
    /// assert_eq!(unreadable[0].1.raw().get(), "null");
    /// # Ok::<(), xerus_rpc::DecodeError>(())
    /// ```
    pub fn unreadable(
        &self,
    ) -> impl ExactSizeIterator<Item = (Cow<'a, str>, Unreadable<'a>)> + Send + use<'a> {
        let mut found = Found::new();
        search(self, Cow::Borrowed(""), &mut found);
        found.into_iter()
    }
}

fn search<'a>(value: &Value<'a>, place: Cow<'a, str>, found: &mut Found<'a>) {
    match value {
        Value::Unreadable(element) => found.push((place, *element)),
        Value::Structure(structure) => in_structure(*structure, &place, found),
        Value::ValueObject(named) => {
            if let Some(structure) = named.structure() {
                in_structure(structure, &place, found);
            }
        }
        Value::List(list) => {
            for (index, element) in list.iter().enumerate() {
                search(&element, Cow::Owned(format!("{place}[{index}]")), found);
            }
        }
        Value::Map(map) => {
            for (key, value) in map.iter() {
                search(&value, Cow::Owned(format!("{place}[{key:?}]")), found);
            }
        }
        _ => {}
    }
}

fn in_structure<'a>(structure: Structure<'a>, place: &str, found: &mut Found<'a>) {
    for member in structure.members() {
        let name = member.name();
        let place = if place.is_empty() {
            Cow::Borrowed(name)
        } else {
            Cow::Owned(format!("{place}.{name}"))
        };
        search(&member.value(), place, found);
    }
}
