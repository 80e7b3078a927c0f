//! Takes the code out of the README.

use std::error::Error;
use std::fs;
use std::path::Path;

/// Writes the build script and the samples of section "Use" into a directory, and what one of them includes.
pub(crate) fn extract(readme: &Path, api: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", readme.display());
    let text = fs::read_to_string(readme)?;
    let section = text
        .split("\n## ")
        .find(|section| section.starts_with("Use\n"))
        .ok_or("README: no section Use")?;
    let blocks = blocks(section);
    let build = blocks
        .iter()
        .find(|block| block.contains("fn main()"))
        .ok_or("README: no build script")?;
    let sample = blocks
        .iter()
        .find(|block| block.contains("use xerus_api::"))
        .ok_or("README: no sample")?;
    let own = blocks
        .iter()
        .find(|block| block.contains("OUT_DIR"))
        .ok_or("README: no sample of generated bindings")?;
    fs::create_dir_all(out)?;
    fs::write(out.join("build.rs"), build)?;
    fs::write(out.join("use.rs"), sample)?;
    fs::write(
        out.join("own.rs"),
        own.replace("\"/xerus.rs\"", "\"/readme/xerus.rs\""),
    )?;
    let options = xerus_codegen::Builder::new()
        .idl_dir(api)
        .root("pdumodel.Pdu")
        .client_only(true);
    fs::write(out.join("xerus.rs"), options.generate_string()?)?;
    Ok(())
}

/// The Rust blocks of a Markdown text.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        match &mut open {
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => {
                block.push_str(line);
                block.push('\n');
            }
            None if line.starts_with("```rust") => open = Some(String::new()),
            None => {}
        }
    }
    blocks
}
