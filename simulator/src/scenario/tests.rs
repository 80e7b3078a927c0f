//! The page has the same lines as the documentation of [`Scenario`], and they are read.

use super::Scenario;

/// What begins a row of the table.
const ROW: &str = "| `at ";

/// The rows behind `prefix`, with links written in one way.
fn rows(text: &str, prefix: &str) -> Vec<String> {
    let rows = text.lines().filter_map(|line| line.strip_prefix(prefix));
    rows.filter(|row| row.starts_with(ROW))
        .map(|row| row.replace("(crate::FaultRule)", "(#faults)"))
        .collect()
}

fn documented() -> Vec<String> {
    rows(include_str!("../scenario.rs"), "/// ")
}

#[test]
fn every_line_of_the_table_is_read() {
    let rows = documented();
    assert_eq!(rows.len(), 14, "{rows:?}");
    for row in rows {
        let line = row.split('`').nth(1).unwrap();
        let read: Result<Scenario, _> = line.parse();
        assert_eq!(read.expect(line).0.len(), 1, "{line}");
    }
}

/// The page stands in the repository, beside the crate.
#[test]
fn the_page_has_every_line() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/simulator.md");
    // Without the page the crate stands alone.
    if let Ok(page) = std::fs::read_to_string(page) {
        assert_eq!(rows(&page, ""), documented());
    }
}

#[test]
fn the_table_has_every_word_that_may_begin_what_happens() {
    let rows = documented();
    for verb in super::read::VERBS.split(", ") {
        let has =
            |row: &String| row.split_whitespace().nth(3).unwrap().trim_end_matches('`') == verb;
        assert!(rows.iter().any(has), "{verb}");
    }
}
