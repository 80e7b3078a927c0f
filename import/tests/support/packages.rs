//! The folder with the vendor's packages.

use std::path::{Path, PathBuf};

/// The folder, or `None` after saying what is skipped.
pub(crate) fn folder(test: &str) -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let named = std::env::var_os("XERUS_WHEELS");
    let is_named = named.is_some();
    let folder =
        workspace.join(named.map_or_else(|| PathBuf::from("target/wheels"), PathBuf::from));
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("XERUS_PEERS").is_some_and(|value| value == "required");
    let hint = format!(
        "no folder {}, run import/tests/fetch-wheels.sh",
        folder.display()
    );
    assert!(!is_named && !required, "{hint}");
    println!("skipped: {test} ({hint})");
    None
}

/// The package of a version; those from 4.6 on are of the KVM family.
#[allow(dead_code, reason = "not every test file imports single packages")]
pub(crate) fn wheel(folder: &Path, version: &str) -> PathBuf {
    let name = if version.starts_with("4.6") {
        "xeruskvm"
    } else {
        "raritan"
    };
    folder.join(format!("{name}-{version}-py3-none-any.whl"))
}
