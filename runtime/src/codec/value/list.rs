//! Vectors and maps of any element type.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Value;
use crate::codec::Encode;

/// The elements of a vector.
#[derive(Clone)]
pub struct List<'a>(Elements<'a>);

#[derive(Clone)]
enum Elements<'a> {
    Vector(&'a dyn Sequence),
    /// A slice has no size, so that no pointer to its trait can be had.
    Collected(Arc<[Value<'a>]>),
}

/// The entries of a map, sorted by key.
#[derive(Clone, Copy)]
pub struct Map<'a>(&'a dyn Entries);

/// A boxed iterator, since element types differ.
type Iter<'a, T> = Box<dyn Iterator<Item = T> + Send + 'a>;

trait Sequence: Sync {
    fn len(&self) -> usize;
    fn iter(&self) -> Iter<'_, Value<'_>>;
}

trait Entries: Sync {
    fn len(&self) -> usize;
    fn iter(&self) -> Iter<'_, (Value<'_>, Value<'_>)>;
}

impl<T: Encode> Sequence for Vec<T> {
    fn len(&self) -> usize {
        Self::len(self)
    }

    fn iter(&self) -> Iter<'_, Value<'_>> {
        Box::new(self.as_slice().iter().map(Encode::as_value))
    }
}

impl<K: Encode, V: Encode> Entries for BTreeMap<K, V> {
    fn len(&self) -> usize {
        Self::len(self)
    }

    fn iter(&self) -> Iter<'_, (Value<'_>, Value<'_>)> {
        Box::new(Self::iter(self).map(|(key, value)| (key.as_value(), value.as_value())))
    }
}

impl<'a> List<'a> {
    pub(crate) fn new<T: Encode>(elements: &'a Vec<T>) -> Self {
        Self(Elements::Vector(elements))
    }

    pub(crate) fn collected(elements: impl Iterator<Item = Value<'a>>) -> Self {
        Self(Elements::Collected(elements.collect()))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Elements::Vector(elements) => elements.len(),
            Elements::Collected(elements) => elements.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements, in order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'a>> + Send + use<'a> {
        match &self.0 {
            Elements::Vector(elements) => elements.iter(),
            Elements::Collected(elements) => {
                let elements = Arc::clone(elements);
                Box::new((0..elements.len()).map(move |index| elements[index].clone()))
            }
        }
    }
}

impl<'a> Map<'a> {
    pub(crate) fn new<K: Encode, V: Encode>(map: &'a BTreeMap<K, V>) -> Self {
        Self(map)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keys and values, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (Value<'a>, Value<'a>)> + Send + use<'a> {
        self.0.iter()
    }
}
