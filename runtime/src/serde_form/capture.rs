//! Whatever a deserializer has, as JSON text.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::codec::Writer;
use crate::json_text::Json;

/// How `serde_json` gives numbers when it keeps their text (its feature `arbitrary_precision`): as a map with this key.
const NUMBER_TEXT: &str = "$serde_json::private::Number";

/// The deepest nesting taken; the reader behind takes less.
const MAX_DEPTH: usize = 128;

/// The next value of a deserializer.
pub(super) fn capture<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Json, D::Error> {
    if deserializer.is_human_readable() {
        let mut writer = Writer::new();
        Capture {
            writer: &mut writer,
            depth: 0,
        }
        .deserialize(deserializer)?;
        writer.finish_json().map_err(Error::custom)
    } else {
        let text: String = serde::Deserialize::deserialize(deserializer)?;
        text.parse().map_err(Error::custom)
    }
}

struct Capture<'w> {
    writer: &'w mut Writer,
    depth: usize,
}

impl Capture<'_> {
    fn deeper<E: Error>(&mut self) -> Result<Capture<'_>, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom("values are nested deeper than 128 levels"));
        }
        Ok(Capture {
            writer: self.writer,
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Capture<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Capture<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has a form for")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.writer.boolean(value);
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.writer.integer(value);
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.writer.raw(&value.to_string());
        Ok(())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<(), E> {
        self.writer.raw(&value.to_string());
        Ok(())
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<(), E> {
        self.writer.raw(&value.to_string());
        Ok(())
    }

    fn visit_f32<E: Error>(self, value: f32) -> Result<(), E> {
        self.writer.float(value);
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        // One that is not finite fails when the text is finished.
        self.writer.float(value);
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.writer.string(value);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.writer.raw("null");
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        self.deeper()?.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.visit_some(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        self.writer.byte(b'[');
        let mut is_first = true;
        loop {
            let before = self.writer.len();
            if !is_first {
                self.writer.byte(b',');
            }
            if seq.next_element_seed(self.deeper()?)?.is_none() {
                self.writer.truncate(before);
                break;
            }
            is_first = false;
        }
        self.writer.byte(b']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut key = map.next_key_seed(Key)?;
        if key.as_deref() == Some(NUMBER_TEXT) {
            let text: String = map.next_value()?;
            let number: Json = text.parse().map_err(Error::custom)?;
            if !number
                .get()
                .starts_with(|c: char| c == '-' || c.is_ascii_digit())
            {
                return Err(Error::custom("the text of a number is no number"));
            }
            self.writer.raw(number.get());
            return Ok(());
        }
        self.writer.byte(b'{');
        let mut is_first = true;
        while let Some(name) = key {
            if !is_first {
                self.writer.byte(b',');
            }
            is_first = false;
            self.writer.string(&name);
            self.writer.byte(b':');
            map.next_value_seed(self.deeper()?)?;
            key = map.next_key_seed(Key)?;
        }
        self.writer.byte(b'}');
        Ok(())
    }
}

/// A key of a map: a text, or a plain value that is made one.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key that is a text, a whole number or a boolean")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }

    fn visit_i64<E: Error>(self, key: i64) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_u64<E: Error>(self, key: u64) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_bool<E: Error>(self, key: bool) -> Result<String, E> {
        Ok(key.to_string())
    }
}
