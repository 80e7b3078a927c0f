//! Build scripts in documents, which are run where a crate of a reader would.

/// Documents whose build script is run, by the name of the module that it becomes.
pub(crate) const DOCUMENTS: [(&str, &str); 2] =
    [("readme", "README.md"), ("codegen", "codegen/README.md")];

/// The first block that begins with `// build.rs`.
pub(crate) fn build_script(text: &str) -> Option<String> {
    let (_, block) = text.split_once("\n// build.rs\n")?;
    let (script, _) = block.split_once("\n```")?;
    Some(format!("{script}\n"))
}
