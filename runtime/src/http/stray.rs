//! Answers to another request.

use crate::id::RequestId;
use crate::jsonrpc::id::{is, of_document};

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
}
