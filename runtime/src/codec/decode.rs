//! Reading IDL values.

use std::collections::BTreeMap;

use super::options::ReaderOptions;
use super::reader::{Decode, Reader};
use crate::error::{DecodeError, DecodeErrorKind};
use crate::json::{NON_EMPTY, duplicate};
use crate::json_text::Json;
use crate::time::Time;

/// Reads one value from a whole document.
///
/// ```
/// use xerus_rpc::error::DecodeErrorKind;
/// use xerus_rpc::rt::{ReaderOptions, decode};
///
/// let options = ReaderOptions::default();
/// assert_eq!(decode::<Vec<f32>>(b"[0.0010000000474974513]", &options)?, [0.001]);
///
/// let error = decode::<u8>(b"256", &options).unwrap_err();
/// assert_eq!(error.kind(), DecodeErrorKind::OutOfRange);
/// # Ok::<(), xerus_rpc::DecodeError>(())
/// ```
///
/// # Errors
///
/// When the document is no JSON, no value of type `T`, or has something behind the value.
pub fn decode<T: Decode>(document: &[u8], options: &ReaderOptions) -> Result<T, DecodeError> {
    let mut reader = Reader::from_bytes(document, options)?;
    reader.expect_document()?;
    let value = reader.value()?;
    reader.finish()?;
    Ok(value)
}

impl Decode for bool {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.boolean()
    }
}

impl Decode for u8 {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let value = reader.integer_within(0, i64::from(u8::MAX), "an integer from 0 to 255")?;
        Ok(u8::try_from(value).expect("the range was checked"))
    }
}

impl Decode for i32 {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let value =
            reader.integer_within(i64::from(i32::MIN), i64::from(i32::MAX), "a 32-bit integer")?;
        Ok(i32::try_from(value).expect("the range was checked"))
    }
}

/// Lenient reading also takes a string of decimal digits, as some firmware writes long numbers.
impl Decode for i64 {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.long()
    }
}

impl Decode for f32 {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.float()
    }
}

impl Decode for f64 {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.double()
    }
}

impl Decode for String {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.string().map(Into::into)
    }
}

impl Decode for Time {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.integer().map(Self::from_unix_seconds)
    }
}

/// Any JSON but `null`, kept untouched.
impl Decode for Json {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.peek() == Some(b'n') {
            return Err(reader.mismatch("JSON"));
        }
        let text = reader.raw_value()?;
        reader.charge(text.len())?;
        Ok(Json::trusted(text.to_owned()))
    }
}

/// `null` is `None`.
impl<T: Decode> Decode for Option<T> {
    #[inline]
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.take_null() {
            Ok(None)
        } else {
            T::decode(reader).map(Some)
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut out = Vec::new();
        if reader.open_array("an array")? == NON_EMPTY {
            loop {
                reader.charge(size_of::<T>())?;
                match reader.element() {
                    Ok(value) => out.push(value),
                    Err(error) => return Err(error.index(out.len())),
                }
                if !reader.more_elements()? {
                    break;
                }
            }
        }
        Ok(out)
    }
}

/// An array of `{"key":k,"value":v}`, in any order of members.
impl<K: Decode + Ord, V: Decode> Decode for BTreeMap<K, V> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        #[cfg(feature = "serde")]
        if let Some(map) = reader.keyed_map()? {
            return Ok(map);
        }
        let mut out = BTreeMap::new();
        if reader.open_array("an array of keys and values")? == NON_EMPTY {
            let mut index = 0;
            loop {
                reader.charge(size_of::<(K, V)>())?;
                let (key, value) = map_entry(reader).map_err(|error| error.index(index))?;
                if out.insert(key, value).is_some() {
                    let offset = reader.offset();
                    let error = DecodeError::new(
                        DecodeErrorKind::DuplicateMapKey,
                        offset,
                        "a new key",
                        "one seen before",
                    );
                    return Err(error.member("key").index(index));
                }
                index += 1;
                if !reader.more_elements()? {
                    break;
                }
            }
        }
        Ok(out)
    }
}

#[inline]
fn map_entry<K: Decode, V: Decode>(reader: &mut Reader<'_>) -> Result<(K, V), DecodeError> {
    let mut key = None;
    let mut value = None;
    if reader.open_object("an object with key and value")? == NON_EMPTY {
        loop {
            match reader.pair_member("key", key.is_some(), "value", value.is_some())? {
                Pair::First => key = Some(K::decode(reader).map_err(|error| error.member("key"))?),
                Pair::Second => {
                    value = Some(reader.element().map_err(|error| error.member("value"))?);
                }
                Pair::Other => reader.skip_value()?,
            }
            if !reader.more_members()? {
                break;
            }
        }
    }
    match (key, value) {
        (None, _) => Err(DecodeError::missing("key", reader.offset())),
        (_, None) => Err(DecodeError::missing("value", reader.offset())),
        (Some(key), Some(value)) => Ok((key, value)),
    }
}

/// Which member of an object with two members comes next.
pub(crate) enum Pair {
    First,
    Second,
    Other,
}

impl Reader<'_> {
    /// Reads a member name of an object with two known members, of which some may have been read.
    #[inline]
    pub(crate) fn pair_member(
        &mut self,
        first: &'static str,
        has_first: bool,
        second: &'static str,
        has_second: bool,
    ) -> Result<Pair, DecodeError> {
        if !has_first && self.take_key(first) {
            return Ok(Pair::First);
        }
        if !has_second && self.take_key(second) {
            return Ok(Pair::Second);
        }
        self.peek();
        let start = self.offset();
        let name = self.key()?;
        if name == first {
            return if has_first {
                Err(duplicate(start).member(first))
            } else {
                Ok(Pair::First)
            };
        }
        if name == second {
            return if has_second {
                Err(duplicate(start).member(second))
            } else {
                Ok(Pair::Second)
            };
        }
        Ok(Pair::Other)
    }
}
