//! Reading text that has names where the wire has numbers.

use std::collections::BTreeMap;

use super::decode::decode;
use super::encode::encode;
use super::enumeration::Enumeration;
use super::options::ReaderOptions;
use super::reader::{Decode, Reader};
use super::record::Record;
use super::writer::Writer;
use crate::error::{DecodeError, DecodeErrorKind, cut};
use crate::json::{NON_EMPTY, duplicate};
use crate::json_text::Json;

/// How the text of a deserializer is read: leniently, and by name.
pub(crate) fn by_name() -> ReaderOptions {
    ReaderOptions {
        by_name: true,
        ..ReaderOptions::default()
    }
}

impl Reader<'_> {
    /// The index of the enumerator whose name stands here, when that is what stands here.
    pub(super) fn enumerator_name<T: Enumeration>(&mut self) -> Result<Option<T>, DecodeError> {
        if !self.options().by_name || self.peek() != Some(b'"') {
            return Ok(None);
        }
        let start = self.offset();
        let name = self.string()?;
        let index = T::NAMES.iter().position(|known| *known == name);
        match index.and_then(|index| i32::try_from(index).ok()) {
            Some(index) => Ok(Some(T::from_index(index))),
            None => Err(DecodeError::new(
                DecodeErrorKind::UnknownEnum,
                start,
                format!("an enumerator of {}, by name or by number", T::TYPE_ID),
                format!("{:?}", cut(&name, 64)),
            )),
        }
    }

    /// The map that stands here as an object, when that is what stands here.
    pub(super) fn keyed_map<K: Decode + Ord, V: Decode>(
        &mut self,
    ) -> Result<Option<BTreeMap<K, V>>, DecodeError> {
        if !self.options().by_name || !self.at_object() {
            return Ok(None);
        }
        let mut out = BTreeMap::new();
        if self.open_object("a map")? == NON_EMPTY {
            loop {
                self.charge(size_of::<(K, V)>())?;
                let offset = self.offset();
                let name = self.key()?.into_owned();
                let key = key(&name, offset)?;
                let value = self.element().map_err(|error| error.member(name.clone()))?;
                if out.insert(key, value).is_some() {
                    return Err(duplicate(offset).member(name));
                }
                if !self.more_members()? {
                    break;
                }
            }
        }
        Ok(Some(out))
    }
}

/// A key from the name of a member: a text, or else what the name is as JSON.
fn key<K: Decode>(name: &str, offset: usize) -> Result<K, DecodeError> {
    let text = encode(name).expect("every text has a JSON form");
    let error = match decode(text.get().as_bytes(), &by_name()) {
        Ok(key) => return Ok(key),
        Err(error) => error,
    };
    let error = match decode(name.as_bytes(), &by_name()) {
        Ok(key) => return Ok(key),
        Err(other) if other.json().is_none() => other,
        // No JSON at all, so a text: then the first attempt says what is wrong with it.
        Err(_) => error,
    };
    Err(DecodeError::new(
        error.kind(),
        offset,
        error.expected().to_owned(),
        format!("{:?}", cut(name, 64)),
    )
    .member("key"))
}

/// The text of a value object as it goes over the wire, from one that may have names in it.
///
/// What the bindings cannot read as the type it says it is stays as it is.
pub(crate) fn wire_text(mut record: Box<dyn Record>, text: &str) -> Option<Json> {
    let options = by_name();
    let mut reader = Reader::with_options(text, &options);
    reader.record_into(&mut *record).ok()?;
    let mut writer = Writer::new();
    writer.structure(&*record);
    writer.finish_json().ok()
}
