//! Writes the serde-derive form of an API: `derive-form IDL_DIR FILE [--keep-unknown]`.

use std::error::Error;

use xerus_benches::derive_form::{self, Unknown};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(idl), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: derive-form IDL_DIR FILE [--keep-unknown]".into());
    };
    let loaded = xerus_idl::Idl::new().directory(idl).load()?;
    let unknown = match arguments.next() {
        Some(flag) if flag == "--keep-unknown" => Unknown::Kept,
        Some(other) => return Err(format!("unknown argument {}", other.display()).into()),
        None => Unknown::Dropped,
    };
    std::fs::write(out, derive_form::emit(&loaded.model, unknown))?;
    Ok(())
}
