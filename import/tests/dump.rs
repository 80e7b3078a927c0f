//! Dumps read back: the same API comes out, and nothing else is believed.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use support::{findings, load};
use xerus_idl::dump::{Options, dump};
use xerus_idl::{Idl, Model};
use xerus_import::{Error, Imported, Importer};

fn read(text: &str, docs: bool) -> Result<Imported, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.json");
    std::fs::write(&path, text).unwrap();
    Importer::new().input(path).docs(docs).run()
}

fn corpus(firmware: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../idl")
        .join(firmware)
}

fn model(idl: Idl) -> Model {
    idl.load().map_err(|found| found.to_short()).unwrap().model
}

#[test]
fn published_idl_comes_back_byte_for_byte() {
    if repository::is_missing() {
        return;
    }
    // The vendor's own hidden constant is there, too.
    for (firmware, warnings) in [("xerus-3.6.80", 1), ("xerus-4.0.20", 0), ("xerus-4.4.1", 0)] {
        let model = model(Idl::new().directory(corpus(firmware)));
        let plain = dump(&model, Options::default());
        let imported = read(&plain, false).unwrap();
        assert_eq!(dump(&load(&imported).model, Options::default()), plain);
        assert_eq!(findings(&imported, "warning").len(), warnings, "{firmware}");
        assert_eq!(findings(&imported, "choice"), [""; 0], "{firmware}");
        for (name, text) in &imported.files {
            let canonical = xerus_idl::print::format(name, text).unwrap();
            assert_eq!(canonical, *text, "{firmware}: {name}");
        }
        let documented = dump(&model, Options::default().docs(true));
        let imported = read(&documented, true).unwrap();
        let again = dump(&load(&imported).model, Options::default().docs(true));
        assert_eq!(again, documented, "{firmware}");
        // Not asked for, documentation is left out, and that is said.
        let imported = read(&documented, false).unwrap();
        assert_eq!(
            dump(&load(&imported).model, Options::default().docs(true)),
            plain
        );
        let is_said = findings(&imported, "lost")
            .iter()
            .any(|text| text.contains("--docs"));
        assert_eq!(is_said, documented != plain, "{firmware}");
    }
}

const EVERYTHING: &str = r#"
module base {
    typedef map<string, int> Numbers;
    opaque Blob;
    valueobject Happening { Object source; time when; };
    interface Thing_1_0_2 { structure Tag { string text; }; Tag getTag(); };
    module inner { enumeration Soil_2_0_0 { A, B }; }
}
module event {
    structure event { base.Thing_1_0_2.Tag base; };
    [unknown_fallback("B")]
    enumeration E { A, B };
    [sparse_in]
    structure Chain { vector<Chain> parts; };
    interface Use_2_0_0 extends base.Thing_1_0_2 {
        typedef vector<E> Es;
        constant int MIN = -2147483648;
        constant long SMALLEST = -9223372036854775808;
        constant byte SMALL = 255;
        structure event { boolean b; structure Low { base.Blob blob; }; Low low; };
        valueobject Moved_3_0_0 extends base.Happening { event.Low low; Later later; };
        enumeration Later { X };
        [deprecated]
        base.Numbers f(out int o, in Es i, out map<int, vector<base.inner.Soil_2_0_0>> m);
        typecode t(in vector<base.Happening> seen, in Later later);
        /** Starts it.
         *
         * @noidempotent @timeout 2s @role Tech
         * @action check=poll poll=map<int,base.Thing_1_0_2.Tag>
         * @error 7 NoSuchThing
         * @error thing.low event.Low
         * @error thing.tagged base.Thing_1_0_2.Tag
         * @error -9 Low
         *
         * @return 0 if OK
         */
        int start();
        /** @progress vector<event.Low> */
        int poll();
        /** @value @wire thing.count @nolongpoll @remote @noroot */
        int count();
        /** @stream poll=poll stop=stop */
        int stream();
        /** @oneway */
        void stop();
    };
    interface Use_2_0_1 { void f(); };
}
"#;

#[test]
fn everything_that_the_language_has_survives() {
    let original = model(Idl::new().text("All.idl", EVERYTHING));
    let plain = dump(&original, Options::default());
    let imported = read(&plain, false).unwrap();
    assert_eq!(dump(&load(&imported).model, Options::default()), plain);
    assert_eq!(findings(&imported, "warning"), [""; 0]);
    let documented = dump(&original, Options::default().docs(true));
    let imported = read(&documented, true).unwrap();
    let again = dump(&load(&imported).model, Options::default().docs(true));
    assert_eq!(again, documented);
}

