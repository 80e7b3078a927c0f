//! Every type and method of the API both ways, and whether the harness of the wire vectors notices a wrong answer.

use std::path::Path;

use serde_json::json;
use xerus_tests::{Vector, Verdict, World, everything, read};

#[test]
fn every_type_and_method_goes_both_ways() {
    let world = World::new().expect("the API");
    let vectors = everything::vectors(&world);
    assert!(vectors.len() > 5000, "{}", vectors.len());
    let failures: Vec<_> = vectors
        .iter()
        .filter_map(|vector| match world.run(vector) {
            Verdict::Passed => None,
            other => Some(format!(
                "{}\n  expected {}\n  got {other:?}",
                vector.name, vector.expect
            )),
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures[..failures.len().min(20)].join("\n")
    );
}

#[test]
fn a_wrong_answer_is_noticed() {
    let world = World::new().expect("the API");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/wire-vectors.json");
    let mut tried = 0;
    for vector in read(&path).expect("vectors") {
        if world.run(&vector) != Verdict::Passed {
            continue;
        }
        for expect in [
            json!({"error": "Decode.Nonsense"}),
            json!({"ok": {"nonsense": 1}}),
            json!({"ok": "nonsense"}),
            json!({"ok": [77, 78]}),
            json!({"any_of": []}),
        ] {
            let wrong = Vector {
                expect,
                ..copy(&vector)
            };
            let verdict = world.run(&wrong);
            assert!(
                matches!(verdict, Verdict::Failed(_)),
                "{}: {} is {verdict:?}",
                vector.name,
                wrong.expect
            );
            tried += 1;
        }
        if vector.expect.get("error").is_some() {
            let wrong = Vector {
                expect: json!({"error": vector.expect["error"], "path": "else.where"}),
                ..copy(&vector)
            };
            assert!(
                matches!(world.run(&wrong), Verdict::Failed(_)),
                "{}",
                vector.name
            );
        }
    }
    assert!(tried > 1000, "{tried}");
}

fn copy(vector: &Vector) -> Vector {
    Vector {
        name: vector.name.clone(),
        idl_type: vector.idl_type.clone(),
        direction: vector.direction,
        expect: vector.expect.clone(),
        bytes: vector.bytes.clone(),
        input: vector.input.clone(),
    }
}
