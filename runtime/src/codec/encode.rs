//! Writing IDL values.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::value::{List, Map, Value};
use super::writer::Writer;
use crate::error::EncodeError;
use crate::json_text::Json;
use crate::time::Time;

/// A value of an IDL type: something to look at, and to write in its JSON form.
///
/// [`as_value`](Self::as_value) is all that a type has to say of itself.
pub trait Encode: Send + Sync {
    /// The value, as something to look at without knowing the type.
    fn as_value(&self) -> Value<'_>;

    /// Writes the value.
    ///
    /// A value that cannot be sent is noted in the writer, see [`Writer::finish`].
    fn encode(&self, writer: &mut Writer) {
        self.as_value().encode(writer);
    }

    /// Whether a member of a request form with this value is left out: `None` is.
    fn is_left_out(&self) -> bool {
        false
    }
}

/// Writes one value as a whole document.
///
/// ```
/// use std::collections::BTreeMap;
///
/// let map = BTreeMap::from([("delay", 5)].map(|(key, value)| (key.to_owned(), value)));
/// assert_eq!(xerus_rpc::rt::encode(&map)?.get(), r#"[{"key":"delay","value":5}]"#);
/// # Ok::<(), xerus_rpc::error::EncodeError>(())
/// ```
///
/// # Errors
///
/// The first part of the value that cannot be sent.
pub fn encode<T: Encode + ?Sized>(value: &T) -> Result<Json, EncodeError> {
    let mut writer = Writer::new();
    value.encode(&mut writer);
    writer.finish_json()
}

impl Encode for bool {
    fn as_value(&self) -> Value<'_> {
        Value::Boolean(*self)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.boolean(*self);
    }
}

impl Encode for u8 {
    fn as_value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.integer(i64::from(*self));
    }
}

impl Encode for i32 {
    fn as_value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.integer(i64::from(*self));
    }
}

impl Encode for i64 {
    fn as_value(&self) -> Value<'_> {
        Value::Integer(*self)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.integer(*self);
    }
}

impl Encode for f32 {
    fn as_value(&self) -> Value<'_> {
        Value::Float(*self)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.single(*self);
    }
}

impl Encode for f64 {
    fn as_value(&self) -> Value<'_> {
        Value::Double(*self)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.float(*self);
    }
}

impl Encode for str {
    fn as_value(&self) -> Value<'_> {
        Value::Text(self)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Encode for String {
    fn as_value(&self) -> Value<'_> {
        Value::Text(self)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Encode for Time {
    fn as_value(&self) -> Value<'_> {
        Value::Time(*self)
    }
}

impl Encode for Json {
    fn as_value(&self) -> Value<'_> {
        Value::Json(Cow::Borrowed(self))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.raw(self.get());
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn as_value(&self) -> Value<'_> {
        T::as_value(self)
    }

    fn encode(&self, writer: &mut Writer) {
        T::encode(self, writer);
    }

    fn is_left_out(&self) -> bool {
        T::is_left_out(self)
    }
}

/// `None` is `null`.
impl<T: Encode> Encode for Option<T> {
    fn as_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Absent, Encode::as_value)
    }

    fn encode(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.encode(writer),
            None => writer.raw("null"),
        }
    }

    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

impl<T: Encode> Encode for [T] {
    fn as_value(&self) -> Value<'_> {
        Value::List(List::collected(self.iter().map(Encode::as_value)))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.array(self.iter(), |writer, element| element.encode(writer));
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn as_value(&self) -> Value<'_> {
        Value::List(List::new(self))
    }

    fn encode(&self, writer: &mut Writer) {
        self.as_slice().encode(writer);
    }
}

/// An array of `{"key":k,"value":v}`; the wire has no other form for maps.
impl<K: Encode, V: Encode> Encode for BTreeMap<K, V> {
    fn as_value(&self) -> Value<'_> {
        Value::Map(Map::new(self))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.array(self.iter(), |writer, (key, value)| {
            writer.members(&["key", "value"], &[key, value]);
        });
    }
}

/// No value, as a member that does not exist has it.
impl Encode for () {
    fn as_value(&self) -> Value<'_> {
        Value::Absent
    }
}
