//! What a build script tells cargo.

use std::path::PathBuf;

use crate::error::Error;

/// Asks to be run again when one of the files or directories changes.
pub(crate) fn print_reruns(paths: &[PathBuf]) {
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// One line for each error, which cargo shows in any case, and the whole report on stderr, which it
/// shows because the build script fails.
#[allow(
    clippy::print_stderr,
    reason = "stderr is where cargo takes the report from"
)]
pub(crate) fn print_error(error: &Error) {
    for line in error.lines() {
        println!("cargo::error={line}");
    }
    eprintln!("{error}");
}
