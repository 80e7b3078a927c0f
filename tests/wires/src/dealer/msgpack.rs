//! MessagePack, as much of it as JSON has values for.

use serde_json::{Map, Number, Value};

/// Writes a value in the long forms, which every reader must take.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    push(&mut out, value);
    out
}

fn push(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(0xc0),
        Value::Bool(false) => out.push(0xc2),
        Value::Bool(true) => out.push(0xc3),
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => with(out, 0xcf, &number.to_be_bytes()),
            (_, Some(number), _) => with(out, 0xd3, &number.to_be_bytes()),
            (.., number) => with(out, 0xcb, &number.unwrap_or(f64::NAN).to_be_bytes()),
        },
        Value::String(text) => {
            with(out, 0xdb, &length(text.len()));
            out.extend_from_slice(text.as_bytes());
        }
        Value::Array(values) => {
            with(out, 0xdd, &length(values.len()));
            values.iter().for_each(|value| push(out, value));
        }
        Value::Object(members) => {
            with(out, 0xdf, &length(members.len()));
            for (name, value) in members {
                push(out, &Value::String(name.clone()));
                push(out, value);
            }
        }
    }
}

fn with(out: &mut Vec<u8>, marker: u8, bytes: &[u8]) {
    out.push(marker);
    out.extend_from_slice(bytes);
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

/// Reads one value and nothing behind it; nothing for what is none, or has no form in JSON.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    let mut rest = bytes;
    let value = take(&mut rest)?;
    rest.is_empty().then_some(value)
}

fn take(rest: &mut &[u8]) -> Option<Value> {
    let marker = number::<1>(rest)? as u8;
    Some(match marker {
        0x00..=0x7f => Value::from(marker),
        0x80..=0x8f => members(rest, usize::from(marker & 0x0f))?,
        0x90..=0x9f => elements(rest, usize::from(marker & 0x0f))?,
        0xa0..=0xbf => text(rest, usize::from(marker & 0x1f))?,
        0xc0 => Value::Null,
        0xc2 => Value::Bool(false),
        0xc3 => Value::Bool(true),
        0xca => float(f64::from(f32::from_bits(number::<4>(rest)? as u32)))?,
        0xcb => float(f64::from_bits(number::<8>(rest)?))?,
        0xcc => number::<1>(rest)?.into(),
        0xcd => number::<2>(rest)?.into(),
        0xce => number::<4>(rest)?.into(),
        0xcf => number::<8>(rest)?.into(),
        0xd0 => (number::<1>(rest)? as u8).cast_signed().into(),
        0xd1 => (number::<2>(rest)? as u16).cast_signed().into(),
        0xd2 => (number::<4>(rest)? as u32).cast_signed().into(),
        0xd3 => number::<8>(rest)?.cast_signed().into(),
        0xd9 => long(rest, number::<1>, text)?,
        0xda => long(rest, number::<2>, text)?,
        0xdb => long(rest, number::<4>, text)?,
        0xdc => long(rest, number::<2>, elements)?,
        0xdd => long(rest, number::<4>, elements)?,
        0xde => long(rest, number::<2>, members)?,
        0xdf => long(rest, number::<4>, members)?,
        0xe0..=0xff => marker.cast_signed().into(),
        _ => return None,
    })
}

/// A value with its length before it.
fn long(
    rest: &mut &[u8],
    length: fn(&mut &[u8]) -> Option<u64>,
    value: fn(&mut &[u8], usize) -> Option<Value>,
) -> Option<Value> {
    let length = usize::try_from(length(rest)?).ok()?;
    value(rest, length)
}

fn number<const BYTES: usize>(rest: &mut &[u8]) -> Option<u64> {
    let bytes = rest.split_off(..BYTES)?;
    Some(
        bytes
            .iter()
            .fold(0, |all, byte| all << 8 | u64::from(*byte)),
    )
}

fn float(value: f64) -> Option<Value> {
    Number::from_f64(value).map(Value::Number)
}

fn text(rest: &mut &[u8], length: usize) -> Option<Value> {
    let bytes = rest.split_off(..length)?;
    std::str::from_utf8(bytes).ok().map(Value::from)
}

fn elements(rest: &mut &[u8], count: usize) -> Option<Value> {
    let all: Option<Vec<_>> = (0..count).map(|_| take(rest)).collect();
    all.map(Value::Array)
}

fn members(rest: &mut &[u8], count: usize) -> Option<Value> {
    let mut all = Map::new();
    for _ in 0..count {
        let Value::String(name) = take(rest)? else {
            return None;
        };
        all.insert(name, take(rest)?);
    }
    Some(Value::Object(all))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let value = json!([null, true, false, 0, -1, 255, -129, u64::MAX, i64::MIN, 1.5, -0.5e300, "ä", [], {}, {"a": [1]}]);
        assert_eq!(read(&write(&value)), Some(value));
    }

    #[test]
    fn short_forms_are_read_and_what_is_cut_off_is_not() {
        let short = [
            0x94, 0x7f, 0xff, 0xa1, b'a', 0x81, 0xa1, b'b', 0xd1, 0xff, 0x00,
        ];
        assert_eq!(read(&short), Some(json!([127, -1, "a", {"b": -256}])));
        for end in 0..short.len() {
            assert_eq!(read(&short[..end]), None, "{end}");
        }
        assert_eq!(read(&[0xc1]), None);
        assert_eq!(read(&[0xc0, 0xc0]), None);
    }
}
