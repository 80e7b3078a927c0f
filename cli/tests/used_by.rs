//! `xerus diff --used-by`, shown with the compiler: programs written for one firmware are compiled against the bindings of
//! another, and each error has to be one of the changes shown. The table in `docs/firmware-updates.md` has the figures.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "support/repository.rs"]
mod repository;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::{text, xerus};

const OLD: &str = "xerus-4.0.20";
const NEW: &str = "xerus-4.4.1";

/// Name, folder in the repository.
const PROGRAMS: [(&str, &str); 3] = [
    ("quickstart", "examples/quickstart"),
    ("mixed-fleet", "examples/mixed-fleet"),
    ("administrator", "cli/tests/used_by/administrator"),
];

fn workspace() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    folder.unwrap().canonicalize().unwrap()
}

/// A program against the bindings of the new firmware, and the one that has no other proof against the old one.
fn packages() -> Vec<(String, &'static str, &'static str)> {
    let new = PROGRAMS.map(|(name, folder)| (format!("{name}-new"), folder, NEW));
    let old = ("administrator-old".to_owned(), PROGRAMS[2].1, OLD);
    new.into_iter().chain([old]).collect()
}

/// Copies the programs to a workspace of their own, with the dependencies of this one.
fn scratch() -> PathBuf {
    let (root, workspace) = (
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("used-by"),
        workspace(),
    );
    let members = root.join("members");
    for (name, folder, firmware) in packages() {
        let (from, to) = (workspace.join(folder), members.join(&name));
        let idl = format!("{}/idl/", workspace.display());
        let edit = |text: String| {
            text.replace("../../idl/", &idl)
                .replace(OLD, firmware)
                .replace(
                    &format!("name = \"{}\"", folder.rsplit('/').next().unwrap()),
                    &format!("name = \"{name}\""),
                )
        };
        copy(&from.join("src"), &to.join("src"), &|text| text);
        if from.join("Cargo.toml").exists() {
            let manifest = fs::read_to_string(from.join("Cargo.toml")).unwrap();
            // The library keeps its name: the program says it.
            let library = folder.rsplit('/').next().unwrap().replace('-', "_");
            let manifest = format!("{}\n[lib]\nname = \"{library}\"\n", edit(manifest));
            write(&to.join("Cargo.toml"), &manifest);
            let build = fs::read_to_string(from.join("build.rs")).unwrap();
            write(&to.join("build.rs"), &edit(build));
        } else {
            write(&to.join("Cargo.toml"), &manifest(&name));
            write(&to.join("build.rs"), &edit(BUILD.to_owned()));
        }
    }
    // Versions, lints and paths are those of this workspace.
    let own = fs::read_to_string(workspace.join("Cargo.toml")).unwrap();
    let shared = own.split_once("[workspace.package]").unwrap().1;
    let shared = shared.replace("path = \"", &format!("path = \"{}/", workspace.display()));
    let head = "[workspace]\nresolver = \"3\"\nmembers = [\"members/*\"]\n\n[workspace.package]";
    write(&root.join("Cargo.toml"), &format!("{head}{shared}"));
    fs::copy(workspace.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();
    root
}

const BUILD: &str = "fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new().idl_dir(\"../../idl/xerus-4.0.20\").client_only(true).generate()
}
";

