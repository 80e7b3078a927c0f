//! What is different between two values, member by member.

use std::fmt;

use super::text::is_unprintable;

/// What stands in the place of a secret.
const HIDDEN: &str = "(hidden)";

/// What is different between two values: one [`Change`] for each member, element or entry.
///
/// `Display` gives a line for each, `startupState: PS_OFF -> PS_ON`, or `no change`. Texts in members that hold secrets by
/// their name (`password`, `sharedSecret`, `authPassphrase`) are replaced by `(hidden)`. With the feature `serde` it is a list
/// of objects with `path`, `before` and `after`; one of the latter is left out where there was or is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference(Vec<Change>);

/// A part of a value that is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    path: String,
    before: Option<Shown>,
    after: Option<Shown>,
}

/// A plain value, as people are to see it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A number, a text, a boolean, as JSON.
    Json(String),
    /// A name: of an enumerator, a time, a resource id.
    Word(String),
    /// A secret.
    Hidden,
}

impl Shown {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Json(text) | Self::Word(text) => text,
            Self::Hidden => HIDDEN,
        }
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Difference {
    pub(crate) fn new(changes: Vec<Change>) -> Self {
        Self(changes)
    }

    /// Whether nothing is different.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many parts are different.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The parts that are different, in the order of the members.
    pub fn iter(&self) -> std::slice::Iter<'_, Change> {
        self.0.iter()
    }

    /// Those that can be compared: of secrets, devices mostly give back nothing.
    pub(crate) fn without_secrets(self) -> Self {
        Self(self.0.into_iter().filter(|it| !it.is_hidden()).collect())
    }

    /// The places, for an error message.
    pub(super) fn places(&self) -> Places<'_> {
        Places(&self.0)
    }
}

impl<'a> IntoIterator for &'a Difference {
    type Item = &'a Change;
    type IntoIter = std::slice::Iter<'a, Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Change {
    pub(crate) fn new(path: String, before: Option<Shown>, after: Option<Shown>) -> Self {
        Self {
            path,
            before,
            after,
        }
    }

    /// Where in the value: `name`, `thresholds.upperWarning`, `entries[2].port`, `labels[eth0]`; empty for the value itself.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was there: JSON, or the name of an enumerator, a time or a resource id. `None` where there was nothing.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        self.before.as_ref().map(Shown::text)
    }

    /// What is there, as [`before`](Self::before).
    #[must_use]
    pub fn after(&self) -> Option<&str> {
        self.after.as_ref().map(Shown::text)
    }

    /// Whether the values are secrets, which are not kept here.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        [&self.before, &self.after]
            .into_iter()
            .any(|side| matches!(side, Some(Shown::Hidden)))
    }

    #[cfg(feature = "serde")]
    pub(crate) fn sides(&self) -> (Option<&Shown>, Option<&Shown>) {
        (self.before.as_ref(), self.after.as_ref())
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no change");
        }
        for (index, change) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            change.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match &*self.path {
            "" => "value",
            path => path,
        };
        let side = |side: Option<&str>| printable(side.unwrap_or("absent"));
        let (before, after) = (side(self.before()), side(self.after()));
        write!(f, "{}: {before} -> {after}", printable(path))
    }
}

/// The text in one line that reads as it is.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_unprintable(c) { ' ' } else { c })
        .collect()
}

/// The first places of a difference.
pub(super) struct Places<'a>(&'a [Change]);

impl fmt::Display for Places<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, self.0.iter().map(Change::path))
    }
}

/// The first few of some places, and how many more there are.
pub(super) fn list<'a>(
    f: &mut fmt::Formatter<'_>,
    places: impl ExactSizeIterator<Item = &'a str>,
) -> fmt::Result {
    const FEW: usize = 5;
    let count = places.len();
    for (index, place) in places.take(FEW).enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        let place = if place.is_empty() { "value" } else { place };
        write!(f, "{}", super::text::DeviceText(place))?;
    }
    match count.checked_sub(FEW) {
        None | Some(0) => Ok(()),
        Some(more) => write!(f, " and {more} more"),
    }
}
