//! The three renderings of one pair.

mod support;

use support::load_with;
use xerus_idl::diff::{Comparison, RustNames, compare};
use xerus_idl::lint::Lints;
use xerus_idl::model::Model;

const OLD: &str = r#"
module garden {
    [unknown_fallback("OTHER")]
    enumeration Soil { SANDY, CLAY, OTHER };
    structure Bed { string label; Soil soil; };
    interface Valve_3_1_4 {
        constant int ERR_STUCK = 1;
        structure Settings { int low; };
        valueobject Jammed { time when; };
        Bed bed();
        int move(in int target, in int timeoutMs);
        void set(in Settings settings);
        void stop();
    };
}
module shed { opaque Tool; }
"#;

const NEW: &str = r#"
module garden {
    [unknown_fallback("OTHER")]
    enumeration Soil_1_0_1 { SANDY, CLAY, OTHER, PEAT };
    structure Bed { string label; Soil_1_0_1 soil; };
    structure Rake { int teeth; };
    interface Valve_3_1_4 { void stop(); };
    interface Valve_4_0_0 {
        constant int ERR_STUCK = 2;
        structure Settings { int low; int high; };
        valueobject Jammed { time when; string by; };
        valueobject Moved { time when; };
        Bed bed();
        int move(in long target, in int timeoutMs);
        void set(in Settings settings);
        [deprecated]
        [note("a `b` c")]
        void stop();
    };
}
module house { opaque Door; }
"#;

fn load(text: &str) -> Model {
    let loaded = load_with([("Garden.idl", text)], Lints::all());
    assert!(loaded.diagnostics.iter().all(|d| !d.is_error()));
    loaded.model
}

fn pair() -> Comparison {
    compare(&load(OLD), &load(NEW))
}

#[test]
fn text() {
    insta::assert_snapshot!(pair().to_text());
}

#[test]
fn markdown() {
    insta::assert_snapshot!(pair().to_markdown());
}

#[test]
fn json() {
    let json = pair().to_json();
    assert!(
        serde_json::from_str::<serde_json::Value>(&json).is_ok(),
        "{json}"
    );
    insta::assert_snapshot!(json);
}

#[test]
fn nothing_to_say() {
    let same = compare(&load(OLD), &load(OLD));
    assert_eq!(same.to_text(), "no differences\n");
    assert_eq!(same.to_markdown(), "No differences.\n");
    let json: serde_json::Value = serde_json::from_str(&same.to_json()).expect("JSON");
    assert_eq!(json["breaking"], false);
    assert_eq!(json["types"], serde_json::json!([]));
}

/// Stands for the generator: everything is found, and one name differs from the IDL.
struct Named(&'static str);

impl RustNames for Named {
    fn rust_name(&self, path: &str, member: &str) -> Option<String> {
        let path = path.replace("garden", self.0).replace('.', "::");
        let member = member.split('(').next().unwrap_or(member);
        Some(match member {
            "" => path,
            member => format!("{path}::{}", member.to_lowercase()),
        })
    }
}

fn named() -> Comparison {
    pair().with_rust_names(&Named("garden_"), &Named("garden_"))
}

#[test]
fn text_with_rust_names() {
    insta::assert_snapshot!(named().to_text());
}

#[test]
fn markdown_with_rust_names() {
    insta::assert_snapshot!(named().to_markdown());
}

#[test]
fn json_with_rust_names() {
    let json: serde_json::Value = serde_json::from_str(&named().to_json()).expect("JSON");
    assert_eq!(json["rust_modules"]["garden"]["new"], "garden_");
    let valve = &json["types"][2];
    assert_eq!(valve["path"], "garden.Valve");
    assert_eq!(valve["rust"]["old"], "garden_::Valve");
    let parameter = &valve["changes"][2];
    assert_eq!(parameter["member"], "move(target)");
    assert_eq!(parameter["rust"]["new"], "garden_::Valve::move");
    assert_eq!(json["format"], 1);
}

#[test]
fn both_names_are_told_when_they_differ() {
    let renamed = compare(
        &load("module m { enumeration E { ON, OFF }; }"),
        &load("module m { enumeration E_2_0_0 { ON, OUT }; }"),
    );
    let named = renamed.with_rust_names(&Named(""), &Named(""));
    let (text, markdown) = (named.to_text(), named.to_markdown());
    let expected =
        "    enumerator OFF renamed: OFF -> OUT; Rust m::E::off -> m::E::out: breaking\n";
    assert!(text.contains(expected), "{text}");
    let expected = "  - compatible: enumerator `m.E.OFF` renamed: `OFF` → `OUT`; Rust `m::E::off` → `m::E::out`: breaking\n";
    assert!(markdown.contains(expected), "{markdown}");
}
