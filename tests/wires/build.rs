//! Generates `idl/bench.idl`, whose methods carry marks for wires.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("idl/bench.idl")
        .generate()
}
