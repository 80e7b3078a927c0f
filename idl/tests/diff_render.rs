//! The three renderings of one pair.

mod support;

use support::load_with;
use xerus_idl::diff::{Comparison, compare};
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
