//! Encoded values with their names, laid out as a wire wants them.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::error::DecodeError;
use crate::json::{Limits, NON_EMPTY, Text, duplicate};
use crate::settings::{DEFAULT_MAX_MEMORY, MAX_DEPTH};

/// The arguments of a call, or its results on the serving side: encoded once, with their names in the order of the IDL.
///
/// A wire lays them out [by name](Self::by_name) or [by position](Self::by_position) without reading them again.
#[derive(Clone, Default)]
pub struct Values(
    /// Absent for no values: most calls have none, and a bulk moves hundreds of them.
    Option<Arc<Inner>>,
);

struct Inner {
    names: Names,
    /// An object with all of them.
    object: Vec<u8>,
    /// Where each value stands in the object.
    places: Places,
}

/// Where values stand: a few as a rule, which cost no memory of their own.
pub(crate) enum Places {
    Few(usize, [(usize, usize); FEW]),
    More(Box<[(usize, usize)]>),
}

/// As many values as most calls have at most.
pub(crate) const FEW: usize = 3;

impl Places {
    pub(crate) fn one(place: (usize, usize)) -> Self {
        let mut places = [(0, 0); FEW];
        places[0] = place;
        Self::Few(1, places)
    }

    fn all(&self) -> &[(usize, usize)] {
        match self {
            Self::Few(count, places) => &places[..*count],
            Self::More(places) => places,
        }
    }
}

enum Names {
    Static(&'static [&'static str]),
    Owned(Vec<String>),
}

/// More members than any arguments or results have.
const MOST: usize = 4096;

/// The object of no values.
const NOTHING: &[u8] = b"{}";

