//! What a device sends with an error beside its code and its words.

use serde_json::Value;
use serde_json::value::RawValue;
use xerus_rpc::error::{ErrorCode, ErrorKind, RpcError};
use xerus_rpc::{Error, Json};

use crate::conformance::printable;

/// As many characters of it stand in a line for people.
const SHOWN: usize = 1000;

/// As many characters of the words of a device the line of an error has.
const WORDS: usize = 200;

/// The lines for people, each with a beginning that says what it is; none of what the line of the error says already.
pub(crate) fn lines(error: &Error) -> Vec<String> {
    let ErrorKind::Rpc(rpc) = error.kind() else {
        return Vec::new();
    };
    let data = rpc.data.as_ref().filter(|data| !is_told(data, rpc));
    let both = [("data", data), ("result", rpc.result.as_ref())];
    let lines = both.into_iter().filter_map(|(name, json)| {
        let json = json?;
        Some(format!("{name}: {}", shown(json.get())))
    });
    lines.collect()
}

/// The members for programs, behind others in an object.
pub(crate) fn members(error: &Error) -> String {
    let ErrorKind::Rpc(rpc) = error.kind() else {
        return String::new();
    };
    let code = match (rpc.code.number(), rpc.code.text()) {
        (Some(number), _) => Some(Value::from(number).to_string()),
        (None, text) => text.map(|text| Value::from(text).to_string()),
    };
    let data = rpc.data.as_ref().map(in_a_line);
    let result = rpc.result.as_ref().map(in_a_line);
    let members = [("rpc_code", code), ("data", data), ("result", result)];
    let members = members.into_iter().filter_map(|(name, json)| {
        let json = json?;
        Some(format!(",\"{name}\":{json}"))
    });
    members.collect()
}

/// Whether it has nothing but the code and the words of the error once more.
fn is_told(data: &Json, rpc: &RpcError) -> bool {
    fn is_said(value: &Value, rpc: &RpcError) -> bool {
        match value {
            Value::Null => true,
            Value::Bool(_) | Value::Number(_) => false,
            Value::String(text) => {
                let is_whole = text.chars().count() <= WORDS;
                is_whole && (*text == rpc.message || is_code(text, &rpc.code))
            }
            Value::Array(all) => all.iter().all(|value| is_said(value, rpc)),
            Value::Object(all) => all.values().all(|value| is_said(value, rpc)),
        }
    }
    serde_json::from_str(data.get()).is_ok_and(|value: Value| is_said(&value, rpc))
}

fn is_code(text: &str, code: &ErrorCode) -> bool {
    code.text() == Some(text)
}

/// In one line that is not too long and commands no terminal.
fn shown(text: &str) -> String {
    let line = printable(&text.replace(['\n', '\r', '\t'], " "));
    match line.char_indices().nth(SHOWN) {
        None => line,
        Some((end, _)) => {
            let more = line[end..].chars().count();
            format!(
                "{}… and {more} characters more, which --bulk prints, too",
                &line[..end]
            )
        }
    }
}

/// In one line that a program reads. Line ends are between values; what is no JSON goes as a text.
fn in_a_line(json: &Json) -> String {
    match serde_json::from_str::<&RawValue>(json.get()) {
        Ok(value) => value.get().replace(['\n', '\r'], " "),
        Err(_) => Value::from(json.get()).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rpc(data: &str) -> RpcError {
        RpcError::new(-32010, "not enough").with_data(data.parse().expect("JSON"))
    }

    #[test]
    fn what_came_with_an_error_is_one_line() {
        let told = |rpc: RpcError| lines(&Error::from(rpc));
        assert_eq!(
            told(rpc("{\n  \"have\": 2,\n  \"on\": \"\u{202e}/\"\n}")),
            [r#"data: {   "have": 2,   "on": "\u{202e}/" }"#]
        );
        assert!(told(RpcError::new(-32010, "not enough")).is_empty());
        let long = format!("\"{}\"", "x".repeat(5000));
        let line = told(rpc(&long)).remove(0);
        assert!(line.ends_with("x… and 4002 characters more, which --bulk prints, too"));
        let beside = RpcError::new(7, "").with_result("[1]".parse().expect("JSON"));
        assert_eq!(told(beside), ["result: [1]"]);
    }

    #[test]
    fn what_the_error_says_itself_is_not_said_again() {
        let told = |data: &str| !lines(&Error::from(rpc(data))).is_empty();
        for data in [
            r#"{"args":["not enough"],"kwargs":{}}"#,
            r#"{"text":"not enough","more":null}"#,
        ] {
            assert!(!told(data), "{data}");
        }
        for data in [
            r#"{"args":["not enough",7],"kwargs":{}}"#,
            "-32010",
            r#""enough""#,
        ] {
            assert!(told(data), "{data}");
        }
        // The line has only its beginning.
        let words = "x".repeat(300);
        let data = format!("\"{words}\"");
        let long = RpcError::new(7, words).with_data(data.parse().expect("JSON"));
        assert_eq!(lines(&Error::from(long)).len(), 1);
    }

    #[test]
    fn programs_get_all_of_it() {
        let told = |rpc: RpcError| members(&Error::from(rpc));
        assert_eq!(
            told(rpc("{\"have\":\r\n2.50}")),
            r#","rpc_code":-32010,"data":{"have":  2.50}"#
        );
        let uri = ErrorCode::Uri("com.example.\"full".into());
        assert_eq!(
            told(RpcError::new(uri, "")),
            r#","rpc_code":"com.example.\"full""#
        );
        assert_eq!(members(&ErrorKind::ConnectionLost.into()), "");
    }
}