/// What shells and editors do to a text file on its way.
#[test]
fn a_mark_and_blank_lines_before_a_dump_are_no_hindrance() {
    let text = "module m { structure S { int x; }; }";
    let plain = dump(&model(Idl::new().text("M.idl", text)), Options::default());
    let expected = read(&plain, false).unwrap();
    let blank = "\r\n\t ".repeat(1000);
    for before in ["\u{feff}", "\n", " ", "\u{feff}\r\n\t ", &blank] {
        let found = read(&format!("{before}{plain}"), false).unwrap();
        assert_eq!(
            (found.files, found.report),
            (expected.files.clone(), expected.report.clone())
        );
    }
    for before in [
        "\u{feff}\u{feff}",
        "\n\u{feff}",
        "\u{a0}",
        &" ".repeat(5000),
        "x",
    ] {
        let error = read(&format!("{before}{plain}"), false).unwrap_err();
        assert!(matches!(error, Error::UnknownInput(_)), "{error}");
    }
}

#[test]
fn utf_16_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.json");
    for mark in ["", "\u{feff}"] {
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            let text = format!("{mark}{{}}");
            let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            std::fs::write(&path, bytes).unwrap();
            let error = Importer::new().input(&path).run().unwrap_err();
            assert!(matches!(error, Error::Utf16(_)), "{error}");
            assert!(error.to_string().contains("api.json: UTF-16"), "{error}");
            assert!(error.to_string().contains("-Encoding utf8"), "{error}");
        }
    }
}

#[test]
fn arguments_of_unknown_annotations_are_lost_aloud() {
    let text = "module m { [note(\"a\")] structure A { [shiny] int x; }; [sparse_in] structure B { int x; }; }";
    let plain = dump(&model(Idl::new().text("A.idl", text)), Options::default());
    let imported = read(&plain, false).unwrap();
    assert_eq!(dump(&load(&imported).model, Options::default()), plain);
    let lost = findings(&imported, "lost");
    let places = ["m.A: arguments", "m.A.x: arguments"];
    for place in places {
        assert!(lost.iter().any(|text| text.starts_with(place)), "{lost:?}");
    }
    assert!(!lost.iter().any(|text| text.starts_with("m.B")), "{lost:?}");
}

fn structure(path: &str, ty: &str) -> Value {
    let (scope, name) = path.rsplit_once('.').unwrap();
    json!({"id": format!("{scope}.{name}:1.0.0"), "path": path, "kind": "structure", "file": "A.idl",
        "annotations": [], "fields": [{"name": "x", "type": ty}]})
}

/// An interface with a method that has marks.
fn marked(marks: Value) -> Value {
    json!({"id": "m.A:1.0.0", "path": "m.A", "kind": "interface", "file": "A.idl", "extends": null,
        "annotations": [], "constants": [], "methods": [{"name": "f", "returns": "void", "annotations": [],
        "params": [], "marks": marks}]})
}

/// A dump of one structure, changed by `change`.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut document = json!({"format": 1, "types": [structure("m.A", "int")]});
    change(&mut document);
    document.to_string()
}

