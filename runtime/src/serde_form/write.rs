//! Values to serializers.

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::codec::{
    Encode, Map, Named, Reader, ReaderOptions, Structure, UNREADABLE, Value, Writer, decode,
};
use crate::json::NON_EMPTY;
use crate::settings::MAX_DEPTH;
use crate::value_object::ValueObject;

/// Writes a value.
///
/// # Errors
///
/// Those of the format, and for values that cannot be sent either: floats that are not finite, enumerations never set.
pub fn write<T: Encode + ?Sized, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        value.as_value().serialize(serializer)
    } else {
        // Formats that do not say what stands in them cannot be read without a schema that they know; a text they all have.
        let mut writer = Writer::new();
        match value.as_value() {
            Value::Unreadable(element) => {
                writer.members(&[UNREADABLE], &[&element.raw().get()]);
            }
            _ => value.encode(&mut writer),
        }
        serializer.serialize_str(writer.finish_json().map_err(Error::custom)?.get())
    }
}

/// Writes a value object with its type.
///
/// # Errors
///
/// As [`write()`].
pub fn write_value_object<T: ValueObject, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        pair(
            serializer,
            ("type", &T::TYPE_ID),
            ("value", &value.as_value()),
        )
    } else {
        let mut writer = Writer::new();
        writer.members(&["type", "value"], &[&T::TYPE_ID, value]);
        serializer.serialize_str(writer.finish_json().map_err(Error::custom)?.get())
    }
}

fn pair<S: Serializer>(
    serializer: S,
    first: (&str, &impl Serialize),
    second: (&str, &impl Serialize),
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry(first.0, first.1)?;
    map.serialize_entry(second.0, second.1)?;
    map.end()
}

/// The form for people.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent => serializer.serialize_none(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            // By the shortest digits that mean it: 0.1, not 0.10000000149011612.
            Self::Float(value) if value.is_finite() => {
                let shortest = value.to_string().parse();
                serializer.serialize_f64(shortest.unwrap_or(f64::from(*value)))
            }
            Self::Double(value) if value.is_finite() => serializer.serialize_f64(*value),
            Self::Float(_) | Self::Double(_) => Err(Error::custom(
                "a number is infinite or not a number, which the wire has no form for: set it before it is written",
            )),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Time(time) => serializer.serialize_i64(time.unix_seconds()),
            Self::TypeCode(id) => serializer.serialize_str(id.as_str()),
            Self::Enumeration(enumerator) => match enumerator.name() {
                Some(name) => serializer.serialize_str(name),
                None if enumerator.is_set() => serializer.serialize_i32(enumerator.index()),
                None => Err(Error::custom(format_args!(
                    "a member of the enumeration {} was never set: set it before it is written",
                    enumerator.wire_id()
                ))),
            },
            Self::Structure(structure) => structure.serialize(serializer),
            Self::ValueObject(named) => named.serialize(serializer),
            Self::Reference(reference) => pair(
                serializer,
                ("rid", &reference.rid()),
                ("type", &reference.wire_id()),
            ),
            Self::List(list) => serializer.collect_seq(list.iter()),
            Self::Map(map) => map.serialize(serializer),
            Self::Json(json) => Text(json.get()).serialize(serializer),
            Self::Unreadable(element) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(UNREADABLE, element.raw().get())?;
                map.end()
            }
        }
    }
}

impl Serialize for Structure<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sent = || self.members().filter(|member| !member.is_left_out());
        let mut map = serializer.serialize_map(Some(sent().count()))?;
        for member in sent() {
            map.serialize_entry(member.name(), &member.value())?;
        }
        map.end()
    }
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(error) = self.source.unsendable() {
            return Err(Error::custom(error));
        }
        // With names as far as the bindings know the type, whatever it was declared as.
        match self.source.known(self.wire_id, self.raw) {
            Some(record) => pair(
                serializer,
                ("type", &self.wire_id.as_str()),
                ("value", &Structure::new(&*record)),
            ),
            None => pair(
                serializer,
                ("type", &self.wire_id.as_str()),
                ("value", &Text(self.raw.get())),
            ),
        }
    }
}

impl Serialize for Map<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let keys: Option<Vec<String>> = self.iter().map(|(key, _)| plain_key(&key)).collect();
        if let Some(keys) = keys {
            let mut map = serializer.serialize_map(Some(keys.len()))?;
            for (key, (_, value)) in keys.iter().zip(self.iter()) {
                map.serialize_entry(key, &value)?;
            }
            return map.end();
        }
        let mut seq = serializer.serialize_seq(Some(self.len()))?;
        for (key, value) in self.iter() {
            seq.serialize_element(&Entry(key, value))?;
        }
        seq.end()
    }
}

/// An entry of a map whose keys are no plain values.
struct Entry<'a>(Value<'a>, Value<'a>);

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        pair(serializer, ("key", &self.0), ("value", &self.1))
    }
}

/// A key as the text that some formats demand.
fn plain_key(key: &Value<'_>) -> Option<String> {
    match key {
        Value::Boolean(value) => Some(value.to_string()),
        Value::Enumeration(enumerator) if !enumerator.is_set() => None,
        _ => match (key.as_str(), key.as_i64()) {
            (Some(text), _) => Some(text.to_owned()),
            (None, Some(number)) => Some(number.to_string()),
            (None, None) => None,
        },
    }
}

/// JSON text that was checked when it was received.
pub(super) struct Text<'a>(pub(super) &'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let options = ReaderOptions {
            max_depth: MAX_DEPTH,
            ..ReaderOptions::default()
        };
        let mut reader = Reader::with_options(self.0, &options);
        match reader.peek() {
            Some(b'{') => {
                let mut map = serializer.serialize_map(None)?;
                if reader.open_object("an object").map_err(Error::custom)? == NON_EMPTY {
                    loop {
                        let name = reader.key().map_err(Error::custom)?;
                        let value = reader.raw_value().map_err(Error::custom)?;
                        map.serialize_entry(&name, &Text(value))?;
                        if !reader.more_members().map_err(Error::custom)? {
                            break;
                        }
                    }
                }
                map.end()
            }
            Some(b'[') => {
                let mut seq = serializer.serialize_seq(None)?;
                if reader.open_array("an array").map_err(Error::custom)? == NON_EMPTY {
                    loop {
                        let element = reader.raw_value().map_err(Error::custom)?;
                        seq.serialize_element(&Text(element))?;
                        if !reader.more_elements().map_err(Error::custom)? {
                            break;
                        }
                    }
                }
                seq.end()
            }
            Some(b'"') => serializer.serialize_str(&reader.string().map_err(Error::custom)?),
            Some(b'n') => serializer.serialize_unit(),
            Some(b't' | b'f') => {
                serializer.serialize_bool(reader.boolean().map_err(Error::custom)?)
            }
            _ => number(self.0.trim(), serializer),
        }
    }
}

/// A number, as the narrowest of the types that hold it.
fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let is_whole = !text.contains(['.', 'e', 'E']) && text != "-0";
    if is_whole {
        if let Ok(value) = text.parse::<i64>() {
            return serializer.serialize_i64(value);
        }
        if let Ok(value) = text.parse::<u64>() {
            return serializer.serialize_u64(value);
        }
        if let Ok(value) = text.parse::<i128>() {
            return serializer.serialize_i128(value);
        }
    }
    match decode::<f64>(text.as_bytes(), &ReaderOptions::default()) {
        Ok(value) if value.is_finite() => serializer.serialize_f64(value),
        _ => Err(Error::custom(format_args!(
            "the number {text} is beyond 64-bit floats: take the text of the JSON instead"
        ))),
    }
}
