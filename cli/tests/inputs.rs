//! What the commands take: files, directories, dumps, stdin and include directories, all of them the same.

mod support;

use std::fs;

use serde_json::Value;
use support::{api, directory, text, with_input, xerus};

const LAMP: &str = "/** A lamp */\nmodule garden {\n    interface Lamp {\n        /** On and off. */\n        void blink();\n    };\n}\n";

#[test]
fn every_kind_of_input_goes_into_every_command() {
    let place = directory(&[
        ("idl/Lamp.idl", LAMP),
        (
            "own/Bed.idl",
            "#include <Lamp.idl>\nmodule bed {\n    structure Bed {\n        garden.Lamp lamp;\n    };\n}\n",
        ),
    ]);
    let at = |name: &str| text(place.path().join(name));
    let dumped = xerus(["dump", &at("idl")]);
    assert_eq!(dumped.code, Some(0), "{}", dumped.stderr);
    fs::write(place.path().join("api.json"), &dumped.stdout).expect("a file");

    let inputs: [&[&str]; 4] = [
        &[&at("idl")],
        &[&at("idl/Lamp.idl")],
        &[&at("api.json")],
        &[&at("own"), "-I", &at("idl")],
    ];
    for input in inputs {
        for command in [
            &["check"][..],
            &["fmt", "--check"],
            &["dump"],
            &["generate", "--out", "-"],
        ] {
            let done = xerus(command.iter().chain(input));
            assert_eq!(done.code, Some(0), "{command:?} {input:?}: {}", done.stderr);
            let is_quiet = done.stdout.is_empty();
            let prints = matches!(command[0], "dump" | "generate");
            assert_eq!(is_quiet, !prints, "{command:?} {input:?}");
            assert!(!prints || done.stdout.contains("Lamp"), "{}", done.stdout);
        }
    }
    for command in [
        &["check", "-"][..],
        &["fmt", "--check", "-"],
        &["dump", "-"],
        &["generate", "-", "--out", "-"],
    ] {
        let done = with_input(command, LAMP.as_bytes());
        assert_eq!(done.code, Some(0), "{command:?}: {}", done.stderr);
    }
    let wrong = with_input(
        &["check", "--message-format", "short", "-"],
        b"module m { structure S { No x; }; }",
    );
    assert_eq!(wrong.code, Some(1));
    assert_eq!(wrong.stderr, "<stdin>:1:26: error: unknown type `No`\n");

    // Several kinds at once: the dump serves the include.
    let mixed = xerus(["check", &at("api.json"), &at("own")]);
    assert_eq!(mixed.code, Some(0), "{}", mixed.stderr);
    assert!(
        mixed.stderr.contains("2 files, 2 types"),
        "{}",
        mixed.stderr
    );
}

#[test]
fn a_dump_is_formatted_as_dump_writes_it() {
    let dumped = xerus(["dump", &text(api()), "--docs"]).stdout;
    let place = directory(&[("api.json", &dumped), ("wild.json", "")]);
    let (tidy, wild) = (
        text(place.path().join("api.json")),
        text(place.path().join("wild.json")),
    );
    let done = xerus(["fmt", "--check", &tidy]);
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (Some(0), ""),
        "{}",
        done.stderr
    );

    // The same on one line, the types in another order.
    let mut value: Value = serde_json::from_str(&dumped).expect("JSON");
    value["types"].as_array_mut().expect("types").reverse();
    fs::write(&wild, value.to_string()).expect("a file");
    let done = xerus(["fmt", "--check", &wild]);
    assert_eq!(
        (done.code, done.stdout),
        (Some(1), format!("{wild}\n")),
        "{}",
        done.stderr
    );
    assert_eq!(xerus(["fmt", &wild]).code, Some(0));
    assert!(
        fs::read_to_string(&wild).expect("the file") == dumped,
        "the same dump"
    );
}

#[test]
fn inputs_that_do_not_fit_are_one_clear_line() {
    let place = directory(&[("a.json", "{}"), ("b.whl", "PK"), ("idl/a.idl", LAMP)]);
    let at = |name: &str| text(place.path().join(name));
    let cases = [
        (
            vec!["check", "none.json"],
            "error: cannot read none.json: no such file or directory\n".to_owned(),
        ),
        (
            vec!["fmt", "none.json"],
            "error: cannot read none.json: no such file or directory\n".to_owned(),
        ),
    ];
    for (arguments, said) in cases {
        let done = xerus(&arguments);
        assert_eq!((done.code, done.stderr), (Some(1), said), "{arguments:?}");
    }
    for command in ["check", "fmt", "dump"] {
        let done = xerus([command, &at("a.json")]);
        assert_eq!(done.code, Some(1), "{command}");
        assert!(
            done.stderr.starts_with(&format!("error: {}", at("a.json"))),
            "{}",
            done.stderr
        );
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
    }
    let package = at("b.whl");
    assert_eq!(
        xerus(["fmt", &package]).stderr,
        format!(
            "error: {package} is a package, which holds no IDL to format; `xerus import {package} --out DIR` writes IDL \
             from it\n"
        )
    );
    // An include directory that is not there is refused by all, in the form that was asked for.
    let none = at("none");
    let short = xerus([
        "check",
        "--message-format",
        "short",
        "-I",
        &none,
        &at("idl"),
    ]);
    assert_eq!(
        (short.code, short.stderr),
        (
            Some(1),
            format!("{none}:1:1: error: include directory `{none}` does not exist\n")
        )
    );
    for command in ["check", "fmt", "dump"] {
        let done = xerus([command, "-I", &none, &at("idl")]);
        assert_eq!(done.code, Some(1), "{command}");
        assert!(done.stderr.contains(&none), "{}", done.stderr);
    }
}
