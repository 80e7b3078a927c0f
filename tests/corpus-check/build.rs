//! Generates `layout.idl` and `features.idl` as several files once more, to be included from `OUT_DIR`.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_file("../corpus/layout.idl")
        .layout(xerus_codegen::Layout::Files)
        .out("built.rs")
        .generate()?;
    xerus_codegen::Builder::new()
        .idl_file("../corpus/features.idl")
        .layout(xerus_codegen::Layout::Files)
        .cargo_features(true)
        .out("features.rs")
        .generate()
}