#[test]
fn foreign_json_is_refused_with_its_place() {
    let deep = format!("{}int{}", "vector<".repeat(100), ">".repeat(100));
    let deeper = format!("{}int{}", "vector<".repeat(250), ">".repeat(250));
    let long = "x".repeat(5_000);
    type Case<'a> = (&'a str, Box<dyn FnOnce(&mut Value) + 'a>);
    let cases: Vec<Case<'_>> = vec![
        (
            "format: a whole number expected, a string found",
            Box::new(|d| d["format"] = json!("1")),
        ),
        (
            "types[0].methods[0].marks: no marks that a comment could hold",
            Box::new(|d| d["types"][0] = marked(json!({"wire": "a */ b"}))),
        ),
        (
            "types[0].methods[0].marks: no marks that a comment could hold",
            Box::new(|d| d["types"][0] = marked(json!({"wire": "a*/b"}))),
        ),
        (
            "types[0].methods[0].marks: no marks that a comment could hold",
            Box::new(|d| d["types"][0] = marked(json!({"timeout_ms": 0}))),
        ),
        (
            "types[0].methods[0].marks.timeout_ms: a timeout is not negative",
            Box::new(|d| d["types"][0] = marked(json!({"timeout_ms": -1}))),
        ),
        (
            "types[0].methods[0].marks.root: a boolean expected, a number found",
            Box::new(|d| d["types"][0] = marked(json!({"root": 1}))),
        ),
        (
            "types[0].methods[0].marks.stream: member `stop` is missing",
            Box::new(|d| d["types"][0] = marked(json!({"stream": {"poll": "f"}}))),
        ),
        (
            "format: only format 1 is known",
            Box::new(|d| d["format"] = json!(2)),
        ),
        (
            "document: member `types` is missing",
            Box::new(|d| *d = json!({"format": 1})),
        ),
        (
            "types: a list expected, an object found",
            Box::new(|d| d["types"] = json!({})),
        ),
        (
            "types[0]: an object expected, null found",
            Box::new(|d| d["types"][0] = Value::Null),
        ),
        (
            "types[0].path: `../A` is no path of a type",
            Box::new(|d| d["types"][0]["path"] = json!("../A")),
        ),
        (
            "types[0].path: `m` is no path",
            Box::new(|d| d["types"][0]["path"] = json!("m")),
        ),
        (
            "types[0].id: a type of this path has the id `m.A:1.0.0`",
            Box::new(|d| d["types"][0]["id"] = json!("m.A:1.0.1")),
        ),
        (
            "types[0].kind: `union` is no kind of type",
            Box::new(|d| d["types"][0]["kind"] = json!("union")),
        ),
        (
            "types[0].file: `../../etc/A.idl` is no name",
            Box::new(|d| d["types"][0]["file"] = json!("../../etc/A.idl")),
        ),
        (
            "types[0].fields[0].name: `a; int b` is no name",
            Box::new(|d| d["types"][0]["fields"][0]["name"] = json!("a; int b")),
        ),
        (
            "types[0].fields[0].type: `m.B:1.0.0` is neither",
            Box::new(|d| d["types"][0]["fields"][0]["type"] = json!("m.B:1.0.0")),
        ),
        (
            "types[0].fields[0].type: the type is too long",
            Box::new(|d| d["types"][0]["fields"][0]["type"] = json!(deeper)),
        ),
        (
            "types[0].fields[0].type: the type is too long",
            Box::new(|d| d["types"][0]["fields"][0]["type"] = json!(long)),
        ),
        (
            "types[0].annotations[0]: `x] [y` is no name",
            Box::new(|d| d["types"][0]["annotations"] = json!(["x] [y"])),
        ),
        (
            "types[1]: a second type `m.A`",
            Box::new(|d| {
                let copy = d["types"][0].clone();
                d["types"] = json!([copy.clone(), copy]);
            }),
        ),
    ];
    for (expected, change) in cases {
        let error = read(&changed(change), false).unwrap_err();
        assert!(matches!(error, Error::Dump { .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(text.len() < 300 && text.lines().count() == 1, "{text}");
    }
    // What only the language forbids is found when the result is read.
    for ty in ["void", "map<double, int>", "m.A:1.0.0", &deep] {
        let text = changed(|d| d["types"][0]["fields"][0]["type"] = json!(ty));
        let error = read(&text, false).unwrap_err();
        assert!(
            matches!(error, Error::Unsound(_) | Error::Dump { .. }),
            "{ty}: {error:?}"
        );
    }
    for text in [
        "{",
        "{\"format\": 1, \"types\": [",
        &"{\"a\":".repeat(100_000),
    ] {
        let error = read(text, false).unwrap_err();
        assert!(matches!(error, Error::Dump { .. }), "{error:?}");
    }
    assert!(matches!(
        read("{\"format\": 1, \"types\": []}", false),
        Err(Error::NoTypes)
    ));
    assert!(matches!(read("[1]", false), Err(Error::UnknownInput(_))));
}

#[test]
fn documentation_cannot_leave_its_comment() {
    let text = changed(|d| {
        d["types"][0]["doc"] = json!("*/ module x { } /*\n\u{1b}[2J");
        d["types"][0]["fields"][0]["doc"] = json!("a\nstructure B { int y; };");
    });
    let imported = read(&text, true).unwrap();
    assert_eq!(load(&imported).model.types().len(), 1);
    assert!(!imported.files[0].1.contains('\u{1b}'));
}

#[test]
fn many_types_are_refused_and_chains_of_files_end() {
    let many: Vec<_> = (0..10_001)
        .map(|n| structure(&format!("m.A{n}"), "int"))
        .collect();
    let text = json!({"format": 1, "types": many}).to_string();
    assert!(matches!(
        read(&text, false),
        Err(Error::Limit {
            name: "entries",
            ..
        })
    ));
    let chain: Vec<_> = (0..600)
        .map(|n| {
            let mut ty = structure(
                &format!("m.A{n}"),
                &format!("vector<m.A{}:1.0.0>", (n + 1) % 600),
            );
            ty["file"] = json!(format!("F{n}.idl"));
            ty
        })
        .collect();
    let text = json!({"format": 1, "types": chain}).to_string();
    assert_eq!(read(&text, false).unwrap().files.len(), 600);
}
