//! Constructors for well-known resource ids: where they are and where not. What they look like is in
//! `tests/corpus/well-known.rs`, what is refused in `tests/corpus/errors`.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use xerus_codegen::Builder;

const IDL: &str = "
module sensors {
    interface Sensor { int type(); };
    interface NumericSensor extends Sensor { double read(); };
}
module pdumodel { interface OutletGroup { void reset(); }; }
module room { interface Rack { pdumodel.OutletGroup group(); }; }
";

fn generate(text: &str, builder: Builder) -> String {
    builder
        .text("Sample.idl", text)
        .generate_string()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The signatures of all constructors, each in one line.
fn constructors(text: &str) -> Vec<String> {
    text.split("pub fn ")
        .skip(1)
        .filter(|rest| rest.starts_with("well_known"))
        .map(|rest| {
            let signature = rest.split(" {").next().unwrap();
            signature.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

/// The templates of the list.
fn listed(text: &str) -> usize {
    text.matches("::xerus_rpc::WellKnown::new(").count()
}

#[test]
fn sensors_of_a_place_stand_at_the_place() {
    let text = generate(IDL, Builder::new());
    assert_eq!(
        constructors(&text),
        [
            "well_known(agent: &::xerus_rpc::Agent, group: u32) -> Self",
            "well_known_active_power( agent: &::xerus_rpc::Agent, group: u32, ) -> super::sensors::NumericSensor",
            "well_known_active_energy( agent: &::xerus_rpc::Agent, group: u32, ) -> super::sensors::NumericSensor",
        ]
    );
    assert_eq!(listed(&text), 3);
}

#[test]
fn roots_do_not_grow() {
    let text = generate(IDL, Builder::new().root("room.Rack"));
    assert_eq!(
        constructors(&text),
        ["well_known(agent: &::xerus_rpc::Agent, group: u32) -> Self"]
    );
    assert_eq!(listed(&text), 1);
    assert!(!text.contains("NumericSensor"));
}

#[test]
fn results_may_live_elsewhere() {
    let text = generate(
        IDL,
        Builder::new().extern_path("sensors", "::other::sensors"),
    );
    let last = constructors(&text).pop().unwrap();
    assert!(
        last.ends_with("-> ::other::sensors::NumericSensor"),
        "{last}"
    );
    assert_eq!(listed(&text), 3);
    // Those of the other crate are listed there.
    let text = generate(
        IDL,
        Builder::new().extern_path("pdumodel", "::other::pdumodel"),
    );
    assert_eq!((constructors(&text).len(), listed(&text)), (0, 0));
}

#[test]
fn the_vendors_ids_can_be_left_out() {
    let with = generate(IDL, Builder::new());
    let without = generate(IDL, Builder::new().vendor_rids(false));
    assert!(constructors(&without).is_empty() && !without.contains("WELL_KNOWN"));
    assert!(with.contains("pub static WELL_KNOWN"));
    let own = Builder::new()
        .vendor_rids(false)
        .well_known("room.Rack", "/rack/{row}/{name:str}");
    assert_eq!(
        constructors(&generate(IDL, own)),
        ["well_known(agent: &::xerus_rpc::Agent, row: u32, name: &str) -> Self"]
    );
}

#[test]
fn other_idl_stays_as_it_is() {
    let idl = IDL.replace("pdumodel", "model");
    let body = |text: String| {
        text.split_once("::xerus_rpc::rt::form!")
            .unwrap()
            .1
            .to_owned()
    };
    let with = body(generate(&idl, Builder::new()));
    assert_eq!(
        with,
        body(generate(&idl, Builder::new().vendor_rids(false)))
    );
    assert!(!with.contains("well_known") && !with.contains("WELL_KNOWN"));
}

#[test]
fn an_id_of_the_user_takes_the_place_of_the_vendors() {
    let builder = Builder::new().well_known("pdumodel.OutletGroup", "/groups/{name:str}");
    let text = generate(IDL, builder);
    assert_eq!(
        constructors(&text)[0],
        "well_known(agent: &::xerus_rpc::Agent, name: &str) -> Self"
    );
    assert_eq!(constructors(&text).len(), 3);
    assert!(
        text.contains("\"/groups/{name:str}\"") && !text.contains("\"/model/outletgroup/{group}\"")
    );
}

#[test]
fn every_version_has_them_and_returns_what_goes_with_it() {
    let idl = "module sensors {
        interface NumericSensor_4_0_0 { double read(); };
        interface NumericSensor_5_0_0 { double read(); };
    }
    module pdumodel {
        interface OutletGroup { sensors.NumericSensor_4_0_0 power(); };
        interface OutletGroup_2_0_0 { sensors.NumericSensor_5_0_0 power(); };
        interface OutletGroup_3_0_0 { };
    }";
    let text = generate(idl, Builder::new());
    let power: Vec<_> = constructors(&text)
        .into_iter()
        .filter(|line| line.starts_with("well_known_active_power"))
        .map(|line| line.rsplit("::").next().unwrap().to_owned())
        .collect();
    assert_eq!(
        power,
        [
            "NumericSensor_4_0_0",
            "NumericSensor_5_0_0",
            "NumericSensor_5_0_0"
        ]
    );
    // Nine constructors, but both sensors of the last two are the same ones.
    assert_eq!((constructors(&text).len(), listed(&text)), (9, 7));
    // A version in the option means just that one.
    let builder = Builder::new()
        .vendor_rids(false)
        .well_known("pdumodel.OutletGroup_2_0_0", "/new");
    assert_eq!(constructors(&generate(idl, builder)).len(), 1);
}

#[test]
fn a_cargo_feature_brings_what_constructors_return() {
    let features = Builder::new().text("Sample.idl", IDL).features().unwrap();
    let parts: Vec<_> = features
        .iter()
        .map(|feature| (feature.name.as_str(), feature.parts.join(" ")))
        .collect();
    let parts: Vec<_> = parts
        .iter()
        .map(|(name, parts)| (*name, parts.as_str()))
        .collect();
    // `room` gets the outlet group without methods and constructors, so no sensor.
    assert_eq!(
        parts,
        [
            ("pdumodel", "sensors"),
            ("room", "pdumodel"),
            ("sensors", "")
        ]
    );
    // The constructors stand with the methods.
    let text = generate(IDL, Builder::new().cargo_features(true));
    let methods = text.split("pub fn reset").nth(1).unwrap();
    assert!(methods.contains("pub fn well_known("), "{text}");
}
