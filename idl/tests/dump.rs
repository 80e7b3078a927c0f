//! The dump: a sample in full, and the whole API by number.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{corpus, load};
use xerus_idl::dump::{Options, dump};
use xerus_idl::model::{Counts, Model, TypeKind};

const GARDEN: &str = include_str!("data/Garden.idl");
const BASE: &str = include_str!("data/Base.idl");

fn garden() -> Model {
    load([("Base.idl", BASE), ("dir/Garden.idl", GARDEN)]).model
}

/// The types of a dump by wire id.
fn types(model: &Model, docs: bool) -> BTreeMap<String, Value> {
    let text = dump(model, Options::default().docs(docs));
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["format"], 1);
    let types = document["types"].as_array().expect("a list of types");
    let ids: Vec<_> = types
        .iter()
        .map(|ty| ty["id"].as_str().unwrap_or_default())
        .collect();
    assert!(ids.is_sorted());
    types
        .iter()
        .map(|ty| (ty["id"].as_str().unwrap_or_default().to_owned(), ty.clone()))
        .collect()
}

#[test]
fn sample_ids_and_counts() {
    let model = garden();
    let mut ids: Vec<_> = model
        .types()
        .filter(|(_, ty)| !matches!(ty.kind, TypeKind::Typedef { .. } | TypeKind::Opaque))
        .map(|(_, ty)| ty.wire_id.as_str())
        .collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            "base.Happening:1.0.0",
            "base.Thing:1.0.2",
            "base.Thing_1_0_2.Tag:1.0.0",
            "garden.Bed:1.0.0",
            "garden.Soil:2.0.0",
            "garden.Valve:3.1.4",
            "garden.Valve_3_1_4.Jammed:1.0.0",
            "garden.Valve_3_1_4.Moved:1.0.0",
            "garden.Valve_3_1_4.Position:1.0.0",
            "garden.Valve_3_1_4.Settings.Limits:1.0.0",
            "garden.Valve_3_1_4.Settings:1.0.0",
        ]
    );
    let counts = model.counts();
    assert_eq!(
        counts,
        Counts {
            modules: 2,
            interfaces: 2,
            methods: 8,
            in_parameters: 4,
            out_parameters: 1,
            constants: 3,
            structures: 4,
            structure_fields: 13,
            value_objects: 3,
            value_object_fields: 3,
            enumerations: 2,
            enumerators: 5,
            typedefs: 1,
            opaques: 1,
            references: counts.references,
        }
    );
    assert_eq!(counts.types(), 11);
}

#[test]
fn sample_docs() {
    let model = garden();
    let ty = |path: &str| model.ty(model.find(path).unwrap());
    assert_eq!(
        model.modules()[1].docs.text.as_deref(),
        Some("Garden control")
    );
    let bed = ty("garden.Bed");
    assert_eq!(bed.docs.text.as_deref(), Some("A bed, possibly divided"));
    assert_eq!(
        bed.fields()[0].docs.text.as_deref(),
        Some("painted on the sign")
    );
    assert_eq!(
        bed.fields()[1].docs.text.as_deref(),
        Some("what it is\nmade of")
    );
    assert!(bed.fields()[2].docs.is_empty());
    let TypeKind::Interface(valve) = &ty("garden.Valve_3_1_4").kind else {
        panic!()
    };
    assert_eq!(
        valve.constants[0].docs.heading.as_deref(),
        Some("Error codes")
    );
    assert_eq!(
        valve.constants[0].docs.text.as_deref(),
        Some("does not move")
    );
    assert!(valve.constants[1].docs.is_empty());
    assert_eq!(valve.constants[2].value, 15);
    let TypeKind::Enumeration {
        enumerators,
        fallback,
    } = &ty("garden.Soil_2_0_0").kind
    else {
        panic!()
    };
    assert_eq!(*fallback, Some(2));
    let docs: Vec<_> = enumerators.iter().map(|e| e.docs.text.as_deref()).collect();
    assert_eq!(docs, [Some("mostly sand"), None, Some("neither")]);
}

