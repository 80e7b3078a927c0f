//! Makes what the examples of the documents include, and takes their build scripts out of them.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/build_blocks.rs"]
mod build_blocks;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/build_blocks.rs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    xerus_codegen::Builder::new()
        .idl_dir(root.join("idl/xerus-4.0.20"))
        .root("pdumodel.Pdu")
        .client_only(true)
        .generate()?;
    for (name, document) in build_blocks::DOCUMENTS {
        let document = root.join(document);
        println!("cargo::rerun-if-changed={}", document.display());
        let text = fs::read_to_string(&document)?;
        let script = build_blocks::build_script(&text)
            .ok_or_else(|| format!("{}: no block begins with `// build.rs`", document.display()))?;
        fs::write(out.join(format!("{name}.rs")), script)?;
    }
    Ok(())
}
