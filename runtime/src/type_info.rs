//! The answer to `getTypeInfo`.

use std::borrow::Cow;

use xerus_wire_id::WireId;

use crate::codec::{Decode, Encode, Reader, Value, Writer, encode};
use crate::error::{DecodeError, DecodeErrorKind};
use crate::json::{NON_EMPTY, duplicate};
use crate::registry::MAX_BASES;

/// The type of an object and the types that it extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeInfo {
    /// Own type first; never empty.
    chain: Vec<WireId>,
}

impl TypeInfo {
    /// Type information from the own type and the types it extends, nearest first.
    #[must_use]
    pub fn new(own: WireId, bases: impl IntoIterator<Item = WireId>) -> Self {
        Self {
            chain: std::iter::once(own).chain(bases).collect(),
        }
    }

    /// The object's own type, most derived.
    #[must_use]
    pub fn wire_id(&self) -> &WireId {
        &self.chain[0]
    }

    /// Own type and the types it extends, from the most derived to the root.
    #[must_use]
    pub fn chain(&self) -> &[WireId] {
        &self.chain
    }

    /// Whether the object is a kind of this interface, whatever the versions.
    #[must_use]
    pub fn is_a(&self, interface: &WireId) -> bool {
        self.chain.iter().any(|id| id.same_name(interface))
    }
}

/// `{"id":…,"base":{…}|null}`; some servers say `parent` for `base`.
impl Decode for TypeInfo {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut levels = Vec::new();
        read_level(reader, &mut levels, 0)?;
        Ok(Self { chain: levels })
    }
}

fn read_level(
    reader: &mut Reader<'_>,
    chain: &mut Vec<WireId>,
    level: usize,
) -> Result<(), DecodeError> {
    if level == MAX_BASES {
        return Err(reader.limit("at most 32 base types", "more"));
    }
    reader.peek();
    let start = reader.offset();
    let mut id = None;
    let mut bases = Vec::new();
    if reader.open_object("type information")? == NON_EMPTY {
        loop {
            let name = reader.key()?;
            match &*name {
                "id" if id.is_none() => {
                    id = Some(reader.wire_id().map_err(|error| error.member("id"))?);
                }
                "base" | "parent" if bases.is_empty() => {
                    if !reader.take_null() {
                        let member = if name == "base" { "base" } else { "parent" };
                        read_level(reader, &mut bases, level + 1)
                            .map_err(|error| error.member(member))?;
                    }
                }
                "id" => return Err(duplicate(start).member("id")),
                _ => reader.skip_value()?,
            }
            if !reader.more_members()? {
                break;
            }
        }
    }
    match id {
        Some(id) => {
            chain.push(id);
            chain.append(&mut bases);
            Ok(())
        }
        None => Err(
            DecodeError::new(DecodeErrorKind::MissingField, start, "a member", "nothing")
                .member("id"),
        ),
    }
}

impl Encode for TypeInfo {
    fn as_value(&self) -> Value<'_> {
        let json = encode(self).expect("every wire id has a JSON form");
        Value::Json(Cow::Owned(json))
    }

    fn encode(&self, writer: &mut Writer) {
        for id in &self.chain {
            writer.raw(r#"{"id":"#);
            id.encode(writer);
            writer.raw(r#","base":"#);
        }
        writer.raw("null");
        for _ in &self.chain {
            writer.byte(b'}');
        }
    }
}
