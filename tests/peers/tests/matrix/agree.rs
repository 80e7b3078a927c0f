//! Whether a client understood what was sent.

use serde_json::Value;

use xerus_wire_id::WireId;

/// A type id without its versions.
pub(crate) fn version_free(wire_id: &str) -> Option<String> {
    Some(WireId::new(wire_id).ok()?.version_free_name())
}

/// Where what a client made of an answer differs from the answer; `None` where all that the client knows agrees. Members that it
/// does not know it cannot show.
pub(crate) fn difference(client: &Value, sent: &Value) -> Option<String> {
    differ(client, sent, &mut String::new())
}

fn differ(client: &Value, sent: &Value, path: &mut String) -> Option<String> {
    let depth = path.len();
    let found = match (client, sent) {
        (Value::Object(known), Value::Object(all)) => known.iter().find_map(|(name, value)| {
            path.push('.');
            path.push_str(name);
            let difference = match all.get(name) {
                // Clients show references and value objects with the versions of types that they know themselves.
                Some(sent) if name == "type" && sent.is_string() && value.is_string() => {
                    let base = |text: &Value| version_free(text.as_str().unwrap_or_default());
                    (base(value) != base(sent)).then(|| said(path, value, sent))
                }
                Some(sent) => differ(value, sent, path),
                None => Some(format!(
                    "{path}: the client shows {value}, but it was not sent"
                )),
            };
            path.truncate(depth);
            difference
        }),
        (Value::Array(client), Value::Array(sent)) if client.len() == sent.len() => client
            .iter()
            .zip(sent)
            .enumerate()
            .find_map(|(index, (client, sent))| {
                path.push_str(&format!("[{index}]"));
                let difference = differ(client, sent, path);
                path.truncate(depth);
                difference
            }),
        // Nor has Perl maps: they are what structures are.
        (Value::Object(known), Value::Array(entries))
            if entries.iter().all(|entry| entry.get("key").is_some()) =>
        {
            known.iter().find_map(|(key, value)| {
                let of_key = |entry: &&Value| match &entry["key"] {
                    Value::String(text) => text == key,
                    Value::Number(number) => key
                        .parse()
                        .is_ok_and(|key: i64| number.as_i64() == Some(key)),
                    _ => false,
                };
                path.push_str(&format!("[{key}]"));
                let difference = match entries.iter().find(of_key) {
                    Some(entry) => differ(value, &entry["value"], path),
                    None => Some(format!(
                        "{path}: the client shows {value}, but it was not sent"
                    )),
                };
                path.truncate(depth);
                difference
            })
        }
        // Perl has no booleans.
        (Value::Number(client), Value::Bool(sent)) if client.as_u64() == Some((*sent).into()) => {
            None
        }
        (Value::Number(client_number), Value::Number(sent_number)) => {
            (!same_number(client_number.as_f64(), sent_number.as_f64()))
                .then(|| said(path, client, sent))
        }
        _ => (client != sent).then(|| said(path, client, sent)),
    };
    path.truncate(depth);
    found
}

/// Whether two numbers are the same, or one is the other as Perl prints it: with 15 digits.
fn same_number(client: Option<f64>, sent: Option<f64>) -> bool {
    let printed = |number: f64| format!("{number:.14e}").parse().ok();
    client == sent || client == sent.and_then(printed)
}

fn said(path: &str, client: &Value, sent: &Value) -> String {
    format!("{path}: the client shows {client}, but {sent} was sent")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::difference;

    #[test]
    fn what_a_client_does_not_know_is_no_difference() {
        let sent = json!({
            "a": 1,
            "b": [true, {"rid": "/x", "type": "m.T:2.0.1"}],
            "d": 0.2672096811702477,
            "e": [{"key": 3, "value": "x"}],
        });
        for client in [
            json!({"a": 1.0}),
            json!({"d": 0.267209681170248}),
            json!({"e": {"3": "x"}}),
            json!({"b": [1, {"rid": "/x", "type": "m.T:1.0.0"}]}),
        ] {
            assert_eq!(difference(&client, &sent), None, "{client}");
        }
    }

    #[test]
    fn differences_are_named() {
        let sent = json!({"a": 1, "b": [true, {"rid": "/x", "type": "m.T:2.0.1"}]});
        for (client, path) in [
            (json!({"a": 2}), ".a:"),
            (json!({"b": [true]}), ".b:"),
            (json!({"b": [0, null]}), ".b[0]:"),
            (json!({"b": [true, {"type": "m.U:2.0.1"}]}), ".b[1].type:"),
            (json!({"c": null}), ".c:"),
        ] {
            let difference = difference(&client, &sent).unwrap_or_default();
            assert!(difference.starts_with(path), "{client}: {difference}");
        }
    }
}
