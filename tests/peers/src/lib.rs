//! Tests of this workspace against programs that others wrote, see `tests/`.
//!
//! `install.sh` installs them. A peer that is missing is skipped by name, or a failure when the variable
//! `XERUS_PEERS` is `required`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The interpreter of an installed release of the vendor's Python package. `None`: it is not there, which has been said.
///
/// # Panics
///
/// When it is not there and the variable `XERUS_PEERS` is `required`.
#[must_use]
pub fn python(release: &str) -> Option<PathBuf> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers");
    let place = place.join(format!("raritan-{release}"));
    let interpreter = place.join("bin/python");
    let imports = || {
        let import = Command::new(&interpreter)
            .args(["-c", "import raritan.rpc"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        import.is_ok_and(|status| status.success())
    };
    if place.join("complete").exists() && imports() {
        return Some(interpreter);
    }
    let required = std::env::var_os("XERUS_PEERS").is_some_and(|value| value == "required");
    assert!(
        !required,
        "XERUS_PEERS=required, but the Python client {release} is not installed (run tests/peers/install.sh)"
    );
    // Not through `eprintln!`, which the test harness keeps to itself while all is well.
    let line = format!("skipped: Python client {release} (run tests/peers/install.sh)\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
    None
}
