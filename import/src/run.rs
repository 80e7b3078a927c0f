//! An import into a directory, as `xerus import` does it.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::importer::Importer;
use crate::limits::Limits;
use crate::report::Report;

/// What `xerus import` takes.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Wheel, sdist or directory.
    pub input: PathBuf,
    /// Where the IDL files go; created if need be.
    pub out: PathBuf,
    /// IDL to follow where the package says nothing.
    pub like: Vec<PathBuf>,
    /// Whether to take over the vendor's documentation.
    pub docs: bool,
    /// Whether to take over the documentation of `like`.
    pub keep_docs: bool,
    /// Bounds for the input.
    pub limits: Limits,
}

/// Imports into a directory. Files of the same names are replaced, nothing else is touched, and nothing is written
/// unless the whole import succeeds.
///
/// # Errors
///
/// See [`Error`]; also when the directory holds IDL files of other names, which would become part of the result.
pub fn run(options: &Options) -> Result<Report, Error> {
    let mut importer = Importer::new()
        .input(&options.input)
        .docs(options.docs)
        .keep_docs(options.keep_docs);
    for like in &options.like {
        importer = importer.like(like);
    }
    let imported = importer.limits(options.limits).run()?;
    let out = &options.out;
    std::fs::create_dir_all(out).map_err(|source| io_error(out, source))?;
    let is_own = |name: &str| imported.files.iter().any(|(own, _)| own == name);
    let foreign = foreign(out, is_own).map_err(|source| io_error(out, source))?;
    if !foreign.is_empty() {
        return Err(Error::ForeignFiles {
            directory: out.clone(),
            files: foreign,
        });
    }
    for (name, text) in &imported.files {
        let path = out.join(name);
        std::fs::write(&path, text).map_err(|source| io_error(&path, source))?;
    }
    Ok(imported.report)
}

/// IDL files that do not belong to the import.
fn foreign(directory: &Path, is_own: impl Fn(&str) -> bool) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".idl") && !is_own(&name) {
            found.push(name);
        }
    }
    found.sort();
    Ok(found)
}

fn io_error(path: &Path, source: io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}
