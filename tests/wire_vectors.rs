//! Wire vectors against generated types. `XERUS_VECTORS` names another file of the same form.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use xerus_tests::{Direction, Vector, Verdict, World, read};

#[test]
fn wire_vectors() {
    let path = path();
    let vectors = read(&path).expect("a file of vectors");
    let world = World::new().expect("the API");

    let mut passed = 0;
    let mut uncovered: BTreeMap<String, usize> = BTreeMap::new();
    let mut absent: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for vector in &vectors {
        match world.run(vector) {
            Verdict::Passed => passed += 1,
            Verdict::NotCovered(kind) => *uncovered.entry(kind).or_default() += 1,
            Verdict::NotHere(name) => *absent.entry(name).or_default() += 1,
            Verdict::Failed(got) => {
                failures.push(format!(
                    "{}\n  expected {}\n  got      {got}",
                    vector.name, vector.expect
                ));
            }
        }
    }

    // Written past the capture of the test harness: the counts are a result of their own.
    let _ = writeln!(
        std::io::stdout(),
        "wire vectors: {passed} passed, {} of unknown kinds{}, {} not in this firmware{}",
        uncovered.values().sum::<usize>(),
        list(&uncovered),
        absent.values().sum::<usize>(),
        list(&absent),
    );
    assert!(passed > 0, "nothing was run");
    assert!(
        uncovered.is_empty(),
        "kinds that nobody runs:{}",
        list(&uncovered)
    );
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn a_kind_that_nobody_knows_is_told() {
    let world = World::new().expect("the API");
    for kind in ["carrier-pigeon", "cgi", "http(1)", "vector<pigeon>"] {
        let vector = Vector {
            name: kind.to_owned(),
            idl_type: kind.to_owned(),
            direction: Direction::Decode,
            expect: serde_json::json!({"ok": 1}),
            bytes: b"1".to_vec(),
            input: None,
        };
        let verdict = world.run(&vector);
        assert!(
            matches!(verdict, Verdict::NotCovered(_)),
            "{kind}: {verdict:?}"
        );
    }
    // Of a kind that is known, one that cannot be read is no success.
    for kind in [
        "http",
        "multipart",
        "firmware-version",
        "firmware-image",
        "cgi:x",
    ] {
        let vector = Vector {
            name: kind.to_owned(),
            idl_type: kind.to_owned(),
            direction: Direction::Encode,
            expect: serde_json::json!({"ok": 1}),
            bytes: b"1".to_vec(),
            input: None,
        };
        let verdict = world.run(&vector);
        assert!(matches!(verdict, Verdict::Failed(_)), "{kind}: {verdict:?}");
    }
}

/// The file named by the variable, relative to this folder or to the workspace, or the one that is checked in.
fn path() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    match std::env::var_os("XERUS_VECTORS").map(PathBuf::from) {
        None => here.join("data/wire-vectors.json"),
        Some(path) if path.exists() => path,
        Some(path) => here.join("..").join(path),
    }
}

fn list(counts: &BTreeMap<String, usize>) -> String {
    if counts.is_empty() {
        return String::new();
    }
    let all: Vec<_> = counts
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    format!(" ({})", all.join(", "))
}