impl Values {
    /// No values.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Values that a writer put into an object.
    pub(crate) fn written(names: &'static [&'static str], object: Vec<u8>, places: Places) -> Self {
        Self::new(Names::Static(names), object, places)
    }

    fn new(names: Names, object: Vec<u8>, places: Places) -> Self {
        if places.all().is_empty() {
            return Self::none();
        }
        Self(Some(Arc::new(Inner {
            names,
            object,
            places,
        })))
    }

    /// The members of an object: for requests and results that no generated code wrote.
    ///
    /// ```
    /// use xerus_rpc::wire::Values;
    ///
    /// let values = Values::from_object(r#"{"x": 1, "y": [2]}"#)?;
    /// assert_eq!(values.by_position(), "[1,[2]]");
    /// # Ok::<(), xerus_rpc::DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is no JSON object, or names a member twice.
    pub fn from_object(text: impl Into<String>) -> Result<Self, DecodeError> {
        let text = text.into();
        let mut reader = Text::new(
            &text,
            Limits {
                strict: false,
                depth: MAX_DEPTH,
                memory: DEFAULT_MAX_MEMORY,
            },
        );
        if !reader.at_object() {
            return Err(reader.mismatch("an object"));
        }
        let (mut names, mut places) = (Vec::<String>::new(), Vec::new());
        if reader.open_object("an object")? == NON_EMPTY {
            loop {
                reader.peek();
                let at = reader.offset();
                let name = reader.key()?.into_owned();
                if names.contains(&name) {
                    return Err(duplicate(at).member(name));
                }
                if names.len() == MOST {
                    return Err(reader.limit("at most 4096 members", "more"));
                }
                names.push(name);
                reader.peek();
                let start = reader.offset();
                reader.skip_value()?;
                places.push((start, reader.offset()));
                if !reader.more_members()? {
                    break;
                }
            }
        }
        reader.finish()?;
        let places = Places::More(places.into_boxed_slice());
        Ok(Self::new(Names::Owned(names), text.into(), places))
    }

    /// These, and others behind them; `None` when one is in both.
    pub(crate) fn and(&self, more: &Self) -> Option<Self> {
        let all = |values: &Self| 0..values.len();
        let is_in_both = |name| all(self).any(|index| self.name(index) == Some(name));
        if all(more)
            .filter_map(|index| more.name(index))
            .any(is_in_both)
        {
            return None;
        }
        if self.is_empty() || more.is_empty() {
            return Some(if self.is_empty() { more } else { self }.clone());
        }
        let (first, second) = (self.by_name(), more.by_name());
        let inside = |object: &[u8]| {
            let text = std::str::from_utf8(object).expect("values are text").trim();
            text[1..text.len() - 1].to_owned()
        };
        let object = format!("{{{},{}}}", inside(first), inside(second));
        // Both were read or written as objects before.
        Self::from_object(object).ok()
    }

    fn places(&self) -> &[(usize, usize)] {
        self.0.as_ref().map_or(&[], |inner| inner.places.all())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places().len()
    }

    /// How many there would be if none was left out.
    pub(crate) fn declared(&self) -> usize {
        self.0.as_ref().map_or(0, |inner| match &inner.names {
            Names::Static(names) => names.len(),
            Names::Owned(names) => names.len(),
        })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The name of a value.
    #[must_use]
    pub fn name(&self, index: usize) -> Option<&str> {
        match &self.0.as_ref()?.names {
            Names::Static(names) => names.get(index).copied(),
            Names::Owned(names) => names.get(index).map(String::as_str),
        }
    }

    /// The JSON text of a value.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&str> {
        let (start, end) = *self.places().get(index)?;
        let text = self.by_name().get(start..end)?;
        Some(std::str::from_utf8(text).expect("values are text, cut where one begins and ends"))
    }

    /// Names and JSON texts, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        (0..self.len()).map(|index| {
            let name = self.name(index);
            let value = self.get(index);
            name.zip(value).expect("every value has a name and a place")
        })
    }

    /// `{"name":value,…}`
    #[must_use]
    pub fn by_name(&self) -> &[u8] {
        self.0.as_ref().map_or(NOTHING, |inner| &inner.object)
    }

    /// `[value,…]`
    #[must_use]
    pub fn by_position(&self) -> Bytes {
        let mut out = Vec::with_capacity(self.by_name().len());
        self.write_by_position(&mut out);
        out.into()
    }

    /// Appends the same.
    pub(crate) fn write_by_position(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (index, (start, end)) in self.places().iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&self.by_name()[*start..*end]);
        }
        out.push(b']');
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Arguments may hold passwords.
        let names = (0..self.len()).filter_map(|index| self.name(index));
        f.debug_list().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_out_where_they_stand() {
        let object = br#"{"x":1,"y":[2,3]}"#.to_vec();
        let values = Values::written(
            &["x", "y"],
            object.clone(),
            Places::More([(5, 6), (11, 16)].into()),
        );
        assert_eq!(values.by_name(), object);
        assert_eq!(values.by_position(), "[1,[2,3]]");
        let all: Vec<_> = values.iter().collect();
        assert_eq!(all, [("x", "1"), ("y", "[2,3]")]);
        assert_eq!(values.get(2), None);
        assert_eq!(format!("{values:?}"), r#"["x", "y"]"#);
    }

    #[test]
    fn values_are_added_behind_others_each_once() {
        let values = |text: &str| Values::from_object(text).expect("an object");
        let both = values(" { \"x\" : 1 } ").and(&values("{\"y\":[2] }"));
        let both = both.expect("no name twice");
        assert_eq!(both.by_position(), "[1,[2]]");
        assert_eq!(both.name(1), Some("y"));
        assert!(both.and(&values(r#"{"z":1,"y":2}"#)).is_none());
        for (first, second) in [("{}", r#"{"x":1}"#), (r#"{"x":1}"#, "{}")] {
            let one = values(first).and(&values(second)).expect("no name twice");
            assert_eq!(one.by_name(), br#"{"x":1}"#);
        }
    }

    #[test]
    fn nothing_is_an_empty_object_or_array() {
        let values = Values::none();
        assert!(values.is_empty());
        assert_eq!(values.by_name(), b"{}");
        assert_eq!(values.by_position(), "[]");
    }
}
