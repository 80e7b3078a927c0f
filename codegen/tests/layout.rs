//! One file for each module: which files, and how a directory becomes what it should be.
//! `tests/corpus-check` compiles `layout.idl` both checked in and out of `OUT_DIR`.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::fs;
use std::path::Path;

use xerus_codegen::{Builder, Change, Files, Layout};

const IDL: &str = "\
module base { interface Thing { int id(); structure Part { int x; }; Part part(); }; }
module garden {
    module pond {
        interface Pump extends base.Thing { void run(in garden.Light light); };
        module con { structure Fish { Object name; time seen; }; }
    }
    enumeration Light { DARK, BRIGHT };
    structure Bed { Light light; vector<pond.con.Fish> fish; };
    valueobject Rain { Bed on; };
}
module type { structure Seed { base.Thing.Part part; }; }
";

fn files(text: &str, builder: Builder) -> Files {
    builder
        .layout(Layout::Files)
        .text("Sample.idl", text)
        .generate_files()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn single(text: &str) -> String {
    Builder::new()
        .text("Sample.idl", text)
        .generate_string()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// All files below a directory, by path.
fn listing(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let path = path.strip_prefix(directory).unwrap();
                found.push(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn one_file_for_each_module() {
    let files = files(IDL, Builder::new());
    let paths: Vec<_> = files
        .files()
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "",
            "base.rs",
            "garden.rs",
            "garden/pond.rs",
            "garden/pond/con_.rs",
            "server/base.rs",
            "server/garden.rs",
            "server/garden/pond.rs",
            "type.rs",
        ]
    );
}

#[test]
fn every_run_makes_the_same_files() {
    let first = files(IDL, Builder::new());
    for _ in 0..3 {
        assert_eq!(files(IDL, Builder::new()), first);
    }
}

/// The text with every include replaced by the file it names.
fn expand(files: &Files, text: &str, folder: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let include = line.trim().strip_prefix("::core::include!(\"");
        match include.and_then(|rest| rest.strip_suffix("\");")) {
            None => {
                out.push_str(line);
                out.push('\n');
            }
            Some(name) => {
                let path = format!("{folder}{name}");
                // Paths of files are from the folder of the root, which stands beside the root.
                let path = path.trim_start_matches("xerus/");
                let file = files.files().iter().find(|file| file.path == path);
                let file = file.unwrap_or_else(|| panic!("{path}"));
                let below = path.rsplit_once('/');
                let below = below.map_or(String::new(), |(below, _)| format!("{below}/"));
                out.push_str(&expand(files, &file.text, &below));
            }
        }
    }
    out
}

#[test]
fn together_they_are_the_single_file() {
    let files = files(IDL, Builder::new());
    let laid_out = |text: &str| prettyplease::unparse(&syn::parse_file(text).unwrap());
    let together = laid_out(&expand(&files, &files.files()[0].text, ""));
    assert!(!together.contains("include!"));
    assert_eq!(together, laid_out(&single(IDL)));
}

#[test]
fn only_what_differs_is_written_and_only_ours_is_removed() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("xerus.rs");
    let all = files(IDL, Builder::new());
    all.write(&root).unwrap();
    assert!(all.changes(&root).unwrap().is_empty());
    let before = listing(directory.path());
    assert_eq!(before.len(), all.files().len());

    let foreign = [
        ("xerus/mine.rs", "// mine\n".to_owned()),
        // The root of another run, and a part of another root.
        ("xerus/other.rs", single(IDL)),
        (
            "xerus/part.rs",
            fs::read_to_string(directory.path().join("xerus/base.rs"))
                .unwrap()
                .replace("included by xerus.rs", "included by lamps.rs"),
        ),
        ("xerus/server/garden/note.txt", "a note".to_owned()),
    ];
    for (path, text) in &foreign {
        fs::write(directory.path().join(path), text).unwrap();
    }
    assert!(all.changes(&root).unwrap().is_empty());

    // Something from an older version of the generator that has another module.
    let old = fs::read_to_string(directory.path().join("xerus/base.rs")).unwrap();
    let old = old.replacen(env!("CARGO_PKG_VERSION"), "0.0.1-alpha", 1);
    fs::create_dir(directory.path().join("xerus/old")).unwrap();
    fs::write(directory.path().join("xerus/old/gone.rs"), old).unwrap();
    fs::write(directory.path().join("xerus/type.rs"), "changed").unwrap();
    let changes = all.changes(&root).unwrap();
    let [
        Change::Write { path: wrong, .. },
        Change::Remove { path: gone },
    ] = &changes[..]
    else {
        panic!("{changes:?}");
    };
    assert!(wrong.ends_with("xerus/type.rs"));
    assert!(gone.ends_with("xerus/old/gone.rs"));
    all.write(&root).unwrap();
    assert!(!directory.path().join("xerus/old").exists());

    let fewer = files("module base { interface Thing {}; }", Builder::new());
    fewer.write(&root).unwrap();
    let mut left: Vec<_> = foreign.iter().map(|(path, _)| (*path).to_owned()).collect();
    left.extend(["xerus.rs", "xerus/base.rs", "xerus/server/base.rs"].map(str::to_owned));
    left.sort();
    assert_eq!(listing(directory.path()), left);
}

#[test]
fn going_back_to_one_file_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("api.rs");
    files(IDL, Builder::new().out("api.rs"))
        .write(&root)
        .unwrap();
    assert!(directory.path().join("api/server/garden/pond.rs").exists());
    let idl = directory.path().join("Sample.idl");
    fs::write(&idl, IDL).unwrap();
    let back = Builder::new()
        .idl_file(&idl)
        .out("api.rs")
        .generate_files()
        .unwrap();
    back.write(&root).unwrap();
    assert_eq!(listing(directory.path()), ["Sample.idl", "api.rs"]);
    assert_eq!(fs::read_to_string(&root).unwrap(), single(IDL));
}

#[test]
fn text_and_tokens_stay_in_one_piece() {
    let directory = tempfile::tempdir().unwrap();
    let idl = directory.path().join("Sample.idl");
    fs::write(&idl, IDL).unwrap();
    let builder = Builder::new().idl_file(&idl);
    let split = builder.clone().layout(Layout::Files);
    assert_eq!(
        split.generate_string().unwrap(),
        builder.generate_string().unwrap()
    );
    assert_eq!(
        split.generate_tokens().unwrap().to_string(),
        builder.generate_tokens().unwrap().to_string()
    );
}

#[test]
fn a_root_without_extension_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let idl = directory.path().join("Sample.idl");
    fs::write(&idl, IDL).unwrap();
    let builder = Builder::new().idl_file(&idl).layout(Layout::Files);
    let error = builder.out("xerus").generate_files().unwrap_err();
    assert!(error.to_string().contains("[X0607]"), "{error}");
}
