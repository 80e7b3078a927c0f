//! Generates the whole API.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_dir("../../idl/xerus-4.0.20")
        .generate()
}
