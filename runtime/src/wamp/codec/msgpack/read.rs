//! From MessagePack to JSON text.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rmp::Marker;

use super::DEPTH;
use crate::json::write::{float, integer, string};

/// The JSON text for one value.
///
/// What JSON has no form for becomes a word that no reader of JSON takes, so that it harms only whoever reads it: one call, not the session.
///
/// # Errors
///
/// What is wrong with it.
pub(in crate::wamp::codec) fn to_json(packed: &[u8]) -> Result<Vec<u8>, &'static str> {
    let mut reader = Unpack {
        rest: packed,
        out: Vec::with_capacity(packed.len() * 2),
    };
    reader.value(DEPTH)?;
    if reader.rest.is_empty() {
        Ok(reader.out)
    } else {
        Err("something follows a message in MessagePack")
    }
}

struct Unpack<'p> {
    rest: &'p [u8],
    out: Vec<u8>,
}

/// In place of what JSON has no form for.
const NOT_FINITE: &[u8] = b"NaN";
const EXTENSION: &[u8] = b"ext";
const NO_NAME: &[u8] = b"key";
const TOO_DEEP: &[u8] = b"deep";

const UNKNOWN: &str = "a message in MessagePack has a value of a kind that there is not";
const CUT_OFF: &str = "a message in MessagePack is cut off";

