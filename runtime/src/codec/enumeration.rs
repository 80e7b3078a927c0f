//! Enumerations, open for enumerators that the bindings do not know.

use super::reader::Reader;
use crate::error::{DecodeError, DecodeErrorKind};

/// The index of an enumeration that was never set. Sending it is an error, so that a forgotten member
/// never goes out as the first enumerator.
pub const UNSET: i32 = i32::MIN;

/// A generated enumeration.
pub trait Enumeration: Copy + 'static {
    /// Wire id.
    const TYPE_ID: &'static str;
    /// Names of the enumerators as in the IDL, by index.
    #[doc(alias = "get_elements")]
    const NAMES: &'static [&'static str];
    /// The index that the IDL declares as the meaning of unknown ones.
    const FALLBACK: Option<i32>;

    /// The enumerator with this index; an unknown index is kept.
    fn from_index(index: i32) -> Self;
    /// The index, as it goes over the wire.
    #[doc(alias = "val")]
    fn index(self) -> i32;

    /// The IDL name; `None` for an index that the bindings do not know.
    fn name(self) -> Option<&'static str> {
        usize::try_from(self.index())
            .ok()
            .and_then(|index| Self::NAMES.get(index).copied())
    }

    /// Whether the bindings know the index.
    fn is_known(self) -> bool {
        self.name().is_some()
    }

    /// The declared fallback for an unknown index, where the IDL declares one; else the value itself.
    #[must_use]
    fn fallback(self) -> Self {
        match Self::FALLBACK {
            Some(index) if !self.is_known() => Self::from_index(index),
            _ => self,
        }
    }
}

impl Reader<'_> {
    /// Reads an enumeration. An index that the bindings do not know is kept; strict reading refuses it.
    ///
    /// # Errors
    ///
    /// When the value is no 32-bit integer.
    #[inline]
    pub fn enumeration<T: Enumeration>(&mut self) -> Result<T, DecodeError> {
        #[cfg(feature = "serde")]
        if let Some(value) = self.enumerator_name()? {
            return Ok(value);
        }
        self.peek();
        let start = self.offset();
        let index: i32 = self.value()?;
        if self.is_strict() && usize::try_from(index).map_or(true, |index| index >= T::NAMES.len())
        {
            return Err(unknown_enumerator(start, T::TYPE_ID, index));
        }
        Ok(T::from_index(index))
    }
}

#[cold]
fn unknown_enumerator(start: usize, id: &'static str, index: i32) -> DecodeError {
    DecodeError::new(
        DecodeErrorKind::UnknownEnum,
        start,
        format!("an enumerator of {id}"),
        index.to_string(),
    )
}
