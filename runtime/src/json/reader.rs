//! The pull reader: position, limits, white space, containers and literals.

use std::borrow::Cow;

use crate::error::{DecodeError, DecodeErrorKind, JsonError, JsonErrorKind};

/// Result of opening a container that has elements.
pub(crate) const NON_EMPTY: bool = true;

/// How far a text may be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Refuse what lenient reading accepts.
    pub(crate) strict: bool,
    /// Containers that may be open at a time.
    pub(crate) depth: usize,
    /// Bytes that may be [charged](Text::charge).
    pub(crate) memory: usize,
}

/// Reads JSON text token by token. Knows nothing of the values that the text stands for.
#[derive(Debug)]
pub struct Text<'a> {
    pub(super) text: &'a str,
    pub(super) pos: usize,
    /// Containers that may still be opened.
    depth_left: usize,
    pub(super) strict: bool,
    memory_left: usize,
}

/// A place to come back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    pos: usize,
    depth_left: usize,
    memory_left: usize,
}

impl<'a> Text<'a> {
    /// Begins at the start of a text; a byte order mark there is skipped.
    pub(crate) fn new(text: &'a str, limits: Limits) -> Self {
        Self {
            text,
            pos: if text.starts_with('\u{feff}') {
                '\u{feff}'.len_utf8()
            } else {
                0
            },
            depth_left: limits.depth,
            strict: limits.strict,
            memory_left: limits.memory,
        }
    }

