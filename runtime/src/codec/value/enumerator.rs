//! Enumerators without their type.

use crate::codec::{Enumeration, UNSET};

/// An enumerator of any enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enumerator {
    index: i32,
    names: &'static [&'static str],
    wire_id: &'static str,
}

impl Enumerator {
    /// The enumerator of a typed value.
    #[must_use]
    pub fn of<T: Enumeration>(value: T) -> Self {
        Self {
            index: value.index(),
            names: T::NAMES,
            wire_id: T::TYPE_ID,
        }
    }

    /// The index, as it goes over the wire.
    #[must_use]
    pub fn index(&self) -> i32 {
        self.index
    }

    /// The IDL name; `None` for an index that the bindings do not know.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        let index = usize::try_from(self.index).ok()?;
        self.names.get(index).copied()
    }

    /// Wire id of the enumeration.
    #[must_use]
    pub fn wire_id(&self) -> &'static str {
        self.wire_id
    }

    /// Whether it was ever set; one that was not cannot be sent.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.index != UNSET
    }
}
