//! The reader of IDL values.

use std::ops::{Deref, DerefMut};

use super::keep::Kept;
use super::options::ReaderOptions;
use super::recent_types::RecentTypes;
use crate::agent::Agent;
use crate::error::{DecodeError, JsonError, JsonErrorKind};
use crate::json::Text;

/// A value that can be read from its JSON form.
pub trait Decode: Sized {
    /// Reads the value that comes next.
    ///
    /// # Errors
    ///
    /// When the text is not the JSON form of such a value.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// What stands for a result that is not there, on a wire on which nothing is as good as null. Default: nothing does, and an answer
    /// without it is an error.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }
}

/// Reads IDL values from JSON text, one after the other, straight into Rust values.
///
/// Generated code uses [`value`](Self::value), [`record`](Self::record),
/// [`enumeration`](Self::enumeration) and [`interface`](Self::interface).
///
/// ```
/// use xerus_rpc::rt::Reader;
///
/// let mut reader = Reader::new(r#" [1, 2, 3] "#);
/// assert_eq!(reader.value::<Vec<i32>>()?, [1, 2, 3]);
/// reader.finish()?;
/// # Ok::<(), xerus_rpc::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct Reader<'a> {
    text: Text<'a>,
    options: &'a ReaderOptions,
    /// Members of the record read last that the bindings know; tells a record from other objects.
    pub(crate) known_members: usize,
    pub(crate) recent_types: RecentTypes,
    /// Where the element of a vector, or the value of a map, that was begun last begins.
    pub(super) element: usize,
    /// The elements that could not be read and were kept.
    pub(super) kept: Option<Box<Kept>>,
}

impl<'a> Deref for Reader<'a> {
    type Target = Text<'a>;

    #[inline]
    fn deref(&self) -> &Text<'a> {
        &self.text
    }
}

impl DerefMut for Reader<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.text
    }
}

impl<'a> Reader<'a> {
    /// A reader with default options. A byte order mark at the start is skipped.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self::with_options(text, &ReaderOptions::DEFAULT)
    }

    /// A reader with options.
    #[must_use]
    pub fn with_options(text: &'a str, options: &'a ReaderOptions) -> Self {
        Self {
            text: Text::new(text, options.limits()),
            options,
            known_members: 0,
            recent_types: RecentTypes::default(),
            element: usize::MAX,
            kept: None,
        }
    }

    /// A reader over bytes that should be UTF-8.
    ///
    /// # Errors
    ///
    /// `Json.Encoding` with the offset of the first byte that is not.
    pub fn from_bytes(bytes: &'a [u8], options: &'a ReaderOptions) -> Result<Self, DecodeError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self::with_options(text, options)),
            Err(error) => Err(JsonError::new(JsonErrorKind::Encoding, error.valid_up_to()).into()),
        }
    }

    /// Reads a value of any IDL type.
    ///
    /// # Errors
    ///
    /// When the text at this place is not the JSON form of such a value.
    #[inline]
    pub fn value<T: Decode>(&mut self) -> Result<T, DecodeError> {
        T::decode(self)
    }

    /// Reads a value of any IDL type into its place.
    ///
    /// # Errors
    ///
    /// As [`value`](Self::value); the place then keeps what it held.
    pub fn fill<T: Decode>(&mut self, place: &mut T) -> Result<(), DecodeError> {
        *place = T::decode(self)?;
        Ok(())
    }

    /// Reads an element of a vector, or a value of a map: a reference or value object that cannot be read costs no more than
    /// itself there.
    #[inline]
    pub(super) fn element<T: Decode>(&mut self) -> Result<T, DecodeError> {
        self.element = self.offset();
        T::decode(self)
    }

    /// The text alone, from the place reached on.
    pub(crate) fn into_text(self) -> Text<'a> {
        self.text
    }

    /// The agent that references found here will use.
    #[must_use]
    pub fn agent(&self) -> Option<&Agent> {
        self.options.agent.as_ref()
    }

    /// Options for reading a part of this document again, later or elsewhere.
    pub(crate) fn options(&self) -> &'a ReaderOptions {
        self.options
    }
}
