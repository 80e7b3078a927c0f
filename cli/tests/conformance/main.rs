//! `xerus conformance`: peers that do what is expected, peers that do not, and those of others.

mod careless;
mod crossbar;
mod dealer;
mod netstring;
#[path = "../support/repository.rs"]
mod repository;
mod router;
#[path = "../support/simulated.rs"]
mod simulated;
#[path = "../support/mod.rs"]
mod support;
mod unit;
mod unit_logins;
#[path = "../support/users.rs"]
mod users;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Done, xerus};

fn is(done: &Done, code: i32, stdout: &str, parts: &[&str]) {
    let seen = (done.code, done.stdout.as_str());
    assert_eq!(seen, (Some(code), stdout), "{done:?}");
    for part in parts {
        assert!(done.stderr.contains(part), "{part} is not in {done:?}");
    }
}

/// The rows of a run that printed JSON.
fn rows(done: &Done) -> Vec<Value> {
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done:?}"))
}

/// The verdicts that there are.
fn verdicts(rows: &[Value]) -> BTreeSet<&str> {
    let verdicts = rows.iter().map(|row| row["verdict"].as_str());
    verdicts.map(|verdict| verdict.expect("a text")).collect()
}

/// The row of this case.
fn row<'r>(rows: &'r [Value], case: &str) -> &'r Value {
    let found = rows.iter().find(|row| row["case"] == case);
    found.unwrap_or_else(|| panic!("{case} is not in {rows:?}"))
}

/// Compares names and cases with those that are written down, so that none is lost, or writes them.
fn no_row_is_lost(wire: &str, rows: &[Value]) {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let line = |row: &Value| format!("{}\t{}\n", text(&row["row"]), text(&row["case"]));
    let seen: String = rows.iter().map(line).collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/conformance/rows")
        .join(format!("{wire}.tsv"));
    if std::env::var_os("XERUS_BLESS").is_some() {
        fs::write(&file, &seen).expect("a file");
    }
    let known = fs::read_to_string(&file).expect("a list of rows");
    assert_eq!(
        known, seen,
        "the list is stale: XERUS_BLESS=1 cargo test -p xerus-cli --test conformance"
    );
}

#[test]
fn what_there_are_no_faults_for_is_said() {
    let done = xerus(["conformance", "https://127.0.0.1"]);
    is(
        &done,
        2,
        "",
        &[
            "netstring://HOST:PORT",
            "ws://ROUTER",
            "ripex2+https://HOST",
        ],
    );
}

#[test]
fn options_of_other_wires_are_refused() {
    for (url, option) in [
        ("netstring://127.0.0.1:1", &["--realm", "a"][..]),
        ("netstring://127.0.0.1:1", &["--prefix", "a"]),
        ("netstring://127.0.0.1:1", &["--user", "a"]),
        ("ripex2+http://127.0.0.1:1", &["--serializer", "json"]),
        (
            "ripex2+http://127.0.0.1:1",
            &["--danger-accept-invalid-certs"],
        ),
        ("ws://127.0.0.1:1/ws", &["--target", "a"]),
        ("ws://127.0.0.1:1/ws", &["--wrong-login"]),
        ("ws://127.0.0.1:1/ws", &["--danger-accept-invalid-certs"]),
    ] {
        let done = xerus([&["conformance", url], option].concat());
        is(&done, 2, "", &[option[0], "leave it out"]);
    }
}
