//! Generates the sensors of the API for the measurements of codec and calls, and one small interface for those of wires.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl/xerus-4.0.20");
    xerus_codegen::Builder::new()
        .idl_dir(api)
        .root("sensors.NumericSensor")
        .generate()?;
    let doubler = xerus_codegen::Builder::new()
        .text(
            "doubler.idl",
            "module bench { interface Doubler { long twice(in long value); }; };",
        )
        .generate_string()?;
    let out = std::env::var_os("OUT_DIR").ok_or("no OUT_DIR")?;
    std::fs::write(Path::new(&out).join("doubler.rs"), doubler)?;
    Ok(())
}
