//! Generates the methods of RipEX2 units.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("../../idl/ripex2/ripex2.idl")
        .client_only(true)
        .generate()
}
