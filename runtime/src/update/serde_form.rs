//! Differences in the data formats of `serde`.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::error::{Change, Difference, Shown};
use crate::json_text::Json;

/// A list of its changes.
impl Serialize for Difference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

/// `path`, `before` and `after`; the latter are left out where there is nothing.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sides = self.sides();
        let sides = [("before", sides.0), ("after", sides.1)];
        let count = sides.iter().filter(|(_, side)| side.is_some()).count();
        let mut map = serializer.serialize_map(Some(1 + count))?;
        map.serialize_entry("path", self.path())?;
        for (name, side) in sides {
            match side {
                None => {}
                Some(Shown::Json(text)) => {
                    map.serialize_entry(name, &Json::trusted(text.clone()))?;
                }
                Some(word) => map.serialize_entry(name, word.text())?,
            }
        }
        map.end()
    }
}
