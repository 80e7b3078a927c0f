//! Generates what is called behind a router.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("crossbar/headings.idl")
        .generate()
}
