//! Prints how much memory parse, resolve and generate of the whole API take together.

use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let text = xerus_codegen::Builder::new()
        .idl_dir(xerus_benches::api())
        .generate_string()?;
    let took = began.elapsed();
    println!("{} lines in {} ms", text.lines().count(), took.as_millis());
    match xerus_benches::peak_memory() {
        Some(kib) => println!("peak memory {:.1} MB", kib as f64 / 1000.0 * 1.024),
        None => println!("peak memory: this system does not tell"),
    }
    Ok(())
}
