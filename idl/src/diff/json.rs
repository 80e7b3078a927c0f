use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Change, Comparison, RustItem, TypeDiff};

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
        rust_modules,
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
        ("rust_modules", modules(rust_modules)),
    ] {
        let _ = write!(out, ",\n{}: {value}", string(key));
    }
    out.push_str("}\n");
    out
}

/// `rust` of modules by path.
fn modules(modules: &BTreeMap<String, RustItem>) -> String {
    let members = modules
        .iter()
        .map(|(path, item)| (path.as_str(), rust(item)));
    object(&members.collect::<Vec<_>>())
}

/// The names of both sides, or null when none were given.
fn rust(item: &RustItem) -> String {
    if item.name().is_none() {
        return "null".to_owned();
    }
    object(&[
        ("old", optional(item.old.as_deref())),
        ("new", optional(item.new.as_deref())),
    ])
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), string)
}

fn type_diff(ty: &TypeDiff) -> String {
    object(&[
        ("path", string(&ty.path)),
        ("kind", string(ty.kind)),
        ("rust", rust(&ty.rust)),
        ("old", string(&ty.old.to_string())),
        ("new", string(&ty.new.to_string())),
        ("demanded", string(ty.demanded.word())),
        ("taken", string(ty.taken.word())),
        ("verdict", string(ty.verdict().words())),
        ("habit", optional(ty.habit.map(super::Habit::words))),
        ("changes", lines(ty.changes.iter().map(change))),
    ])
}

fn change(change: &Change) -> String {
    object(&[
        ("item", string(change.item.word())),
        ("action", string(change.action.word())),
        ("path", string(&change.path)),
        ("member", string(&change.member)),
        ("rust", rust(&change.rust)),
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
