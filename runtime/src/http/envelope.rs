//! The JSON-RPC request document, and a quick look at which request an answer belongs to.

use bytes::Bytes;

use crate::transport::RequestId;

/// The request document: `{"jsonrpc":"2.0","method":"getState","params":{},"id":1}` (spec section 1.3).
pub(super) fn write(method: &str, params: &[u8], id: RequestId) -> Bytes {
    let mut out = Vec::with_capacity(params.len() + method.len() + 64);
    out.extend_from_slice(br#"{"jsonrpc":"2.0","method":"#);
    push_string(&mut out, method);
    out.extend_from_slice(br#","params":"#);
    out.extend_from_slice(if params.is_empty() { b"{}" } else { params });
    out.extend_from_slice(br#","id":"#);
    out.extend_from_slice(id.get().to_string().as_bytes());
    out.push(b'}');
    out.into()
}

/// Method names are plain words, but a caller may pass any text.
fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for &byte in text.as_bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// Whether the document's `id` is the one given.
///
/// This decides only whether the connection may be used again: behind an answer to another request (spec section 12,
/// cases 14 and 15) every further answer would be shifted by one. The caller of the transport judges the document.
pub(super) fn answers(body: &[u8], id: RequestId) -> bool {
    let id = id.get().to_string();
    // Devices put the id last, so this usually ends the matter.
    let tail = body
        .trim_ascii_end()
        .strip_suffix(b"}")
        .and_then(|head| head.strip_suffix(id.as_bytes()));
    tail.is_some_and(|head| head.ends_with(br#","id":"#))
        || top_level_id(body) == Some(id.as_bytes())
}

/// The text of the member `id` of the outermost object.
fn top_level_id(body: &[u8]) -> Option<&[u8]> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = body.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = end_of_string(body, at + 1)?;
                let text = &body[at + 1..end - 1];
                at = end;
                if depth == 1 && text == b"id" {
                    let value = body[at..].trim_ascii_start();
                    if let Some(value) = value.strip_prefix(b":") {
                        let end = value.iter().position(|b| matches!(b, b',' | b'}'))?;
                        return Some(value[..end].trim_ascii());
                    }
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The position behind the closing quote of a string whose content starts at `at`.
fn end_of_string(body: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match body.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_have_all_four_members() {
        let request = write("setPowerState", br#"{"pstate":1}"#, RequestId::new(2));
        assert_eq!(
            &request[..],
            br#"{"jsonrpc":"2.0","method":"setPowerState","params":{"pstate":1},"id":2}"#
        );
        let request = write("getMetaData", b"", RequestId::new(1));
        assert_eq!(
            &request[..],
            br#"{"jsonrpc":"2.0","method":"getMetaData","params":{},"id":1}"#
        );
    }

    #[test]
    fn method_names_cannot_break_out() {
        let request = write("a\",\"id\":9,\n\"x\":\"\\", b"{}", RequestId::new(1));
        let document: serde_json::Value = serde_json::from_slice(&request).expect("valid JSON");
        assert_eq!(document["method"], "a\",\"id\":9,\n\"x\":\"\\");
        assert_eq!(document["id"], 1);
    }

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
