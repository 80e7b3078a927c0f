//! What is said of faults is held by tests: each row of a table has tests that are named after it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use xerus_documents::root;

/// The documents with such tables: the letter of the rows, how many there are, and where the tests are.
const TABLES: [(&str, char, u32, &[&str]); 3] = [
    (
        "docs/protocol/netstring.md",
        'N',
        38,
        &["runtime/tests/netstring", "runtime/src/netstring"],
    ),
    (
        "docs/protocol/wamp.md",
        'W',
        40,
        &[
            "runtime/tests/wamp",
            "runtime/src/wamp",
            "tests/peers/tests/crossbar",
            "tests/wires/tests/wires",
        ],
    ),
    (
        "docs/protocol/ripex2.md",
        'R',
        39,
        &["tests/ripex2/tests/ripex2", "runtime/src/ripex2"],
    ),
];

/// The numbers behind this letter among words, `W12, W13` and `W12 to W14` alike.
fn numbers<'a>(letter: char, words: impl Iterator<Item = &'a str>) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    let (mut last, mut is_range) = (None, false);
    for word in words {
        let number = word
            .strip_prefix(letter)
            .and_then(|digits| digits.parse().ok());
        match (number, last) {
            (Some(number), Some(first)) if is_range => found.extend(first..=number),
            (Some(number), _) => {
                found.insert(number);
            }
            (None, _) => {}
        }
        is_range = word == "to" && last.is_some();
        if !is_range {
            last = number;
        }
    }
    found
}

fn rows(document: &str, letter: char) -> BTreeSet<u32> {
    let text = fs::read_to_string(root().join(document)).expect("a document");
    let (_, table) = text
        .split_once("## The rows of the tests")
        .expect("a table");
    table
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" |"))
        .flat_map(|(cell, _)| numbers(letter, cell.split([' ', ','])))
        .collect()
}

/// The numbers in the names of functions below a folder.
fn named(folder: &Path, letter: char, found: &mut BTreeSet<u32>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            named(&path, letter, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        for name in text.split("fn ").skip(1) {
            let end = name.find(|sign: char| !sign.is_alphanumeric() && sign != '_');
            let words = name[..end.unwrap_or(name.len())].split('_');
            found.extend(numbers(letter.to_ascii_lowercase(), words));
        }
    }
}

#[test]
fn each_row_has_a_test_that_is_named_after_it() {
    for (document, letter, count, folders) in TABLES {
        let all: BTreeSet<u32> = (1..=count).collect();
        assert_eq!(rows(document, letter), all, "{document}");
        let mut tests = BTreeSet::new();
        for folder in folders {
            named(&root().join(folder), letter, &mut tests);
        }
        let missing: Vec<_> = all.difference(&tests).collect();
        assert!(missing.is_empty(), "{document}: no test for {missing:?}");
    }
}

#[test]
fn ranges_and_single_rows_are_read() {
    let read = |text: &str| {
        numbers('n', text.split('_'))
            .into_iter()
            .collect::<Vec<_>>()
    };
    assert_eq!(read("n18_to_n21_n35_bad_frames"), [18, 19, 20, 21, 35]);
    assert_eq!(read("n9_n11_answers_to_n"), [9, 11]);
    assert_eq!(read("nothing_n_n1x"), [0; 0]);
}
