//! Generates the sensors of the API for the measurements of codec and calls.

use std::path::Path;

fn main() -> Result<(), xerus_codegen::Error> {
    let api = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idl/xerus-4.0.20");
    xerus_codegen::Builder::new()
        .idl_dir(api)
        .root("sensors.NumericSensor")
        .generate()
}
