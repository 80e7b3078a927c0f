//! What a request is about, as rules look at it.

use serde_json::Value;

/// The object that takes bulk requests; routers have it without a servant.
pub(super) const BULK: &str = "/bulk";
/// Its methods.
pub(super) const BULK_METHODS: [&str; 3] = ["performBulk", "performBulkTimeout", "performRequest"];

/// A call of a method, or a request for a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    /// Every name of the object or file.
    pub(crate) names: Vec<String>,
    /// `None`: there is none, or it cannot be read.
    pub(crate) method: Option<String>,
}

/// A request, and the calls in it if it is a bulk.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) itself: Call,
    pub(crate) parts: Vec<Call>,
}

impl Subject {
    /// A request for a file.
    pub(crate) fn file(path: &str) -> Self {
        Self {
            itself: Call {
                names: vec![path.to_owned()],
                method: None,
            },
            parts: Vec::new(),
        }
    }

    /// The request `itself` with this body; `names` knows the names of objects.
    pub(crate) fn of_call(itself: Call, body: &[u8], names: impl Fn(&str) -> Vec<String>) -> Self {
        let method = itself.method.as_deref().unwrap_or_default();
        let is_bulk =
            BULK_METHODS.contains(&method) && itself.names.iter().any(|name| name == BULK);
        let parts = match is_bulk {
            true => parts(body, names),
            false => Vec::new(),
        };
        Self { itself, parts }
    }
}

/// The calls in a bulk. What cannot be read is left out: no call comes of it.
fn parts(body: &[u8], names: impl Fn(&str) -> Vec<String>) -> Vec<Call> {
    let document: Value = serde_json::from_slice(body).unwrap_or_default();
    let params = &document["params"];
    let requests = params.get("requests").or_else(|| params.get(0));
    let requests = requests.and_then(Value::as_array);
    let part = |part: &Value| {
        Some(Call {
            names: names(&spelled(part.get("rid")?.as_str()?)),
            method: method(part.get("json")?),
        })
    };
    requests.into_iter().flatten().filter_map(part).collect()
}

/// The method of a document, which is an object or, in the oldest form, a string.
fn method(document: &Value) -> Option<String> {
    let method = |document: &Value| document.get("method")?.as_str().map(str::to_owned);
    match document {
        Value::String(text) => method(&serde_json::from_str(text).ok()?),
        document => method(document),
    }
}

/// A resource id with one leading slash and no trailing one.
pub(crate) fn spelled(rid: &str) -> String {
    format!("/{}", rid.trim_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(rid: &str, method: &str, body: &str) -> Vec<(String, Option<String>)> {
        let itself = Call {
            names: vec![rid.to_owned()],
            method: Some(method.to_owned()),
        };
        let subject = Subject::of_call(itself, body.as_bytes(), |rid| vec![rid.to_owned()]);
        let parts = subject.parts.into_iter();
        parts
            .map(|mut part| (part.names.remove(0), part.method))
            .collect()
    }

    #[test]
    fn the_calls_in_a_bulk() {
        let objects = r#"{"params":{"requests":[{"rid":"a/","json":{"method":"m"}},{"rid":7},{"rid":"/b","json":[]}]}}"#;
        let expected = [
            ("/a".to_owned(), Some("m".to_owned())),
            ("/b".to_owned(), None),
        ];
        assert_eq!(seen("/bulk", "performBulk", objects), expected);
        let strings = r#"{"params":[[{"rid":"/a","json":"{\"method\":\"m\"}"}]]}"#;
        assert_eq!(seen("/bulk", "performRequest", strings), expected[..1]);
        assert_eq!(seen("/bulk", "getTypeInfo", objects), []);
        assert_eq!(seen("/other", "performBulk", objects), []);
        assert_eq!(seen("/bulk", "performBulk", "{"), []);
    }
}
