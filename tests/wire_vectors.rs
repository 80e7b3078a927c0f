//! Wire vectors against generated types. `XERUS_VECTORS` names another file of the same form.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use xerus_tests::{Verdict, World, read};

#[test]
fn wire_vectors() {
    let path = path();
    let vectors = read(&path).expect("a file of vectors");
    let world = World::new().expect("the API");

    let mut passed = 0;
    let mut later: BTreeMap<String, usize> = BTreeMap::new();
    let mut absent: BTreeMap<String, usize> = BTreeMap::new();
    let mut failures = Vec::new();
    for vector in &vectors {
        match world.run(vector) {
            Verdict::Passed => passed += 1,
            Verdict::NotCovered(kind) => *later.entry(kind).or_default() += 1,
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
        "wire vectors: {passed} passed, {} not yet covered{}, {} not in this firmware{}",
        later.values().sum::<usize>(),
        list(&later),
        absent.values().sum::<usize>(),
        list(&absent),
    );
    assert!(passed > 0, "nothing was run");
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
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
