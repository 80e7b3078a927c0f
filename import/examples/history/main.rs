//! Prints `docs/firmware-history.md`: the differences of the vendor's published packages along the chain of firmwares.
//!
//! ```sh
//! import/tests/fetch-wheels.sh target/wheels
//! cargo run --release -p xerus-import --example history -- target/wheels > docs/firmware-history.md
//! ```

mod chain;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/wheels"), PathBuf::from);
    match chain::compare_all(&folder) {
        Ok(pairs) => {
            print!("{}", chain::page(&pairs));
            ExitCode::SUCCESS
        }
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
