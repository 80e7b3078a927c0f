//! The writer: compact JSON, errors collected with their place.

use bytes::Bytes;

use super::encode::Encode;
use super::record::Record;
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
}

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty writer with room for a text.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self {
            out: Vec::with_capacity(bytes),
            ..Self::default()
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

    pub(crate) fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    pub(crate) fn integer(&mut self, value: i64) {
        write::integer(&mut self.out, value);
    }

    /// Writes a number that has no sign, such as an id.
    pub(crate) fn number(&mut self, value: u64) {
        match i64::try_from(value) {
            Ok(value) => self.integer(value),
            Err(_) => self.raw(&value.to_string()),
        }
    }

    /// Writes the shortest text that reads back as the same float, always with a point or an exponent.
    pub(crate) fn float(&mut self, value: f64, shortest: impl std::fmt::Debug) {
        if !write::float(&mut self.out, value, shortest) {
            self.fail(EncodeErrorKind::NotFinite);
            self.raw("null");
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
        self.byte(b'[');
        for (index, element) in elements.enumerate() {
            if index > 0 {
                self.byte(b',');
            }
            self.part(
                |writer| write(writer, element),
                |error| error.path.index(index),
            );
        }
        self.byte(b']');
    }

    /// Writes a structure or value object.
    ///
    /// Members that the bindings do not know are written back as they came. A member that the device
    /// had left out is left out again as long as it still has its default value.
    pub fn structure(&mut self, record: &dyn Record) {
        if record.extra().is_empty() {
            self.record_as_declared(record);
        } else {
            self.record_with_extra(record);
        }
    }

    fn record_as_declared(&mut self, record: &dyn Record) {
        self.byte(b'{');
        let mut first = true;
        for (index, name) in record.info().members.iter().enumerate() {
            first &= !self.record_member(record, index, name, first);
        }
        self.byte(b'}');
    }

    fn record_with_extra(&mut self, record: &dyn Record) {
        self.byte(b'{');
        let mut first = true;
        for (index, name) in record.info().members.iter().enumerate() {
            if !record.is_untouched(index) {
                first &= !self.record_member(record, index, name, first);
            }
        }
        for (name, value) in record.extra().unknown() {
            if !first {
                self.byte(b',');
            }
            // Unlike declared names, these may need escapes.
            self.string(name);
            self.byte(b':');
            self.raw(value.get());
            first = false;
        }
        self.byte(b'}');
    }

    /// Writes one member; false when its value says that it is to be left out.
    #[inline]
    fn record_member(
        &mut self,
        record: &dyn Record,
        index: usize,
        name: &'static str,
        first: bool,
    ) -> bool {
        let value = record.member(index);
        if record.info().sparse && value.is_left_out() {
            return false;
        }
        self.member_name(name, first);
        let clean = self.error.is_none();
        value.encode(self);
        if clean && let Some(error) = &mut self.error {
            error.path.member(name);
        }
        true
    }

    /// Writes the name of a member, as the IDL or a method description has it: nothing in it needs an escape.
    #[inline]
    pub(crate) fn member_name(&mut self, name: &'static str, first: bool) {
        self.raw(if first { "\"" } else { ",\"" });
        self.raw(name);
        self.raw("\":");
    }

    /// Writes `{"name":value,…}`, values in the order of the names.
    pub(crate) fn members(&mut self, names: &[&'static str], values: &[&dyn Encode]) {
        self.members_at(names, values, &mut |_, _| {});
    }

    /// The same, and tells where each value begins and ends.
    pub(crate) fn members_at(
        &mut self,
        names: &[&'static str],
        values: &[&dyn Encode],
        place: &mut dyn FnMut(usize, usize),
    ) {
        self.byte(b'{');
        for (index, (name, value)) in names.iter().zip(values).enumerate() {
            self.member_name(name, index == 0);
            let start = self.out.len();
            self.part(
                |writer| value.encode(writer),
                |error| error.path.member(*name),
            );
            place(start, self.out.len());
        }
        self.byte(b'}');
    }
}
