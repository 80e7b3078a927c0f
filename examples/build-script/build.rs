//! Generates `garden.idl` with what it reaches in the Xerus files.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("garden.idl")
        .include_dir("../../idl/xerus-4.0.20")
        .root("garden.Greenhouse")
        .derive("garden.Crop", "PartialOrd, Ord")
        .generate()
}
