//! Wire ids in the data formats of `serde`: their text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::WireId;

impl Serialize for WireId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for WireId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

struct Text;

impl Visitor<'_> for Text {
    type Value = WireId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a wire id, such as `pdumodel.Outlet:3.0.1`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<WireId, E> {
        text.parse().map_err(Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_goes_both_ways() {
        let id: WireId = "pdumodel.Outlet_3_0_1.State:1.0.0".parse().unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"pdumodel.Outlet_3_0_1.State:1.0.0\"");
        assert_eq!(serde_json::from_str::<WireId>(&json).unwrap(), id);
        let error = serde_json::from_str::<WireId>("\"pdumodel.Outlet\"").unwrap_err();
        assert!(error.to_string().starts_with("not a wire id: "), "{error}");
        let error = serde_json::from_str::<WireId>("7").unwrap_err();
        assert!(error.to_string().contains("a wire id"), "{error}");
    }
}
