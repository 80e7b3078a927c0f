use std::fmt::Write as _;

use super::{Change, Comparison, TypeDiff};

/// The version of the document's shape.
const FORMAT: u32 = 1;

pub(super) fn render(comparison: &Comparison) -> String {
    let mut out = String::from("{");
    let Comparison {
        types,
        added,
        removed,
        modules_added,
        modules_removed,
        older,
    } = comparison;
    let strings = |list: &[String]| array(list.iter().map(|text| string(text)), ", ");
    let older = older.iter().map(|older| {
        object(&[
            ("in", string(super::text::side(older.in_new))),
            ("id", string(&older.wire_id)),
        ])
    });
    let _ = write!(
        out,
        "\"format\": {FORMAT}, \"breaking\": {}",
        comparison.is_breaking()
    );
    for (key, value) in [
        ("modules_added", strings(modules_added)),
        ("modules_removed", strings(modules_removed)),
        ("older", array(older, ", ")),
        ("removed", lines(removed.iter().map(change))),
        ("added", lines(added.iter().map(change))),
        ("types", lines(types.iter().map(type_diff))),
    ] {
        let _ = write!(out, ",\n{}: {value}", string(key));
    }
    out.push_str("}\n");
    out
}

fn type_diff(ty: &TypeDiff) -> String {
    object(&[
        ("path", string(&ty.path)),
        ("kind", string(ty.kind)),
        ("old", string(&ty.old.to_string())),
        ("new", string(&ty.new.to_string())),
        ("demanded", string(ty.demanded.word())),
        ("taken", string(ty.taken.word())),
        ("verdict", string(ty.verdict().words())),
        ("changes", lines(ty.changes.iter().map(change))),
    ])
}

fn change(change: &Change) -> String {
    let optional = |text: Option<&str>| text.map_or_else(|| "null".to_owned(), string);
    object(&[
        ("item", string(change.item.word())),
        ("action", string(change.action.word())),
        ("path", string(&change.path)),
        ("member", string(&change.member)),
        ("old", optional(change.old.as_deref())),
        ("new", optional(change.new.as_deref())),
        ("travel", optional(change.travel.map(super::Travel::word))),
        ("class", string(change.class.word())),
        ("effect", string(change.effect.word())),
        ("step", string(change.step.word())),
    ])
}

fn object(members: &[(&str, String)]) -> String {
    let members = members
        .iter()
        .map(|(key, value)| format!("{}: {value}", string(key)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

fn array(values: impl Iterator<Item = String>, separator: &str) -> String {
    format!("[{}]", values.collect::<Vec<_>>().join(separator))
}

/// One value on a line.
fn lines(values: impl ExactSizeIterator<Item = String>) -> String {
    match values.len() {
        0 => "[]".to_owned(),
        _ => array(values.map(|value| format!("\n{value}")), ","),
    }
}

fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' || matches!(c, '\u{7f}' | '\u{2028}' | '\u{2029}') => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
