use std::fmt::Write as _;

use super::{Action, Change, Class, Comparison, Effect, Item, RustItem, Travel, TypeDiff, Verdict};

pub(super) fn render(comparison: &Comparison) -> String {
    let mut out = String::new();
    if comparison.is_empty() {
        out.push_str("no differences\n");
    }
    for module in comparison.modules() {
        let state = module_state(comparison, module);
        let name = module_rust(comparison, module, &plain);
        line(&mut out, format_args!("module {module}{state}{name}"));
        for change in lone(comparison, module) {
            line(&mut out, format_args!("  {}", sentence(change, &plain)));
        }
        for ty in comparison.types.iter().filter(|ty| ty.module == module) {
            let (kind, path, steps) = (ty.kind, &ty.path, steps(ty));
            let name = rust(&ty.rust, &plain);
            line(&mut out, format_args!("  {kind} {path} {steps}{name}"));
            for change in &ty.changes {
                line(&mut out, format_args!("    {}", sentence(change, &plain)));
            }
        }
    }
    if !comparison.is_empty() {
        line(&mut out, format_args!("{}", totals(comparison)));
    }
    for older in &comparison.older {
        let side = side(older.in_new);
        line(
            &mut out,
            format_args!(
                "not compared: older version {} in the {side} IDL",
                older.wire_id
            ),
        );
    }
    out
}

/// Writing to a string cannot fail.
pub(super) fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
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

fn plain(code: &str) -> String {
    code.to_owned()
}

/// `breaking: method garden.Lamp.blink removed: void blink(); breaks Rust callers`, code set by `code`.
pub(super) fn sentence(change: &Change, code: &dyn Fn(&str) -> String) -> String {
    let (class, item, action) = (
        change.class.word(),
        change.item.word(),
        change.action.word(),
    );
    let name = code(&change.name());
    let mut out = match change.item {
        Item::Reference => {
            let both = change.old.as_deref().zip(change.new.as_deref());
            let (old, new) = both.expect("a reference stands on both sides");
            let to = match old == new {
                true => code(new),
                false => format!("{} -> {}", code(old), code(new)),
            };
            let (step, effect) = (change.step.word(), effect(change, code));
            return format!("{class}: {name} refers to {to} ({step} step){effect}");
        }
        Item::Annotation => format!("{class}: annotation of {name} {action}"),
        Item::Return
        | Item::MapKey
        | Item::Base
        | Item::Kind
        | Item::Version
        | Item::Target
        | Item::Marks
        | Item::Fallback => {
            format!("{class}: {item} of {name} {action}")
        }
        _ if change.action == Action::Reordered => format!("{class}: {item}s of {name} reordered"),
        _ => format!("{class}: {item} {name} {action}"),
    };
    let place = change.item == Item::Enumerator
        && !matches!(change.action, Action::Renamed | Action::Reordered);
    let text = match (&change.old, &change.new) {
        (Some(only), None) | (None, Some(only)) if place => format!(" as number {only}"),
        (Some(old), Some(new)) => format!(": {} -> {}", code(old), code(new)),
        (Some(only), None) | (None, Some(only)) => format!(": {}", code(only)),
        (None, None) => String::new(),
    };
    out.push_str(&text);
    if matches!(change.item, Item::Field | Item::Enumerator) {
        out.push_str(match change.travel {
            Some(Travel::ToDevice) => " (sent to the device)",
            Some(Travel::FromDevice) => " (sent by the device)",
            Some(Travel::Both) => " (sent both ways)",
            None => "",
        });
    }
    if change.item == Item::Version {
        out.push_str(" (proxies of the other major version refuse it)");
    }
    out.push_str(&effect(change, code));
    out
}
