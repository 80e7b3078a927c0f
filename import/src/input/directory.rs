//! Unpacked packages, wherever they stand below a directory.

use std::collections::VecDeque;
use std::fs::{DirEntry, File};
use std::path::{Path, PathBuf};

use super::meter::Meter;
use super::name::{check, shown};
use super::{Files, Kept, is_wanted};
use crate::error::Error;
use crate::limits::Limits;

/// How deep the package may stand: `usr/lib/python3/dist-packages/raritan/rpc` is 6.
const DEEPEST: usize = 8;

/// A directory of packages holds that many times more than one package.
const SEARCHED: u64 = 20;

/// Reads the `rpc` directory found at, in or below a directory, and the metadata beside it.
pub(super) fn read(root: &Path, limits: Limits) -> Result<Files, Error> {
    let searching = limits.entries.saturating_mul(SEARCHED);
    let mut searched = Meter::new(Limits {
        entries: searching,
        ..limits
    });
    let mut meter = Meter::new(limits);
    let mut found = Vec::new();
    let mut metadata = Vec::new();
    let mut open = VecDeque::from([(root.to_owned(), 0)]);
    while let Some((directory, depth)) = open.pop_front() {
        if is_rpc(&directory) {
            found.push(directory);
            continue;
        }
        for entry in list(&directory)? {
            searched.entry()?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|source| io(&path, source))?;
            // Links are not followed while searching: whatever they point at is not what was asked for.
            if kind.is_dir() && depth < DEEPEST {
                open.push_back((path, depth + 1));
            } else if kind.is_file() && is_metadata(&path) {
                metadata.push(path);
            }
        }
    }
    match found.as_slice() {
        [] => return Err(Error::NoPackage),
        [_] => {}
        several => {
            let names = several.iter().map(|path| path.display().to_string());
            return Err(Error::SeveralPackages(names.collect()));
        }
    }
    let mut kept = Kept::default();
    for rpc in found {
        // A directory that is itself `rpc` tells the package's name only by its own path.
        let full = rpc.canonicalize().map_err(|source| io(&rpc, source))?;
        let package = full.parent().and_then(Path::file_name);
        let package = package.and_then(|name| name.to_str()).unwrap_or("package");
        walk(
            &rpc,
            &format!("{package}/rpc"),
            limits,
            &mut meter,
            &mut kept,
        )?;
        for path in metadata.iter().filter(|path| names_package(path, package)) {
            let file = File::open(path).map_err(|source| io(path, source))?;
            let bytes = meter.read(&path.display().to_string(), 0, file)?;
            kept.files
                .insert(format!("{package}.dist-info/METADATA"), bytes);
        }
    }
    Ok(kept.files)
}

fn walk(
    directory: &Path,
    prefix: &str,
    limits: Limits,
    meter: &mut Meter,
    kept: &mut Kept,
) -> Result<(), Error> {
    let mut open = vec![(directory.to_owned(), prefix.to_owned())];
    while let Some((directory, prefix)) = open.pop() {
        for entry in list(&directory)? {
            meter.entry()?;
            let path = entry.path();
            let own = entry.file_name().to_string_lossy().into_owned();
            let name = check(&format!("{prefix}/{own}"), limits)?;
            let kind = entry.file_type().map_err(|source| io(&path, source))?;
            if kind.is_symlink() {
                return Err(Error::RefusedEntry {
                    name: shown(&name),
                    reason: "symbolic link",
                });
            }
            if kind.is_dir() {
                open.push((path, name));
                continue;
            }
            kept.name(&name)?;
            if kind.is_file() && is_wanted(&name) {
                let file = File::open(&path).map_err(|source| io(&path, source))?;
                let bytes = meter.read(&name, 0, file)?;
                kept.files.insert(name, bytes);
            }
        }
    }
    Ok(())
}

fn is_rpc(directory: &Path) -> bool {
    directory.join("Interface.py").is_file() && directory.join("typecheck.py").is_file()
}

fn is_metadata(path: &Path) -> bool {
    matches!(
        path.file_name().and_then(|name| name.to_str()),
        Some("METADATA" | "PKG-INFO")
    )
}

/// Whether metadata belong to a package: `raritan-4.4.1.dist-info/METADATA`, or an sdist's `PKG-INFO`.
fn names_package(path: &Path, package: &str) -> bool {
    let parent = path
        .parent()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str());
    parent.is_some_and(|parent| parent.split('-').next() == Some(package))
}

fn list(directory: &Path) -> Result<Vec<DirEntry>, Error> {
    let entries = std::fs::read_dir(directory).map_err(|source| io(directory, source))?;
    let mut entries: Vec<_> = entries
        .collect::<Result<_, _>>()
        .map_err(|source| io(directory, source))?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        path: PathBuf::from(path),
        source,
    }
}
