//! `xerus diff`: what a firmware update changes.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/packages.rs"]
mod packages;
#[path = "support/repository.rs"]
mod repository;
mod support;

use packages::{folder, wheel};
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
    if repository::is_missing() {
        return;
    }
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
        assert_eq!((done.code, done.stderr.as_str()), (Some(6), ""), "{format}");
        assert!(done.stdout.contains("times"), "{format}: {}", done.stdout);
        assert!(
            done.stdout.contains("breaking"),
            "{format}: {}",
            done.stdout
        );
        let name = "garden::Lamp::blink";
        assert!(done.stdout.contains(name), "{format}: {}", done.stdout);
    }
}

/// Clients compare the major number of an interface, whatever else changed.
#[test]
fn a_major_step_alone_is_breaking_in_every_format() {
    let risen = OLD.replace("Lamp", "Lamp_2_0_0");
    for (format, line) in [
        (
            "text",
            "major number changed: proxies made for the other one refuse it; Rust garden::Lamp: recompile",
        ),
        (
            "markdown",
            "**breaking:** version of `garden.Lamp` changed: `1.0.0` → `2.0.0` (proxies of the other major version refuse \
             it); Rust `garden::Lamp`: recompile",
        ),
        ("json", "\"item\": \"version\", \"action\": \"changed\""),
    ] {
        let done = diff(OLD, &risen, &["--format", format]);
        assert_eq!((done.code, done.stderr.as_str()), (Some(6), ""), "{format}");
        assert!(done.stdout.contains(line), "{format}: {}", done.stdout);
        // A device that is older than the program is refused likewise.
        let back = diff(&risen, OLD, &["--format", format]);
        assert_eq!(back.code, Some(6), "{format}: {}", back.stdout);
        let done = diff(
            OLD,
            &OLD.replace("Lamp", "Lamp_1_3_5"),
            &["--format", format],
        );
        assert_eq!(done.code, Some(0), "{format}: {}", done.stdout);
    }
}

/// What does not travel breaks no program, and so gives no exit code; Rust callers are told beside it.
#[test]
fn a_type_that_moved_and_an_alias_written_out_are_compatible() {
    for (old, new, callers) in [
        (
            "module lab { structure Bar { enumeration Foo { A, B }; Foo f; }; interface I { Bar get(); }; }",
            "module lab { enumeration Foo { A, B }; structure Bar { Foo f; }; interface I { Bar get(); }; }",
            "lab::bar::Foo: breaking",
        ),
        (
            "module lab { interface I { typedef map<string,int> T; T get(); }; }",
            "module lab { interface I { map<string,int> get(); }; }",
            "lab::i::T: breaking",
        ),
    ] {
        let done = diff(old, new, &[]);
        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""));
        assert!(done.stdout.starts_with("0 breaking, "), "{}", done.stdout);
        assert!(done.stdout.contains(callers), "{}", done.stdout);
        let json = diff(old, new, &["--format", "json"]);
        let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
        assert_eq!(json["breaking"], false);
        assert_eq!(json["breaks_callers"], true);
    }
}

/// The text is for a terminal, whatever the names are.
#[test]
fn the_text_fits_and_says_first_what_breaks() {
    if repository::is_missing() {
        return;
    }
    let idl = concat!(env!("CARGO_MANIFEST_DIR"), "/../idl");
    let (old, new) = (format!("{idl}/xerus-4.0.20"), format!("{idl}/xerus-4.4.1"));
    let done = xerus(["diff", &old, &new]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(6), ""));
    for line in done.stdout.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let place = |text: &str| done.stdout.find(text).unwrap_or_else(|| panic!("{text}"));
    let order = [
        " break Rust callers;",
        "\nbreaking in: ",
        "\nBreaking: ",
        "\nBreaking for Rust callers only: ",
        "\nTo be compiled again: ",
        "\nCompatible, nothing to be done ",
        "\nBy reference: ",
        "\nVersion steps ",
    ];
    assert!(order.map(place).is_sorted(), "{}", done.stdout);
    // No change is lost: as many in the text as in JSON.
    let json = xerus(["diff", &old, &new, "--format", "json"]);
    let json: Value = serde_json::from_str(&json.stdout).expect("JSON");
    let inner = json["types"].as_array().unwrap().iter();
    let inner = inner.map(|ty| ty["changes"].as_array().unwrap().len());
    let lone = ["added", "removed"].map(|key| json[key].as_array().unwrap().len());
    let counts = done.stdout.lines().filter_map(|line| {
        let count = line.strip_suffix(')')?.rsplit_once(" (")?.1;
        (!line.starts_with(' ')).then(|| count.parse::<usize>().ok())?
    });
    let counted: usize = counts.sum();
    assert_eq!(counted, inner.sum::<usize>() + lone.iter().sum::<usize>());
}

