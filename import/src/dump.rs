//! The document that `xerus dump` writes, read back.
//!
//! Everything that makes up the API is in it, so nothing has to be completed. What it does not carry are comments that
//! are no documentation, documentation of modules, include lists, the order of nested types among other members, how
//! numbers are spelt, and arguments of annotations other than `unknown_fallback`.

mod document;
mod expression;
mod marks;
mod members;
mod order;
mod types;

use serde_json::Value;

use self::document::At;
use self::types::Types;
use crate::api::Api;
use crate::error::Error;
use crate::limits::Limits;
use crate::report::{FindingKind, Report};

/// The shape of the document that is understood.
const FORMAT: i64 = 1;

/// What editors and shells may put in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Whether a file that begins like this may be a dump: a JSON object, white space and a byte order mark before it allowed.
pub(crate) fn may_begin(head: &[u8]) -> bool {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    let mut rest = text.iter().skip_while(|byte| b" \t\r\n".contains(byte));
    rest.next() == Some(&b'{')
}

/// Whether a file that begins like this is text in UTF-16, with or without a byte order mark.
pub(crate) fn is_utf16(head: &[u8]) -> bool {
    matches!(
        head,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'{', 0, ..] | [0, b'{', ..]
    )
}

/// Reads a dump; with its documentation if that is wanted.
pub(crate) fn read(
    bytes: &[u8],
    docs: bool,
    limits: Limits,
    report: &mut Report,
) -> Result<Api, Error> {
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    // Deep nesting is refused by the parser.
    let value: Value = serde_json::from_slice(bytes).map_err(|error| Error::Dump {
        place: format!("line {}, column {}", error.line(), error.column()),
        message: "no JSON, or cut off".to_owned(),
    })?;
    let document = At::root(&value);
    let format = document.member("format")?;
    if format.number()? != FORMAT {
        return Err(format.error(format!("only format {FORMAT} is known")));
    }
    let list = document.member("types")?;
    let list = list.list()?;
    let limit = limits.entries;
    if u64::try_from(list.len()).is_ok_and(|count| count > limit) {
        return Err(Error::Limit {
            what: "types of a dump".to_owned(),
            name: "entries",
            limit,
        });
    }
    let mut types = Types::new(list, limits)?;
    let lost = types.read(docs)?;
    let package = report.package.clone();
    let mut lose = |text: &str| report.add(FindingKind::Lost, package.clone(), text);
    lose("comments that are no documentation, and documentation of modules, are not in a dump");
    if lost.docs {
        lose("documentation is left out; --docs takes it over");
    }
    for place in lost.arguments {
        let text = "arguments of the annotation, if it had any, are not in a dump";
        report.add(FindingKind::Lost, place, text);
    }
    types.finish()
}
