//! Reading IDL for the commands.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use xerus_idl::load::file_or_directory;
use xerus_idl::{Diagnostics, Idl, Loaded};

use crate::args::Includes;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// What to read.
pub(super) fn idl(paths: &[PathBuf], includes: &Includes) -> Idl {
    let idl = paths.iter().fold(Idl::new(), Idl::path);
    includes.directories.iter().fold(idl, Idl::include_dir)
}

/// Reads and resolves for a command that needs a sound model: what is wrong is told, and `None` means that it was too
/// much.
pub(super) fn load(
    paths: &[PathBuf],
    includes: &Includes,
    terminal: &Terminal,
) -> Result<Option<Loaded>, Failure> {
    demand(paths, includes)?;
    match idl(paths, includes).load() {
        Ok(loaded) => Ok(Some(loaded)),
        Err(diagnostics) => {
            tell(&diagnostics, terminal);
            Ok(None)
        }
    }
}

/// Reads one set of IDL to compare: a directory or IDL file as it is, a dump or a package by way of its import.
pub(super) fn api(
    path: &Path,
    includes: &Includes,
    terminal: &Terminal,
) -> Result<Option<Loaded>, Failure> {
    if !is_imported(path) {
        return load(&[path.to_owned()], includes, terminal);
    }
    let imported = xerus_import::Importer::new().input(path).run();
    let refused = |error| Failure::Message(format!("{}: {error}", path.display()));
    let files = imported.map_err(refused)?.files;
    let texts = files
        .iter()
        .fold(Idl::new(), |idl, (name, text)| idl.text(name, text));
    // The import has read its result once.
    texts
        .load()
        .map(Some)
        .map_err(|found| Failure::Message(found.to_short()))
}

/// Whether a path names a dump (`.json`), a wheel (`.whl`) or an sdist (`.tar.gz`).
fn is_imported(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_kind = [".json", ".whl", ".tar.gz"]
        .iter()
        .any(|end| name.ends_with(end));
    is_kind && !path.is_dir()
}

/// Prints diagnostics for people.
pub(super) fn tell(diagnostics: &Diagnostics, terminal: &Terminal) {
    let text = if terminal.color() {
        diagnostics.to_colored()
    } else {
        diagnostics.to_plain()
    };
    terminal.tell(&text);
}

/// Makes sure that everything named on the command line is there and can be opened.
pub(super) fn demand(paths: &[PathBuf], includes: &Includes) -> Result<(), Failure> {
    for path in paths {
        demand_path(path).map_err(|error| Failure::io("read", path, &error))?;
    }
    includes
        .directories
        .iter()
        .try_for_each(|directory| demand_directory(directory))
}

fn demand_path(path: &Path) -> io::Result<()> {
    if file_or_directory(path)?.is_dir() {
        fs::read_dir(path).map(drop)
    } else {
        fs::File::open(path).map(drop)
    }
}

/// Makes sure that a directory is one.
pub(super) fn demand_directory(directory: &Path) -> Result<(), Failure> {
    match fs::read_dir(directory) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::io("read", directory, &error)),
    }
}