#[test]
fn sample_dump() {
    let types = types(&garden(), false);
    assert_eq!(types.len(), 13);
    assert_eq!(
        types["garden.Soil:2.0.0"],
        json!({
            "id": "garden.Soil:2.0.0", "path": "garden.Soil_2_0_0", "kind": "enumeration",
            "file": "Garden.idl", "annotations": ["unknown_fallback"], "fallback": "OTHER",
            "enumerators": ["SANDY", "CLAY", "OTHER"],
        })
    );
    assert_eq!(
        types["garden.Blob:1.0.0"],
        json!({
            "id": "garden.Blob:1.0.0", "path": "garden.Blob", "kind": "opaque",
            "file": "Garden.idl", "annotations": [],
        })
    );
    assert_eq!(
        types["garden.Bed:1.0.0"],
        json!({
            "id": "garden.Bed:1.0.0", "path": "garden.Bed", "kind": "structure",
            "file": "Garden.idl", "annotations": [],
            "fields": [
                {"name": "label", "type": "string"},
                {"name": "soil", "type": "garden.Soil:2.0.0"},
                {"name": "parts", "type": "vector<garden.Bed:1.0.0>"},
                {"name": "extra", "type": "garden.Blob:1.0.0"},
            ],
        })
    );
    assert_eq!(
        types["garden.Valve_3_1_4.Jammed:1.0.0"],
        json!({
            "id": "garden.Valve_3_1_4.Jammed:1.0.0", "path": "garden.Valve_3_1_4.Jammed",
            "kind": "valueobject", "file": "Garden.idl",
            "extends": "garden.Valve_3_1_4.Moved:1.0.0", "annotations": [], "fields": [],
        })
    );
    assert_eq!(
        types["garden.Valve_3_1_4.Registers:1.0.0"],
        json!({
            "id": "garden.Valve_3_1_4.Registers:1.0.0", "path": "garden.Valve_3_1_4.Registers",
            "kind": "typedef", "file": "Garden.idl", "annotations": [],
            "target": "map<string, long>",
        })
    );
    assert_eq!(
        types["garden.Valve:3.1.4"],
        json!({
            "id": "garden.Valve:3.1.4", "path": "garden.Valve_3_1_4", "kind": "interface",
            "file": "Garden.idl", "extends": "base.Thing:1.0.2", "annotations": [],
            "constants": [
                {"name": "ERR_STUCK", "type": "int", "value": 1},
                {"name": "UNSET", "type": "int", "value": -1},
                {"name": "MASK", "type": "int", "value": 15},
            ],
            "methods": [
                {"name": "getPosition", "returns": "garden.Valve_3_1_4.Position:1.0.0",
                 "annotations": ["deprecated"], "params": []},
                {"name": "move", "returns": "int", "annotations": [], "params": [
                    {"name": "target", "direction": "in",
                     "type": "garden.Valve_3_1_4.Position:1.0.0"},
                    {"name": "previous", "direction": "out",
                     "type": "garden.Valve_3_1_4.Position:1.0.0"},
                    {"name": "timeoutMs", "direction": "in", "type": "int"},
                ]},
                {"name": "bedsByRow", "returns": "map<int, vector<garden.Bed:1.0.0>>",
                 "annotations": [], "params": []},
                {"name": "owner", "returns": "Object", "annotations": [], "params": []},
                {"name": "watch", "returns": "void", "annotations": [], "params": [
                    {"name": "what", "direction": "in", "type": "typecode"},
                    {"name": "seen", "direction": "in", "type": "vector<base.Happening:1.0.0>"},
                ]},
                {"name": "dump", "returns": "garden.Valve_3_1_4.Registers:1.0.0",
                 "annotations": [], "params": []},
                {"name": "stop", "returns": "void", "annotations": [], "params": []},
            ],
        })
    );
}

