//! From JSON text to MessagePack.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rmp::encode;

use super::DEPTH;
use crate::json::{Limits, NON_EMPTY, Text};
use crate::settings::DEFAULT_MAX_MEMORY;

/// The MessagePack for one value.
///
/// # Errors
///
/// What is wrong with it, in words that follow "what is to be sent has ".
pub(in crate::wamp::codec) fn from_json(json: &[u8]) -> Result<Vec<u8>, &'static str> {
    let text = std::str::from_utf8(json).map_err(|_| "something that is no text")?;
    let mut reader = Text::new(
        text,
        Limits {
            strict: false,
            depth: DEPTH,
            memory: DEFAULT_MAX_MEMORY,
        },
    );
    let mut out = Vec::with_capacity(json.len());
    value(&mut reader, &mut out)?;
    reader.finish().map_err(|_| NO_JSON)?;
    Ok(out)
}

const NO_JSON: &str = "something that is no JSON, or is nested too deeply";
const TOO_MUCH: &str = "more than 4 GiB in one value";

fn value(reader: &mut Text<'_>, out: &mut Vec<u8>) -> Result<(), &'static str> {
    match reader.peek() {
        Some(b'"') => {
            let text = reader.string().map_err(|_| NO_JSON)?;
            match bytes_in(&text) {
                Some(bytes) => put(encode::write_bin(out, &bytes)),
                None => put(encode::write_str(out, &text)),
            }
        }
        Some(b'[') => array(reader, out),
        Some(b'{') => object(reader, out),
        _ => {
            let text = reader.raw_value().map_err(|_| NO_JSON)?;
            match text {
                "null" => out.push(rmp::Marker::Null.to_u8()),
                "true" => out.push(rmp::Marker::True.to_u8()),
                "false" => out.push(rmp::Marker::False.to_u8()),
                number => return put_number(number, out),
            }
            Ok(())
        }
    }
}

/// The bytes that a text stands for.
fn bytes_in(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text.strip_prefix('\0')?).ok()
}

fn put_number(text: &str, out: &mut Vec<u8>) -> Result<(), &'static str> {
    if text.contains(['.', 'e', 'E']) || text == "-0" {
        let value: f64 = text.parse().map_err(|_| NO_JSON)?;
        if !value.is_finite() {
            return Err("a number beyond the range of floats");
        }
        return put(encode::write_f64(out, value));
    }
    if let Ok(value) = text.parse::<u64>() {
        return put(encode::write_uint(out, value));
    }
    let value: i64 = text
        .parse()
        .map_err(|_| "a whole number beyond 64 bits, which MessagePack has no form for")?;
    put(encode::write_sint(out, value))
}

fn array(reader: &mut Text<'_>, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let start = out.len();
    let mut count = 0;
    if reader.open_array("an array").map_err(|_| NO_JSON)? == NON_EMPTY {
        loop {
            value(reader, out)?;
            count += 1;
            if !reader.more_elements().map_err(|_| NO_JSON)? {
                break;
            }
        }
    }
    put_length(out, start, count, encode::write_array_len)
}

fn object(reader: &mut Text<'_>, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let start = out.len();
    let mut count = 0;
    if reader.open_object("an object").map_err(|_| NO_JSON)? == NON_EMPTY {
        loop {
            let name = reader.key().map_err(|_| NO_JSON)?;
            put(encode::write_str(out, &name))?;
            value(reader, out)?;
            count += 1;
            if !reader.more_members().map_err(|_| NO_JSON)? {
                break;
            }
        }
    }
    put_length(out, start, count, encode::write_map_len)
}

/// Writes how many there are in front of them: in JSON that is known at their end.
fn put_length<E>(
    out: &mut Vec<u8>,
    start: usize,
    count: usize,
    write: impl FnOnce(&mut Vec<u8>, u32) -> Result<rmp::Marker, E>,
) -> Result<(), &'static str> {
    let mut head = Vec::with_capacity(5);
    put(write(
        &mut head,
        u32::try_from(count).map_err(|_| TOO_MUCH)?,
    ))?;
    out.splice(start..start, head);
    Ok(())
}

/// Writing to memory fails only for lengths that do not fit.
fn put<T, E>(written: Result<T, E>) -> Result<(), &'static str> {
    written.map(|_| ()).map_err(|_| TOO_MUCH)
}