#[test]
fn a_set_that_cannot_be_read_is_an_error_and_not_a_difference() {
    if repository::is_missing() {
        return;
    }
    let done = diff(OLD, "module garden { structure A { B b; }; }\n", &[]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert!(done.stderr.contains("unknown type"), "{}", done.stderr);
    let done = xerus(["diff", "/nonexistent/old", &text(api())]);
    assert_eq!(done.code, Some(1));
    assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
}

#[test]
fn two_dumps_are_compared_like_two_directories() {
    let folder = directory(&[("Lamp.idl", OLD)]);
    let other = directory(&[("Lamp.idl", BREAKING)]);
    let (old, new) = (text(folder.path()), text(other.path()));
    let expected = xerus(["diff", &old, &new]);
    let mut dumps = Vec::new();
    for (directory, more) in [(&old, &[][..]), (&new, &["--docs"][..])] {
        let done = xerus([&["dump", directory], more].concat());
        let path = format!("{directory}/api.json");
        std::fs::write(&path, done.stdout).expect("written");
        dumps.push(path);
    }
    let [old_dump, new_dump] = dumps.as_slice() else {
        panic!("two dumps");
    };
    for (a, b) in [(old_dump, new_dump), (old_dump, &new), (&old, new_dump)] {
        let done = xerus(["diff", a, b]);
        assert_eq!((done.code, done.stderr.as_str()), (Some(6), ""));
        assert_eq!(done.stdout, expected.stdout);
    }
    // A dump can become IDL again.
    let out = format!("{new}/out");
    let done = xerus(["import", new_dump, "--out", &out]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let written = std::fs::read_to_string(format!("{out}/Lamp.idl")).expect("written");
    assert!(written.contains("void blink(in long times);"), "{written}");
}

#[test]
fn a_json_file_that_is_no_dump_is_refused_in_one_line() {
    let folder = directory(&[("api.json", "{\"format\": 7}"), ("b.json", "[]")]);
    for name in ["api.json", "b.json", "absent.json"] {
        let path = format!("{}/{name}", text(folder.path()));
        let done = xerus(["diff", &path, &path]);
        assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""), "{name}");
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
        assert!(done.stderr.contains(name), "{}", done.stderr);
    }
}

/// A package says less than the IDL it was made from. What it cannot say is no difference.
#[test]
fn a_package_is_completed_by_the_idl_on_the_other_side_or_by_like() {
    let Some(folder) = folder("a_package_is_completed_by_the_idl_on_the_other_side_or_by_like")
    else {
        return;
    };
    if repository::is_missing() {
        return;
    }
    let idl = format!("{}/../idl/xerus-4.0.20", env!("CARGO_MANIFEST_DIR"));
    let package = text(wheel(&folder, "4.0.20.49038"));
    for sides in [[&idl, &package], [&package, &idl]] {
        let sides = sides.map(String::as_str);
        let done = xerus([&["diff", "--format", "markdown"], &sides[..]].concat());
        for line in done.stdout.lines() {
            // Each side has whole files that the other lacks.
            let is_whole = line.starts_with("- **breaking:** type ");
            assert!(!line.contains("**breaking:**") || is_whole, "{line}");
            assert!(!line.contains("mismatch:"), "{line}");
        }
        assert!(
            done.stderr.starts_with(&format!("note: {package}: "))
                && done.stderr.contains("`datapush`"),
            "{}",
            done.stderr
        );
    }
    // Which settings may be left out is known from 3.5 on; IDL that is given to be followed wins.
    let newer = text(wheel(&folder, "4.2.20.50793"));
    let older = text(wheel(&folder, "4.1.1.49961"));
    let inhibits = |more: &[&str]| {
        let done = xerus([&["diff", "--format", "markdown", &older, &newer], more].concat());
        let line = "field `pdumodel.Pdu.Settings.inhibitRelayControl` added";
        let found = done.stdout.lines().find(|found| found.contains(line));
        let may_be_left_out = "(sent both ways, may be left out)";
        found.map(|found| {
            found.trim_start().starts_with("- compatible:") && found.contains(may_be_left_out)
        })
    };
    assert_eq!(inhibits(&[]), Some(true));
    assert_eq!(inhibits(&["--like", &idl]), Some(true));
    let newest = text(wheel(&folder, "3.6.80.48558"));
    let oldest = text(wheel(&folder, "3.5.20.46039"));
    let timeout = |more: &[&str]| {
        let done = xerus([&["diff", "--format", "markdown", &oldest, &newest], more].concat());
        let line = "**breaking:** field `pdumodel.TransferSwitch.Settings.";
        done.stdout.contains(line)
    };
    assert!(timeout(&[]) && !timeout(&["--like", &idl]));
    // The mark of the one side does not hide that the other did not have it.
    let done = xerus(["diff", "--format", "markdown", &newest, &idl]);
    let line = "compatible: annotation of `pdumodel.TransferSwitch.Settings` added: `[sparse_in]`";
    assert!(done.stdout.contains(line), "{}", done.stdout);
}

