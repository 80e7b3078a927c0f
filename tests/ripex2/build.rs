//! Generates `idl/ripex2/ripex2.idl`.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("../../idl/ripex2/ripex2.idl")
        .generate()
}
