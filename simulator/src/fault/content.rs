//! What faults do to the document that is the answer.

use super::kind::Fault;
use super::responses;

/// The document, after a fault; as it was, if the fault is none of documents or finds nothing to change.
pub(crate) fn changed(body: Vec<u8>, fault: &Fault) -> Vec<u8> {
    match fault {
        Fault::WrongId => with_id(body, Some("\"nobody sent this\"")),
        Fault::MissingId => with_id(body, None),
        Fault::ResultAndError => {
            inserted(body, "\"error\":{\"code\":-32603,\"message\":\"both\"},")
        }
        Fault::ErrorNull => inserted(body, "\"error\":null,"),
        Fault::Rewrite { from, to } => rewritten(&body, from, to),
        Fault::SerialNumber(serial) => with_serial_number(&body, serial),
        Fault::InvalidUtf8 => with_invalid_utf8(body),
        Fault::DeepNesting(depth) => nested(body, *depth),
        Fault::HtmlPage => {
            b"<html><head><title>Login</title></head><body>Please log in.</body></html>".to_vec()
        }
        Fault::EmptyBody => Vec::new(),
        Fault::FewerResponses | Fault::MoreResponses | Fault::PermutedResponses => {
            responses::changed(body, fault)
        }
        _ => body,
    }
}

/// The router writes the id last, and its value is a scalar.
fn with_id(body: Vec<u8>, id: Option<&str>) -> Vec<u8> {
    const MEMBER: &[u8] = b",\"id\":";
    let place = body
        .windows(MEMBER.len())
        .rposition(|window| window == MEMBER);
    match (place, id) {
        (Some(at), Some(id)) => [&body[..at], MEMBER, id.as_bytes(), b"}"].concat(),
        (Some(at), None) => [&body[..at], b"}"].concat(),
        (None, _) => body,
    }
}

/// A member more, before the result.
fn inserted(body: Vec<u8>, member: &str) -> Vec<u8> {
    const RESULT: &[u8] = b"\"result\":";
    match body
        .windows(RESULT.len())
        .position(|window| window == RESULT)
    {
        Some(at) => [&body[..at], member.as_bytes(), &body[at..]].concat(),
        None => body,
    }
}

fn rewritten(body: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(body).replace(from, to).into_bytes()
}

fn with_serial_number(body: &[u8], serial: &str) -> Vec<u8> {
    const MEMBER: &str = "\"serialNumber\":\"";
    let text = String::from_utf8_lossy(body);
    let mut pieces = text.split(MEMBER);
    let mut changed = pieces.next().unwrap_or_default().to_owned();
    let serial = serial.replace('\\', "\\\\").replace('"', "\\\"");
    for piece in pieces {
        changed.push_str(MEMBER);
        changed.push_str(&serial);
        changed.push_str(&piece[end_of_text(piece)..]);
    }
    changed.into_bytes()
}

/// Where the quote is that ends a JSON string.
fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// A member more whose name has a byte in it that is not UTF-8.
fn with_invalid_utf8(body: Vec<u8>) -> Vec<u8> {
    match body.split_first() {
        Some((b'{', rest)) => [b"{\"\xFF\":1,", rest].concat(),
        _ => [b"\xFF", &body[..]].concat(),
    }
}

fn nested(body: Vec<u8>, depth: u32) -> Vec<u8> {
    let depth = depth as usize;
    let lists = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    const ID: &[u8] = b",\"id\":";
    let id = body.windows(ID.len()).rposition(|window| window == ID);
    match id {
        Some(at) => [
            b"{\"jsonrpc\":\"2.0\",\"result\":",
            lists.as_bytes(),
            &body[at..],
        ]
        .concat(),
        None => lists.into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = r#"{"jsonrpc":"2.0","result":{"id":1,"serialNumber":"A\"B"},"id":7}"#;

    fn after(fault: &Fault) -> String {
        String::from_utf8(changed(ANSWER.into(), fault)).unwrap()
    }

    #[test]
    fn what_faults_make_of_an_answer() {
        let serial = r#"{"id":1,"serialNumber":"A\"B"}"#;
        for (fault, expected) in [
            (
                Fault::WrongId,
                format!(r#"{{"jsonrpc":"2.0","result":{serial},"id":"nobody sent this"}}"#),
            ),
            (
                Fault::MissingId,
                format!(r#"{{"jsonrpc":"2.0","result":{serial}}}"#),
            ),
            (
                Fault::ErrorNull,
                format!(r#"{{"jsonrpc":"2.0","error":null,"result":{serial},"id":7}}"#),
            ),
            (
                Fault::ResultAndError,
                format!(
                    r#"{{"jsonrpc":"2.0","error":{{"code":-32603,"message":"both"}},"result":{serial},"id":7}}"#
                ),
            ),
            (
                Fault::SerialNumber("X".to_owned()),
                ANSWER.replace(r#"A\"B"#, "X"),
            ),
            (
                Fault::DeepNesting(3),
                r#"{"jsonrpc":"2.0","result":[[[]]],"id":7}"#.to_owned(),
            ),
            (
                Fault::Rewrite {
                    from: "7".to_owned(),
                    to: "8".to_owned(),
                },
                ANSWER.replace('7', "8"),
            ),
            (Fault::EmptyBody, String::new()),
        ] {
            assert_eq!(after(&fault), expected, "{fault:?}");
        }
    }

    #[test]
    fn a_byte_that_is_no_text() {
        let body = changed(ANSWER.into(), &Fault::InvalidUtf8);
        assert!(std::str::from_utf8(&body).is_err());
        assert!(body.ends_with(&ANSWER.as_bytes()[1..]));
    }
}
