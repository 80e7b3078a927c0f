//! An import into a directory.

use std::io;
use std::path::Path;

use crate::error::Error;
use crate::importer::Imported;

impl Imported {
    /// Writes the files into a directory, which is made if need be. Files of the same names are replaced, nothing else
    /// is touched.
    ///
    /// # Errors
    ///
    /// [`Error::ForeignFiles`] when the directory holds IDL files of other names, which would become part of the result;
    /// [`Error::Link`] when it has a symbolic link in place of a file; nothing is written then. [`Error::Io`] when
    /// something cannot be written.
    pub fn write(&self, directory: impl AsRef<Path>) -> Result<(), Error> {
        let directory = directory.as_ref();
        std::fs::create_dir_all(directory).map_err(|source| io_error(directory, source))?;
        let is_own = |name: &str| self.files.iter().any(|(own, _)| own == name);
        let foreign = foreign(directory, is_own).map_err(|source| io_error(directory, source))?;
        if !foreign.is_empty() {
            return Err(Error::ForeignFiles {
                directory: directory.to_owned(),
                files: foreign,
            });
        }
        // All of them before the first is written.
        for (name, _) in &self.files {
            let path = directory.join(name);
            if path.is_symlink() {
                return Err(Error::Link(path));
            }
        }
        for (name, text) in &self.files {
            let path = directory.join(name);
            std::fs::write(&path, text).map_err(|source| io_error(&path, source))?;
        }
        Ok(())
    }
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
