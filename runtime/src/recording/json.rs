//! JSON as a tree: recordings are compared, changed and laid out for people.

use std::fmt;

use crate::error::DecodeError;
use crate::json::{Limits, NON_EMPTY, Text, write};
use crate::json_text::Json;
use crate::settings::{DEFAULT_MAX_MEMORY, MAX_DEPTH};

/// The widest container that is written on one line, in bytes.
const WIDTH: usize = 100;

/// One JSON value. Numbers are kept as they were written, and so is the order of members.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// A number, `true`, `false` or `null`.
    Word(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

/// How far a text in a recording is read.
pub(super) const LIMITS: Limits = Limits {
    strict: false,
    depth: MAX_DEPTH,
    memory: DEFAULT_MAX_MEMORY,
};

impl Node {
    pub(super) fn null() -> Self {
        Self::Word("null".to_owned())
    }

    pub(super) fn number(number: impl fmt::Display) -> Self {
        Self::Word(number.to_string())
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An object of the members that there are.
    pub(super) fn object<'a>(members: impl IntoIterator<Item = (&'a str, Option<Node>)>) -> Self {
        let members = members.into_iter();
        Self::Object(
            members
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect(),
        )
    }

    /// Reads a whole text.
    pub(super) fn parse(text: &str) -> Result<Self, DecodeError> {
        let mut reader = Text::new(text, LIMITS);
        reader.expect_document()?;
        let node = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(node)
    }

    /// Reads a whole text of bytes; `None` for what is no JSON.
    pub(super) fn parse_bytes(bytes: &[u8]) -> Option<Self> {
        Self::parse(std::str::from_utf8(bytes).ok()?).ok()
    }

    pub(super) fn of(json: &Json) -> Self {
        // A `Json` was read before; what is nested more deeply than a recording takes is kept as text.
        Self::parse(json.get()).unwrap_or_else(|_| Self::text(json.get()))
    }

    /// Reads the value that comes next.
    pub(super) fn read(reader: &mut Text<'_>) -> Result<Self, DecodeError> {
        match reader.peek() {
            Some(b'"') => Ok(Self::Text(reader.string()?.into_owned())),
            Some(b'{') => {
                let mut members = Vec::new();
                if reader.open_object("an object")? == NON_EMPTY {
                    loop {
                        let name = reader.key()?.into_owned();
                        members.push((name, Self::read(reader)?));
                        if !reader.more_members()? {
                            break;
                        }
                    }
                }
                Ok(Self::Object(members))
            }
            Some(b'[') => {
                let mut elements = Vec::new();
                if reader.open_array("an array")? == NON_EMPTY {
                    loop {
                        elements.push(Self::read(reader)?);
                        if !reader.more_elements()? {
                            break;
                        }
                    }
                }
                Ok(Self::List(elements))
            }
            _ => Ok(Self::Word(reader.raw_value()?.to_owned())),
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Word(word) if word == "null")
    }

    /// The value of a member; `None` for what is no object, too.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        match self {
            Self::Object(members) => members
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> Option<&[Node]> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    pub(super) fn as_number<N: std::str::FromStr>(&self) -> Option<N> {
        match self {
            Self::Word(word) => word.parse().ok(),
            _ => None,
        }
    }

    /// Whether there is nothing in it: no parameters.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Word(word) => word == "null",
            Self::Text(_) => false,
            Self::List(elements) => elements.is_empty(),
            Self::Object(members) => members.is_empty(),
        }
    }

    /// The text without any blanks, as devices write it.
    pub(super) fn compact(&self) -> String {
        let mut out = Vec::new();
        self.append(&mut out, ",", ":");
        text(out)
    }

    pub(super) fn to_json(&self) -> Json {
        Json::trusted(self.compact())
    }

    fn append(&self, out: &mut Vec<u8>, comma: &str, colon: &str) {
        match self {
            Self::Word(word) => out.extend_from_slice(word.as_bytes()),
            Self::Text(text) => write::string(out, text),
            Self::List(elements) => {
                out.push(b'[');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        out.extend_from_slice(comma.as_bytes());
                    }
                    element.append(out, comma, colon);
                }
                out.push(b']');
            }
            Self::Object(members) => {
                out.push(b'{');
                for (index, (name, value)) in members.iter().enumerate() {
                    if index > 0 {
                        out.extend_from_slice(comma.as_bytes());
                    }
                    write::string(out, name);
                    out.extend_from_slice(colon.as_bytes());
                    value.append(out, comma, colon);
                }
                out.push(b'}');
            }
        }
    }

    /// The text for people: what is short stands on one line.
    pub(super) fn pretty(&self) -> String {
        let mut out = Vec::new();
        self.lay_out(&mut out, 0);
        text(out)
    }

    fn lay_out(&self, out: &mut Vec<u8>, indent: usize) {
        let is_short = self.width(WIDTH.saturating_sub(2 * indent)).is_some();
        match self {
            Self::List(elements) if !is_short => {
                out.push(b'[');
                for (index, element) in elements.iter().enumerate() {
                    begin_line(out, index, indent + 1);
                    element.lay_out(out, indent + 1);
                }
                end_lines(out, indent, b']');
            }
            Self::Object(members) if !is_short => {
                out.push(b'{');
                for (index, (name, value)) in members.iter().enumerate() {
                    begin_line(out, index, indent + 1);
                    write::string(out, name);
                    out.extend_from_slice(b": ");
                    value.lay_out(out, indent + 1);
                }
                end_lines(out, indent, b'}');
            }
            _ => self.append(out, ", ", ": "),
        }
    }

    /// About how much room it takes on one line, if it is not more than `room`.
    fn width(&self, room: usize) -> Option<usize> {
        let own = match self {
            Self::Word(word) => word.len(),
            Self::Text(text) => text.len() + 2,
            Self::List(elements) => {
                let mut width = 2usize;
                for element in elements {
                    width += 2 + element.width(room.checked_sub(width)?)?;
                }
                width
            }
            Self::Object(members) => {
                let mut width = 2usize;
                for (name, value) in members {
                    width += 6 + name.len();
                    width += value.width(room.checked_sub(width)?)?;
                }
                width
            }
        };
        (own <= room).then_some(own)
    }
}

