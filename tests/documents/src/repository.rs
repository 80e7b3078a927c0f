use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// All Markdown documents, as seen from the root, in order.
///
/// # Errors
///
/// When a directory cannot be read.
pub fn documents() -> io::Result<Vec<String>> {
    files("md")
}

/// The documents whose examples rustdoc compiles: those that are the documentation of an item somewhere.
///
/// # Errors
///
/// When a file cannot be read.
pub fn included() -> io::Result<BTreeSet<String>> {
    let root = root();
    let mut included = BTreeSet::new();
    for source in files("rs")? {
        let text = fs::read_to_string(root.join(&source))?;
        // As `doc = include_str!("…")` is formatted, inside `cfg_attr` or not.
        for found in text.split("doc = include_str!(\"").skip(1) {
            let (Some((path, _)), Some(folder)) =
                (found.split_once('"'), Path::new(&source).parent())
            else {
                continue;
            };
            included.insert(joined(folder, path));
        }
    }
    Ok(included)
}

/// A path below a folder, without `..`.
fn joined(folder: &Path, path: &str) -> String {
    let mut parts: Vec<&str> = folder.iter().filter_map(|part| part.to_str()).collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The files of a kind below the root, without what is built and what is hidden.
fn files(extension: &str) -> io::Result<Vec<String>> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_symlink() || name.starts_with('.') || name == "target" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|other| other == extension)
                && let Ok(path) = path.strip_prefix(&root)
            {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}
