//! The rules of the versions against the vendor's practice, along the chain of published packages.
//!
//! Every interface, structure, enumeration and value object with a version of its own: each rise has a reason, each
//! reason a rise, and the step demanded is the step taken, but for the exceptions in `data/version-steps.tsv`.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "../examples/history/chain.rs"]
mod chain;
#[path = "support/packages.rs"]
mod packages;

use std::collections::BTreeMap;
use std::path::Path;

use chain::{CHAIN, Counts, PACKAGES, Pair, compare_all, page};
use packages::folder;
use xerus_idl::diff::{Habit, Step, TypeDiff, Verdict};

/// Exceptions by firmwares and path: versions, step demanded, step taken, class.
const EXCEPTIONS: &str = include_str!("data/version-steps.tsv");

/// Classes of exceptions that the comparison finds out itself, and those that people gave.
const CLASSES: [(&str, &str); 9] = [
    (
        "whole step",
        "a structure or enumeration took a major step for an addition or a reference",
    ),
    (
        "follows references",
        "right for the steps that types referred to took",
    ),
    (
        "not followed",
        "a reference rose, the type did not, or less",
    ),
    ("no visible change", "both are equal as far as Python tells"),
    (
        "more than shown",
        "additions only; firmwares between the two may have had more",
    ),
    (
        "settings",
        "a field added to what is sent to the device counted as an addition",
    ),
    (
        "constants",
        "constants renamed or renumbered counted as an addition, or not at all",
    ),
    (
        "nested event",
        "an incompatible nested event with its own version did not count for the interface",
    ),
    (
        "part as reference",
        "a type nested in another interface counted as a reference to that interface",
    ),
];

/// One line of the file without the class, and the class.
fn exceptions() -> BTreeMap<String, String> {
    let lines = EXCEPTIONS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let split = lines.map(|line| line.rsplit_once('\t').unwrap());
    split
        .map(|(line, class)| (line.to_owned(), class.to_owned()))
        .collect()
}

fn line(pair: &Pair, ty: &TypeDiff) -> String {
    let versions = (ty.old.to_string(), ty.new.to_string());
    let fields = [
        pair.old,
        pair.new,
        &ty.path,
        &versions.0,
        &versions.1,
        ty.demanded.word(),
        ty.taken.word(),
    ];
    fields.join("\t")
}

#[test]
fn versions_follow_the_rules_but_for_known_exceptions() {
    let Some(folder) = folder("versions_follow_the_rules_but_for_known_exceptions") else {
        return;
    };
    let pairs = compare_all(&folder).unwrap();
    assert_eq!(pairs.len(), CHAIN.len() - 1);
    let mut listed = exceptions();
    let mut unlisted = Vec::new();
    let (mut interfaces, mut right) = (0, 0);
    for pair in &pairs {
        let counts = Counts::of(&pair.comparison);
        println!("{} -> {}: {counts:?}", pair.old, pair.new);
        interfaces += counts.interfaces;
        right += counts.right;
        for ty in &pair.comparison.types {
            // A rise that is as demanded has a reason to show.
            assert!(
                ty.is_mismatch() || ty.demanded == Step::None || !ty.changes.is_empty(),
                "{}",
                ty.path
            );
            if !ty.is_mismatch() {
                continue;
            }
            let line = line(pair, ty);
            let class = listed.remove(&line);
            let found = ty.habit.map(Habit::words);
            match class {
                None => unlisted.push(format!("{line}\t{}", found.unwrap_or("?"))),
                Some(class) => match found {
                    Some(found) => assert_eq!(class, found, "{line}"),
                    None => {
                        let by_people = CLASSES.iter().skip(2).any(|(known, _)| *known == class);
                        assert!(by_people, "{line}: {class}");
                    }
                },
            }
            assert_ne!(ty.verdict(), Verdict::Backward, "{line}");
        }
    }
    assert!(
        unlisted.is_empty(),
        "not in the list:\n{}",
        unlisted.join("\n")
    );
    assert!(listed.is_empty(), "in the list, but gone: {listed:#?}");
    // Most of the vendor's steps are what the rules say.
    println!("{right} of {interfaces} interface steps as demanded");
    assert!(
        interfaces > 250 && right * 100 > interfaces * 80,
        "{right} of {interfaces}"
    );
}

#[test]
fn every_class_of_exceptions_is_known_and_used() {
    let found = exceptions();
    for class in found.values() {
        assert!(CLASSES.iter().any(|(known, _)| known == class), "{class}");
    }
    for (known, meaning) in CLASSES {
        assert!(
            found.values().any(|class| class == known),
            "{known}: {meaning}"
        );
        let is_said = EXCEPTIONS.contains(&format!("# {known}: {meaning}"));
        assert!(
            is_said,
            "the head of the file does not say what `{known}` means"
        );
    }
}

/// The table holds every package of the chain, and what it says of changes fits together: no package is compared with
/// nothing but the first of a name, and each was imported and generated.
#[test]
fn the_table_of_all_packages_is_whole() {
    let rows: Vec<Vec<&str>> = PACKAGES
        .lines()
        .skip(2)
        .map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let versions: Vec<_> = rows.iter().map(|row| row[0]).collect();
    for firmware in CHAIN {
        let name = format!("`raritan` {firmware}");
        assert!(versions.contains(&name.as_str()), "{name}");
    }
    let count = |name: &str| versions.iter().filter(|row| row.contains(name)).count();
    assert_eq!((count("`raritan`"), count("`xeruskvm`")), (53, 2));
    let mut compared_with_nothing = 0;
    for row in &rows {
        assert_eq!(row.len(), 14, "{row:?}");
        assert_eq!(row[9], "yes", "{row:?}");
        for number in &row[1..9] {
            assert!(number.parse::<u32>().is_ok(), "{row:?}");
        }
        assert!(row[8].parse::<u32>().unwrap() > 10_000, "{row:?}");
        match row[10..].iter().all(|one| one.parse::<u32>().is_ok()) {
            true => {}
            false => compared_with_nothing += 1,
        }
    }
    assert_eq!(compared_with_nothing, 2);
}

#[test]
fn the_page_is_current() {
    let Some(folder) = folder("the_page_is_current") else {
        return;
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/firmware-history.md");
    let expected = page(&compare_all(&folder).unwrap());
    if std::env::var_os("XERUS_BLESS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/firmware-history.md is not current; rewrite it with XERUS_BLESS=1"
    );
}