#[test]
fn an_unreadable_package_is_named_once() {
    let place = directory(&[("old.json", "[]"), ("new.whl", "text")]);
    let path = |name: &str| text(place.path().join(name));
    for (old, new) in [("old.json", "new.whl"), ("missing.whl", "old.json")] {
        let done = xerus(["diff", &path(old), &path(new)]);
        assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
        assert_eq!(done.stderr.lines().count(), 1, "{}", done.stderr);
        assert_eq!(
            done.stderr.matches(&path(old)).count(),
            1,
            "{}",
            done.stderr
        );
    }
}

/// Item, action and path of each change in a JSON document.
fn changes(done: &Done) -> Vec<String> {
    let json: Value = serde_json::from_str(&done.stdout).expect("JSON");
    let list = |value: &Value| value.as_array().unwrap().clone();
    let inner = list(&json["types"]);
    let inner = inner.iter().flat_map(|ty| list(&ty["changes"]));
    let lone = [list(&json["removed"]), list(&json["added"])].concat();
    let words = |change: Value| {
        let word = |key: &str| change[key].as_str().unwrap().to_owned();
        [word("item"), word("action"), word("path"), word("member")].join(" ")
    };
    lone.into_iter().chain(inner).map(words).collect()
}

const HOUSE: &str = "module house {
    structure Place { int x; };
    interface Lamp { constant int LIMIT = 1; void on(); Place place(); void move(in Place place); int count(); };
    interface Door { void open(); enumeration State { OPEN, SHUT }; State state(); };
    interface House { Lamp lamp(); Door door(); };
}
";

const REBUILT: &str = "module house {
    structure Place { int x; int y; };
    interface Lamp_1_0_1 { constant int LIMIT = 2; void on(); Place place(); void move(in Place place); void count(); int size(); };
    interface Door { enumeration State { AJAR, OPEN, SHUT }; State state(); };
    interface House_1_0_1 { Lamp_1_0_1 lamp(); Door door(); };
    interface Garden { };
}
";

