//! Elements of vectors and values of maps that cannot be read, kept so that they cost nothing but themselves.

use std::fmt;

#[cfg(feature = "serde")]
use super::options::ReaderOptions;
use super::reader::Reader;
use crate::error::{DecodeError, DecodeErrorKind};
use crate::json::Mark;
use crate::json_text::Json;

/// The name under which the text of such an element stands in the form for `serde`.
#[cfg(feature = "serde")]
pub(crate) const UNREADABLE: &str = "unreadable";

/// What a reader kept unread, for a note to the caller.
#[derive(Debug)]
pub(crate) struct Kept {
    count: usize,
    first: DecodeError,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (is, elements) = match self.count {
            1 => ("is", "element"),
            _ => ("are", "elements"),
        };
        write!(
            f,
            "{} {elements} of lists or maps could not be read and {is} kept as JSON text; the first at byte {}: {}",
            self.count,
            self.first.offset(),
            self.first
        )
    }
}

/// What is wrong with a reference or value object, if something is.
type Fault<'f> = dyn FnMut(&mut Reader<'_>) -> Option<DecodeError> + 'f;

impl Reader<'_> {
    /// Keeps a reference or value object that cannot be read, when it is an element of a vector or a value of a map; gives its
    /// text and what is wrong with it. The reader ends behind it.
    ///
    /// `start` is where the value begins; `fault` tells what is wrong with one that stands elsewhere.
    ///
    /// # Errors
    ///
    /// The error given, where one bad element spoils the whole: in strict reading, in arguments that are served, for a value
    /// that is no element, beyond the limits; what is wrong with text that is no JSON.
    #[cold]
    pub(crate) fn keep(
        &mut self,
        start: Mark,
        error: DecodeError,
        fault: &mut Fault<'_>,
    ) -> Result<(Json, DecodeError), DecodeError> {
        #[cfg(feature = "serde")]
        if let Some(kept) = self.kept_before(start, fault) {
            return Ok(kept);
        }
        #[cfg(not(feature = "serde"))]
        let _ = fault;
        let end = self.mark();
        self.rewind(start);
        if self.is_strict()
            || !self.options().keeps_unreadable
            || error.kind() == DecodeErrorKind::LimitExceeded
            || !self.is_at_element()
        {
            self.resume(end);
            return Err(error);
        }
        let raw = match self.raw_value()? {
            "null" => Json::NULL,
            text => Json::trusted(text.to_owned()),
        };
        self.charge(raw.get().len().saturating_add(error.memory()))?;
        match &mut self.kept {
            Some(kept) => kept.count += 1,
            None => {
                self.kept = Some(Box::new(Kept {
                    count: 1,
                    first: error.clone(),
                }));
            }
        }
        Ok((raw, error))
    }

    /// An element that was kept and written in the form for `serde`, where it says what it is.
    #[cfg(feature = "serde")]
    fn kept_before(&mut self, start: Mark, fault: &mut Fault<'_>) -> Option<(Json, DecodeError)> {
        if !self.options().by_name {
            return None;
        }
        let end = self.mark();
        self.rewind(start);
        let kept = self.marked(fault);
        if kept.is_none() {
            self.resume(end);
        }
        kept
    }

    #[cfg(feature = "serde")]
    fn marked(&mut self, fault: &mut Fault<'_>) -> Option<(Json, DecodeError)> {
        let is_marked =
            self.at_object() && self.open_object("an object").ok()? && self.take_key(UNREADABLE);
        if !is_marked {
            return None;
        }
        let raw: Json = self.string().ok()?.parse().ok()?;
        if self.more_members().ok()? {
            return None;
        }
        let options = ReaderOptions {
            by_name: false,
            ..self.options().clone()
        };
        let error = fault(&mut Reader::with_options(raw.get(), &options))?;
        self.charge(raw.get().len().saturating_add(error.memory()))
            .ok()?;
        Some((raw, error))
    }

    /// Whether what comes next is an element: nothing but white space was read since one began.
    fn is_at_element(&self) -> bool {
        self.element <= self.offset() && self.text_since(self.element).trim_ascii().is_empty()
    }

    /// What was kept unread so far; the next such element is the first again.
    pub(crate) fn take_kept(&mut self) -> Option<Box<Kept>> {
        self.kept.take()
    }
}
