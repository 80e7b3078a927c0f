//! Generates the bindings: the PDU and everything that it reaches, and the event service.

fn main() -> Result<(), xerus_codegen::Error> {
    xerus_codegen::Builder::new()
        .idl_dir("../../idl/xerus-4.0.20")
        .root("pdumodel.Pdu")
        .root("event.Service")
        .client_only(true)
        .generate()
}
