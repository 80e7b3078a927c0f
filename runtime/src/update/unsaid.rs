//! Default values that nobody set, on their way to a device that left the members out.

use crate::codec::{Encode, Structure, Value};

/// The members that the device left out when `read` was read, and that were not set since: their places.
pub(super) fn left_out(read: &dyn Encode) -> Vec<String> {
    let mut found = Vec::new();
    walk(&read.as_value(), "", &mut found, &|member| {
        if member.missing && member.left_out {
            Found::Here
        } else {
            Found::Deeper
        }
    });
    found
}

/// The members with default values in structures that the device left out and that were set in part: their places.
pub(super) fn set_in_part(changed: &dyn Encode) -> Vec<String> {
    let mut found = Vec::new();
    walk(&changed.as_value(), "", &mut found, &|member| {
        if member.missing && !member.left_out {
            Found::Defaults
        } else {
            Found::Deeper
        }
    });
    found
}

struct Standing {
    missing: bool,
    left_out: bool,
}

enum Found {
    Here,
    /// Members with default values in it.
    Defaults,
    Deeper,
}

fn walk(value: &Value<'_>, path: &str, found: &mut Vec<String>, judge: &dyn Fn(Standing) -> Found) {
    match value {
        Value::Structure(structure) => {
            for member in structure.members().filter(crate::codec::Member::is_known) {
                let place = place(path, member.name());
                let standing = Standing {
                    missing: member.is_missing(),
                    left_out: member.is_left_out(),
                };
                match judge(standing) {
                    Found::Here => found.push(place),
                    Found::Defaults => {
                        if let Value::Structure(inner) = member.value() {
                            defaults(inner, &place, found);
                        }
                    }
                    Found::Deeper => walk(&member.value(), &place, found, judge),
                }
            }
        }
        Value::List(list) => {
            for (index, element) in list.iter().enumerate() {
                walk(&element, &format!("{path}[{index}]"), found, judge);
            }
        }
        Value::Map(map) => {
            for (key, value) in map.iter() {
                walk(&value, &format!("{path}[{key:?}]"), found, judge);
            }
        }
        _ => {}
    }
}

fn defaults(structure: Structure<'_>, path: &str, found: &mut Vec<String>) {
    for member in structure.members().filter(crate::codec::Member::is_known) {
        let place = place(path, member.name());
        match member.value() {
            value if value.is_default() => found.push(place),
            Value::Structure(inner) => defaults(inner, &place, found),
            _ => {}
        }
    }
}

fn place(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}
