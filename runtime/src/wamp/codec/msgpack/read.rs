//! From MessagePack to JSON text.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rmp::Marker;

use super::DEPTH;
use crate::json::write::{float, integer, string};

/// The JSON text for one value.
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
                self.float(f64::from(value))?;
            }
            Marker::F64 => {
                let value = f64::from_be_bytes(self.fixed()?);
                self.float(value)?;
            }
            Marker::FixArray(count) => self.array(count.into(), depth)?,
            Marker::Array16 => {
                let count = u16::from_be_bytes(self.fixed()?);
                self.array(count.into(), depth)?;
            }
            Marker::Array32 => {
                let count = u32::from_be_bytes(self.fixed()?);
                self.array(count, depth)?;
            }
            Marker::FixMap(count) => self.map(count.into(), depth)?,
            Marker::Map16 => {
                let count = u16::from_be_bytes(self.fixed()?);
                self.map(count.into(), depth)?;
            }
            Marker::Map32 => {
                let count = u32::from_be_bytes(self.fixed()?);
                self.map(count, depth)?;
            }
            marker => self.scalar(marker)?,
        }
        Ok(())
    }

    /// What may also be the name of a member: texts, bytes, whole numbers.
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
            _ => return Err("a message in MessagePack has a value that JSON has no form for"),
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

    fn float(&mut self, value: f64) -> Result<(), &'static str> {
        if float(&mut self.out, value) {
            Ok(())
        } else {
            Err("a message in MessagePack has a number that JSON has no form for")
        }
    }

    fn array(&mut self, count: u32, depth: usize) -> Result<(), &'static str> {
        let depth = deeper(depth)?;
        self.out.push(b'[');
        for index in 0..count {
            if index > 0 {
                self.out.push(b',');
            }
            self.value(depth)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn map(&mut self, count: u32, depth: usize) -> Result<(), &'static str> {
        let depth = deeper(depth)?;
        self.out.push(b'{');
        for index in 0..count {
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
        let start = self.out.len();
        self.scalar(Marker::from_u8(marker))?;
        if self.out.get(start) != Some(&b'"') {
            self.out.insert(start, b'"');
            self.out.push(b'"');
        }
        Ok(())
    }
}

fn deeper(depth: usize) -> Result<usize, &'static str> {
    depth
        .checked_sub(1)
        .ok_or("a message in MessagePack is nested too deeply")
}
