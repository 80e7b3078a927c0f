//! MessagePack for a router of a test, made with no code of the runtime.

use serde_json::{Map, Value, json};

/// A message as bytes.
pub(crate) fn pack(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    put(value, &mut out);
    out
}

fn put(value: &Value, out: &mut Vec<u8>) {
    let length = |count: usize| u16::try_from(count).unwrap().to_be_bytes();
    match value {
        Value::Null => out.push(0xc0),
        Value::Bool(value) => out.push(0xc2 + u8::from(*value)),
        Value::Number(number) => {
            out.push(0xd3);
            out.extend(number.as_i64().unwrap().to_be_bytes());
        }
        Value::String(text) => {
            out.push(0xda);
            out.extend(length(text.len()));
            out.extend(text.as_bytes());
        }
        Value::Array(items) => {
            out.push(0xdc);
            out.extend(length(items.len()));
            items.iter().for_each(|item| put(item, out));
        }
        Value::Object(members) => {
            out.push(0xde);
            out.extend(length(members.len()));
            for (name, value) in members {
                put(&json!(name), out);
                put(value, out);
            }
        }
    }
}

/// The message in bytes, of the forms that our messages have.
pub(crate) fn unpack(mut bytes: &[u8]) -> Value {
    let value = take(&mut bytes);
    assert!(bytes.is_empty(), "{bytes:?}");
    value
}

fn number(bytes: &mut &[u8], width: usize) -> u64 {
    let (head, rest) = bytes.split_at(width);
    *bytes = rest;
    head.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn text(bytes: &mut &[u8], length: usize) -> Value {
    let (head, rest) = bytes.split_at(length);
    *bytes = rest;
    json!(std::str::from_utf8(head).unwrap())
}

fn items(bytes: &mut &[u8], count: usize) -> Value {
    (0..count).map(|_| take(bytes)).collect()
}

fn members(bytes: &mut &[u8], count: usize) -> Value {
    let mut all = Map::new();
    for _ in 0..count {
        let name = take(bytes);
        all.insert(name.as_str().unwrap().to_owned(), take(bytes));
    }
    Value::Object(all)
}

fn take(bytes: &mut &[u8]) -> Value {
    let small = |count: u64| usize::try_from(count).unwrap();
    match number(bytes, 1) {
        kind @ 0x00..=0x7f => json!(kind),
        kind @ 0x80..=0x8f => members(bytes, small(kind & 15)),
        kind @ 0x90..=0x9f => items(bytes, small(kind & 15)),
        kind @ 0xa0..=0xbf => text(bytes, small(kind & 31)),
        0xc0 => Value::Null,
        0xc2 => json!(false),
        0xc3 => json!(true),
        0xcc => json!(number(bytes, 1)),
        0xcd => json!(number(bytes, 2)),
        0xce => json!(number(bytes, 4)),
        0xcf => json!(number(bytes, 8)),
        0xd9 => {
            let length = number(bytes, 1);
            text(bytes, small(length))
        }
        0xdc => {
            let count = number(bytes, 2);
            items(bytes, small(count))
        }
        kind => panic!("no message of ours has {kind:#x}"),
    }
}
