//! Stepping over values, with their syntax checked.

use super::Text;
use super::reader::NON_EMPTY;
use crate::error::DecodeError;

impl<'a> Text<'a> {
    /// Steps over any value. Everything in it is checked except for the range of its numbers and for
    /// repeated member names.
    ///
    /// # Errors
    ///
    /// When the text is not JSON, or nested too deeply.
    pub fn skip_value(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'{') => self.skip_object(),
            Some(b'[') => self.skip_array(),
            Some(b'-' | b'0'..=b'9') => self.number_token().map(|_| ()),
            Some(b't') if self.take_word(b"true") => Ok(()),
            Some(b'f') if self.take_word(b"false") => Ok(()),
            Some(b'n') if self.take_word(b"null") => Ok(()),
            _ => Err(self.syntax("a value")),
        }
    }

    /// Steps over any value and gives its text.
    ///
    /// # Errors
    ///
    /// As [`skip_value`](Self::skip_value).
    pub fn raw_value(&mut self) -> Result<&'a str, DecodeError> {
        self.peek();
        let start = self.pos;
        self.skip_value()?;
        Ok(self.text_since(start))
    }

    fn skip_object(&mut self) -> Result<(), DecodeError> {
        if self.open_object("an object")? == NON_EMPTY {
            loop {
                if self.peek() != Some(b'"') {
                    return Err(self.syntax("a member name"));
                }
                self.skip_string()?;
                if !self.take(b':') {
                    return Err(self.syntax("a colon"));
                }
                self.skip_value()?;
                if !self.more_members()? {
                    break;
                }
            }
        }
        Ok(())
    }

    fn skip_array(&mut self) -> Result<(), DecodeError> {
        if self.open_array("an array")? == NON_EMPTY {
            loop {
                self.skip_value()?;
                if !self.more_elements()? {
                    break;
                }
            }
        }
        Ok(())
    }
}
