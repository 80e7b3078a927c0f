//! Answers to another request.

use crate::id::RequestId;
use crate::json::{Limits, Text};
use crate::jsonrpc::id::{is, of_document};
use crate::settings::{DEFAULT_MAX_DEPTH, DEFAULT_MAX_MEMORY};

/// Whether a document is an answer to the request with this id, judged by its id alone.
pub(super) fn answers(document: &[u8], id: RequestId) -> bool {
    let digits = id.get().to_string();
    // Devices put the id last, so this usually ends the matter.
    let tail = document
        .trim_ascii_end()
        .strip_suffix(b"}")
        .and_then(|head| head.strip_suffix(digits.as_bytes()));
    tail.is_some_and(|head| head.ends_with(br#","id":"#))
        || std::str::from_utf8(document)
            .ok()
            .and_then(of_document)
            .is_some_and(|text| is(text, id))
}

/// Whether bytes behind which the connection ended are a whole answer: to the request with this id, or, on a wire without ids,
/// one JSON value.
pub(super) fn is_whole(document: &[u8], id: Option<RequestId>) -> bool {
    match id {
        Some(id) => answers(document, id),
        None => std::str::from_utf8(document).is_ok_and(|text| {
            let limits = Limits {
                strict: false,
                depth: DEFAULT_MAX_DEPTH,
                memory: DEFAULT_MAX_MEMORY,
            };
            let mut text = Text::new(text, limits);
            text.skip_value().is_ok() && text.finish().is_ok()
        }),
    }
}

/// The same for what is compressed, which says itself where it ends. No more than `limit` bytes are unpacked: what has more is refused
/// by whoever unpacks it.
#[cfg(feature = "ripex2")]
pub(super) fn is_whole_gzip(body: &[u8], limit: usize) -> bool {
    use std::io::Read as _;
    let most = (limit as u64).saturating_add(1);
    let mut plain = flate2::read::MultiGzDecoder::new(body).take(most);
    std::io::copy(&mut plain, &mut std::io::sink()).is_ok()
}

/// Nobody asks for what is compressed.
#[cfg(not(feature = "ripex2"))]
pub(super) fn is_whole_gzip(_: &[u8], _: usize) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_matched_wherever_the_id_stands() {
        let id = RequestId::new(12);
        for body in [
            r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":12}"#,
            r#"{"id": 12 , "result":{"id":7,"x":"}\",\"id\":8"}}"#,
            "{\"result\":[{\"id\":3}],\"id\":12}\r\n",
        ] {
            assert!(answers(body.as_bytes(), id), "{body}");
        }
        for body in [
            "",
            "<html>id</html>",
            r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":112}"#,
            r#"{"jsonrpc":"2.0","result":{"_ret_":0},"id":"12"}"#,
            r#"{"result":{"id":12}}"#,
            r#"{"id"#,
            r#"{"id":"#,
            r#""unended \"#,
        ] {
            assert!(!answers(body.as_bytes(), id), "{body}");
        }
    }

    #[test]
    fn without_an_id_a_whole_value_is_an_answer() {
        for (body, whole) in [
            ("{}", true),
            ("{\"a\":[1]}\n", true),
            ("{\"a\":", false),
            ("", false),
            ("{} {}", false),
        ] {
            assert_eq!(is_whole(body.as_bytes(), None), whole, "{body}");
        }
        assert!(!is_whole(b"\xff", None));
    }
}
