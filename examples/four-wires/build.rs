//! Generates what `counter.idl` declares.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("counter.idl")
        .generate()
}
