//! What the measurements share: the folder of the API, the peak memory of this process, the derive form.

pub mod derive_form;

use std::path::{Path, PathBuf};

/// The folder with the API of firmware 4.0.20.
#[must_use]
pub fn api() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl/xerus-4.0.20")
}

/// The largest amount of memory that this process has had in use, in KiB; `None` where the system does not tell.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
