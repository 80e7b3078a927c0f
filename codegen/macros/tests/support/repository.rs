//! What a package does not hold.

use std::path::Path;

/// Whether a test has to be left out, after saying so: a package stands alone, without the IDL of a firmware, the corpus
/// and the documentation. Cargo puts `Cargo.toml.orig` into every package.
pub(crate) fn is_missing() -> bool {
    let packaged = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml.orig");
    let missing = packaged.exists();
    if missing {
        println!("skipped: needs the repository");
    }
    missing
}
