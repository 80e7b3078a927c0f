//! The objects that the members of a structure refer to.

use std::borrow::Cow;

use crate::agent::Agent;
use crate::codec::{Reader, ReaderOptions, Structure, Value, decode};
use crate::error::DecodeError;
use crate::json::NON_EMPTY;
use crate::json_text::Json;
use crate::object::{Interface, Object};

/// Objects by the place of the member.
type Found<'a> = Vec<(Cow<'a, str>, Object)>;

impl<'a> Structure<'a> {
    /// See [`Members::references`](crate::Members::references).
    pub fn references(self) -> impl Iterator<Item = (Cow<'a, str>, Object)> + Send + use<'a> {
        let mut found = Found::new();
        in_structure(self, "", &mut found);
        found.into_iter()
    }

    /// See [`Members::references_to`](crate::Members::references_to).
    pub fn references_to<T: Interface>(
        self,
    ) -> impl Iterator<Item = (Cow<'a, str>, T)> + Send + use<'a, T> {
        self.references()
            .filter_map(|(name, object)| Some((name, object.as_kind_of()?)))
    }
}

fn in_structure<'a>(structure: Structure<'a>, place: &str, found: &mut Found<'a>) {
    let agent = structure.extra().agent();
    for member in structure.members() {
        let name = below(place, member.name());
        match member.value() {
            Value::Json(json) if !member.is_known() => in_json(&json, name, agent, found),
            value => in_value(&value, name, found),
        }
    }
}

fn in_value<'a>(value: &Value<'a>, place: Cow<'a, str>, found: &mut Found<'a>) {
    match value {
        Value::Reference(reference) => found.push((place, reference.object().clone())),
        Value::Structure(structure) => in_structure(*structure, &place, found),
        Value::ValueObject(named) => match named.structure() {
            Some(structure) => in_structure(structure, &place, found),
            None => in_json(named.raw(), place, named.agent(), found),
        },
        Value::List(list) => {
            for (index, element) in list.iter().enumerate() {
                in_value(&element, Cow::Owned(format!("{place}[{index}]")), found);
            }
        }
        Value::Map(map) => {
            for (key, value) in map.iter() {
                let key = match key.as_str() {
                    Some(text) => Cow::Borrowed(text),
                    None => Cow::Owned(format!("{key:?}")),
                };
                in_value(&value, Cow::Owned(format!("{place}[{key}]")), found);
            }
        }
        // Opaque values are for those who know what is in them.
        _ => {}
    }
}

/// Looks for references in what the bindings do not know.
fn in_json<'a>(json: &Json, place: Cow<'a, str>, agent: Option<&Agent>, found: &mut Found<'a>) {
    let options = ReaderOptions {
        agent: agent.cloned(),
        ..ReaderOptions::default()
    };
    let mut reader = Reader::with_options(json.get(), &options);
    // The text was read once already: an error cannot come up, and would end the search only.
    let _ = search(&mut reader, place, &options, found);
}

fn search<'a>(
    reader: &mut Reader<'_>,
    place: Cow<'a, str>,
    options: &ReaderOptions,
    found: &mut Found<'a>,
) -> Result<(), DecodeError> {
    match reader.peek() {
        Some(b'{') => {
            let mark = reader.mark();
            let text = reader.raw_value()?;
            if let Ok(object) = decode::<Object>(text.as_bytes(), options) {
                found.push((place, object));
                return Ok(());
            }
            reader.rewind(mark);
            if reader.open_object("an object")? == NON_EMPTY {
                loop {
                    let name = reader.key()?.into_owned();
                    search(
                        reader,
                        below(&place, &name).into_owned().into(),
                        options,
                        found,
                    )?;
                    if !reader.more_members()? {
                        break;
                    }
                }
            }
            Ok(())
        }
        Some(b'[') => {
            let mut index = 0;
            if reader.open_array("an array")? == NON_EMPTY {
                loop {
                    search(reader, format!("{place}[{index}]").into(), options, found)?;
                    index += 1;
                    if !reader.more_elements()? {
                        break;
                    }
                }
            }
            Ok(())
        }
        _ => reader.skip_value(),
    }
}

/// The place of a member of what is at `place`.
fn below<'a>(place: &str, name: &'a str) -> Cow<'a, str> {
    if place.is_empty() {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("{place}.{name}"))
    }
}
