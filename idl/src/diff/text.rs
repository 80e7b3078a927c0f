//! The comparison for people: a summary, then what breaks, then what has to be compiled again, then the rest in short.

use std::collections::BTreeMap;

use super::words::{event, line, nothing, rust, side, totals};
use super::wrap::wrap;
use super::{Action, Change, Class, Comparison, Effect, Item, TypeDiff};

pub(super) fn render(comparison: &Comparison) -> String {
    let mut out = String::new();
    if comparison.is_empty() {
        line(&mut out, format_args!("{}", nothing(comparison)));
    } else {
        summary(&mut out, comparison);
        let sections: [Section; 3] = [
            (
                "Breaking: programs made for the old firmware may fail",
                |change| change.class == Class::Breaking,
            ),
            (
                "Breaking for Rust callers only: the wire is the same",
                |change| change.class != Class::Breaking && change.effect == Effect::Breaking,
            ),
            ("To be compiled again: the source stays", |change| {
                change.class == Class::Compatible && change.effect == Effect::Recompile
            }),
        ];
        for section in sections {
            listed(&mut out, comparison, section);
        }
        additions(&mut out, comparison);
        references(&mut out, comparison);
        steps(&mut out, comparison);
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

/// Heading, and which changes are below it.
type Section = (&'static str, fn(&Change) -> bool);

/// How many, and where.
fn summary(out: &mut String, comparison: &Comparison) {
    wrap(out, 0, &totals(comparison));
    let mut modules: BTreeMap<&str, usize> = BTreeMap::new();
    for change in comparison.changes().filter(|change| change.is_breaking()) {
        *modules.entry(&change.module).or_default() += 1;
    }
    let mut modules: Vec<_> = modules.into_iter().collect();
    modules.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let modules = modules
        .iter()
        .map(|(module, count)| format!("{module} {count}"));
    names(out, "breaking in", modules);
    names(out, "modules removed", comparison.modules_removed.iter());
    names(out, "modules added", comparison.modules_added.iter());
}

/// `label: a, b, c`, when there are any.
fn names<N: std::fmt::Display>(out: &mut String, label: &str, names: impl Iterator<Item = N>) {
    let names: Vec<_> = names.map(|name| name.to_string()).collect();
    if !names.is_empty() {
        wrap(out, 0, &format!("{label}: {}", names.join(", ")));
    }
}

/// Changes one by one, below the type that they are of.
fn listed(out: &mut String, comparison: &Comparison, (heading, is_here): Section) {
    let count = comparison
        .changes()
        .filter(|change| is_here(change))
        .count();
    if count == 0 {
        return;
    }
    line(out, format_args!("\n{heading} ({count})"));
    let lone = comparison.removed.iter().chain(&comparison.added);
    for change in lone.filter(|change| is_here(change)) {
        single(out, change, &change.name(), 2);
    }
    for ty in &comparison.types {
        let mut here = ty
            .changes
            .iter()
            .filter(|change| is_here(change))
            .peekable();
        if here.peek().is_some() {
            wrap(out, 2, &format!("{} {} {}", ty.kind, ty.path, versions(ty)));
        }
        for change in here {
            single(out, change, &local(ty, change), 4);
        }
    }
}

/// What happened, and to what callers write.
fn single(out: &mut String, change: &Change, name: &str, indent: usize) {
    let mut text = if change.item == Item::Version {
        "major number changed: proxies made for the other one refuse it".to_owned()
    } else {
        event(change, name, &str::to_owned)
    };
    let effect = change.effect.word();
    let item = rust(&change.rust, &str::to_owned);
    text = match change.effect {
        Effect::SourceCompatible => text,
        _ if item.is_empty() => format!("{text}; Rust callers: {effect}"),
        _ => format!("{text}{item}: {effect}"),
    };
    wrap(out, indent, &text);
}

/// The path of a member below the type whose heading stands above.
fn local(ty: &TypeDiff, change: &Change) -> String {
    let name = change.name();
    let inner = name.strip_prefix(&ty.path);
    match inner.and_then(|inner| inner.strip_prefix('.')) {
        Some(inner) => inner.to_owned(),
        None if name == ty.path => "the type".to_owned(),
        None => name,
    }
}

fn versions(ty: &TypeDiff) -> String {
    if ty.old == ty.new {
        ty.old.to_string()
    } else {
        format!("{} -> {}", ty.old, ty.new)
    }
}

/// Whether a change asks nothing of anybody.
fn is_quiet(change: &Change) -> bool {
    change.class == Class::Compatible && change.effect == Effect::SourceCompatible
}

/// What callers need not look at: names only, a paragraph for each type.
fn additions(out: &mut String, comparison: &Comparison) {
    let count = comparison
        .changes()
        .filter(|change| is_quiet(change))
        .count();
    if count == 0 {
        return;
    }
    line(
        out,
        format_args!("\nCompatible, nothing to be done ({count})"),
    );
    let lone = comparison.removed.iter().chain(&comparison.added);
    let lone = phrases(lone.map(|change| (change, change.name())));
    if !lone.is_empty() {
        wrap(out, 2, &lone);
    }
    for ty in &comparison.types {
        let phrases = phrases(ty.changes.iter().map(|change| (change, local(ty, change))));
        if !phrases.is_empty() {
            wrap(out, 2, &format!("{}: {phrases}", ty.path));
        }
    }
}

/// `methods added a, b; field removed c`
fn phrases<'c>(changes: impl Iterator<Item = (&'c Change, String)>) -> String {
    let mut groups: Vec<((Item, Action), Vec<String>)> = Vec::new();
    for (change, name) in changes.filter(|(change, _)| is_quiet(change)) {
        let name = match change.item {
            Item::Annotation => format!(
                "{} of {name}",
                change
                    .new
                    .as_ref()
                    .or(change.old.as_ref())
                    .map_or("", |text| text)
            ),
            _ if change.optional => format!("{name} (may be left out)"),
            _ => name,
        };
        let key = (change.item, change.action);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, names)) => names.push(name),
            None => groups.push((key, vec![name])),
        }
    }
    let groups = groups.iter().map(|((item, action), names)| {
        let plural = if names.len() > 1 { "s" } else { "" };
        format!(
            "{}{plural} {} {}",
            item.word(),
            action.word(),
            names.join(", ")
        )
    });
    groups.collect::<Vec<_>>().join("; ")
}

