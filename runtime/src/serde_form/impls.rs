//! Types of the runtime that generated types are made of.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::capture::capture;
use super::write::Text;
use crate::codec::Extra;
use crate::json_text::Json;
use crate::object::Object;
use crate::polymorphic::Polymorphic;
use crate::time::Time;
use crate::value_object::ValueObject;

/// Types that are written as their values.
macro_rules! by_value {
    ($type:ty $(, $parameter:ident)?) => {
        impl$(<$parameter: ValueObject>)? Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                super::write(self, serializer)
            }
        }

        impl<'de $(, $parameter: ValueObject)?> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::read(deserializer)
            }
        }
    };
}
by_value!(Object);
by_value!(Time);
by_value!(Polymorphic<V>, V);

/// As what the text stands for. Whole numbers of up to 127 bits are written exactly, others as 64-bit floats; formats that
/// are not for people get the text itself.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            Text(self.get()).serialize(serializer)
        } else {
            serializer.serialize_str(self.get())
        }
    }
}

/// Number texts are kept where the format gives them, as `serde_json` does with its feature `arbitrary_precision`.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        capture(deserializer)
    }
}

/// The members that the bindings do not know, as a map.
impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.unknown().len()))?;
        for (name, value) in self.unknown() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Extra {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Unknown)
    }
}

struct Unknown;

impl<'de> Visitor<'de> for Unknown {
    type Value = Extra;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("members by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Extra, A::Error> {
        let mut extra = Extra::default();
        while let Some(name) = map.next_key::<String>()? {
            if extra.get(&name).is_some() {
                return Err(Error::custom(format_args!(
                    "the member {name} is there twice"
                )));
            }
            extra.set(&name, map.next_value()?);
        }
        Ok(extra)
    }
}
