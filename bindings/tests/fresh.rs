//! What is checked in is what would be generated now, and the documentation names every feature.

#[path = "support/repository.rs"]
mod repository;

use std::fs;
use std::path::Path;

use xerus_codegen::features::manifest;
use xerus_codegen::{Builder, Layout};

fn here(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn builder() -> Builder {
    Builder::new()
        .idl_dir(here("../idl").join(format!("xerus-{}", xerus_api::FIRMWARE)))
        .layout(Layout::Files)
        .cargo_features(true)
        .out("api.rs")
}

#[test]
fn the_version_names_the_firmware() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        version.split_once('+').map(|(_, of)| of),
        Some(xerus_api::FIRMWARE)
    );
}

#[test]
fn the_code_is_fresh() {
    if repository::is_missing() {
        return;
    }
    let files = builder().generate_files().expect("the API");
    let changes = files.changes(&here("src/api.rs")).expect("the files");
    let paths: Vec<_> = changes.iter().map(xerus_codegen::Change::path).collect();
    assert!(paths.is_empty(), "run bindings/regenerate: {paths:?}");
    assert!(files.files().len() > 43);
}

#[test]
fn the_features_are_fresh_and_documented() {
    if repository::is_missing() {
        return;
    }
    let features = builder().features().expect("the API");
    let old = fs::read_to_string(here("Cargo.toml")).expect("the manifest");
    let new = manifest(&old, &features, true).expect("the markers");
    assert!(new.fresh, "run bindings/regenerate");
    let page = fs::read_to_string(here("README.md")).expect("the page of the crate");
    // The table of modules: what one is for, and its features.
    let (_, table) = page
        .split_once("| the PDU, its inlets")
        .expect("the table of modules");
    let (table, _) = table.split_once("\n\n").expect("its end");
    for feature in features {
        let rows = table
            .lines()
            .filter(|line| line.contains(&format!("`{}`", feature.name)));
        assert_eq!(
            rows.count(),
            1,
            "the table of modules on `{}`",
            feature.name
        );
    }
}
