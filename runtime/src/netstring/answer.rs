//! What a body that came in is about.

use crate::json::{Limits, NON_EMPTY, Text};
use crate::settings::{DEFAULT_MAX_DEPTH, DEFAULT_MAX_MEMORY};

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// An answer under a number.
    Answer(u64),
    /// An answer under something that is none of our ids, or a request.
    Unasked,
    /// No JSON object.
    Unreadable,
}

/// Looks who is meant. The answer itself is read and judged by the call.
pub(super) fn look(body: &[u8]) -> Incoming {
    match usual(body) {
        Some(id) => Incoming::Answer(id),
        None => look_closely(body),
    }
}

/// The id of a result as servers write it, without reading the result. Where it stands, only the id of the answer can be: in front
/// of everything, or before the last brace.
fn usual(body: &[u8]) -> Option<u64> {
    const BEGIN: &[u8] = br#"{"jsonrpc":"2.0","result":"#;
    const BEHIND: &[u8] = br#","jsonrpc":"2.0","result":"#;
    let digits = match body.strip_prefix(br#"{"id":"#) {
        Some(rest) => {
            let end = rest.iter().position(|byte| !byte.is_ascii_digit())?;
            let (digits, rest) = rest.split_at(end);
            rest.starts_with(BEHIND).then_some(digits)?
        }
        None => {
            let rest = body.strip_prefix(BEGIN)?.strip_suffix(b"}")?;
            let begin = rest.iter().rposition(|byte| !byte.is_ascii_digit())?;
            let (rest, digits) = rest.split_at(begin + 1);
            rest.ends_with(br#","id":"#).then_some(digits)?
        }
    };
    // More than this are none of ours.
    if digits.is_empty() || digits.len() > 10 || (digits[0] == b'0' && digits.len() > 1) {
        return None;
    }
    Some(
        digits
            .iter()
            .fold(0, |id, digit| id * 10 + u64::from(digit - b'0')),
    )
}

fn look_closely(body: &[u8]) -> Incoming {
    let Ok(text) = std::str::from_utf8(body) else {
        return Incoming::Unreadable;
    };
    let mut text = Text::new(
        text,
        Limits {
            strict: false,
            depth: DEFAULT_MAX_DEPTH,
            memory: DEFAULT_MAX_MEMORY,
        },
    );
    members(&mut text).unwrap_or(Incoming::Unreadable)
}

fn members(text: &mut Text<'_>) -> Option<Incoming> {
    let (mut id, mut request) = (None, false);
    text.peek();
    if !text.at_object() {
        return None;
    }
    if text.open_object("an object").ok()? == NON_EMPTY {
        loop {
            let name = text.key().ok()?;
            let value = text.raw_value().ok()?;
            match &*name {
                "id" if id.replace(value).is_some() => return Some(Incoming::Unasked),
                "method" => request = true,
                _ => {}
            }
            if !text.more_members().ok()? {
                break;
            }
        }
    }
    text.finish().ok()?;
    let number = id.filter(|_| !request).and_then(|id| {
        let plain = id.bytes().all(|byte| byte.is_ascii_digit());
        id.parse().ok().filter(|_| plain)
    });
    Some(number.map_or(Incoming::Unasked, Incoming::Answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n13_n22_n23_only_numbers_are_ids() {
        assert_eq!(
            look(br#"{"id": 7, "result": {"id": 8}}"#),
            Incoming::Answer(7)
        );
        for body in [
            r#"{"id":"7","result":1}"#,
            r#"{"id":null,"result":1}"#,
            r#"{"id":7.0,"result":1}"#,
            r#"{"id":-7,"result":1}"#,
            r#"{"id":7,"id":8,"result":1}"#,
            r#"{"id":7,"method":"ping"}"#,
            r#"{"method":"ping"}"#,
            r#"{"id":99999999999999999999999,"result":1}"#,
            "{}",
        ] {
            assert_eq!(look(body.as_bytes()), Incoming::Unasked, "{body}");
        }
        for body in [
            r#"{"id":7,"jsonrpc":"2.0","result":{"id":8}}"#,
            r#"{"jsonrpc":"2.0","result":{"id":8},"id":7}"#,
            r#"{"jsonrpc":"2.0","result":"{\"id\":8","id":7}"#,
        ] {
            assert_eq!(usual(body.as_bytes()), Some(7), "{body}");
            assert_eq!(look_closely(body.as_bytes()), Incoming::Answer(7), "{body}");
        }
        for body in [
            r#"{"id":07,"jsonrpc":"2.0","result":1}"#,
            r#"{"id":7.0,"jsonrpc":"2.0","result":1}"#,
            r#"{"jsonrpc":"2.0","result":{"a":1,"id":7}}"#,
            r#"{"jsonrpc":"2.0","result":1,"id":}"#,
            r#"{"jsonrpc":"2.0","result":1}"#,
        ] {
            assert_eq!(usual(body.as_bytes()), None, "{body}");
        }
        let deep = format!(r#"{{"id":7,"result":{}"#, "[".repeat(10_000));
        for body in [b"".as_slice(), b"[]", b"7", b"{", b"\xff", deep.as_bytes()] {
            assert_eq!(look(body), Incoming::Unreadable);
        }
    }
}
