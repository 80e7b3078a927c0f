//! Wire ids: their parts and the compatibility of two.

use serde_json::{Value, json};
use xerus_wire_id::{Compatibility, WireId};

use crate::observed::{Observed, Seen};

/// The parts of a wire id.
pub(crate) fn segments(text: &str) -> Option<Value> {
    let id: WireId = text.parse().ok()?;
    let segments = id.segments().map(|segment| {
        json!({
            "name": segment.name,
            "major": segment.version.major,
            "submajor": segment.version.submajor,
            "minor": segment.version.minor,
        })
    });
    Some(Value::Array(segments.collect()))
}

/// Whether a client of one id may call a server of another.
pub(crate) fn compatibility(input: &Value) -> Option<Observed> {
    let server: WireId = input["server"].as_str()?.parse().ok()?;
    let client: WireId = input["client"].as_str()?.parse().ok()?;
    let compatibility = server.compatibility(&client);
    Some(Observed::Value(Seen::plain(json!({
        "call_compatible": compatibility.can_call(),
        "fully_compatible": compatibility == Compatibility::Full,
    }))))
}
