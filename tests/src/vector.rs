//! Vectors as they stand in the file.

use std::path::Path;

use serde_json::Value;
use serde_json::value::RawValue;

/// One test vector.
pub struct Vector {
    /// Its name.
    pub name: String,
    /// What the bytes are: an IDL type expression or a kind such as `envelope(…)`.
    pub idl_type: String,
    /// Which way it goes.
    pub direction: Direction,
    /// What must come out.
    pub expect: Value,
    /// The exact bytes that come in.
    pub bytes: Vec<u8>,
    /// A value that JSON cannot hold, for encoding.
    pub input: Option<String>,
}

/// Which way a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the device.
    Decode,
    /// To the device.
    Encode,
    /// Both, with the same text.
    Both,
}

impl Vector {
    /// The input as a tree; `None` when it is no JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.bytes).ok()
    }
}

/// Reads a file of vectors.
///
/// # Errors
///
/// When the file cannot be read or an entry lacks what every vector has.
pub fn read(path: &Path) -> Result<Vec<Vector>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let entries: Vec<std::collections::BTreeMap<String, Box<RawValue>>> =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    entries
        .iter()
        .enumerate()
        .map(|(at, entry)| vector(entry).map_err(|error| format!("entry {at}: {error}")))
        .collect()
}

fn vector(entry: &std::collections::BTreeMap<String, Box<RawValue>>) -> Result<Vector, String> {
    let text = |name: &str| -> Result<Option<String>, String> {
        let Some(raw) = entry.get(name) else {
            return Ok(None);
        };
        serde_json::from_str(raw.get()).map_err(|error| format!("{name}: {error}"))
    };
    let demand = |name: &str| text(name)?.ok_or_else(|| format!("no {name}"));
    let name = demand("name")?;
    let raw = text("raw")?;
    let bytes = if let Some(hex) = text("raw_hex")? {
        unhex(&hex)?
    } else if let Some(raw) = raw {
        shorthand(&raw).unwrap_or_else(|| raw.into_bytes())
    } else {
        // The text itself, not a tree: numbers beyond 64 bits must arrive as they stand.
        entry
            .get("json")
            .ok_or("no json")?
            .get()
            .as_bytes()
            .to_vec()
    };
    let expect = entry.get("expect").ok_or("no expect")?;
    Ok(Vector {
        idl_type: demand("idl_type")?,
        direction: match demand("direction")?.as_str() {
            "decode" => Direction::Decode,
            "encode" => Direction::Encode,
            "both" => Direction::Both,
            other => return Err(format!("direction {other}")),
        },
        expect: serde_json::from_str(expect.get()).map_err(|error| format!("expect: {error}"))?,
        input: text("input")?,
        name,
        bytes,
    })
}

fn unhex(hex: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<u8> = hex.bytes().collect();
    digits
        .chunks(2)
        .map(|pair| {
            std::str::from_utf8(pair)
                .ok()
                .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                .ok_or_else(|| format!("raw_hex: {hex}"))
        })
        .collect()
}

/// `[[[...200000 levels...]]]` and `{"a":{"a":...200000 levels...}}` stand for documents too long to write down.
fn shorthand(raw: &str) -> Option<Vec<u8>> {
    let (before, rest) = raw.split_once("...")?;
    let (words, _) = rest.split_once("...")?;
    let count: usize = words.split_whitespace().next()?.parse().ok()?;
    words.ends_with("levels").then_some(())?;
    let (open, close) = if before.trim_start().starts_with('[') {
        ("[", "]")
    } else {
        (r#"{"a":"#, "}")
    };
    let middle = if open == "[" { "" } else { "1" };
    Some(format!("{}{middle}{}", open.repeat(count), close.repeat(count)).into_bytes())
}
