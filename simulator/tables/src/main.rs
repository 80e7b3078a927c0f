//! Writes the tables by which the simulator answers as an older firmware, from the IDL of both.
//!
//! `cargo run -p xerus-sim-tables [-- --check]`

mod compare;
mod table;
mod zero;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use xerus_idl::{Idl, Model};

/// The firmware that the servants are written for.
const NEWEST: &str = "4.4.1";

/// The firmwares that are answered for by a table.
const OLDER: [&str; 2] = ["3.6.80", "4.0.20"];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => {
            return Err(format!("unknown argument {other}: there is only --check").into());
        }
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let newest = model(NEWEST)?;
    let mut stale = Vec::new();
    for firmware in OLDER {
        let text = table::table(&model(firmware)?, &newest)?;
        let path = here
            .join("../src/firmware/older/tables")
            .join(format!("{firmware}.txt"));
        if !check {
            fs::write(path, text)?;
        } else if fs::read_to_string(&path).ok() != Some(text) {
            stale.push(path);
        }
    }
    for path in &stale {
        println!(
            "{} is not what the IDL says: run simulator/regenerate",
            path.display()
        );
    }
    Ok(if stale.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn model(firmware: &str) -> Result<Model, Box<dyn Error>> {
    let directory: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "../../idl",
        &format!("xerus-{firmware}"),
    ]
    .iter()
    .collect();
    Ok(Idl::new().directory(directory).load()?.model)
}
