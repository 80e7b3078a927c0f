//! The build scripts of the documents make what their examples include.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

use xerus_documents::root;

/// What a build script makes and tells in a crate whose `idl` is the API of a firmware.
fn run(name: &str) -> io::Result<(String, String)> {
    let directory = tempfile::tempdir()?;
    let idl = directory.path().join("idl");
    let out = directory.path().join("out");
    fs::create_dir(&out)?;
    copy(&root().join("idl/xerus-4.0.20"), &idl)?;
    let output = Command::new(env!("CARGO_BIN_EXE_build-scripts"))
        .arg(name)
        .current_dir(directory.path())
        .env("OUT_DIR", &out)
        .output()?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ));
    }
    Ok((fs::read_to_string(out.join("xerus.rs"))?, told))
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

#[test]
fn they_make_what_the_examples_include() {
    let included = include_str!(concat!(env!("OUT_DIR"), "/xerus.rs"));
    for name in ["readme", "codegen"] {
        let (made, told) = run(name).expect(name);
        assert!(made == included, "{name} makes other code");
        assert!(
            told.lines()
                .any(|line| line.starts_with("cargo::rerun-if-changed=")),
            "{name}: {told}"
        );
    }
}
