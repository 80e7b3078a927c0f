//! Versions of firmwares.

use std::cmp::Ordering;

use serde_json::json;
use xerus_rpc::FirmwareVersion;

use crate::observed::{Observed, Seen};
use crate::vector::Vector;

/// How two versions stand to each other: −1, 0 or 1.
pub(crate) fn version(vector: &Vector) -> Option<Observed> {
    let input = vector.json()?;
    let parse = |name: &str| input[name].as_str()?.parse::<FirmwareVersion>().ok();
    let order = match parse("a")?.cmp(&parse("b")?) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    };
    Some(Observed::Value(Seen::plain(json!(order))))
}

/// The version that the beginning of an image says.
pub(crate) fn image(vector: &Vector) -> Option<Observed> {
    let version = FirmwareVersion::from_image(&vector.bytes)?;
    Some(Observed::Value(Seen::plain(json!(version.to_string()))))
}
