//! TXT records as they came.

use std::fmt;

use crate::text::shown;

/// What a device says about itself beside its name and address: keys and values, in the order in which they came.
///
/// Keys are compared without regard to upper and lower case; of a key that comes twice the first counts, as DNS-SD has it. Values
/// are bytes and may be anything: [`Device::firmware`](crate::Device::firmware) and [`Device::serial`](crate::Device::serial)
/// have those of known meaning, safe to show.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Txt {
    entries: Vec<(String, Option<Vec<u8>>)>,
}

impl Txt {
    pub(crate) fn new(entries: impl IntoIterator<Item = (String, Option<Vec<u8>>)>) -> Self {
        Self {
            entries: entries.into_iter().collect(),
        }
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the key is there, with or without a value.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(key))
    }

    /// The bytes of a value; `None` when the key is missing or has no `=` behind it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        self.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(key))
            .and_then(|(_, value)| value)
    }

    /// All entries. Neither keys nor values are safe to show as they are.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_deref()))
    }

    /// All entries as text that is safe to show: control characters are written `\u{…}`, bytes that are no UTF-8 as `�`.
    pub fn shown(&self) -> impl Iterator<Item = (String, Option<String>)> {
        let text = |bytes: &[u8]| shown(&String::from_utf8_lossy(bytes));
        self.iter()
            .map(move |(key, value)| (shown(key), value.map(text)))
    }

    /// The value of a key as text, without blanks around it; `None` if nothing remains.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        let text = String::from_utf8_lossy(self.get(key)?).trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Adds entries whose keys are not there.
    pub(crate) fn complete(&mut self, other: &Self) {
        for (key, value) in &other.entries {
            if !self.contains(key) {
                self.entries.push((key.clone(), value.clone()));
            }
        }
    }
}

impl fmt::Debug for Txt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.shown()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Txt;

    fn txt() -> Txt {
        let entry = |key: &str, value: Option<&str>| (key.to_owned(), value.map(Into::into));
        Txt::new([
            entry("rr_fw", Some(" 4.4.1.5-53217 ")),
            entry("RR_FW", Some("0")),
            entry("flag", None),
            entry("empty", Some("")),
            entry("bell", Some("\u{7}")),
        ])
    }

    #[test]
    fn the_first_of_a_key_counts_in_any_case() {
        let txt = txt();
        assert_eq!(txt.text("Rr_Fw").as_deref(), Some("4.4.1.5-53217"));
        assert_eq!(txt.text("empty"), None);
        assert_eq!(txt.get("empty"), Some(&b""[..]));
        assert_eq!((txt.get("flag"), txt.contains("FLAG")), (None, true));
        assert!(!txt.contains("rr_serial"));
        assert_eq!((txt.len(), txt.is_empty()), (5, false));
    }

    #[test]
    fn what_is_shown_has_no_control_characters() {
        let shown: Vec<_> = txt().shown().collect();
        assert_eq!(shown[4], ("bell".to_owned(), Some("\\u{7}".to_owned())));
        assert!(!format!("{:?}", txt()).contains('\u{7}'));
    }
}
