//! Every file of `tests/corpus` against the Rust beside it, every file of `tests/corpus/errors` against
//! the report beside it. `XERUS_BLESS=1` rewrites the expectations.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

#[path = "support/repository.rs"]
mod repository;

use std::path::{Path, PathBuf};
use std::{env, fs};

use xerus_codegen::{Builder, Layout, Options};

/// The root of the workspace, so that paths in options and reports are the same everywhere.
fn enter_root() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    env::set_current_dir(root).unwrap();
}

/// The options in the first comment lines of a file, and the file itself as input.
fn options(path: &Path) -> Options {
    let text = fs::read_to_string(path).unwrap();
    let toml: String = text
        .lines()
        .map_while(|line| line.strip_prefix("//"))
        .filter_map(|line| line.trim_start().strip_prefix("xerus: "))
        .map(|line| format!("{line}\n"))
        .collect();
    let mut options =
        Options::from_toml(&toml).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    options.idl_file.push(path.to_owned());
    let root = path.with_extension("rs");
    options.out = root.file_name().unwrap().to_str().unwrap().to_owned();
    options
}

fn idl_files(directory: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "idl"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{directory} is empty");
    files
}

/// Compares with an expectation or rewrites it; the difference when there is one.
fn compare(path: &Path, actual: &str) -> Option<String> {
    if env::var_os("XERUS_BLESS").is_some() {
        fs::write(path, actual).unwrap();
        return None;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    (expected != actual).then(|| format!("{} has become:\n{actual}\n", path.display()))
}

#[test]
fn generated_code_is_as_expected() {
    if repository::is_missing() {
        return;
    }
    enter_root();
    let mut differences = Vec::new();
    for path in idl_files("tests/corpus") {
        let files = Builder::with_options(options(&path))
            .generate_files()
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let root = path.with_extension("rs");
        if env::var_os("XERUS_BLESS").is_some() {
            files.write(&root).unwrap();
        }
        for change in files.changes(&root).unwrap() {
            let path = change.path().display();
            differences.push(format!("{path}: {}\n", change.reason().unwrap()));
        }
    }
    assert!(differences.is_empty(), "{}", differences.concat());
}

#[test]
fn errors_are_as_expected() {
    if repository::is_missing() {
        return;
    }
    enter_root();
    let mut differences = Vec::new();
    for path in idl_files("tests/corpus/errors") {
        let Err(error) = Builder::with_options(options(&path)).generate_string() else {
            panic!("{} was accepted", path.display());
        };
        let report = format!("{error}\n\n{}\n", error.lines().join("\n"));
        differences.extend(compare(&path.with_extension("txt"), &report));
    }
    assert!(differences.is_empty(), "{}", differences.concat());
}

/// Some parts are laid out by hand; nobody shall see which.
#[test]
fn all_text_is_formatted() {
    if repository::is_missing() {
        return;
    }
    enter_root();
    let lines = |text: &str| -> Vec<String> {
        let text = text
            .lines()
            .skip_while(|line| line.is_empty() || line.starts_with("//"));
        text.filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let mut builders: Vec<_> = idl_files("tests/corpus")
        .iter()
        .map(|path| Builder::with_options(options(path)))
        .collect();
    let api = Builder::new().idl_dir("idl/xerus-4.0.20");
    builders.push(api.clone().layout(Layout::Files));
    let features = Builder::new()
        .idl_dir("idl/xerus-4.4.1")
        .cargo_features(true);
    builders.push(features.layout(Layout::Files));
    builders.push(
        api.clone()
            .runtime_path("crate::a::long::way::to::the::runtime"),
    );
    builders.push(api);
    for builder in builders {
        let files = builder
            .generate_files()
            .unwrap_or_else(|error| panic!("{error}"));
        for file in files.files() {
            let formatted = prettyplease::unparse(&syn::parse_file(&file.text).unwrap());
            let (actual, expected) = (lines(&file.text), lines(&formatted));
            for (at, (actual, expected)) in actual.iter().zip(&expected).enumerate() {
                let idl = &builder.options().idl_file;
                assert_eq!(actual, expected, "{idl:?}, `{}`, line {at}", file.path);
            }
            assert_eq!(actual.len(), expected.len());
        }
    }
}

#[test]
fn every_expectation_is_compiled() {
    if repository::is_missing() {
        return;
    }
    enter_root();
    let compiled = fs::read_to_string("tests/corpus-check/src/lib.rs").unwrap();
    for path in idl_files("tests/corpus") {
        let module = format!(
            "corpus/{}.rs\"",
            path.file_stem().unwrap().to_str().unwrap()
        );
        assert!(
            compiled.contains(&module),
            "tests/corpus-check does not compile {module}"
        );
    }
}
