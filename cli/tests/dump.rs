//! `xerus dump`: one JSON document on stdout.

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::collections::BTreeMap;
use std::process::Stdio;

use serde_json::{Value, json};
use support::{api, command, directory, text, xerus};

fn dump(arguments: &[&str]) -> Value {
    let done = xerus([&["dump"], arguments].concat());
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert_eq!(done.stderr, "");
    serde_json::from_str(&done.stdout).expect("JSON")
}

#[test]
fn the_api_has_all_its_types() {
    if repository::is_missing() {
        return;
    }
    let document = dump(&[&text(api())]);
    assert_eq!(document["format"], 1);
    let types = document["types"].as_array().expect("types");
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for ty in types {
        *kinds
            .entry(ty["kind"].as_str().expect("a kind"))
            .or_default() += 1;
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
    let ids: Vec<_> = types
        .iter()
        .map(|ty| ty["id"].as_str().expect("an id"))
        .collect();
    assert!(ids.is_sorted(), "sorted by wire id");
}

#[test]
fn an_interface_has_the_shape_of_the_contract() {
    if repository::is_missing() {
        return;
    }
    let document = dump(&[&text(api())]);
    let outlet = document["types"]
        .as_array()
        .and_then(|types| types.iter().find(|ty| ty["id"] == "pdumodel.Outlet:3.0.1"))
        .expect("the outlet");
    assert_eq!(outlet["path"], "pdumodel.Outlet_3_0_1");
    assert_eq!(outlet["file"], "Outlet.idl");
    assert_eq!(outlet["extends"], "pdumodel.EDevice:1.0.1");
    assert_eq!(
        outlet["constants"][0],
        json!({"name": "ERR_OUTLET_NOT_SWITCHABLE", "type": "int", "value": 1})
    );
    let iop = outlet["methods"]
        .as_array()
        .and_then(|all| all.iter().find(|m| m["name"] == "getIOP"))
        .expect("getIOP");
    assert_eq!(iop["returns"], "void");
    assert_eq!(iop["params"][0]["direction"], "out");
    assert!(
        iop["params"][2]["type"]
            .as_str()
            .is_some_and(|ty| ty.starts_with("vector<pdumodel.Pole:")),
        "{iop}"
    );
}

#[test]
fn docs_come_on_request() {
    let place = directory(&[(
        "a.idl",
        "/** Gardens */\nmodule m {\n    /** A bed */\n    structure A {\n        int x; ///< how wide\n    };\n}\n",
    )]);
    let path = text(place.path());
    let plain = dump(&[&path]);
    assert_eq!(plain["types"][0].get("doc"), None);
    let documented = dump(&[&path, "--docs"]);
    assert_eq!(documented["types"][0]["doc"], "A bed");
    assert_eq!(documented["types"][0]["fields"][0]["doc"], "how wide");
}

#[test]
fn a_refused_api_prints_nothing_on_stdout() {
    let place = directory(&[("a.idl", "module m { structure A { B b; }; }\n")]);
    let done = xerus(["dump".to_owned(), text(place.path())]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert!(done.stderr.contains("unknown type"), "{}", done.stderr);
}

#[test]
fn a_reader_that_leaves_is_no_panic() {
    if repository::is_missing() {
        return;
    }
    let mut child = command()
        .args(["dump".to_owned(), text(api())])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
