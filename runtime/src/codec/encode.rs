//! Writing IDL values.

use std::collections::BTreeMap;

use super::writer::Writer;
use crate::error::EncodeError;
use crate::json_text::Json;

/// A value that can be written in its JSON form.
pub trait Encode {
    /// Writes the value.
    ///
    /// A value that cannot be sent is noted in the writer, see [`Writer::finish`].
    fn encode(&self, writer: &mut Writer);
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
    fn encode(&self, writer: &mut Writer) {
        writer.boolean(*self);
    }
}

impl Encode for u8 {
    fn encode(&self, writer: &mut Writer) {
        writer.integer(i64::from(*self));
    }
}

impl Encode for i32 {
    fn encode(&self, writer: &mut Writer) {
        writer.integer(i64::from(*self));
    }
}

impl Encode for i64 {
    fn encode(&self, writer: &mut Writer) {
        writer.integer(*self);
    }
}

impl Encode for f32 {
    fn encode(&self, writer: &mut Writer) {
        writer.float(f64::from(*self), self);
    }
}

impl Encode for f64 {
    fn encode(&self, writer: &mut Writer) {
        writer.float(*self, self);
    }
}

impl Encode for str {
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Encode for String {
    fn encode(&self, writer: &mut Writer) {
        writer.string(self);
    }
}

impl Encode for Json {
    fn encode(&self, writer: &mut Writer) {
        writer.raw(self.get());
    }
}

impl<T: Encode + ?Sized> Encode for &T {
    fn encode(&self, writer: &mut Writer) {
        T::encode(self, writer);
    }
}

/// `None` is `null`.
impl<T: Encode> Encode for Option<T> {
    fn encode(&self, writer: &mut Writer) {
        match self {
            Some(value) => value.encode(writer),
            None => writer.raw("null"),
        }
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, writer: &mut Writer) {
        writer.array(self.iter(), |writer, element| element.encode(writer));
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, writer: &mut Writer) {
        self.as_slice().encode(writer);
    }
}

/// An array of `{"key":k,"value":v}`; the wire has no other form for maps.
impl<K: Encode, V: Encode> Encode for BTreeMap<K, V> {
    fn encode(&self, writer: &mut Writer) {
        writer.array(self.iter(), |writer, (key, value)| {
            writer.members(&["key", "value"], &[key, value]);
        });
    }
}