    /// Whether the options ask for strict reading.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// The place reached, in bytes from the start of the text.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.pos
    }

    /// Checks that nothing but white space follows.
    ///
    /// # Errors
    ///
    /// `Json.TrailingData`.
    pub fn finish(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.json_error(JsonErrorKind::TrailingData)),
        }
    }

    /// Checks that there is something to read at all.
    pub(crate) fn expect_document(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            Some(_) => Ok(()),
            None => Err(JsonError::new(JsonErrorKind::Empty, 0).into()),
        }
    }

    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            pos: self.pos,
            depth_left: self.depth_left,
            memory_left: self.memory_left,
        }
    }

    /// Goes back to a place as if nothing had been read since; only for what was dropped again.
    #[inline]
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.resume(mark);
        self.memory_left = mark.memory_left;
    }

    /// Goes to a place; what was read since then is kept and stays charged.
    #[inline]
    pub(crate) fn resume(&mut self, mark: Mark) {
        self.pos = mark.pos;
        self.depth_left = mark.depth_left;
    }

    /// Uses the memory that `other` has left: before a document inside a document is read, and once more the other way
    /// round when its value is kept.
    pub(crate) fn share_memory(&mut self, other: &Text<'_>) {
        self.memory_left = other.memory_left;
    }

    /// The text from a place passed earlier up to here.
    pub(crate) fn text_since(&self, start: usize) -> &'a str {
        self.text
            .get(start..self.pos)
            .expect("both are places between tokens")
    }

    /// Takes the amount off the memory that the document may use.
    ///
    /// # Errors
    ///
    /// `Decode.LimitExceeded`.
    #[inline]
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), DecodeError> {
        match self.memory_left.checked_sub(bytes) {
            Some(left) => {
                self.memory_left = left;
                Ok(())
            }
            None => Err(self.limit("a value within the memory limit", "a larger one")),
        }
    }

    #[cold]
    pub(crate) fn limit(
        &self,
        expected: &'static str,
        found: impl Into<Cow<'static, str>>,
    ) -> DecodeError {
        DecodeError::new(DecodeErrorKind::LimitExceeded, self.pos, expected, found)
    }

    // ---- bytes

    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    /// The next byte that is not white space; the position stays on it.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        match self.byte() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => self.peek_after_space(),
        }
    }

    fn peek_after_space(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.pos += 1,
                other => return other,
            }
        }
    }

    /// Steps over `byte` when it is the next one.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.pos += usize::from(found);
        found
    }

    /// Steps over a bare word when it comes next.
    #[inline]
    pub(super) fn take_word(&mut self, word: &[u8]) -> bool {
        let found = self
            .text
            .as_bytes()
            .get(self.pos..)
            .is_some_and(|rest| rest.starts_with(word));
        if found {
            self.pos += word.len();
        }
        found
    }

    // ---- containers

    /// Opens an object; false when it is empty and closed again already.
    #[inline]
    pub(crate) fn open_object(&mut self, expected: &'static str) -> Result<bool, DecodeError> {
        self.open(b'{', b'}', expected)
    }

    /// Opens an array; false when it is empty and closed again already.
    #[inline]
    pub(crate) fn open_array(&mut self, expected: &'static str) -> Result<bool, DecodeError> {
        self.open(b'[', b']', expected)
    }

    #[inline]
    fn open(&mut self, open: u8, close: u8, expected: &'static str) -> Result<bool, DecodeError> {
        if self.peek() != Some(open) {
            return Err(self.mismatch(expected));
        }
        self.descend()?;
        self.pos += 1;
        if self.take(close) {
            self.depth_left += 1;
            return Ok(false);
        }
        Ok(NON_EMPTY)
    }

    #[inline]
    pub(super) fn descend(&mut self) -> Result<(), DecodeError> {
        match self.depth_left.checked_sub(1) {
            Some(left) => {
                self.depth_left = left;
                Ok(())
            }
            None => Err(self.json_error(JsonErrorKind::DepthExceeded)),
        }
    }

    /// Behind an element of an object: whether another follows.
    #[inline]
    pub(crate) fn more_members(&mut self) -> Result<bool, DecodeError> {
        self.more(b'}', "a comma or a closing brace")
    }

    /// Behind an element of an array: whether another follows.
    #[inline]
    pub(crate) fn more_elements(&mut self) -> Result<bool, DecodeError> {
        self.more(b']', "a comma or a closing bracket")
    }

    #[inline]
    pub(super) fn more(&mut self, close: u8, expected: &'static str) -> Result<bool, DecodeError> {
        match self.peek() {
            Some(b',') => {
                self.pos += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.pos += 1;
                self.depth_left += 1;
                Ok(false)
            }
            _ => Err(self.syntax(expected)),
        }
    }

    /// Steps over `"name":` when exactly that comes next.
    #[inline]
    pub(crate) fn take_key(&mut self, name: &str) -> bool {
        if self.peek() != Some(b'"') {
            return false;
        }
        let length = name.len();
        let Some(rest) = self.text.as_bytes().get(self.pos + 1..) else {
            return false;
        };
        let Some((head, tail)) = rest.split_at_checked(length) else {
            return false;
        };
        let found = tail.starts_with(b"\":") && is_same(head, name.as_bytes());
        self.pos += if found { length + 3 } else { 0 };
        found
    }

    /// Reads a member name and the colon behind it.
    pub(crate) fn key(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax("a member name"));
        }
        let name = self.string_token()?;
        if !self.take(b':') {
            return Err(self.syntax("a colon"));
        }
        Ok(name)
    }

    // ---- literals

    /// Steps over `null` when it comes next.
    #[inline]
    pub(crate) fn take_null(&mut self) -> bool {
        self.peek() == Some(b'n') && self.take_word(b"null")
    }

    #[inline]
    pub(crate) fn boolean(&mut self) -> Result<bool, DecodeError> {
        match self.peek() {
            Some(b't') if self.take_word(b"true") => Ok(true),
            Some(b'f') if self.take_word(b"false") => Ok(false),
            _ => Err(self.mismatch("true or false")),
        }
    }

    /// Steps over this text when it comes next. What follows is not looked at: a longer word may begin with it.
    #[inline]
    pub(crate) fn take_text(&mut self, text: &str) -> bool {
        self.peek();
        self.take_word(text.as_bytes())
    }

    /// Whether the next value is an object.
    pub(crate) fn at_object(&mut self) -> bool {
        self.peek() == Some(b'{')
    }

    // ---- errors

    #[cold]
    pub(crate) fn json_error(&self, kind: JsonErrorKind) -> DecodeError {
        JsonError::new(kind, self.pos).into()
    }

    #[cold]
    pub(super) fn syntax(&self, expected: &'static str) -> DecodeError {
        let found = match self
            .text
            .get(self.pos..)
            .and_then(|rest| rest.chars().next())
        {
            None => "the end of the text".to_owned(),
            Some(c) => format!("{c:?}"),
        };
        JsonError::with_detail(
            JsonErrorKind::Syntax,
            self.pos,
            format!("expected {expected}, found {found}"),
        )
        .into()
    }

    /// The error for a value of another JSON type than the one wanted. The position stays.
    #[cold]
    pub(crate) fn mismatch(&mut self, expected: &'static str) -> DecodeError {
        let first = self.peek();
        let mark = self.mark();
        let skipped = self.skip_value();
        self.rewind(mark);
        if let Err(error) = skipped {
            return error;
        }
        let (kind, found) = match first {
            Some(b'n') => (DecodeErrorKind::NullNotAllowed, "null"),
            Some(b't' | b'f') => (DecodeErrorKind::WrongType, "a boolean"),
            Some(b'"') => (DecodeErrorKind::WrongType, "a string"),
            Some(b'{') => (DecodeErrorKind::WrongType, "an object"),
            Some(b'[') => (DecodeErrorKind::WrongType, "an array"),
            _ => (DecodeErrorKind::WrongType, "a number"),
        };
        DecodeError::new(kind, self.pos, expected, found)
    }
}

/// Whether two texts of one length are equal; most member names are quicker compared than a function is called.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    // Both ends, which overlap.
    fn ends<const N: usize>(text: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
        Some((text.first_chunk()?, text.last_chunk()?))
    }
    match a.len() {
        8..=16 => ends::<8>(a) == ends::<8>(b),
        4..8 => ends::<4>(a) == ends::<4>(b),
        _ => a == b,
    }
}

/// The error for a member that stands twice; `offset` is where the second one begins.
#[cold]
pub(crate) fn duplicate(offset: usize) -> DecodeError {
    JsonError::new(JsonErrorKind::DuplicateKey, offset).into()
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn texts_of_every_length_are_compared_to_their_ends() {
        for length in 0..40 {
            let text: Vec<u8> = (0..length).map(|at| b'a' + at % 26).collect();
            assert!(is_same(&text, &text.clone()), "{length}");
            for at in 0..text.len() {
                let mut other = text.clone();
                other[at] ^= 1;
                assert!(!is_same(&text, &other), "{at} of {length}");
            }
        }
    }
}
