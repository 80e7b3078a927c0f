//! Generates bindings from the IDL of two firmwares, side by side: each gets a file, and so a module, of its own.

use xerus_codegen::{Builder, Error};

fn main() -> Result<(), Error> {
    // With the server side: the example plays a device of this firmware itself.
    Builder::new()
        .idl_dir("../../idl/xerus-3.6.80")
        .root("pdumodel.Pdu")
        .out("v3.rs")
        .generate()?;
    Builder::new()
        .idl_dir("../../idl/xerus-4.0.20")
        .root("pdumodel.Pdu")
        .client_only(true)
        .out("v4.rs")
        .generate()
}
