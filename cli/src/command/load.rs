//! Reading IDL for the commands.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use xerus_codegen::Options;
use xerus_idl::lex::MAX_FILE_SIZE;
use xerus_idl::load::file_or_directory;
use xerus_idl::{Diagnostics, Idl, Loaded};
use xerus_import::{Finding, FindingKind, Imported, Importer, Report};

use crate::args::Includes;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// How stdin is called on the command line.
const STDIN: &str = "-";

/// How stdin is called in reports.
pub(super) const STDIN_NAME: &str = "<stdin>";

/// Whether a path stands for stdin.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == STDIN
}

/// What to read: files and directories as they are, stdin as a text, dumps and packages by way of their import. `notes` has
/// what is said about packages.
pub(super) fn idl(
    paths: &[PathBuf],
    includes: &Includes,
    notes: Option<&Terminal>,
) -> Result<Idl, Failure> {
    let mut idl = includes
        .directories
        .iter()
        .fold(Idl::new(), Idl::include_dir);
    for path in paths {
        idl = if is_stdin(path) {
            idl.bytes(STDIN_NAME, stdin()?)
        } else if is_imported(path) {
            let imported = import(Importer::new().input(path), path, notes)?;
            imported
                .iter()
                .fold(idl, |idl, (name, text)| idl.text(name, text))
        } else {
            idl.path(path)
        };
    }
    Ok(idl)
}

/// The text on stdin.
pub(super) fn stdin() -> Result<Vec<u8>, Failure> {
    read_bounded(io::stdin().lock())
        .map_err(|error| Failure::io("read", Path::new(STDIN_NAME), &error))
}

/// The text on stdin with its name.
pub(super) fn stdin_text() -> Result<(String, String), Failure> {
    let text = String::from_utf8(stdin()?).map_err(|_| {
        Failure::Message(format!("{STDIN_NAME} is not UTF-8; save the text as UTF-8"))
    })?;
    Ok((STDIN_NAME.to_owned(), text))
}

/// Reads a text, one byte more than is permitted at most: whoever parses it then says what the limit is.
pub(super) fn read_bounded(from: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_FILE_SIZE as u64 + 1)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The IDL of a dump or package, by file name.
pub(super) fn imported(path: &Path, notes: Option<&Terminal>) -> Result<Texts, Failure> {
    import(Importer::new().input(path), path, notes)
}

/// A dump with the documentation that it holds.
pub(super) fn documented(path: &Path) -> Result<Loaded, Failure> {
    import(Importer::new().input(path).docs(true), path, None)?
        .iter()
        .fold(Idl::new(), |idl, (name, text)| idl.text(name, text))
        .load()
        .map_err(|found| Failure::Message(found.to_short()))
}

/// Texts by the names that `#include` calls them.
type Texts = Vec<(String, String)>;

fn import(importer: Importer, path: &Path, notes: Option<&Terminal>) -> Result<Texts, Failure> {
    demand_path(path).map_err(|error| Failure::io("read", path, &error))?;
    let Imported { files, report, .. } = importer
        .run()
        .map_err(|error| Failure::Message(refused(path, &error)))?;
    if let Some(terminal) = notes {
        tell_lost(path, &report, terminal);
    }
    Ok(files)
}

/// Reads and resolves for a command that needs a sound model: what is wrong is told, and `None` means that it was too
/// much.
pub(super) fn load(
    paths: &[PathBuf],
    includes: &Includes,
    terminal: &Terminal,
) -> Result<Option<Loaded>, Failure> {
    demand(paths, includes)?;
    match idl(paths, includes, Some(terminal))?.load() {
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
    demand(like, includes)?;
    let importer = like
        .iter()
        .fold(Importer::new().input(path), Importer::like);
    let importer = other.into_iter().fold(importer, Importer::other);
    let texts = import(importer, path, Some(terminal))?
        .iter()
        .fold(Idl::new(), |idl, (name, text)| idl.text(name, text));
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
    for path in paths.iter().filter(|path| !is_stdin(path)) {
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
