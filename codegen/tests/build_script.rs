//! What `Builder::generate` tells cargo and writes. Runs this test binary again as the build script.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use xerus_codegen::Builder;

/// The input of the process that plays the build script.
const INPUT: &str = "XERUS_TEST_BUILD_SCRIPT";

fn build(input: &Path, out: &Path) -> Output {
    let this = env::current_exe().expect("a test has a path");
    Command::new(this)
        .args(["--exact", "build_script", "--nocapture"])
        .env(INPUT, input)
        .env("OUT_DIR", out)
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("this binary can be run")
}

/// Passes at once unless it is the build script.
#[test]
fn build_script() {
    if let Some(input) = env::var_os(INPUT) {
        Builder::new().idl_dir(input).generate().unwrap();
    }
}

fn has_line(text: &[u8], wanted: &str) -> bool {
    String::from_utf8_lossy(text)
        .lines()
        .any(|line| line.ends_with(wanted))
}

#[test]
fn files_are_watched_and_only_changes_are_written() {
    let directory = tempfile::tempdir().unwrap();
    let (idl, out) = (directory.path().join("idl"), directory.path().join("out"));
    fs::create_dir_all(&idl).unwrap();
    fs::create_dir_all(&out).unwrap();
    let lamp = idl.join("Lamp.idl");
    fs::write(&lamp, "module garden { interface Lamp { void blink(); }; }").unwrap();

    let first = build(&idl, &out);
    assert!(first.status.success(), "{first:?}");
    for path in [&idl, &lamp] {
        let line = format!("cargo::rerun-if-changed={}", path.display());
        assert!(has_line(&first.stdout, &line), "{first:?}");
    }
    let written = out.join("xerus.rs");
    let text = fs::read_to_string(&written).unwrap();
    assert!(text.contains("pub fn blink(&self)"));

    let mut read_only = fs::metadata(&written).unwrap().permissions();
    read_only.set_readonly(true);
    fs::set_permissions(&written, read_only).unwrap();
    let before = fs::metadata(&written).unwrap().modified().unwrap();
    assert!(build(&idl, &out).status.success());
    assert_eq!(fs::metadata(&written).unwrap().modified().unwrap(), before);
}

#[test]
fn errors_are_lines_for_cargo_and_a_report() {
    let directory = tempfile::tempdir().unwrap();
    let lamp = directory.path().join("Lamp.idl");
    fs::write(
        &lamp,
        "module garden {\n    structure Lamp { Colour colour; Colour colour; };\n}\n",
    )
    .unwrap();
    let failed = build(directory.path(), directory.path());
    assert!(!failed.status.success());
    let place = lamp.display();
    for message in [
        format!("cargo::error={place}:2:22: unknown type `Colour` [X0401]"),
        format!("cargo::rerun-if-changed={place}"),
    ] {
        assert!(has_line(&failed.stdout, &message), "{message}: {failed:?}");
    }
    let report = String::from_utf8_lossy(&failed.stderr);
    assert!(
        report.contains("2 |     structure Lamp { Colour colour; Colour colour; };"),
        "{report}"
    );
    assert!(
        report.contains("error[X0401]: unknown type `Colour`"),
        "{report}"
    );
    assert!(!directory.path().join("xerus.rs").exists());
}

#[test]
fn outside_of_a_build_script_the_way_out_is_told() {
    let run = |prepare: fn(&mut Command) -> &mut Command| {
        let mut script = Command::new(env::current_exe().unwrap());
        script
            .args(["--exact", "build_script", "--nocapture"])
            .env(INPUT, "idl");
        prepare(&mut script).output().unwrap()
    };
    let unset = run(|script| script.env_remove("OUT_DIR"));
    let empty = run(|script| script.env("OUT_DIR", ""));
    for failed in [unset, empty] {
        assert!(!failed.status.success());
        let line = "cargo::error=OUT_DIR is not set: `generate` is for build scripts, elsewhere take `generate_string` or \
                    `generate_files` [X0607]";
        assert!(has_line(&failed.stdout, line), "{failed:?}");
    }
}

#[test]
fn a_directory_that_is_missing_is_made_and_one_that_is_a_file_is_said() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::create_dir(at("idl")).unwrap();
    fs::write(at("idl/Lamp.idl"), "module garden { interface Lamp {}; }").unwrap();

    let made = build(&at("idl"), &at("target/out"));
    assert!(made.status.success(), "{made:?}");
    assert!(at("target/out/xerus.rs").is_file());

    fs::write(at("file"), "").unwrap();
    let failed = build(&at("idl"), &at("file"));
    assert!(!failed.status.success());
    let line = format!(
        "cargo::error=cannot create {}: file exists; remove what is in the way",
        at("file").display()
    );
    assert!(has_line(&failed.stdout, &line), "{failed:?}");
}
