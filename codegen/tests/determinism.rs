//! The same input gives the same bytes, in whatever order it is given.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;

use std::path::{Path, PathBuf};
use std::{env, fs};

use xerus_codegen::Builder;

fn api() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl/xerus-4.0.20")
}

fn text(builder: &Builder) -> String {
    builder
        .generate_string()
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn twice_is_the_same() {
    if repository::is_missing() {
        return;
    }
    let builder = Builder::new().idl_dir(api());
    assert_eq!(text(&builder), text(&builder));
}

#[test]
fn the_order_of_files_does_not_matter() {
    if repository::is_missing() {
        return;
    }
    let mut files: Vec<_> = fs::read_dir(api())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "idl"))
        .collect();
    files.sort();
    assert_eq!(files.len(), 118);
    let all = |files: &[PathBuf]| text(&files.iter().fold(Builder::new(), Builder::idl_file));
    let sorted = all(&files);
    files.reverse();
    assert_eq!(sorted, all(&files));
    files.rotate_left(41);
    files.swap(3, 77);
    assert_eq!(sorted, all(&files));
    assert_eq!(
        sorted,
        text(&Builder::new().idl_dir(api())),
        "a directory is the same as its files"
    );
}

#[test]
fn names_do_not_depend_on_roots() {
    if repository::is_missing() {
        return;
    }
    let whole = text(&Builder::new().idl_dir(api()));
    let part = text(
        &Builder::new()
            .idl_dir(api())
            .root("pdumodel.Outlet")
            .root("event"),
    );
    assert!(part.len() < whole.len());
    let items = |text: &str| -> Vec<String> {
        let start = |line: &&str| line.trim_start().starts_with("pub ");
        text.lines().filter(start).map(str::to_owned).collect()
    };
    let whole = items(&whole);
    for item in items(&part) {
        assert!(whole.contains(&item), "{item}");
    }
}

#[test]
fn nothing_local_gets_into_the_output() {
    if repository::is_missing() {
        return;
    }
    let text = text(
        &Builder::new()
            .idl_dir(api())
            .root("pdumodel.Outlet")
            .out("other.rs"),
    );
    assert!(!text.contains(env!("CARGO_MANIFEST_DIR")));
    assert!(!text.contains("xerus-4.0.20"));
    assert!(!text.contains("other.rs"));
}

#[test]
fn formatted_text_and_tokens_agree() {
    if repository::is_missing() {
        return;
    }
    let builder = Builder::new()
        .idl_dir(api())
        .root("pdumodel.Outlet")
        .docs(false);
    let same = |code: syn::File| prettyplease::unparse(&code);
    let tokens = same(syn::parse2(builder.generate_tokens().unwrap()).unwrap());
    let formatted = same(syn::parse_str(&text(&builder)).unwrap());
    assert!(tokens.contains("pub struct Outlet"));
    assert_eq!(tokens, formatted, "format(true) changed more than blanks");
    let plain = same(syn::parse_str(&text(&builder.format(false))).unwrap());
    assert_eq!(plain, tokens, "format(false) is not the same code");
}
