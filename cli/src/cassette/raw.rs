//! JSON whose text and order are kept: numbers stay as the device wrote them, and sensors in the order in which they came.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

/// One answer of a bulk.
pub(super) struct Response<'a> {
    /// To look into.
    pub(super) value: Value,
    text: &'a str,
}

impl<'a> Response<'a> {
    pub(super) fn new(text: &'a str) -> Option<Self> {
        Some(Self {
            value: serde_json::from_str(text).ok()?,
            text,
        })
    }

    /// The return value; nothing where there is none.
    pub(super) fn returned(&self) -> &Value {
        &self.value["json"]["result"]["_ret_"]
    }

    /// The text of the return value.
    pub(super) fn returned_text(&self) -> Option<&'a str> {
        inside(self.text, &["json", "result", "_ret_"])
    }

    /// The text of the answer itself.
    pub(super) fn answer(&self) -> Option<&'a str> {
        inside(self.text, &["json"])
    }
}

/// The members of an object, in the order in which they stand; none for what is no object.
pub(super) fn members(text: &str) -> Vec<(String, &str)> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).unwrap_or_default();
    let mut members: Vec<_> = members
        .into_iter()
        .map(|(name, value)| (name, value.get()))
        .collect();
    // They are pieces of one text, so their addresses tell where they stand in it.
    members.sort_by_key(|(_, value)| value.as_ptr());
    members
}

/// The elements of a list; none for what is no list.
pub(super) fn elements(text: &str) -> Vec<&str> {
    let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    elements.into_iter().map(RawValue::get).collect()
}

/// What is inside an object under names.
pub(super) fn inside<'a>(text: &'a str, names: &[&str]) -> Option<&'a str> {
    names.iter().try_fold(text, |text, name| {
        let found = members(text).into_iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    })
}
