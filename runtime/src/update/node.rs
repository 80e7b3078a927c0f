//! Values of any type as trees: what two of them can be compared as.

use crate::error::DecodeError;

use crate::codec::{Named, Reader, Structure, Value};

/// A value, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Absent,
    /// The name of something: an enumerator, a type, an object; a time.
    Word(String),
    Text(String),
    /// A number, a boolean or `null`, as JSON.
    Plain(String),
    Members(Vec<(String, Node)>),
    /// A map.
    Entries(Vec<(String, Node)>),
    Elements(Vec<Node>),
    /// JSON that is nested too deep to be taken apart.
    Opaque(String),
}

impl Node {
    pub(super) fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Absent => Self::Absent,
            Value::Text(text) => Self::Text((*text).to_owned()),
            Value::Time(time) => Self::Word(time.to_string()),
            Value::TypeCode(id) => Self::Word(id.as_str().to_owned()),
            Value::Enumeration(enumerator) => match enumerator.name() {
                Some(name) => Self::Word(name.to_owned()),
                None => Self::Plain(enumerator.index().to_string()),
            },
            Value::Structure(structure) => Self::Members(members(*structure).collect()),
            Value::ValueObject(named) => named_members(named),
            Value::Reference(reference) => Self::Word(reference.rid().to_owned()),
            Value::List(list) => Self::Elements(list.iter().map(|it| Self::of(&it)).collect()),
            Value::Map(map) => Self::Entries(
                map.iter()
                    .map(|(key, value)| (key_text(&key), Self::of(&value)))
                    .collect(),
            ),
            Value::Json(json) => Self::of_json(json.get()),
            Value::Unreadable(element) => Self::of_json(element.raw().get()),
            plain
            @ (Value::Boolean(_) | Value::Integer(_) | Value::Float(_) | Value::Double(_)) => {
                Self::Plain(format!("{plain:?}"))
            }
        }
    }

    fn of_json(text: &str) -> Self {
        let mut reader = Reader::new(text);
        json(&mut reader).unwrap_or_else(|_| Self::Opaque(text.to_owned()))
    }
}

/// The members that are sent.
fn members(structure: Structure<'_>) -> impl Iterator<Item = (String, Node)> {
    structure
        .members()
        .filter(|member| !member.is_left_out())
        .map(|member| (member.name().to_owned(), Node::of(&member.value())))
}

fn named_members(named: &Named<'_>) -> Node {
    let id = Node::Word(named.wire_id().as_str().to_owned());
    let kind = ("type".to_owned(), id);
    match named.structure() {
        Some(structure) => Node::Members([kind].into_iter().chain(members(structure)).collect()),
        None => {
            let raw = ("value".to_owned(), Node::of_json(named.raw().get()));
            Node::Members(vec![kind, raw])
        }
    }
}

fn key_text(key: &Value<'_>) -> String {
    match key {
        Value::Text(text) => (*text).to_owned(),
        key => format!("{key:?}"),
    }
}

/// The JSON value that comes next.
fn json(reader: &mut Reader<'_>) -> Result<Node, DecodeError> {
    match reader.peek() {
        Some(b'{') => {
            let mut members = Vec::new();
            if reader.open_object("an object")? {
                loop {
                    let name = reader.key()?.into_owned();
                    members.push((name, json(reader)?));
                    if !reader.more_members()? {
                        break;
                    }
                }
            }
            Ok(Node::Members(members))
        }
        Some(b'[') => {
            let mut elements = Vec::new();
            if reader.open_array("an array")? {
                loop {
                    elements.push(json(reader)?);
                    if !reader.more_elements()? {
                        break;
                    }
                }
            }
            Ok(Node::Elements(elements))
        }
        Some(b'"') => Ok(Node::Text(reader.string()?.into_owned())),
        _ => Ok(Node::Plain(reader.raw_value()?.to_owned())),
    }
}
