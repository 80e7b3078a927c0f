//! The comparison of random pairs: nothing differs from itself, and both directions tell the same story.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::collections::BTreeSet;

use proptest::prelude::*;
use support::{corpus, load_with};
use xerus_idl::diff::{Action, Change, Comparison, Item, Step, compare};
use xerus_idl::lint::Lints;
use xerus_idl::model::Model;

fn load(text: &str) -> Model {
    let loaded = load_with([("M.idl", text)], Lints::all());
    let errors: Vec<_> = loaded.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{text}\n{errors:#?}");
    loaded.model
}

/// `_2_0_1` or nothing.
fn suffix() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["", "", "_1_0_1", "_1_1_0", "_2_0_0"]).prop_map(str::to_owned)
}

fn chosen(from: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(from, 1..=from.len()).prop_shuffle()
}

/// A type; `S`, `E`, `V` and `A` stand for the declared ones.
fn ty() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "int",
        "string",
        "vector<S>",
        "E",
        "V",
        "A",
        "map<int, E>",
        "map<string, vector<S>>",
    ])
}

fn fields() -> impl Strategy<Value = String> {
    (chosen(&["a", "b", "c"]), [ty(), ty(), ty()]).prop_map(|(names, types)| {
        let fields = names.iter().zip(types);
        fields.map(|(name, ty)| format!("{ty} {name}; ")).collect()
    })
}

fn enumerators() -> impl Strategy<Value = String> {
    chosen(&["P", "Q", "R", "T", "U"]).prop_map(|names| names.join(", "))
}

fn methods() -> impl Strategy<Value = String> {
    let way = || proptest::sample::select(vec!["in", "out"]);
    let one = (chosen(&["x", "y"]), [way(), way()], [ty(), ty()], ty());
    (chosen(&["f", "g", "h"]), proptest::collection::vec(one, 3)).prop_map(|(names, bodies)| {
        let both = names.iter().zip(bodies);
        both.map(|(name, (parameters, ways, types, returns))| {
            let parameters: Vec<_> = parameters
                .iter()
                .zip(ways.iter().zip(types))
                .map(|(name, (way, ty))| format!("{way} {ty} {name}"))
                .collect();
            format!("{returns} {name}({}); ", parameters.join(", "))
        })
        .collect()
    })
}

/// A module with versions of its own; names in members get the suffix of the type.
fn text() -> impl Strategy<Value = String> {
    let suffixes = [suffix(), suffix(), suffix(), suffix()];
    let bodies = (fields(), enumerators(), fields(), fields(), methods());
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), 0..4_i32);
    (suffixes, bodies, flags).prop_map(|([s, e, v, a], bodies, (is_sparse, has_base, has_more, value))| {
        let (structure, enumerators, values, nested, methods) = bodies;
        let named = |text: &str| -> String {
            let mut out = String::new();
            for c in text.chars() {
                out.push(c);
                out.push_str(match c {
                    'S' => &s,
                    'E' => &e,
                    'V' => &v,
                    'A' => &a,
                    _ => "",
                });
            }
            out
        };
        let sparse = if is_sparse { "[sparse_in] " } else { "" };
        let base = if has_base { " extends m.B" } else { "" };
        let more = if has_more { "opaque O; structure W { int w; };" } else { "" };
        let nested = named(&nested);
        let inner = if has_more { format!("structure N {{ {nested} }};") } else { String::new() };
        format!(
            "module m {{ interface B {{ int k(); }}; {more} {sparse}structure S{s} {{ {} }}; enumeration E{e} {{ {enumerators} }};
             valueobject V{v} {{ {} }}; interface A{a}{base} {{ constant int K = {value}; {inner} {} }}; }}\n",
            named(&structure),
            named(&values),
            named(&methods),
        )
    })
}

type Told = (Item, Action, String, String, Option<String>, Option<String>);

/// The changes seen from one end: what is added from there is removed from the other.
fn told(comparison: &Comparison, is_swapped: bool) -> BTreeSet<Told> {
    let one = |change: &Change| {
        let (mut old, mut new) = (change.old.clone(), change.new.clone());
        let mut member = change.member.clone();
        let mut action = match change.action {
            Action::Inserted => Action::Added,
            other => other,
        };
        if is_swapped {
            std::mem::swap(&mut old, &mut new);
            action = match action {
                Action::Added => Action::Removed,
                Action::Removed => Action::Added,
                other => other,
            };
        }
        if action == Action::Renamed {
            member = old.clone().unwrap_or_default();
        }
        (change.item, action, change.path.clone(), member, old, new)
    };
    // A reference is told by its step, which has a direction.
    let changes = comparison
        .changes()
        .filter(|change| change.item != Item::Reference);
    changes.map(one).collect()
}

proptest! {
    #[test]
    fn both_directions_agree(a in text(), b in text()) {
        let (a, b) = (load(&a), load(&b));
        for same in [compare(&a, &a), compare(&b, &b)] {
            prop_assert!(same.is_empty(), "{}", same.to_text());
            prop_assert!(!same.is_breaking());
        }
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(told(&there, false), told(&back, true));
        for ty in &there.types {
            let most = ty.changes.iter().map(|change| change.step).max();
            prop_assert!(most.is_none_or(|most| most == ty.demanded), "{ty:?}");
        }
        let json: serde_json::Value = serde_json::from_str(&there.to_json()).expect("JSON");
        prop_assert_eq!(&json["breaking"], there.is_breaking());
        prop_assert_eq!(json["types"].as_array().map(Vec::len), Some(there.types.len()));
        let listed = there.to_markdown().lines().filter(|line| line.trim_start().starts_with("- ")).count();
        prop_assert_eq!(listed, there.changes().count() + there.types.len());
    }
}

#[test]
fn whole_api_equals_itself_and_an_edit_shows_with_all_that_refers_to_it() {
    if repository::is_missing() {
        return;
    }
    let texts = corpus();
    let model = load_with(texts.clone(), Lints::all()).model;
    let same = compare(&model, &model);
    assert!(same.is_empty(), "{}", same.to_text());

    let edited = texts.into_iter().map(|(name, text)| {
        let heads = text.replace(
            "interface Sensor_4_0_5 {",
            "interface Sensor_4_0_5 { void edited();",
        );
        (name, heads)
    });
    let edited = load_with(edited, Lints::all());
    let comparison = compare(&model, &edited.model);
    let own: Vec<_> = comparison
        .changes()
        .filter(|change| change.item != Item::Reference)
        .map(Change::name)
        .collect();
    assert_eq!(own, ["sensors.Sensor.edited"]);
    assert!(
        comparison
            .types
            .iter()
            .all(|ty| ty.demanded == Step::Minor && ty.is_mismatch())
    );
    let paths: Vec<_> = comparison.types.iter().map(|ty| ty.path.as_str()).collect();
    for path in [
        "sensors.Sensor",
        "sensors.NumericSensor",
        "pdumodel.Outlet",
        "pdumodel.Pdu",
    ] {
        assert!(paths.contains(&path), "{path} is not in {paths:?}");
    }
    assert!(!paths.contains(&"datetime.DateTime"));
}
