//! `xerus diff`: what a firmware update changes.

mod support;

use serde_json::Value;
use support::{Done, api, directory, text, xerus};

const OLD: &str =
    "module garden {\n    interface Lamp {\n        void blink(in int times);\n    };\n}\n";
const BREAKING: &str =
    "module garden {\n    interface Lamp_2_0_0 {\n        void blink(in long times);\n    };\n}\n";
const COMPATIBLE: &str = "module garden {\n    interface Lamp_1_0_1 {\n        void blink(in int times);\n        int count();\n    };\n}\n";

fn diff(old: &str, new: &str, more: &[&str]) -> Done {
    let (old, new) = (
        directory(&[("Lamp.idl", old)]),
        directory(&[("Lamp.idl", new)]),
    );
    let (old, new) = (text(old.path()), text(new.path()));
    xerus([&["diff", &old, &new], more].concat())
}

#[test]
fn equal_sets_print_no_change_and_are_compatible() {
    let api = text(api());
    let done = xerus(["diff", &api, &api, "--format", "json"]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    let document: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert!(document.is_object(), "{document}");
    assert!(!done.stdout.contains("breaking\","), "{}", done.stdout);
}

#[test]
fn an_addition_is_compatible() {
    let done = diff(OLD, COMPATIBLE, &[]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
    assert!(done.stdout.contains("count"), "{}", done.stdout);
}

#[test]
fn a_changed_parameter_is_breaking_in_every_format() {
    for format in ["text", "markdown", "json"] {
        let done = diff(OLD, BREAKING, &["--format", format]);
        assert_eq!((done.code, done.stderr.as_str()), (Some(2), ""), "{format}");
        assert!(done.stdout.contains("times"), "{format}: {}", done.stdout);
        assert!(done.stdout.contains("major"), "{format}: {}", done.stdout);
    }
}

#[test]
fn a_set_that_cannot_be_read_is_an_error_and_not_a_difference() {
    let done = diff(OLD, "module garden { structure A { B b; }; }\n", &[]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert!(done.stderr.contains("unknown type"), "{}", done.stderr);
    let done = xerus(["diff", "/nonexistent/old", &text(api())]);
    assert_eq!(done.code, Some(1));
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
}
