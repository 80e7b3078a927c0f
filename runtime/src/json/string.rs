//! Strings: scanning and escapes.

use std::borrow::Cow;

use super::Text;
use crate::error::{DecodeError, JsonErrorKind};

/// Whether plain string content ends at a byte: the quote, the backslash, and control characters.
#[inline]
const fn is_stop(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// Marks in a word of eight bytes those at which plain string content ends. Only the first mark is sure: behind it may be
/// marks on other bytes.
#[inline]
const fn stops(word: [u8; 8]) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    // A byte below the limit borrows from its highest bit when that is taken off, and perhaps from bytes behind it.
    const fn below(word: u64, limit: u8) -> u64 {
        word.wrapping_sub(ONES * limit as u64) & !word
    }
    let word = u64::from_le_bytes(word);
    let quote = below(word ^ (ONES * b'"' as u64), 1);
    let backslash = below(word ^ (ONES * b'\\' as u64), 1);
    (below(word, b' ') | quote | backslash) & HIGH
}

/// Where plain string content ends; `None` when all of it is.
#[inline]
pub(super) fn first_stop(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let stops = stops(*word);
        if stops != 0 {
            return Some(at * 8 + stops.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|byte| is_stop(*byte))?;
    Some(bytes.len() - rest.len() + at)
}

/// Whether all of it is plain string content.
#[inline]
pub(super) fn is_plain(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk::<8>() else {
        return !bytes.iter().any(|byte| is_stop(*byte));
    };
    let (words, _) = bytes.as_chunks::<8>();
    // The last word goes over bytes that were looked at before, so that none is left for a loop of its own.
    words
        .iter()
        .fold(stops(*last), |found, word| found | stops(*word))
        == 0
}

impl<'a> Text<'a> {
    /// Reads a string value; borrowed from the text unless it has escapes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        if self.peek() != Some(b'"') {
            return Err(self.mismatch("a string"));
        }
        self.string_token()
    }

    /// Reads a string whose opening quote is the next byte.
    #[inline]
    pub(super) fn string_token(&mut self) -> Result<Cow<'a, str>, DecodeError> {
        let start = self.pos + 1;
        let end = self.plain_end(start);
        if self.text.as_bytes().get(end) == Some(&b'"') {
            self.pos = end + 1;
            return Ok(Cow::Borrowed(self.plain(start, end)));
        }
        self.string_with_escapes(start, end).map(Cow::Owned)
    }

    /// Text between two places that have a quote, a backslash or an escape beside them.
    #[inline]
    fn plain(&self, start: usize, end: usize) -> &'a str {
        self.text
            .get(start..end)
            .expect("both places are beside ASCII characters")
    }

    #[inline]
    fn plain_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(start..).expect("a quote stands before it");
        first_stop(rest).map_or(bytes.len(), |n| start + n)
    }

    /// The general case; `end` is where the plain content that begins at `start` stops.
    fn string_with_escapes(&mut self, start: usize, end: usize) -> Result<String, DecodeError> {
        let mut out = String::from(self.plain(start, end));
        self.pos = end;
        loop {
            match self.byte() {
                Some(b'"') => {
                    self.pos += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.pos += 1;
                    out.push(self.escape()?);
                }
                None => return Err(self.syntax("a closing quote")),
                Some(byte) if byte < 0x20 => {
                    return Err(self.syntax("no control character in a string"));
                }
                Some(_) => {
                    let next = self.plain_end(self.pos);
                    out.push_str(self.plain(self.pos, next));
                    self.pos = next;
                }
            }
        }
    }

    /// Steps over a string without keeping it. The opening quote is the next byte.
    pub(super) fn skip_string(&mut self) -> Result<(), DecodeError> {
        self.pos += 1;
        loop {
            self.pos = self.plain_end(self.pos);
            match self.byte() {
                Some(b'"') => {
                    self.pos += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.pos += 1;
                    self.escape()?;
                }
                None => return Err(self.syntax("a closing quote")),
                Some(_) => return Err(self.syntax("no control character in a string")),
            }
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<char, DecodeError> {
        let plain = match self.byte() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.syntax("an escape")),
        };
        self.pos += 1;
        Ok(plain)
    }

    /// Reads `uXXXX`, and the second half of a surrogate pair if that was the first.
    fn unicode_escape(&mut self) -> Result<char, DecodeError> {
        let start = self.pos;
        self.pos += 1;
        let unit = self.hex4()?;
        let code = match unit {
            0xd800..=0xdbff => {
                if !self.take_word(b"\\u") {
                    return Err(self.lone_surrogate(start));
                }
                let low = self.hex4()?;
                if !(0xdc00..=0xdfff).contains(&low) {
                    return Err(self.lone_surrogate(start));
                }
                0x1_0000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
            }
            other => other,
        };
        char::from_u32(code).ok_or_else(|| self.lone_surrogate(start))
    }

    fn hex4(&mut self) -> Result<u32, DecodeError> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.syntax("a hexadecimal digit"));
            };
            value = value << 4 | digit;
            self.pos += 1;
        }
        Ok(value)
    }

    #[cold]
    fn lone_surrogate(&mut self, start: usize) -> DecodeError {
        self.pos = start;
        self.json_error(JsonErrorKind::Encoding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_in_every_place_stops_or_does_not() {
        for length in 0..20 {
            for at in 0..length {
                for byte in 0..=255 {
                    for before in [b'a', 0xff, b' ', b'#', b']'] {
                        let mut bytes = vec![before; length];
                        bytes[at] = byte;
                        let stop = byte < 0x20 || byte == b'"' || byte == b'\\';
                        assert_eq!(first_stop(&bytes), stop.then_some(at), "{bytes:?}");
                        assert_eq!(is_plain(&bytes), !stop, "{bytes:?}");
                    }
                }
            }
        }
        assert_eq!(first_stop(b"aaaa\"\x01\\aaaaaa\""), Some(4));
        assert_eq!(first_stop(&[b'"'; 9]), Some(0));
        assert_eq!(first_stop(b""), None);
    }
}
