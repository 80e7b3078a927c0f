//! Writes the serde-derive form of an API: `derive-form IDL_DIR FILE`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(idl), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: derive-form IDL_DIR FILE".into());
    };
    let loaded = xerus_idl::Idl::new().directory(idl).load()?;
    std::fs::write(out, xerus_benches::derive_form::emit(&loaded.model))?;
    Ok(())
}
