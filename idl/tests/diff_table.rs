//! `docs/changes.md`: every kind of change with its class and effect. The page is the test.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::collections::BTreeSet;

use support::load_with;
use xerus_idl::diff::{Class, Effect, Item, compare};
use xerus_idl::lint::Lints;
use xerus_idl::model::Model;

struct Row {
    change: String,
    old: String,
    new: String,
    class: String,
    effect: String,
}

/// The rows of the only table of the page.
fn rows() -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/changes.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let lines = page.lines().filter(|line| line.starts_with("| "));
    let rows = lines.skip(1).map(|line| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [change, old, new, class, effect, why] = cells.as_slice() else {
            panic!("six cells: {line}");
        };
        assert!(!why.is_empty(), "{line}");
        Row {
            change: (*change).to_owned(),
            old: old.trim_matches('`').to_owned(),
            new: new.trim_matches('`').to_owned(),
            class: (*class).to_owned(),
            effect: (*effect).to_owned(),
        }
    });
    rows.collect()
}

fn module(body: &str) -> Model {
    let loaded = load_with(
        [("M.idl", format!("module m {{ {body} }}\n"))],
        Lints::all(),
    );
    assert!(loaded.diagnostics.iter().all(|d| !d.is_error()), "{body}");
    loaded.model
}

#[test]
fn the_page_says_what_the_comparison_says() {
    if repository::is_missing() {
        return;
    }
    for row in rows() {
        let comparison = compare(&module(&row.old), &module(&row.new));
        // The pair may have to bring something else that is harmless; what weighs most is what is shown.
        let own = || {
            comparison
                .changes()
                .filter(|change| change.item != Item::Reference)
        };
        let class = own().map(|change| change.class).max();
        let effect = own().map(|change| change.effect).max();
        let found = (
            class.unwrap_or(Class::Compatible).word(),
            effect.unwrap_or(Effect::SourceCompatible).word(),
        );
        let told = (row.class.as_str(), row.effect.as_str());
        assert_eq!(found, told, "{}: {}", row.change, comparison.to_json());
        assert_eq!(
            comparison.is_breaking(),
            row.class == "breaking",
            "{}",
            row.change
        );
    }
}

/// Kinds are what the comparison has a word for; each is met by a row.
#[test]
fn the_page_leaves_no_kind_out() {
    if repository::is_missing() {
        return;
    }
    let mut found = BTreeSet::new();
    for row in rows() {
        let comparison = compare(&module(&row.old), &module(&row.new));
        found.extend(comparison.changes().map(|change| change.item.word()));
    }
    let all = [
        Item::Type,
        Item::Event,
        Item::Kind,
        Item::Version,
        Item::Base,
        Item::Target,
        Item::Method,
        Item::Return,
        Item::Parameter,
        Item::MapKey,
        Item::Constant,
        Item::Field,
        Item::Enumerator,
        Item::Fallback,
        Item::Annotation,
        Item::Marks,
        Item::Reference,
    ];
    assert_eq!(found, all.map(Item::word).into_iter().collect());
}
