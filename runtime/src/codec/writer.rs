//! The writer: compact JSON, errors collected with their place.

use std::fmt::Debug;

use bytes::Bytes;

use crate::error::{EncodeError, EncodeErrorKind};
use crate::json::write;
use crate::json_text::Json;

/// Writes IDL values as compact JSON text, in UTF-8.
///
/// Writing never stops: the first value that cannot be sent (a float that is not finite, an enumeration
/// that was never set) is remembered with its place, and [`finish`](Self::finish) reports it.
///
/// ```
/// use xerus_rpc::rt::{Encode, Writer};
///
/// let mut writer = Writer::new();
/// vec![1.5, f64::NAN].encode(&mut writer);
/// assert_eq!(writer.finish().unwrap_err().path(), "[1]");
/// ```
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    error: Option<Box<EncodeError>>,
    /// Whether a float is written as the double that it is equal to.
    widens: bool,
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        // Most values are no longer, and growing from nothing copies them a few times.
        Self::with_capacity(128)
    }

    /// An empty writer with room for a text.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            out: Vec::with_capacity(bytes),
            ..Self::default()
        }
    }

    /// Appends what writes JSON itself.
    #[cfg(feature = "netstring")]
    pub(crate) fn append(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.out);
    }

    /// A writer that goes on behind a text.
    #[cfg(feature = "netstring")]
    pub(crate) fn behind(text: Vec<u8>) -> Self {
        Self {
            out: text,
            ..Self::default()
        }
    }

    /// The text with what stood before it, whatever errors came up.
    #[cfg(feature = "netstring")]
    pub(crate) fn into_text(self) -> Vec<u8> {
        self.out
    }

    /// A writer of answers. As devices do, it writes a float as the double that it is equal to: `0.0010000000474974513`, not
    /// `0.001`, which a client that reads doubles takes for more than it is.
    pub(crate) fn for_answers() -> Self {
        Self {
            widens: true,
            ..Self::new()
        }
    }

    /// The text written.
    ///
    /// # Errors
    ///
    /// The first value that cannot be sent.
    pub fn finish(self) -> Result<Vec<u8>, EncodeError> {
        match self.error {
            Some(error) => Err(*error),
            None => Ok(self.out),
        }
    }

    pub(crate) fn finish_json(self) -> Result<Json, EncodeError> {
        self.finish().map(|bytes| {
            let text = String::from_utf8(bytes);
            Json::trusted(text.expect("only whole `str`s and ASCII are ever appended"))
        })
    }

    /// Appends text that is JSON already, or part of it.
    #[inline]
    pub(crate) fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// Appends text that was written by a writer.
    pub(crate) fn raw_bytes(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.out.truncate(len);
    }

    /// The text, whatever errors came up.
    pub(crate) fn into_bytes(self) -> Bytes {
        Bytes::from(self.out)
    }

    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// Notes that the value about to be written cannot be sent.
    #[cold]
    pub(crate) fn fail(&mut self, kind: EncodeErrorKind) {
        self.fail_with(EncodeError::new(kind));
    }

    /// Notes an error found earlier, unless another came first.
    #[cold]
    pub(crate) fn fail_with(&mut self, error: EncodeError) {
        if self.error.is_none() {
            self.error = Some(Box::new(error));
        }
    }

    /// Writes a part, and puts `place` before the path of an error that comes up in it.
    #[inline]
    pub(crate) fn part(
        &mut self,
        write: impl FnOnce(&mut Self),
        place: impl FnOnce(&mut EncodeError),
    ) {
        let clean = self.error.is_none();
        write(self);
        if clean && let Some(error) = &mut self.error {
            place(error);
        }
    }

    #[inline]
    pub(crate) fn boolean(&mut self, value: bool) {
        // Each arm copies a number of bytes that is known when this is compiled.
        if value {
            self.raw("true");
        } else {
            self.raw("false");
        }
    }

    #[inline]
    pub(crate) fn integer(&mut self, value: i64) {
        write::integer(&mut self.out, value);
    }

    /// Writes a number that has no sign, such as an id.
    #[inline]
    pub(crate) fn number(&mut self, value: u64) {
        write::integer(&mut self.out, value);
    }

    /// Writes the shortest text that reads back as the same float, always with a point or an exponent.
    pub(crate) fn float<F: zmij::Float + Debug + Into<f64> + Copy>(&mut self, value: F) {
        if !write::float(&mut self.out, value) {
            self.fail(EncodeErrorKind::NotFinite);
            self.raw("null");
        }
    }

    /// Writes a float of single precision.
    pub(crate) fn single(&mut self, value: f32) {
        if self.widens {
            self.float(f64::from(value));
        } else {
            self.float(value);
        }
    }

    pub(crate) fn string(&mut self, value: &str) {
        write::string(&mut self.out, value);
    }

    /// Writes the elements of an array.
    pub(crate) fn array<T>(
        &mut self,
        elements: impl Iterator<Item = T>,
        write: impl Fn(&mut Self, T),
    ) {
        /// The most that is made room for unseen: the first element may be larger than the others.
        const ROOM: usize = 64 << 10;
        self.byte(b'[');
        let (count, _) = elements.size_hint();
        let start = self.len();
        for (index, element) in elements.enumerate() {
            if index > 0 {
                self.byte(b',');
            }
            self.part(
                |writer| write(writer, element),
                |error| error.path.index(index),
            );
            if index == 0 {
                // Elements are of one type, so of about one size.
                let size = self.len() - start + 1;
                let others = size.saturating_mul(count.saturating_sub(1));
                self.out.reserve(others.min(ROOM));
            }
        }
        self.byte(b']');
    }
}
