//! The code of the README compiles, and its build script makes what its sample uses.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The sample for programs.
#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::print_stderr,
    clippy::redundant_closure_for_method_calls
)]
mod sample {
    include!(concat!(env!("OUT_DIR"), "/readme/use.rs"));

    /// Keeps the sample's functions in use.
    pub(super) fn compiled() -> usize {
        size_of_val(&switch_off_and_read("https://pdu.example.com", "secret"))
    }
}

/// The sample for programs with bindings of their own.
#[allow(dead_code, missing_docs, unreachable_pub)]
mod own {
    include!(concat!(env!("OUT_DIR"), "/readme/own.rs"));

    /// Uses what the sample imports.
    pub(super) const fn compiled() -> &'static str {
        Pdu::TYPE_ID
    }
}

#[test]
fn the_samples_compile() {
    assert!(sample::compiled() > 0);
    assert_eq!(own::compiled(), "pdumodel.Pdu:6.1.2");
}

#[test]
fn the_build_script_makes_what_the_sample_uses() {
    let directory = tempfile::tempdir().expect("a directory");
    let idl = directory.path().join("idl");
    let out = directory.path().join("out");
    fs::create_dir(&idl).expect("a directory");
    fs::create_dir(&out).expect("a directory");
    let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl/xerus-4.0.20");
    for entry in fs::read_dir(api).expect("the API") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, idl.join(path.file_name().expect("a name"))).expect("a copy");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_readme-build-script"))
        .current_dir(directory.path())
        .env("OUT_DIR", &out)
        .output()
        .expect("the build script");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let made = fs::read_to_string(out.join("xerus.rs")).expect("the generated file");
    assert_eq!(
        made,
        include_str!(concat!(env!("OUT_DIR"), "/readme/xerus.rs"))
    );
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        told.lines()
            .any(|line| line.starts_with("cargo::rerun-if-changed=")),
        "{told}"
    );
}