fn begin_line(out: &mut Vec<u8>, index: usize, indent: usize) {
    if index > 0 {
        out.push(b',');
    }
    out.push(b'\n');
    indent_by(out, indent);
}

fn end_lines(out: &mut Vec<u8>, indent: usize, close: u8) {
    out.push(b'\n');
    indent_by(out, indent);
    out.push(close);
}

/// Text that is nested without end must not grow without end.
fn indent_by(out: &mut Vec<u8>, levels: usize) {
    const DEEPEST: usize = 20;
    out.extend(std::iter::repeat_n(b' ', 2 * levels.min(DEEPEST)));
}

/// A string as JSON text.
pub(super) fn quoted(value: &str) -> String {
    let mut out = Vec::new();
    write::string(&mut out, value);
    text(out)
}

/// The writers above write text only.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn short_containers_stand_on_one_line_and_long_ones_do_not() {
        let text = r#"{"a":[1.50,null,"x\ny"],"b":{}}"#;
        let node = Node::parse(text).expect("JSON");
        assert_eq!(node.compact(), text);
        assert_eq!(node.pretty(), r#"{"a": [1.50, null, "x\ny"], "b": {}}"#);
        let long = "x".repeat(100);
        let node = Node::parse(&format!(r#"{{"a":["{long}"],"b":2}}"#)).expect("JSON");
        assert_eq!(
            node.pretty(),
            format!("{{\n  \"a\": [\n    \"{long}\"\n  ],\n  \"b\": 2\n}}")
        );
    }
}
