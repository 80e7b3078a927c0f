//! Ids of requests and answers in JSON text.

use crate::error::DecodeError;
use crate::id::RequestId;
use crate::json::{Limits, NON_EMPTY, Text};
use crate::settings::{DEFAULT_MAX_MEMORY, MAX_DEPTH};

/// The id of an answer to a request that could not be read.
pub(crate) const NOBODY: &str = "null";

/// Whether the text of an `id` member is this id, as a number.
pub(crate) fn is(text: &str, id: RequestId) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse() == Ok(id.get())
}

/// The text of the member `id` of the object that comes next; `None` when there is none or the object cannot be read.
pub(crate) fn of<'a>(text: &mut Text<'a>) -> Option<&'a str> {
    let mut id = None;
    let mut look = || -> Result<(), DecodeError> {
        if text.open_object("an object")? == NON_EMPTY {
            loop {
                let name = text.key()?;
                let value = text.raw_value()?;
                if name == "id" {
                    id = Some(value);
                }
                if !text.more_members()? {
                    break;
                }
            }
        }
        Ok(())
    };
    look().is_ok().then_some(id).flatten()
}

/// The text of the member `id` of a document.
pub(crate) fn of_document(text: &str) -> Option<&str> {
    of(&mut Text::new(
        text,
        Limits {
            strict: false,
            depth: MAX_DEPTH,
            memory: DEFAULT_MAX_MEMORY,
        },
    ))
}

/// Whether an id can be sent back as it was written and be read there: no container, no number beyond what any reader
/// can hold (`1e616`).
pub(crate) fn can_be_echoed(id: &str) -> bool {
    match id.as_bytes().first() {
        Some(b'{' | b'[') | None => false,
        _ if id.len() < 16 && id.bytes().all(|byte| byte.is_ascii_digit()) => true,
        Some(b'-' | b'0'..=b'9') => id.parse::<f64>().is_ok_and(f64::is_finite),
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_no_reader_holds_is_not_sent_back() {
        for id in ["7", "-1", "\"a\"", "null", "true", "1e5"] {
            assert!(can_be_echoed(id), "{id}");
        }
        for id in ["1e616", "{}", "[1]", ""] {
            assert!(!can_be_echoed(id), "{id}");
        }
    }
}
