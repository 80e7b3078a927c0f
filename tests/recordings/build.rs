//! Generates the bindings of the older firmware.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_dir("../../idl/xerus-4.0.20")
        .root("pdumodel.Pdu")
        .client_only(true)
        .generate()
}
