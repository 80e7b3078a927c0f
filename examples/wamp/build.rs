//! Generates what `calc.idl` and `userdb.idl` declare.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("calc.idl")
        .idl_file("userdb.idl")
        .generate()
}
