//! The list in `README.md` and the tests agree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a row of the list names: a function of a file.
fn listed() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("tests/manual/README.md")).unwrap();
    let mut listed = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let Some(last) = cells.last().filter(|_| cells.len() == 3) else {
            continue;
        };
        for name in last.split('`').skip(1).step_by(2) {
            let (file, test) = name.rsplit_once("::").unwrap_or_else(|| panic!("{name}"));
            listed.push((file.to_owned(), test.to_owned()));
        }
    }
    listed
}

/// The file of a short name: `bulk` is one of these, others are paths in the repository.
fn file(name: &str) -> PathBuf {
    let own = root().join(format!("tests/manual/tests/manual/{name}.rs"));
    if own.exists() { own } else { root().join(name) }
}

#[test]
fn every_test_of_the_list_exists() {
    let listed = listed();
    assert!(listed.len() > 60, "only {}", listed.len());
    for (name, test) in listed {
        let path = file(&name);
        let text = fs::read_to_string(&path);
        let text = text.unwrap_or_else(|error| panic!("{name}: {error}"));
        let is_there = [
            format!("fn {test}("),
            format!(" {test} "),
            format!(" {test}\n"),
        ]
        .iter()
        .any(|form| text.contains(form));
        assert!(is_there, "{name} has no test {test}");
    }
}

#[test]
fn every_test_is_in_the_list() {
    let listed: BTreeSet<(String, String)> = listed().into_iter().collect();
    for module in [
        "agent",
        "bulk",
        "connecting",
        "exceptions",
        "files",
        "mapping",
        "structures",
    ] {
        let text = fs::read_to_string(file(module)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let attributes = ["#[test]", "#[tokio::test]"];
        for pair in lines
            .windows(2)
            .filter(|pair| attributes.contains(&pair[0]))
        {
            let name = pair[1]
                .split("fn ")
                .nth(1)
                .unwrap()
                .split('(')
                .next()
                .unwrap();
            let row = (module.to_owned(), name.to_owned());
            assert!(listed.contains(&row), "{module}::{name} is in no row");
        }
    }
}
