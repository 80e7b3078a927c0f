//! The phrases that text and Markdown share.

use std::fmt::Write as _;

use super::{Action, Change, Class, Comparison, Effect, Item, RustItem, Travel, TypeDiff, Verdict};

/// Writing to a string cannot fail.
pub(super) fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}

/// What there is to say where nothing is shown: there may be differences that nobody asked for.
pub(super) fn nothing(comparison: &Comparison) -> String {
    match comparison.left_out {
        0 => "no differences".to_owned(),
        1 => "none of what was asked for: 1 change is left out".to_owned(),
        count => format!("none of what was asked for: {count} changes are left out"),
    }
}

pub(super) const fn side(in_new: bool) -> &'static str {
    if in_new { "new" } else { "old" }
}

/// ` (added)`, ` (removed)` or nothing.
pub(super) fn module_state(comparison: &Comparison, module: &str) -> &'static str {
    let has = |list: &[String]| list.iter().any(|path| path == module);
    match (
        has(&comparison.modules_added),
        has(&comparison.modules_removed),
    ) {
        (true, _) => " (added)",
        (_, true) => " (removed)",
        _ => "",
    }
}

/// `; Rust garden::Valve`, both names when there are two, or nothing.
pub(super) fn rust(item: &RustItem, code: &dyn Fn(&str) -> String) -> String {
    match (&item.old, &item.new) {
        (Some(old), Some(new)) if old != new => format!("; Rust {} -> {}", code(old), code(new)),
        _ => item
            .name()
            .map_or_else(String::new, |name| format!("; Rust {}", code(name))),
    }
}

/// The same of a module, unless it is called as in the IDL.
pub(super) fn module_rust(
    comparison: &Comparison,
    module: &str,
    code: &dyn Fn(&str) -> String,
) -> String {
    match comparison.rust_modules.get(module) {
        Some(item) if item.name() != Some(module) => rust(item, code),
        _ => String::new(),
    }
}

/// What it means for Rust callers, with the name that they use when it is known.
fn effect(change: &Change, code: &dyn Fn(&str) -> String) -> String {
    if change.rust.name().is_some() {
        return format!("{}: {}", rust(&change.rust, code), change.effect.word());
    }
    let words = match change.effect {
        _ if change.item == Item::Reference => "",
        Effect::SourceCompatible => "",
        Effect::Recompile => "; recompile Rust callers",
        Effect::Breaking => "; breaks Rust callers",
    };
    words.to_owned()
}

/// The types of a module that only one side has, removed ones first.
pub(super) fn lone<'c>(
    comparison: &'c Comparison,
    module: &str,
) -> impl Iterator<Item = &'c Change> {
    let all = comparison.removed.iter().chain(&comparison.added);
    all.filter(move |change| change.module == module)
}

/// `1.0.0 -> 2.0.0: major step demanded, major taken`
pub(super) fn steps(ty: &TypeDiff) -> String {
    let (old, new) = (ty.old, ty.new);
    let (demanded, taken) = (ty.demanded.word(), ty.taken.word());
    let verdict = match ty.verdict() {
        Verdict::AsDemanded => String::new(),
        other => {
            let habit = ty
                .habit
                .map_or_else(String::new, |habit| format!(", {}", habit.words()));
            format!(" (mismatch: {}{habit})", other.words())
        }
    };
    let versions = if old == new {
        format!("{old}")
    } else {
        format!("{old} -> {new}")
    };
    let by = if ty.is_taken_by_enclosing() {
        " by the enclosing type"
    } else {
        ""
    };
    format!("{versions}: {demanded} step demanded, {taken} taken{by}{verdict}")
}

pub(super) fn totals(comparison: &Comparison) -> String {
    let of = |class| {
        comparison
            .changes()
            .filter(|change| change.class == class)
            .count()
    };
    let rust = comparison
        .changes()
        .filter(|change| change.effect == Effect::Breaking)
        .count();
    let (types, mismatches) = (comparison.types.len(), comparison.mismatches().count());
    format!(
        "{} breaking, {} compatible, {} by reference; {rust} break Rust callers; {mismatches} of {types} types with a mismatched version step",
        of(Class::Breaking),
        of(Class::Compatible),
        of(Class::Reference),
    )
}

/// `breaking: method garden.Lamp.blink removed: void blink(); breaks Rust callers`, code set by `code`.
pub(super) fn sentence(change: &Change, code: &dyn Fn(&str) -> String) -> String {
    let (class, name) = (change.class.word(), code(&change.name()));
    let mut out = format!("{class}: {}", event(change, &name, code));
    if change.item == Item::Version {
        out.push_str(" (proxies of the other major version refuse it)");
    }
    out.push_str(&effect(change, code));
    out
}

/// `method garden.Lamp.blink removed: void blink()`, with the name as the caller writes it.
pub(super) fn event(change: &Change, name: &str, code: &dyn Fn(&str) -> String) -> String {
    let (item, action) = (change.item.word(), change.action.word());
    let mut out = match change.item {
        Item::Reference => {
            let to = match (&change.old, &change.new) {
                (Some(old), Some(new)) if old != new => format!("{} -> {}", code(old), code(new)),
                (old, new) => new
                    .as_ref()
                    .or(old.as_ref())
                    .map_or_else(String::new, |id| code(id)),
            };
            return format!("{name} refers to {to} ({} step)", change.step.word());
        }
        Item::Return
        | Item::MapKey
        | Item::Base
        | Item::Kind
        | Item::Version
        | Item::Target
        | Item::Marks
        | Item::Annotation
        | Item::Fallback => format!("{item} of {name} {action}"),
        _ if change.action == Action::Reordered => format!("{item}s of {name} reordered"),
        _ => format!("{item} {name} {action}"),
    };
    out.push_str(&texts(change, code));
    if matches!(change.item, Item::Field | Item::Enumerator) {
        out.push_str(travels(change));
    }
    out
}

/// `: int -> long`
fn texts(change: &Change, code: &dyn Fn(&str) -> String) -> String {
    let place = change.item == Item::Enumerator
        && !matches!(change.action, Action::Renamed | Action::Reordered);
    match (&change.old, &change.new) {
        (Some(only), None) | (None, Some(only)) if place => format!(" as number {only}"),
        (Some(old), Some(new)) => format!(": {} -> {}", code(old), code(new)),
        (Some(only), None) | (None, Some(only)) => format!(": {}", code(only)),
        (None, None) => String::new(),
    }
}

const fn travels(change: &Change) -> &'static str {
    match (change.travel, change.optional) {
        (Some(Travel::ToDevice), false) => " (sent to the device)",
        (Some(Travel::ToDevice), true) => " (sent to the device, may be left out)",
        (Some(Travel::FromDevice), _) => " (sent by the device)",
        (Some(Travel::Both), false) => " (sent both ways)",
        (Some(Travel::Both), true) => " (sent both ways, may be left out)",
        (None, _) => "",
    }
}