#[test]
fn roots_keep_what_they_need_on_either_side() {
    let json = ["--format", "json"];
    let all = diff(HOUSE, REBUILT, &json);
    assert_eq!(changes(&all).len(), 10, "{}", all.stdout);
    let found = |roots: &[&str]| {
        let done = diff(HOUSE, REBUILT, &[&json, roots].concat());
        (changes(&done), done.code)
    };
    let (lamp, code) = found(&["--root", "house.Lamp"]);
    assert_eq!(
        lamp,
        [
            "constant changed house.Lamp LIMIT",
            "return changed house.Lamp count",
            "method added house.Lamp size",
            "reference changed house.Lamp house.Place",
            "field added house.Place y",
        ]
    );
    assert_eq!(code, Some(6));
    // Only the new side has it, and nothing of it breaks.
    let garden = (vec!["type added house.Garden ".to_owned()], Some(0));
    assert_eq!(found(&["--root", "house.Garden"]), garden);
    assert_eq!(found(&["--root", "house"]).0.len(), 10);
    assert_eq!(
        found(&["--root", "house.Place", "--root", "house.Garden"])
            .0
            .len(),
        2
    );
    let done = diff(HOUSE, REBUILT, &["--root", "house.Lam"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert!(
        done.stderr
            .contains("--root: no type or module `house.Lam`; did you mean `house.Lamp:1.0.1`?"),
        "{}",
        done.stderr
    );
}

#[test]
fn only_one_sort_of_changes() {
    let found = |only: &[&str]| {
        let done = diff(HOUSE, REBUILT, &[&["--format", "json"], only].concat());
        changes(&done)
    };
    let breaking = found(&["--only", "breaking"]);
    assert_eq!(
        breaking,
        [
            "method removed house.Door open",
            "enumerator inserted house.Door.State AJAR",
            "constant changed house.Lamp LIMIT",
            "return changed house.Lamp count",
            "field added house.Place y",
        ]
    );
    let callers = found(&["--only", "callers"]);
    assert_eq!(callers.len(), 3, "{callers:?}");
    assert_eq!(
        found(&["--only", "callers", "--only", "breaking"]),
        breaking
    );
    let moved = diff(
        "module m { structure B { enumeration F { A }; F f; }; interface I { B g(); }; }",
        "module m { enumeration F { A }; structure B { F f; }; interface I { B g(); }; }",
        &["--only", "breaking"],
    );
    assert_eq!(
        (moved.code, moved.stdout.as_str()),
        (
            Some(0),
            "none of what was asked for: 4 changes are left out\n"
        )
    );
    assert_eq!(diff(HOUSE, REBUILT, &["--only", "some"]).code, Some(2));
}

#[test]
fn sources_keep_what_can_touch_them() {
    let found = |text: &str| {
        let sources = directory(&[("main.rs", text)]);
        let path = support::text(sources.path());
        let done = diff(HOUSE, REBUILT, &["--format", "json", "--used-by", &path]);
        (changes(&done), done)
    };
    // Objects come by through what methods return, without their names.
    let (lamp, done) = found("use api::house::House; fn f(h: &House) { h.lamp().count(); }");
    assert_eq!(lamp, ["return changed house.Lamp count"]);
    assert!(
        done.stderr.contains("1 of 10 changes can touch them"),
        "{}",
        done.stderr
    );
    // A value that is only received need not have what is sent.
    assert!(
        found("fn f(l: api::house::Lamp) { l.place(); }")
            .0
            .is_empty()
    );
    let (sent, done) = found("use api::house as h; fn f(l: h::Lamp) { each!(l, r#move); }");
    assert_eq!(
        (sent, done.code),
        (vec!["field added house.Place y".to_owned()], Some(6))
    );
    let (door, _) = found("use api::{house::*}; fn f(d: Door) { d.open(); d.state(); }");
    assert_eq!(
        door,
        [
            "method removed house.Door open",
            "enumerator inserted house.Door.State AJAR",
        ]
    );
    let (limit, _) = found("fn f() -> i32 { api::house::Lamp::LIMIT }");
    assert_eq!(limit, ["constant changed house.Lamp LIMIT"]);
}

#[test]
fn sources_that_say_nothing_are_an_error_and_not_a_pass() {
    let used_by = |files: &[(&str, &str)]| {
        let sources = directory(files);
        let path = support::text(sources.path());
        diff(HOUSE, REBUILT, &["--used-by", &path])
    };
    for (files, message) in [
        (&[("notes.txt", "House")][..], "no Rust sources in "),
        (
            &[("main.rs", "struct House;")],
            "the sources name no type of ",
        ),
        (
            &[(
                "api.rs",
                "// @generated by xerus-codegen 0.1.0\nuse house::House;",
            )],
            "no Rust sources in ",
        ),
    ] {
        let done = used_by(files);
        assert_eq!(
            (done.code, done.stdout.as_str()),
            (Some(1), ""),
            "{files:?}"
        );
        assert!(done.stderr.contains(message), "{}", done.stderr);
    }
    let done = used_by(&[("a.rs", "fn f( {}"), ("b.rs", "use house::House;")]);
    assert!(
        done.stderr
            .contains("a.rs:1: this is not Rust; nothing in the file counts as used"),
        "{}",
        done.stderr
    );
    assert_eq!(done.code, Some(0));
}
