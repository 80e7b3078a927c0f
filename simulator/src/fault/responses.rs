//! What faults do to the list of a bulk's responses.

use super::kind::Fault;

/// As the router begins the list.
const LIST: &[u8] = b"\"responses\":[";

/// The document with another list; as it was, if there is none in it.
pub(super) fn changed(body: Vec<u8>, fault: &Fault) -> Vec<u8> {
    let Some(start) = body.windows(LIST.len()).position(|window| window == LIST) else {
        return body;
    };
    let start = start + LIST.len();
    let Some((mut responses, end)) = elements(&body[start..]) else {
        return body;
    };
    match fault {
        Fault::FewerResponses => {
            responses.pop();
        }
        Fault::MoreResponses => responses.extend(responses.last().copied()),
        _ => responses.reverse(),
    }
    [&body[..start], &responses.join(&b','), &body[start + end..]].concat()
}

/// The elements of a list behind its bracket, and where the bracket is that ends it.
fn elements(text: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let (mut elements, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'{' | b'[' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            b']' if depth > 0 => depth -= 1,
            b']' => {
                if at > start {
                    elements.push(&text[start..at]);
                }
                return Some((elements, at));
            }
            b',' if depth == 0 => {
                elements.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(fault: &Fault, list: &str) -> String {
        let body = |list: &str| format!(r#"{{"result":{{"responses":[{list}]}},"id":1}}"#);
        let changed = String::from_utf8(changed(body(list).into(), fault)).unwrap();
        let bare = changed
            .strip_prefix(r#"{"result":{"responses":["#)
            .and_then(|rest| rest.strip_suffix(r#"]},"id":1}"#));
        bare.expect("what is around the list").to_owned()
    }

    #[test]
    fn fewer_more_and_permuted() {
        let list = r#"{"a":"],\"[{"},{"b":[1,2]},{"c":{}}"#;
        assert_eq!(
            after(&Fault::FewerResponses, list),
            r#"{"a":"],\"[{"},{"b":[1,2]}"#
        );
        assert_eq!(
            after(&Fault::MoreResponses, list),
            r#"{"a":"],\"[{"},{"b":[1,2]},{"c":{}},{"c":{}}"#
        );
        assert_eq!(
            after(&Fault::PermutedResponses, list),
            r#"{"c":{}},{"b":[1,2]},{"a":"],\"[{"}"#
        );
        for fault in [Fault::FewerResponses, Fault::MoreResponses] {
            assert_eq!(after(&fault, ""), "");
        }
        assert_eq!(changed(b"[1]".to_vec(), &Fault::FewerResponses), b"[1]");
    }
}