impl<'p> Unpack<'p> {
    fn value(&mut self, depth: usize) -> Result<(), &'static str> {
        let [marker] = self.fixed()?;
        match Marker::from_u8(marker) {
            Marker::Null => self.out.extend_from_slice(b"null"),
            Marker::True => self.out.extend_from_slice(b"true"),
            Marker::False => self.out.extend_from_slice(b"false"),
            Marker::F32 => {
                let value = f32::from_be_bytes(self.fixed()?);
                self.float(f64::from(value));
            }
            Marker::F64 => {
                let value = f64::from_be_bytes(self.fixed()?);
                self.float(value);
            }
            marker if is_array(marker) || is_map(marker) => match depth.checked_sub(1) {
                Some(depth) if is_array(marker) => self.array(marker, depth)?,
                Some(depth) => self.map(marker, depth)?,
                None => {
                    self.skip(marker)?;
                    self.out.extend_from_slice(TOO_DEEP);
                }
            },
            marker if is_name(marker) => self.scalar(marker)?,
            marker => {
                self.skip(marker)?;
                self.out.extend_from_slice(EXTENSION);
            }
        }
        Ok(())
    }

    /// How many values are in an array, members in a map.
    fn count(&mut self, marker: Marker) -> Result<u32, &'static str> {
        Ok(match marker {
            Marker::FixArray(count) | Marker::FixMap(count) => count.into(),
            Marker::Array16 | Marker::Map16 => u16::from_be_bytes(self.fixed()?).into(),
            _ => u32::from_be_bytes(self.fixed()?),
        })
    }

    /// Goes over a value whose first byte was this one, however deeply it is nested.
    fn skip(&mut self, marker: Marker) -> Result<(), &'static str> {
        let (mut marker, mut left) = (marker, 0u64);
        loop {
            if is_array(marker) {
                left += u64::from(self.count(marker)?);
            } else if is_map(marker) {
                left += 2 * u64::from(self.count(marker)?);
            } else {
                let bytes = self.length(marker)?;
                self.take(bytes)?;
            }
            let Some(others) = left.checked_sub(1) else {
                return Ok(());
            };
            left = others;
            let [next] = self.fixed()?;
            marker = Marker::from_u8(next);
        }
    }

    /// How many bytes belong to a value that is no array and no map.
    fn length(&mut self, marker: Marker) -> Result<u32, &'static str> {
        // In front of the bytes of an extension stands its kind.
        let with_kind = |bytes: u32| bytes.checked_add(1).ok_or(CUT_OFF);
        Ok(match marker {
            Marker::FixStr(length) => length.into(),
            Marker::U8 | Marker::I8 => 1,
            Marker::U16 | Marker::I16 | Marker::FixExt1 => 2,
            Marker::FixExt2 => 3,
            Marker::U32 | Marker::I32 | Marker::F32 => 4,
            Marker::FixExt4 => 5,
            Marker::U64 | Marker::I64 | Marker::F64 => 8,
            Marker::FixExt8 => 9,
            Marker::FixExt16 => 17,
            Marker::Str8 | Marker::Bin8 => u8::from_be_bytes(self.fixed()?).into(),
            Marker::Str16 | Marker::Bin16 => u16::from_be_bytes(self.fixed()?).into(),
            Marker::Str32 | Marker::Bin32 => u32::from_be_bytes(self.fixed()?),
            Marker::Ext8 => with_kind(u8::from_be_bytes(self.fixed()?).into())?,
            Marker::Ext16 => with_kind(u16::from_be_bytes(self.fixed()?).into())?,
            Marker::Ext32 => with_kind(u32::from_be_bytes(self.fixed()?))?,
            Marker::Reserved => return Err(UNKNOWN),
            _ => 0,
        })
    }

    /// What may also be the name of a member.
    fn scalar(&mut self, marker: Marker) -> Result<(), &'static str> {
        match marker {
            Marker::FixPos(value) => integer(&mut self.out, value),
            Marker::FixNeg(value) => integer(&mut self.out, value),
            Marker::U8 => {
                let value = u8::from_be_bytes(self.fixed()?);
                integer(&mut self.out, value);
            }
            Marker::U16 => {
                let value = u16::from_be_bytes(self.fixed()?);
                integer(&mut self.out, value);
            }
            Marker::U32 => {
                let value = u32::from_be_bytes(self.fixed()?);
                integer(&mut self.out, value);
            }
            Marker::U64 => {
                let value = u64::from_be_bytes(self.fixed()?);
                integer(&mut self.out, value);
            }
            Marker::I8 => {
                let value = i8::from_be_bytes(self.fixed()?);
                integer(&mut self.out, value);
            }
            Marker::I16 => {
                let value = i16::from_be_bytes(self.fixed()?);
                integer(&mut self.out, value);
            }
            Marker::I32 => {
                let value = i32::from_be_bytes(self.fixed()?);
                integer(&mut self.out, value);
            }
            Marker::I64 => {
                let value = i64::from_be_bytes(self.fixed()?);
                integer(&mut self.out, value);
            }
            Marker::FixStr(length) => self.text(length.into())?,
            Marker::Str8 => {
                let [length] = self.fixed()?;
                self.text(length.into())?;
            }
            Marker::Str16 => {
                let length = u16::from_be_bytes(self.fixed()?);
                self.text(length.into())?;
            }
            Marker::Str32 => {
                let length = u32::from_be_bytes(self.fixed()?);
                self.text(length)?;
            }
            Marker::Bin8 => {
                let [length] = self.fixed()?;
                self.bytes(length.into())?;
            }
            Marker::Bin16 => {
                let length = u16::from_be_bytes(self.fixed()?);
                self.bytes(length.into())?;
            }
            Marker::Bin32 => {
                let length = u32::from_be_bytes(self.fixed()?);
                self.bytes(length)?;
            }
            _ => {
                return Err("a message in MessagePack has another value where one of these stands");
            }
        }
        Ok(())
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        let (head, rest) = self.rest.split_first_chunk::<N>().ok_or(CUT_OFF)?;
        self.rest = rest;
        Ok(*head)
    }

    fn take(&mut self, length: u32) -> Result<&'p [u8], &'static str> {
        let length = usize::try_from(length).map_err(|_| CUT_OFF)?;
        let (head, rest) = self.rest.split_at_checked(length).ok_or(CUT_OFF)?;
        self.rest = rest;
        Ok(head)
    }

    fn text(&mut self, length: u32) -> Result<(), &'static str> {
        let text = std::str::from_utf8(self.take(length)?)
            .map_err(|_| "a text in a message in MessagePack is no UTF-8")?;
        string(&mut self.out, text);
        Ok(())
    }

    fn bytes(&mut self, length: u32) -> Result<(), &'static str> {
        let text = BASE64_STANDARD.encode(self.take(length)?);
        self.out.extend_from_slice(b"\"\\u0000");
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
        Ok(())
    }

    fn float(&mut self, value: f64) {
        let start = self.out.len();
        if !float(&mut self.out, value) {
            self.out.truncate(start);
            self.out.extend_from_slice(NOT_FINITE);
        }
    }

    fn array(&mut self, marker: Marker, depth: usize) -> Result<(), &'static str> {
        self.out.push(b'[');
        for index in 0..self.count(marker)? {
            if index > 0 {
                self.out.push(b',');
            }
            self.value(depth)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn map(&mut self, marker: Marker, depth: usize) -> Result<(), &'static str> {
        self.out.push(b'{');
        for index in 0..self.count(marker)? {
            if index > 0 {
                self.out.push(b',');
            }
            self.name()?;
            self.out.push(b':');
            self.value(depth)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    /// The name of a member: whole numbers become texts.
    fn name(&mut self) -> Result<(), &'static str> {
        let [marker] = self.fixed()?;
        let marker = Marker::from_u8(marker);
        if !is_name(marker) {
            self.skip(marker)?;
            self.out.extend_from_slice(NO_NAME);
            return Ok(());
        }
        let start = self.out.len();
        self.scalar(marker)?;
        if self.out.get(start) != Some(&b'"') {
            self.out.insert(start, b'"');
            self.out.push(b'"');
        }
        Ok(())
    }
}

fn is_array(marker: Marker) -> bool {
    matches!(
        marker,
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32
    )
}

fn is_map(marker: Marker) -> bool {
    matches!(marker, Marker::FixMap(_) | Marker::Map16 | Marker::Map32)
}

/// Whether the name of a member may be such a value: texts, bytes, whole numbers.
fn is_name(marker: Marker) -> bool {
    matches!(
        marker,
        Marker::FixPos(_)
            | Marker::FixNeg(_)
            | Marker::U8
            | Marker::U16
            | Marker::U32
            | Marker::U64
            | Marker::I8
            | Marker::I16
            | Marker::I32
            | Marker::I64
            | Marker::FixStr(_)
            | Marker::Str8
            | Marker::Str16
            | Marker::Str32
            | Marker::Bin8
            | Marker::Bin16
            | Marker::Bin32
    )
}