/// Types of which only something that they refer to changed stand in the other lists by that.
fn references(out: &mut String, comparison: &Comparison) {
    let count = comparison
        .changes()
        .filter(|change| change.class == Class::Reference)
        .count();
    if count == 0 {
        return;
    }
    line(
        out,
        format_args!("\nBy reference: these refer to types that changed ({count})"),
    );
    let has = |ty: &&TypeDiff| ty.changes.iter().any(|c| c.class == Class::Reference);
    let types = comparison.types.iter().filter(has);
    let types: Vec<_> = types.map(|ty| ty.path.as_str()).collect();
    wrap(out, 2, &types.join(", "));
}

/// Version numbers that do not tell what the changes say.
fn steps(out: &mut String, comparison: &Comparison) {
    let mismatches: Vec<_> = comparison
        .mismatches()
        .map(|ty| {
            let habit = ty
                .habit
                .map_or_else(String::new, |h| format!(", {}", h.words()));
            let (demanded, taken) = (ty.demanded.word(), ty.taken.word());
            let verdict = ty.verdict().words();
            format!(
                "{} {}: {demanded} step demanded, {taken} taken ({verdict}{habit})",
                ty.path,
                versions(ty)
            )
        })
        .collect();
    if mismatches.is_empty() {
        return;
    }
    line(
        out,
        format_args!(
            "\nVersion steps other than the changes demand ({} of {} types)",
            mismatches.len(),
            comparison.types.len()
        ),
    );
    for mismatch in mismatches {
        wrap(out, 2, &mismatch);
    }
}