fn manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         tokio = {{ workspace = true, features = [\"macros\", \"rt\"] }}\nxerus-rpc.workspace = true\n\n\
         [build-dependencies]\nxerus-codegen.workspace = true\n"
    )
}

fn copy(from: &Path, to: &Path, edit: &dyn Fn(String) -> String) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target, edit);
        } else {
            write(&target, &edit(fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Writes only what differs, so that nothing is built anew without need.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What the compiler says of a package: each message with all words that it and the lines it points at have.
struct Said {
    package: String,
    text: String,
    words: BTreeSet<String>,
}

/// Errors, and warnings of what is deprecated.
fn compile(root: &Path) -> Vec<Said> {
    let output = Command::new(env!("CARGO"))
        .args(["check", "--workspace", "--lib", "--bins", "--examples"])
        .args([
            "--offline",
            "--keep-going",
            "--quiet",
            "--message-format",
            "json",
        ])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let mut said = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let message = &line["message"];
        let is_told = message["level"] == "error" || message["code"]["code"] == "deprecated";
        // The last message of a target only counts the others.
        let has_place = message["spans"]
            .as_array()
            .is_some_and(|spans| !spans.is_empty());
        if line["reason"] != "compiler-message" || !is_told || !has_place {
            continue;
        }
        let manifest = Path::new(line["manifest_path"].as_str().unwrap())
            .parent()
            .unwrap();
        let mut words = BTreeSet::new();
        collect(message, &mut words);
        said.push(Said {
            package: manifest.file_name().unwrap().to_string_lossy().into_owned(),
            text: message["rendered"].as_str().unwrap_or_default().to_owned(),
            words,
        });
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || !said.is_empty(), "{stderr}");
    said
}

/// Messages, labels, and the source lines of the message itself.
fn collect(message: &Value, words: &mut BTreeSet<String>) {
    let mut take = |text: &Value| {
        let text = text.as_str().unwrap_or_default();
        let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.extend(parts.map(str::to_owned));
    };
    take(&message["message"]);
    for span in message["spans"].as_array().into_iter().flatten() {
        take(&span["label"]);
        if span["is_primary"] == true {
            for line in span["text"].as_array().into_iter().flatten() {
                take(&line["text"]);
            }
        }
    }
}

/// The changes that are shown of a program.
fn shown(folder: &str, more: &[&str]) -> (Vec<Value>, Option<i32>) {
    let workspace = workspace();
    let idl = |name| text(workspace.join("idl").join(name));
    let folder = text(workspace.join(folder));
    let arguments = ["diff", &idl(OLD), &idl(NEW), "--format", "json"];
    let done = xerus([&arguments, more, &["--used-by", &folder]].concat());
    let json: Value = serde_json::from_str(&done.stdout).expect(&done.stderr);
    let list = |value: &Value| value.as_array().unwrap().clone();
    let inner = list(&json["types"]);
    let inner = inner.iter().flat_map(|ty| list(&ty["changes"]));
    let changes = [list(&json["removed"]), list(&json["added"])].concat();
    (changes.into_iter().chain(inner).collect(), done.code)
}

/// The Rust names of the item of a change, without what stands before them.
fn names(change: &Value) -> Vec<String> {
    let sides = [&change["rust"]["old"], &change["rust"]["new"]];
    let last = |path: &str| path.rsplit("::").next().unwrap().to_owned();
    sides
        .iter()
        .filter_map(|side| side.as_str())
        .map(last)
        .collect()
}

#[test]
fn nothing_that_the_compiler_reports_is_missing() {
    if repository::is_missing() {
        return;
    }
    let said = compile(&scratch());
    let old: Vec<_> = said
        .iter()
        .filter(|said| said.package == "administrator-old")
        .map(|said| said.text.as_str())
        .collect();
    assert!(old.is_empty(), "{}", old.join("\n"));
    let docs = fs::read_to_string(workspace().join("docs/firmware-updates.md")).unwrap();
    let everything = xerus([
        "diff",
        &text(workspace().join("idl").join(OLD)),
        &text(workspace().join("idl").join(NEW)),
        "--format",
        "json",
    ]);
    let all = everything.stdout.matches("{\"item\": ").count();
    assert!(docs.contains(&format!("Of {all} changes:")), "{all}");
    let mut reported = 0;
    for (name, folder) in PROGRAMS {
        let (changes, code) = shown(folder, &[]);
        let mut explained = BTreeSet::new();
        let mut errors = 0;
        for said in said
            .iter()
            .filter(|said| said.package == format!("{name}-new"))
        {
            let fits = |change: &Value| names(change).iter().any(|name| said.words.contains(name));
            let found: Vec<_> = (0..changes.len())
                .filter(|&at| fits(&changes[at]))
                .collect();
            assert!(
                !found.is_empty(),
                "{name}: no change shown explains\n{}",
                said.text
            );
            explained.extend(found);
            errors += 1;
        }
        reported += errors;
        let is_breaking = changes.iter().any(|change| change["class"] == "breaking");
        assert_eq!(code, Some(if is_breaking { 6 } else { 0 }), "{name}");
        let beyond = changes.len() - explained.len();
        let row = format!("| `{folder}` | {} | {errors} | {beyond} |", changes.len());
        let others: Vec<_> = (0..changes.len())
            .filter(|at| !explained.contains(at))
            .map(|at| &changes[at])
            .collect();
        // What the compiler does not see is shown only where the program as it was compiled may fail.
        assert!(
            others.iter().all(|change| change["class"] == "breaking"),
            "{name}: {others:?}"
        );
        assert!(docs.contains(&row), "not in the docs: {row}\n{others:?}");
    }
    // A program that nothing breaks would prove nothing.
    assert!(reported >= 10, "{reported}");
}
