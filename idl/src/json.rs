//! The one writer of JSON: for the dump, the comparison and the diagnostics.

use std::fmt::Write as _;

/// Writes JSON; commas are put where they belong.
#[derive(Debug, Default)]
pub(crate) struct Json {
    out: String,
    /// Whether the next value of the open list or object needs a comma before it.
    needs_comma: bool,
    /// Whether a value goes to a line of its own.
    on_line: bool,
}

impl Json {
    pub(crate) fn open(&mut self, bracket: char) {
        self.separate();
        self.out.push(bracket);
        self.needs_comma = false;
    }

    pub(crate) fn close(&mut self, bracket: char) {
        self.out.push(bracket);
        self.needs_comma = true;
    }

    /// The next value starts a line.
    pub(crate) fn line(&mut self) {
        self.on_line = true;
    }

    /// The next closing bracket starts a line.
    pub(crate) fn last_line(&mut self) {
        self.out.push('\n');
    }

    /// The key of the value that is written next.
    pub(crate) fn key(&mut self, key: &str) -> &mut Self {
        self.string(key);
        self.out.push_str(": ");
        self.needs_comma = false;
        self
    }

    pub(crate) fn null(&mut self) {
        self.separate();
        self.out.push_str("null");
        self.needs_comma = true;
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.separate();
        self.out.push_str(if value { "true" } else { "false" });
        self.needs_comma = true;
    }

    pub(crate) fn number(&mut self, number: i64) {
        self.separate();
        self.out.push_str(&number.to_string());
        self.needs_comma = true;
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.separate();
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                // Line ends in JavaScript source, and invisible in a terminal.
                c if c < ' ' || matches!(c, '\u{7f}' | '\u{2028}' | '\u{2029}') => {
                    // Writing to a string cannot fail.
                    let _ = write!(self.out, "\\u{:04x}", u32::from(c));
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
        self.needs_comma = true;
    }

    pub(crate) fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.null(),
        }
    }

    /// The document and a line end.
    pub(crate) fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    fn separate(&mut self) {
        if self.needs_comma {
            self.out.push(',');
        }
        if std::mem::take(&mut self.on_line) {
            self.out.push('\n');
        } else if self.needs_comma {
            self.out.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_survives() {
        let text = "\"quoted\" \\ back\n\ttab \u{0} \u{7f} \u{2028} µ 😀";
        let mut json = Json::default();
        json.open('[');
        json.string(text);
        json.number(-1);
        json.null();
        json.open('{');
        json.key("a").string("b");
        json.key("c").open('[');
        json.close(']');
        json.close('}');
        json.close(']');
        let out = json.finish();
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(
            value,
            serde_json::json!([text, -1, null, {"a": "b", "c": []}])
        );
    }
}
