//! The names of the vendor's Python client lead to what stands for them: each that the guide maps is the name of a public item
//! here, or an alias by which the search of the documentation finds one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use xerus_documents::root;

const CRATES: [&str; 5] = [
    "runtime/src",
    "device/src",
    "discovery/src",
    "bindings/src",
    "wire-id/src",
];

/// Names that people look for, whatever the guide says.
const SOUGHT: &[&str] = &[
    "Agent",
    "BulkRequestHelper",
    "DecodeException",
    "HttpException",
    "JsonRpcErrorException",
    "JsonRpcSyntaxException",
    "LogHelper",
    "TypeInfo",
    "active_cert",
    "add_request",
    "bulk_config_file",
    "cert.download",
    "cert.upload",
    "cert_file",
    "config_file",
    "disable_certificate_verification",
    "discover",
    "download_eto",
    "download_panel_csv",
    "download_powermeter_csv",
    "firmware.upload",
    "form_data_file",
    "getTypeInfo",
    "host",
    "idlType",
    "json_rpc",
    "key_file",
    "link_ids",
    "lowMemoryUploadOptions",
    "newSession",
    "passwd",
    "performBulk",
    "perform_bulk",
    "pollEvents",
    "proto",
    "raise_subreq_failure",
    "rawcfg.upload",
    "set_auth_basic",
    "set_auth_token",
    "skip_checks",
    "upfile",
    "upload_pmc_config",
    "zeroconf",
];

/// What Python itself has.
const OF_PYTHON: &[&str] = &["KeyError", "AssertionError", "TypeError"];

/// As the search of rustdoc compares names.
fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(&path).expect("a source"));
        }
    }
}

/// The name of the public item that a line begins.
fn item(line: &str) -> Option<&str> {
    let mut rest = line.trim_start().strip_prefix("pub ")?;
    for word in [
        "const fn ",
        "async fn ",
        "fn ",
        "struct ",
        "enum ",
        "trait ",
        "mod ",
        "const ",
        "type ",
    ] {
        if let Some(name) = rest.strip_prefix(word) {
            rest = name;
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            return Some(end.map_or(rest, |end| &rest[..end]));
        }
    }
    None
}

/// Whether a line begins something that has a place in the documentation: a public item, a variant, an item of a trait.
fn is_documented(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("pub ")
        || line.starts_with("fn ")
        || line.starts_with("const ")
        || line.starts_with(|c: char| c.is_ascii_uppercase())
}

/// All names that a search finds.
fn names() -> BTreeSet<String> {
    let mut texts = Vec::new();
    for folder in CRATES {
        sources(&root().join(folder), &mut texts);
    }
    let mut names = BTreeSet::new();
    for text in &texts {
        let mut alias = None::<String>;
        let mut is_pending = false;
        for line in text.lines() {
            let trimmed = line.trim_start();
            if trimmed.starts_with("#[doc(alias") {
                alias = Some(String::new());
            }
            if let Some(open) = &mut alias {
                open.push_str(trimmed);
                if trimmed.ends_with(")]") || trimmed.ends_with("\"]") {
                    let quoted = open.split('"').skip(1).step_by(2).map(plain);
                    names.extend(quoted);
                    alias = None;
                    is_pending = true;
                }
                continue;
            }
            if is_pending && !trimmed.starts_with("#[") && !trimmed.starts_with("//") {
                assert!(is_documented(line), "an alias of nothing: {line}");
                is_pending = false;
            }
            names.extend(item(line).map(plain));
        }
    }
    names
}

/// The names in the first column of the guide's tables of Python and Rust.
fn mapped() -> Vec<String> {
    let guide = fs::read_to_string(root().join("docs/guide/porting.md")).expect("the guide");
    let mut is_inside = false;
    let mut names = Vec::new();
    for line in guide.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if cells.len() < 4 {
            is_inside = false;
            continue;
        }
        if cells[1] == "Python" {
            is_inside = true;
        } else if is_inside && cells[2] != "nothing" {
            names.extend(cells[1].split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    names
}

/// `add_request` of `helper.add_request(method, *args)`, both of `cert.upload`.
fn spellings(name: &str) -> Vec<String> {
    let name = name.rsplit("import ").next().unwrap_or(name);
    let end = name.find(['(', '=']);
    let name = end.map_or(name, |end| &name[..end]);
    let last = name.rsplit('.').next().unwrap_or(name);
    vec![plain(name), plain(last)]
}

#[test]
fn every_name_of_the_guide_is_found() {
    let known = names();
    let mapped = mapped();
    assert!(
        mapped.len() > 60,
        "only {} names in the guide",
        mapped.len()
    );
    let missing: Vec<_> = mapped
        .iter()
        .filter(|name| !OF_PYTHON.contains(&name.as_str()))
        .filter(|name| !spellings(name).iter().any(|name| known.contains(name)))
        .collect();
    assert!(missing.is_empty(), "nobody finds {missing:?}");
}

#[test]
fn every_name_that_is_sought_is_found() {
    let known = names();
    let missing: Vec<_> = SOUGHT
        .iter()
        .filter(|name| !known.contains(&plain(name)))
        .collect();
    assert!(missing.is_empty(), "nobody finds {missing:?}");
}
