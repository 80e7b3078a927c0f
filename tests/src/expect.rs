//! Whether an outcome is the expected one.

use serde_json::Value;

use crate::compare;
use crate::observed::{Fault, Observed, Seen};
use crate::world::World;

/// A fact that holds as well when the reference is refused.
pub(crate) const REJECTED: &str = "rid_rejected_or_unknown_type";

/// One way in which a vector may come out.
pub(crate) struct Alternative<'v> {
    value: &'v Value,
    /// Whether it speaks of strict decoding: only there a missing member is an error.
    pub(crate) strict: bool,
}

/// The permitted outcomes.
pub(crate) fn alternatives(expect: &Value) -> Vec<Alternative<'_>> {
    let all = match expect.get("any_of").and_then(Value::as_array) {
        Some(several) => several.iter().collect(),
        None => vec![expect],
    };
    all.into_iter()
        .map(|value| Alternative {
            value,
            strict: value["error"] == "Decode.MissingField",
        })
        .collect()
}

impl Alternative<'_> {
    /// Compares an outcome.
    pub(crate) fn matches(&self, world: &World, observed: &Observed) -> bool {
        match observed {
            Observed::Error(fault)
                if fault.kind == "Decode.BadRid" && self.value["ok"].get(REJECTED).is_some() =>
            {
                true
            }
            Observed::Error(fault) => is_fault(self.value, fault),
            Observed::Value(seen) => self
                .value
                .get("ok")
                .is_some_and(|ok| is_value(world, ok, seen)),
        }
    }
}

fn is_fault(expected: &Value, fault: &Fault) -> bool {
    let Some(kind) = expected["error"].as_str() else {
        return false;
    };
    let same_kind = fault.kind == kind || fault.kind.rsplit('.').next() == Some(kind);
    same_kind
        && expected
            .get("path")
            .is_none_or(|path| path == fault.path.as_str())
        && expected
            .get("code")
            .is_none_or(|code| code.as_i64() == fault.code)
        // The words are those of whoever wrote the vector; that there are some is what counts.
        && expected
            .get("meaning")
            .is_none_or(|meaning| meaning.is_null() == fault.meaning.is_none())
}

fn is_value(world: &World, ok: &Value, seen: &Seen) -> bool {
    if let Some(items) = &seen.items {
        return ok.as_array().is_some_and(|expected| {
            expected.len() == items.len()
                && expected
                    .iter()
                    .zip(items)
                    .all(|(e, i)| is_item(world, e, i))
        });
    }
    if let Some(results) = &seen.results {
        return compare::results(world, ok, results, &seen.json);
    }
    if !seen.facts.is_empty() && ok.is_object() {
        return compare::facts(world, ok, seen);
    }
    match &seen.ty {
        Some(ty) => compare::typed(world, ty, ok, Some(&seen.json)),
        None => compare::numbers_by_value(ok, &seen.json),
    }
}

fn is_item(world: &World, expected: &Value, item: &Observed) -> bool {
    match item {
        Observed::Error(fault) => is_fault(expected, fault),
        Observed::Value(seen) => {
            let expected = expected.get("ok").unwrap_or(expected);
            is_value(world, expected, seen)
        }
    }
}
