//! What becomes of the output, whatever is in its place: the file with its content, or a plain sentence.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use xerus_codegen::{Builder, Files, replace};

fn files() -> Files {
    Builder::new()
        .text(
            "Lamp.idl",
            "module garden { interface Lamp { void blink(); }; }",
        )
        .generate_files()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What is in the way, and the file that has the code then, or what is said; `ROOT` is the directory.
type Case = (&'static str, fn(&Path), Result<&'static str, &'static str>);

const CASES: &[Case] = &[
    ("nothing", |_| {}, Ok("out/xerus.rs")),
    (
        "an old file",
        |root| fs::write(root.join("out/xerus.rs"), "old").expect("a file"),
        Ok("out/xerus.rs"),
    ),
    (
        "a link to a file",
        |root| {
            fs::write(root.join("real.rs"), "old").expect("a file");
            symlink("../real.rs", root.join("out/xerus.rs")).expect("a link");
        },
        Ok("real.rs"),
    ),
    (
        "a link to a file that is not there yet",
        |root| symlink("../real.rs", root.join("out/xerus.rs")).expect("a link"),
        Ok("real.rs"),
    ),
    (
        "a link to a directory that is not there",
        |root| symlink("../none/real.rs", root.join("out/xerus.rs")).expect("a link"),
        Err(
            "cannot write ROOT/out/xerus.rs: no such file or directory; create the directory first",
        ),
    ),
    (
        "a link to itself",
        |root| symlink("xerus.rs", root.join("out/xerus.rs")).expect("a link"),
        Err(
            "cannot write ROOT/out/xerus.rs: its links lead in a circle; choose another place, or remove what is there",
        ),
    ),
    (
        "a directory",
        |root| fs::create_dir(root.join("out/xerus.rs")).expect("a directory"),
        Err("cannot write ROOT/out/xerus.rs: is a directory; name a file, or remove the directory"),
    ),
    (
        "a directory by a link",
        |root| symlink(".", root.join("out/xerus.rs")).expect("a link"),
        Err("cannot write ROOT/out/xerus.rs: is a directory; name a file, or remove the directory"),
    ),
    (
        "a file that must not be written",
        |root| {
            let file = root.join("out/xerus.rs");
            fs::write(&file, "old").expect("a file");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("permissions");
        },
        Err(
            "cannot write ROOT/out/xerus.rs: permission denied; make it and its directory writable, or remove it",
        ),
    ),
    (
        "no directory",
        |root| fs::remove_dir(root.join("out")).expect("removed"),
        Err(
            "cannot write ROOT/out/xerus.rs: no such file or directory; create the directory first",
        ),
    ),
    (
        "a file instead of the directory",
        |root| {
            fs::remove_dir(root.join("out")).expect("removed");
            fs::write(root.join("out"), "").expect("a file");
        },
        Err(
            "cannot write ROOT/out/xerus.rs: not a directory; name a place inside directories: part of the path is a file",
        ),
    ),
];

#[test]
fn whatever_is_in_the_way_it_ends_in_the_file_or_in_a_sentence() {
    let files = files();
    let code = &files.files()[0].text;
    for (what, prepare, expected) in CASES {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir(root.path().join("out")).expect("a directory");
        prepare(root.path());
        let result = files.write(&root.path().join("out/xerus.rs"));
        match (result, expected) {
            (Ok(()), Ok(file)) => {
                let written = fs::read_to_string(root.path().join(file)).expect("the file");
                assert_eq!(&written, code, "{what}");
            }
            (Err(error), Err(sentence)) => {
                let sentence = sentence.replace("ROOT", &root.path().display().to_string());
                assert_eq!(error.lines(), [sentence], "{what}");
            }
            (result, _) => panic!("{what}: {result:?}"),
        }
        let left: Vec<_> = fs::read_dir(root.path().join("out"))
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name != "xerus.rs")
            .collect();
        assert!(left.is_empty(), "{what}: {left:?}");
    }
}

#[test]
fn a_directory_that_must_not_be_written_is_said() {
    let root = tempfile::tempdir().expect("a directory");
    let file = root.path().join("xerus.rs");
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o555)).expect("permissions");
    // Root may write everywhere.
    let is_root = fs::write(root.path().join("probe"), "").is_ok();
    let result = files().write(&file);
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
    if is_root {
        assert_eq!(
            fs::read_to_string(&file).expect("the file"),
            files().files()[0].text
        );
    } else {
        let said = format!(
            "cannot write {}: permission denied; make it and its directory writable, or remove it",
            file.display()
        );
        assert_eq!(result.expect_err("refused").lines(), [said]);
    }
}

#[test]
fn a_file_changes_in_one_step_and_keeps_its_permissions() {
    let root = tempfile::tempdir().expect("a directory");
    let file = root.path().join("a.rs");
    fs::write(&file, "old").expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("permissions");
    // A reader that has the old file open never sees the new content in it: nothing was overwritten.
    let other = root.path().join("other-name.rs");
    fs::hard_link(&file, &other).expect("a second name");
    replace(&file, "new").expect("written");
    assert_eq!(fs::read_to_string(&file).expect("the file"), "new");
    assert_eq!(fs::read_to_string(&other).expect("the old file"), "old");
    let mode = fs::metadata(&file).expect("metadata").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_same_content_is_not_touched() {
    let root = tempfile::tempdir().expect("a directory");
    let file = root.path().join("xerus.rs");
    files().write(&file).expect("written");
    let before = fs::metadata(&file)
        .expect("metadata")
        .modified()
        .expect("a time");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).expect("permissions");
    files().write(&file).expect("nothing to do");
    let after = fs::metadata(&file)
        .expect("metadata")
        .modified()
        .expect("a time");
    assert_eq!(before, after);
}

#[test]
fn a_draft_that_a_stopped_run_left_is_no_obstacle() {
    let root = tempfile::tempdir().expect("a directory");
    let file = root.path().join("a.rs");
    let draft = root
        .path()
        .join(format!(".a.rs.{}-0.tmp", std::process::id()));
    fs::write(&draft, "half").expect("a file");
    replace(&file, "whole").expect("written");
    assert_eq!(fs::read_to_string(&file).expect("the file"), "whole");
    assert_eq!(fs::read_to_string(&draft).expect("the draft"), "half");
}
