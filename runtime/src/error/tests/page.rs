//! `docs/protocol/errors.md` has every code, with the outcome that errors of this code have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Outcome, Row, every_kind};

/// Where codes are given names.
const SOURCES: [&str; 10] = [
    include_str!("../bulk.rs"),
    include_str!("../cgi.rs"),
    include_str!("../decode.rs"),
    include_str!("../encode.rs"),
    include_str!("../envelope.rs"),
    include_str!("../file.rs"),
    include_str!("../json.rs"),
    include_str!("../kind.rs"),
    include_str!("../replay.rs"),
    include_str!("../tls.rs"),
];

/// The names that stand alone behind an arrow: `=> "Auth.Unauthorized"`.
fn codes() -> BTreeSet<&'static str> {
    SOURCES
        .iter()
        .flat_map(|source| source.split("=> \"").skip(1))
        .filter_map(|rest| rest.split_once('"'))
        .map(|(text, _)| text)
        .filter(|text| text.starts_with(|c: char| c.is_ascii_uppercase()))
        .filter(|text| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.'))
        .collect()
}

/// What the column *executed* says of an error.
fn words((_, outcomes, ..): &Row) -> &'static str {
    use Outcome::{Executed, NotExecuted, Unknown};
    match outcomes {
        [NotExecuted, NotExecuted, NotExecuted] => "no",
        [Executed, Executed, Executed] => "yes",
        [Unknown, Unknown, Unknown] => "unknown",
        [_, NotExecuted, Unknown] => "unknown if sent",
        other => panic!("no words for {other:?}"),
    }
}

#[test]
fn the_page_lists_every_code_with_its_outcome() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if root.join("Cargo.toml.orig").exists() {
        println!("skipped: needs the repository");
        return;
    }
    let page = std::fs::read_to_string(root.join("../docs/protocol/errors.md"))
        .expect("the page is in the repository");
    let mut listed = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [code, happened, executed, _] = cells[..] else {
            continue;
        };
        let code = code.trim_matches('`');
        assert!(!happened.is_empty() && !executed.is_empty(), "{line}");
        assert!(
            listed.insert(code, executed).is_none(),
            "{code} is listed twice"
        );
    }
    let codes = codes();
    assert!(codes.len() > 90, "{codes:?}");
    assert_eq!(
        listed.keys().copied().collect::<BTreeSet<_>>(),
        codes,
        "the page against the source"
    );

    let rows = every_kind();
    let mut outcomes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &rows {
        outcomes.entry(row.0.code()).or_default().insert(words(row));
    }
    for (code, words) in outcomes {
        if words.len() == 1 {
            let word = words.first().expect("one");
            assert_eq!(listed.get(code), Some(word), "{code}");
        }
    }
}
