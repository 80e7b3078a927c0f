//! Writes a table that finds the types and methods of the generated API by their IDL names.

mod names;
mod table;
mod types;

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let api = root.join("idl/xerus-4.0.20");
    println!("cargo::rerun-if-changed={}", api.display());
    let loaded = xerus_idl::Idl::new().directory(&api).load()?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("table.rs"), table::emit(&loaded.model))?;
    println!("cargo::rerun-if-changed=build");
    Ok(())
}
