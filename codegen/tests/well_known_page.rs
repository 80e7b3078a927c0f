//! `docs/protocol/well-known-ids.md` has the rows of `codegen/src/well_known/vendor.txt`.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;

use std::fmt::Write as _;
use std::path::Path;

/// What stands in the page before the tables.
const MARK: &str =
    "<!-- Written by `XERUS_BLESS=1 cargo test -p xerus-codegen --test well_known_page`. -->\n";

/// The tables of the page: one for each comment of one line between an empty line and a row.
fn tables(vendor: &str) -> String {
    let lines: Vec<&str> = vendor.lines().collect();
    let mut page = String::new();
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| lines[before]);
        let after = lines.get(at + 1).copied().unwrap_or_default();
        if let Some(title) = line.strip_prefix("# ") {
            if before.is_empty() && !after.is_empty() && !after.starts_with('#') {
                let _ = write!(
                    page,
                    "\n### {title}\n\n| resource id | object | constructor | `*` stands for |\n|---|---|---|---|\n"
                );
            }
        } else if !line.is_empty() && !line.starts_with('#') {
            let _ = writeln!(page, "{}", row(line));
        }
    }
    page
}

fn row(line: &str) -> String {
    let columns: Vec<&str> = line.split_ascii_whitespace().collect();
    let [interface, name, template, object, words @ ..] = columns.as_slice() else {
        panic!("no row: {line}");
    };
    let interface = interface.rsplit('.').next().unwrap();
    let constructor = match *name {
        "-" => "well_known".to_owned(),
        name => format!("well_known_{name}"),
    };
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let words = words.join(", ");
    format!("| `{template}` | `{object}` | `{interface}::{constructor}` | {words} |")
}

#[test]
fn the_page_has_every_row() {
    if repository::is_missing() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let vendor = std::fs::read_to_string(root.join("src/well_known/vendor.txt")).unwrap();
    let path = root.join("../docs/protocol/well-known-ids.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (head, _) = page
        .split_once(MARK)
        .expect("the page has the mark before its tables");
    let fresh = format!("{head}{MARK}{}", tables(&vendor));
    assert!(fresh.matches("\n| `/").count() > 80, "{fresh}");
    if std::env::var_os("XERUS_BLESS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(
        page == fresh,
        "docs/protocol/well-known-ids.md is stale: run with XERUS_BLESS=1"
    );
}

#[test]
fn titles_are_comments_between_an_empty_line_and_a_row() {
    let page = tables(
        "# About the table\n#\n# More about it.\n\n# Lamps\nm.Lamp  -  /lamp/{lamp}  m.Lamp:1.0.0\n# A remark.\n\
         m.Lamp  its_*  /lamp/{lamp}/*  m.Meter:2.0.1  power x\n",
    );
    assert_eq!(
        page,
        "\n### Lamps\n\n| resource id | object | constructor | `*` stands for |\n|---|---|---|---|\n\
         | `/lamp/{lamp}` | `m.Lamp:1.0.0` | `Lamp::well_known` |  |\n\
         | `/lamp/{lamp}/*` | `m.Meter:2.0.1` | `Lamp::well_known_its_*` | `power`, `x` |\n"
    );
}
