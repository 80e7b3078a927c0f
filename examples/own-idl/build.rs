//! Generates what `bench.idl` declares; the types of Xerus devices in it are those of `xerus-api`.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("bench.idl")
        .include_dir("../../idl/xerus-4.4.1") // the firmware that xerus-api is made of
        .root("lab.Bench")
        .extern_path("pdumodel", "::xerus_api::pdumodel")
        .generate()
}
