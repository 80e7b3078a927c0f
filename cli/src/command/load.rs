//! Reading IDL for the commands.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use xerus_codegen::Options;
use xerus_idl::load::file_or_directory;
use xerus_idl::{Diagnostics, Idl, Loaded};
use xerus_import::{Finding, FindingKind, Imported, Importer, Report};

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

/// Reads one set of IDL to compare: a directory or IDL file as it is, a dump or a package by way of its import. What a
/// package does not say comes from the IDL in `like`, then from that of the other side, when it is IDL; what is missing then
/// is told.
pub(super) fn api(
    path: &Path,
    like: &[PathBuf],
    other: Option<&Path>,
    includes: &Includes,
    terminal: &Terminal,
) -> Result<Option<Loaded>, Failure> {
    if !is_imported(path) {
        return load(&[path.to_owned()], includes, terminal);
    }
    demand(&[path.to_owned()], includes)?;
    demand(like, includes)?;
    let importer = Importer::new().input(path);
    let importer = like.iter().fold(importer, Importer::like);
    let imported = other.into_iter().fold(importer, Importer::other).run();
    let Imported { files, report, .. } =
        imported.map_err(|error| Failure::Message(refused(path, &error)))?;
    let texts = files
        .iter()
        .fold(Idl::new(), |idl, (name, text)| idl.text(name, text));
    tell_lost(path, &report, terminal);
    // The import has read its result once.
    texts
        .load()
        .map(Some)
        .map_err(|found| Failure::Message(found.to_short()))
}

/// An import error with the path that it is about; some name it themselves.
fn refused(path: &Path, error: &xerus_import::Error) -> String {
    let (path, text) = (path.display().to_string(), error.to_string());
    if text.starts_with(&path) {
        text
    } else {
        format!("{path}: {text}")
    }
}

/// What is not in a package at all: a comparison with another source shows it as a change. A dump lacks only what is not
/// compared.
fn tell_lost(path: &Path, report: &Report, terminal: &Terminal) {
    if report.package == "dump" {
        return;
    }
    for finding in &report.findings {
        if finding.kind == FindingKind::Lost && finding.place == report.package {
            terminal.tell(&format!("note: {}: {}\n", path.display(), finding.text));
        }
    }
    let is_choice = |finding: &&Finding| finding.kind == FindingKind::Choice;
    let choices = report.findings.iter().filter(is_choice).count();
    if choices > 0 {
        terminal.tell(&format!(
            "note: {}: choices made: {choices}; `xerus import` lists them\n",
            path.display()
        ));
    }
}

/// Whether a path names a dump (`.json`), a wheel (`.whl`) or an sdist (`.tar.gz`).
pub(super) fn is_imported(path: &Path) -> bool {
    let is_kind = path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        [".json", ".whl", ".tar.gz"]
            .iter()
            .any(|end| name.ends_with(end))
    });
    is_kind && !path.is_dir()
}

/// Reads a TOML file with options of the generator. Paths in it are seen from where it is.
pub(super) fn options(file: &Path) -> Result<Options, Failure> {
    let text = fs::read_to_string(file).map_err(|error| Failure::io("read", file, &error))?;
    let mut options = Options::from_toml(&text)
        .map_err(|error| Failure::Message(format!("{}:{error}", file.display())))?;
    let base = file
        .parent()
        .expect("what could be read as a file has a folder");
    for path in options
        .idl_dir
        .iter_mut()
        .chain(&mut options.idl_file)
        .chain(&mut options.include_dir)
    {
        *path = base.join(&*path);
    }
    Ok(options)
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
