//! Values as wire text, and shown.

use std::fmt;

use super::{Enumerator, List, Map, Named, Reference, Value};
use crate::codec::{Encode, Writer};
use crate::error::EncodeErrorKind;

impl Value<'_> {
    /// Whether a member that was never touched has this value.
    pub(crate) fn is_default(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Boolean(value) => !value,
            Self::Integer(value) => *value == 0,
            // Minus zero is written in another way.
            Self::Float(value) => value.to_bits() == 0,
            Self::Double(value) => value.to_bits() == 0,
            Self::Text(text) => text.is_empty(),
            Self::Time(time) => time.unix_seconds() == 0,
            Self::TypeCode(id) => **id == xerus_wire_id::WireId::default(),
            Self::Enumeration(enumerator) => !enumerator.is_set(),
            Self::Structure(structure) => structure.is_default(),
            Self::List(list) => list.is_empty(),
            Self::Map(map) => map.is_empty(),
            Self::Json(json) => json.is_null(),
            Self::ValueObject(_) | Self::Reference(_) | Self::Unreadable(_) => false,
        }
    }
}

impl Encode for Value<'_> {
    fn as_value(&self) -> Value<'_> {
        self.clone()
    }

    fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Absent => writer.raw("null"),
            Self::Boolean(value) => writer.boolean(*value),
            Self::Integer(value) => writer.integer(*value),
            Self::Float(value) => writer.float(*value),
            Self::Double(value) => writer.float(*value),
            Self::Text(text) => writer.string(text),
            Self::Time(time) => writer.integer(time.unix_seconds()),
            Self::TypeCode(id) => writer.string(id.as_str()),
            Self::Enumeration(enumerator) => enumerator.encode(writer),
            Self::Structure(structure) => writer.structure(structure.record()),
            Self::ValueObject(named) => named.source.write(writer),
            Self::Reference(reference) => write_reference(*reference, writer),
            Self::List(list) => {
                writer.array(list.iter(), |writer, element| element.encode(writer));
            }
            Self::Map(map) => writer.array(map.iter(), |writer, (key, value)| {
                writer.members(&["key", "value"], &[&key, &value]);
            }),
            Self::Json(json) => writer.raw(json.get()),
            Self::Unreadable(element) => writer.raw(element.raw().get()),
        }
    }
}

/// Writes `{"rid":…,"type":…}`.
fn write_reference(reference: Reference<'_>, writer: &mut Writer) {
    writer.raw(r#"{"rid":"#);
    writer.string(reference.rid());
    writer.raw(r#","type":"#);
    writer.string(reference.wire_id());
    writer.byte(b'}');
}

impl Encode for Enumerator {
    fn as_value(&self) -> Value<'_> {
        Value::Enumeration(*self)
    }

    fn encode(&self, writer: &mut Writer) {
        if self.is_set() {
            writer.integer(i64::from(self.index()));
        } else {
            writer.fail(EncodeErrorKind::Unset);
            writer.raw("null");
        }
    }
}

/// As the value of a variable would be shown: names of enumerators, members by wire name.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("absent"),
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Double(value) => value.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Time(time) => fmt::Display::fmt(time, f),
            Self::TypeCode(id) => fmt::Display::fmt(id, f),
            Self::Enumeration(enumerator) => match enumerator.name() {
                Some(name) => f.write_str(name),
                None => enumerator.index().fmt(f),
            },
            Self::Structure(structure) => structure.fmt(f),
            Self::ValueObject(named) => named.fmt(f),
            Self::Reference(reference) => reference.fmt(f),
            Self::List(list) => list.fmt(f),
            Self::Map(map) => map.fmt(f),
            Self::Json(json) => fmt::Display::fmt(json, f),
            Self::Unreadable(element) => element.fmt(f),
        }
    }
}

impl fmt::Debug for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.wire_id, self.raw)
    }
}

impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Debug for Map<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
