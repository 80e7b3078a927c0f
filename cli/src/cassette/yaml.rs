//! The YAML of cassettes as a tree.

use saphyr_parser::{Event, Parser, ScalarStyle};

/// How deeply a cassette may be nested; six levels are usual.
const DEEPEST: usize = 64;

/// One value, and the line where it begins.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    value: Value,
}

#[derive(Debug)]
enum Value {
    /// Nothing: `null`, `~`, a reference to something else, bytes.
    Null,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(members) => members
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(elements) => Some(elements),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads the first document.
pub(super) fn parse(text: &str) -> Result<Node, String> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
    };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
            (Event::StreamEnd | Event::DocumentEnd, line) => {
                return Err(format!("line {line}: the cassette is empty"));
            }
            (event, line) => return reader.node(event, line, 0),
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, usize), String> {
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, span.start.line())),
            Some(Err(error)) => Err(format!(
                "line {}: this is no YAML; look for a quote or an indentation here or just before",
                error.marker().line()
            )),
            None => Err("the cassette ends in the middle".to_owned()),
        }
    }

    fn node(&mut self, event: Event<'a>, line: usize, depth: usize) -> Result<Node, String> {
        if depth > DEEPEST {
            return Err(format!("line {line}: nested too deeply"));
        }
        let value = match event {
            Event::Scalar(text, style, _, tag) => {
                let plain = style == ScalarStyle::Plain;
                let nothing = plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let is_binary = tag.is_some_and(|tag| tag.suffix == "binary");
                if nothing || is_binary {
                    Value::Null
                } else {
                    Value::Text(text.into_owned())
                }
            }
            Event::SequenceStart(..) => {
                let mut elements = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break Value::List(elements),
                        (event, line) => elements.push(self.node(event, line, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut members = Vec::new();
                loop {
                    let key = match self.next()? {
                        (Event::MappingEnd, _) => break Value::Map(members),
                        (event, line) => self.node(event, line, depth + 1)?,
                    };
                    let (event, line) = self.next()?;
                    let value = self.node(event, line, depth + 1)?;
                    if let Value::Text(key) = key.value {
                        members.push((key, value));
                    }
                }
            }
            // What is written once and meant twice is a header as a rule; nothing that is looked at here.
            _ => Value::Null,
        };
        Ok(Node { line, value })
    }
}