#[test]
fn keys_come_in_a_fixed_order() {
    let text = dump(&garden(), Options::default());
    let line = text
        .lines()
        .find(|line| line.starts_with("{\"id\": \"garden.Soil:2.0.0\""))
        .unwrap();
    assert_eq!(
        line,
        "{\"id\": \"garden.Soil:2.0.0\", \"path\": \"garden.Soil_2_0_0\", \"kind\": \"enumeration\", \
         \"file\": \"Garden.idl\", \"annotations\": [\"unknown_fallback\"], \"fallback\": \"OTHER\", \
         \"enumerators\": [\"SANDY\", \"CLAY\", \"OTHER\"]},"
    );
    // One type on a line, between the first and the last.
    assert_eq!(text.lines().count(), 13 + 2);
}

#[test]
fn docs_are_added_and_nothing_else_changes() {
    let plain = types(&garden(), false);
    let with_docs = types(&garden(), true);
    let soil = &with_docs["garden.Soil:2.0.0"];
    assert_eq!(soil["doc"], "Kind of soil");
    assert_eq!(
        soil["enumerator_docs"],
        json!({"SANDY": "mostly sand", "OTHER": "neither"})
    );
    let bed = &with_docs["garden.Bed:1.0.0"];
    assert_eq!(bed["fields"][1]["doc"], "what it is\nmade of");
    assert_eq!(bed["fields"][2].get("doc"), None);
    let stuck = &with_docs["garden.Valve:3.1.4"]["constants"][0];
    assert_eq!(
        (&stuck["heading"], &stuck["doc"]),
        (&json!("Error codes"), &json!("does not move"))
    );

    let undocumented = |value: &Value| {
        let mut value = value.clone();
        strip(&mut value);
        value
    };
    for (id, ty) in &with_docs {
        assert_eq!(undocumented(ty), plain[id]);
    }
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for key in ["doc", "heading", "enumerator_docs"] {
                map.remove(key);
            }
            map.values_mut().for_each(strip);
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

#[test]
fn parameters_get_their_documentation() {
    let model = load([(
        "A.idl",
        "module m { interface I {\n/** Does it\n * @param a the \"first\"\n *   of two\n \
         * @param c stray */\nvoid f(in int a, in int b);\n}; }",
    )])
    .model;
    let method = types(&model, true)["m.I:1.0.0"]["methods"][0].clone();
    assert_eq!(method["params"][0]["doc"], "the \"first\"\nof two");
    assert_eq!(method["params"][1].get("doc"), None);
    assert_eq!(
        method["doc"],
        "Does it\n@param a the \"first\"\n  of two\n@param c stray"
    );
}

#[test]
fn the_whole_api() {
    if repository::is_missing() {
        return;
    }
    let model = load(corpus()).model;
    let types = types(&model, false);
    let mut kinds = BTreeMap::new();
    for ty in types.values() {
        *kinds.entry(ty["kind"].as_str().unwrap()).or_insert(0) += 1;
    }
    let expected = [
        ("enumeration", 123),
        ("interface", 113),
        ("opaque", 1),
        ("structure", 276),
        ("typedef", 2),
        ("valueobject", 212),
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    let outlet = &types["pdumodel.Outlet:3.0.1"];
    assert_eq!(outlet["extends"], "pdumodel.EDevice:1.0.1");
    assert_eq!(outlet["file"], "Outlet.idl");
    let get_iop = &outlet["methods"].as_array().unwrap();
    let get_iop = get_iop
        .iter()
        .find(|method| method["name"] == "getIOP")
        .unwrap();
    assert_eq!(get_iop["params"][2]["type"], "vector<pdumodel.Pole:9.0.0>");
    assert_eq!(types["bulkrpc.JsonObject:1.0.0"]["kind"], "opaque");
    // The same every time.
    let again = dump(&load(corpus()).model, Options::default());
    assert_eq!(again, dump(&model, Options::default()));
}
