//! Reads a table. Its text is a part of this crate, so that a mistake in it is one of ours: a test reads them all.

use super::table::{Interface, Member, Method, Named, Record, Table, Type, free};

/// What the lines that follow belong to.
enum Open {
    Nothing,
    Interface(Interface),
    Record {
        id: String,
        record: Record,
        is_value_object: bool,
    },
}

/// Reads the text of a table.
///
/// # Errors
///
/// The line that cannot be read.
pub(super) fn read(text: &str) -> Result<Table, String> {
    let mut table = Table::default();
    let mut open = Open::Nothing;
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        if let Some(next) = begin(&mut table, &words) {
            close(&mut table, std::mem::replace(&mut open, next));
        } else if add(&mut open, &words).is_none() {
            return Err(line.to_owned());
        }
    }
    close(&mut table, open);
    Ok(table)
}

/// A line that begins a type.
fn begin(table: &mut Table, words: &[&str]) -> Option<Open> {
    let (id, named) = match *words {
        ["interface", id] => {
            return Some(Open::Interface(Interface {
                id: id.to_owned(),
                ..Interface::default()
            }));
        }
        [word @ ("structure" | "valueobject"), id] => {
            return Some(Open::Record {
                id: id.to_owned(),
                record: Record::default(),
                is_value_object: word == "valueobject",
            });
        }
        ["enumeration", id, known, fallback] => {
            let (known, fallback) = (known.parse().ok()?, fallback.parse().ok()?);
            (id, Named::Enumeration { known, fallback })
        }
        ["typedef", id, target] => (id, Named::Alias(ty(target)?)),
        ["opaque", id] => (id, Named::Opaque),
        _ => return None,
    };
    table.values.insert(id.to_owned(), named);
    Some(Open::Nothing)
}

/// A line about a type that has begun.
fn add(open: &mut Open, words: &[&str]) -> Option<()> {
    match (open, words) {
        (Open::Interface(interface), ["newest", id]) => interface.newest = (*id).to_owned(),
        (Open::Interface(interface), ["base", id]) => interface.bases.push((*id).to_owned()),
        (Open::Interface(interface), [word @ ("method" | "different"), name]) => {
            interface.methods.push(Method {
                name: (*name).to_owned(),
                same: *word == "method",
                ins: Vec::new(),
                outs: Vec::new(),
            });
        }
        (Open::Interface(interface), [word @ ("in" | "out"), name, of]) => {
            let method = interface.methods.last_mut()?;
            let list = match *word {
                "in" => &mut method.ins,
                _ => &mut method.outs,
            };
            list.push(member(name, of, false)?);
        }
        (Open::Record { record, .. }, [word @ ("member" | "older"), name, of]) => {
            record.members.push(member(name, of, *word == "older")?);
        }
        (Open::Record { record, .. }, ["newer", name, json]) => {
            record.newer.push(((*name).to_owned(), (*json).to_owned()));
        }
        _ => return None,
    }
    Some(())
}

fn member(name: &str, of: &str, older: bool) -> Option<Member> {
    Some(Member {
        name: name.to_owned(),
        ty: ty(of)?,
        older,
    })
}

fn close(table: &mut Table, open: Open) {
    match open {
        Open::Nothing => {}
        Open::Interface(interface) => {
            table.interfaces.insert(free(&interface.id), interface);
        }
        Open::Record {
            id,
            record,
            is_value_object,
        } => {
            if is_value_object {
                table.value_objects.insert(free(&id), id.clone());
            }
            table.values.insert(id, Named::Record(record));
        }
    }
}

/// A type as the table names it.
fn ty(text: &str) -> Option<Type> {
    if let Some(element) = text.strip_prefix("vector<") {
        return Some(Type::Vector(Box::new(ty(element.strip_suffix('>')?)?)));
    }
    if let Some(pair) = text.strip_prefix("map<") {
        // Keys are built-in types: the first comma ends them.
        let (key, value) = pair.strip_suffix('>')?.split_once(',')?;
        return Some(Type::Map(Box::new(ty(key)?), Box::new(ty(value)?)));
    }
    Some(match text {
        "boolean" => Type::Boolean,
        "byte" | "int" | "long" | "time" => Type::Integer,
        "float" | "double" => Type::Float,
        "string" => Type::Text,
        "typecode" => Type::WireId,
        "Object" => Type::Object,
        id if id.contains(':') => Type::Named(id.to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_with_what_they_hold() {
        let named = || Type::Named("a.B:1.0.0".to_owned());
        assert_eq!(
            ty("vector<a.B:1.0.0>"),
            Some(Type::Vector(Box::new(named())))
        );
        assert_eq!(
            ty("map<int,vector<a.B:1.0.0>>"),
            Some(Type::Map(
                Box::new(Type::Integer),
                Box::new(Type::Vector(Box::new(named())))
            ))
        );
        assert_eq!(ty("vector<int"), None);
        assert_eq!(ty("integer"), None);
    }

    #[test]
    fn a_line_that_means_nothing_is_named() {
        assert_eq!(
            read("structure a.B:1.0.0\nmenber x int").err().as_deref(),
            Some("menber x int")
        );
        assert_eq!(read("member x int").err().as_deref(), Some("member x int"));
    }
}
